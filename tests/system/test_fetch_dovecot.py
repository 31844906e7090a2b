# SPDX-License-Identifier: ISC
"""The fetch process against a real Dovecot, over TLS."""
import hashlib

import pytest

from bed import IMAP_HOST, JUNK, PASSWORD
from fetch_process import Fetch

SENT = "已发送"


@pytest.fixture
def user(bed, request):
    """A mailbox of the test's own."""
    return f"{request.node.name.split('[')[0][5:]}@example.com"


def args(bed, user, **more):
    values = {"host": IMAP_HOST, "to": bed.imaps_at(), "tls": "implicit",
              "ca": bed.ca_file, "user": user, "secret": PASSWORD,
              "timeout": 10000}
    values.update(more)
    return values


def mail(n, size=0):
    head = f"From: a@example.org\r\nSubject: 线索 {n}\r\n\r\n".encode()
    lines = b"the same words again and again, 60 bytes of them or so...\r\n"
    return head + lines * (size // len(lines))


def sha(raw):
    return hashlib.sha256(raw).hexdigest()


def test_folders_and_contents(build, bed, user):
    for n in range(5):
        bed.append(user, mail(n))
    bed.append(user, mail(6), folder=JUNK)
    fetch = Fetch(build, **args(bed, user, once=1, folder=[
        "INBOX", f"junk:{JUNK}", SENT]))
    assert fetch.run() == 0
    assert fetch.uids(folder=0) == [1, 2, 3, 4, 5]
    assert fetch.uids(folder=1) == [1] and fetch.uids(folder=2) == []
    assert [t["sha256"] for t in fetch.taken(folder=0)] == [
        sha(mail(n)) for n in range(5)]
    # EXAMINE and PEEK leave no trace.
    assert all("\\Seen" not in m.flags for m in bed.mailbox(user))


@pytest.mark.parametrize("how", [
    {"tls": "starttls"}, {"tls": "starttls", "auth": "plain"},
    {"auth": "plain"}, {"auth": "xoauth2"}])
def test_ways_in(build, bed, user, how):
    bed.append(user, mail(1))
    values = args(bed, user, once=1, **how)
    if how.get("tls") == "starttls":
        values["to"] = bed.imap_at()
    if how.get("auth") == "xoauth2":
        values["secret"] = bed.token(user)
    fetch = Fetch(build, **values)
    assert fetch.run() == 0 and len(fetch.taken()) >= 1


@pytest.mark.parametrize("auth", ["login", "plain", "xoauth2"])
def test_refused(build, bed, user, auth):
    fetch = Fetch(build, **args(bed, user, once=1, auth=auth, secret="no"))
    assert fetch.run() == 1
    assert fetch.all("trouble")[0]["kind"] == "configuration"


@pytest.mark.parametrize("cert,word", [
    ("wrong", "not for this host"), ("expired", "expired"),
    ("unknown", "nobody that we trust")])
def test_certificates(build, bed, user, cert, word):
    fetch = Fetch(build, **args(bed, user, once=1, to=bed.imaps_at(cert)))
    assert fetch.run() == 1
    assert word in fetch.all("trouble")[0]["what"]


def test_system_bundle_does_not_trust_us(build, bed, user):
    fetch = Fetch(build, **args(bed, user, once=1, ca=""))
    assert fetch.run() == 1
    assert "nobody that we trust" in fetch.all("trouble")[0]["what"]


def test_keyword(build, bed, user):
    for n in range(3):
        bed.append(user, mail(n))
    fetch = Fetch(build, **args(bed, user, once=1, mark="keyword:$Clued"))
    assert fetch.run() == 0
    assert all("$Clued" in m.flags and "\\Seen" not in m.flags
               for m in bed.mailbox(user))


def test_move(build, bed, user):
    for n in range(3):
        bed.append(user, mail(n))
    bed.append(user, mail(9), flags=["\\Deleted"])
    fetch = Fetch(build, **args(bed, user, mark=f"move:{SENT}"))
    with fetch:
        fetch.wait("round")
        assert fetch.uids() == [1, 2, 3, 4]
        assert len(bed.mailbox(user, SENT)) == 4
        assert not bed.mailbox(user)
        bed.append(user, mail(5))
        fetch.tell("poll")
        fetch.wait("round", 2)
        assert fetch.uids() == [1, 2, 3, 4, 5]
    assert not fetch.all("trouble")


def test_idle_wakes(build, bed, user):
    with Fetch(build, **args(bed, user, idle=1)) as fetch:
        fetch.wait("round")
        for n in range(3):
            bed.append(user, mail(n))  # the next poll is an hour away
            fetch.wait("taken", n + 1)
        assert not fetch.all("trouble")


def test_uidvalidity_change(build, bed, user):
    bed.append(user, mail(1))
    with Fetch(build, **args(bed, user)) as fetch:
        fetch.wait("round")
        bed.wipe(user)
        bed.append(user, mail(2))
        fetch.tell("poll")
        fetch.wait("taken", 2)
        first, second = fetch.taken()
        assert first["uidvalidity"] != second["uidvalidity"]


def test_deleted_behind_our_back(build, bed, user):
    for n in range(4):
        bed.append(user, mail(n))
    bed.delete(user, 2)
    fetch = Fetch(build, **args(bed, user, once=1, known="0:4:2,3"))
    assert fetch.run() == 0
    assert fetch.uids(missing=0) == [4, 3]
    assert fetch.uids(missing=1) == [2]


def test_large_messages(build, bed, user):
    raw = mail(1, 60 << 20)
    bed.append(user, raw)
    bed.append(user, mail(2))
    fetch = Fetch(build, **args(bed, user, once=1))
    assert fetch.run() == 0
    assert fetch.taken()[0]["sha256"] == sha(raw)
    # It never stood in the memory of the process (a sanitizer's own aside).
    assert fetch.all("exit")[0]["most_kb"] < 40000 or build.name == "san"
    fetch = Fetch(build, **args(bed, user, once=1, max=10 << 20))
    assert fetch.run() == 0
    assert fetch.taken()[0]["oversize"] == 1
    assert fetch.taken()[0]["sha256"] == sha(raw[:1 << 20])


def test_thousands(build, bed, user):
    """In order, once each, whatever the core's pace."""
    n = bed.fill(user, (mail(i, 2000) for i in range(3000)))
    for more in ({"ack": "each"}, {"ack": "group"}):
        fetch = Fetch(build, **args(bed, user, once=1, **more))
        assert fetch.run(900) == 0
        assert fetch.uids() == list(range(1, n + 1))
        round_ = fetch.all("round")[0]
        print(f"{n * 1000 / round_['since_ms']:.0f} messages/s {more}")


def test_server_killed_and_back(build, bed, user):
    bed.append(user, mail(1))
    with Fetch(build, **args(bed, user, idle=1)) as fetch:
        fetch.wait("round")
        bed.kill_dovecot()
        fetch.tell("poll")
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "later"
        bed.start_dovecot()
        bed.append(user, mail(2))
        fetch.tell("poll")
        fetch.wait("taken", 2)
        assert fetch.uids() == [1, 2]
        # A lock that the killed one held can stall its heir for a while.
        troubles = len(fetch.all("trouble"))
        bed.stop_dovecot()
        bed.start_dovecot()
        bed.append(user, mail(3))
        fetch.tell("poll")
        fetch.wait("taken", 3)
        # An orderly end between rounds is no trouble.
        assert len(fetch.all("trouble")) == troubles


def test_names_are_resolved_in_the_sandbox(build, bed, user):
    """localhost, not an address, and a name that nobody has."""
    bed.append(user, mail(1))
    port = bed.imaps_at().split(":")[1]
    fetch = Fetch(build, **args(bed, user, once=1, to=f"localhost:{port}"))
    assert fetch.run() == 0
    fetch = Fetch(build, **args(bed, user, once=1, to="",
                                host="no-such-name.invalid"))
    assert fetch.run() == 1
    assert "cannot be resolved" in fetch.all("trouble")[0]["what"]
