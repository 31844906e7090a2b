# SPDX-License-Identifier: ISC
"""The fetch process against a server that does what real ones do at their
worst.  Rules I1 to I14 are providers' quirks that public reports tell of."""
import contextlib
import hashlib
import socket
import time

import pytest

import bed_ca
from fake_imap import FakeImap, Folder
from fetch_process import Fetch

GBK_REFUSAL = "NO 登录太频繁，请稍后再试".encode("gb18030")


@pytest.fixture
def fake():
    """A factory of fake servers, ended with the test."""
    running = []

    def start(**kwargs):
        running.append(FakeImap(**kwargs).__enter__())
        return running[-1]

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ca")
    bed_ca.make_ca(folder)
    return folder


def mail(n, size=0):
    head = f"From: a@example.org\r\nSubject: mail {n}\r\n\r\n".encode()
    return head + b"x" * max(0, size - len(head))


def fill(imap, count, folder="INBOX", **lies):
    return [imap.add(folder, mail(n), **lies) for n in range(1, count + 1)]


def once(build, imap, **args):
    """One round; (exit status, the Fetch)."""
    fetch = Fetch(build, port=imap.port, once=1, **args)
    return fetch.run(), fetch


def sha(raw):
    return hashlib.sha256(raw).hexdigest()


# ---- the plain way ----------------------------------------------------------

def test_takes_all_in_order(build, fake):
    imap = fake()
    mails = fill(imap, 700)
    status, fetch = once(build, imap)
    assert status == 0
    assert fetch.uids() == list(range(1, 701))
    assert [t["sha256"] for t in fetch.taken()] == [
        sha(m.raw) for m in mails]
    assert fetch.all("round")[0]["messages"] == 700
    assert not fetch.all("trouble")


def test_two_questions_answered_at_once(build, fake):
    """Everything is here before the second question's end, which must not be
    taken for the answer to the next command."""
    imap = fake()
    imap.folders["second"] = Folder()
    fill(imap, 89)
    imap.two_at_once = True
    status, fetch = once(build, imap, folder=["INBOX", "second"])
    assert status == 0
    assert fetch.uids() == list(range(1, 90))
    assert not fetch.all("trouble")
    assert len(imap.sessions) == 1


def test_never_asks_for_structure(build, fake):
    imap = fake()
    fill(imap, 3)
    once(build, imap)
    said = "\n".join(imap.commands()).upper()
    for word in ("ENVELOPE", "BODYSTRUCTURE", "CHARSET", "COMPRESS",
                 "EXPUNGE", "SELECT"):
        assert word not in said
    assert "BODY.PEEK[]" in said and "EXAMINE" in said


def test_known_messages_are_not_asked_for(build, fake):
    imap = fake()
    fill(imap, 10)
    status, fetch = once(build, imap, known="0:6:2,4:8,9")
    assert status == 0
    assert fetch.uids() == [6, 7, 10, 2, 4]


def test_nothing_new_is_quiet(build, fake):
    """I6: n:* returns the last message, though its UID is below n."""
    imap = fake()
    fill(imap, 3)
    status, fetch = once(build, imap, known="0:4")
    assert status == 0 and fetch.uids() == []
    assert not imap.commands("UID FETCH")
    assert fetch.all("round")[0]["messages"] == 0


def test_empty_folder_asks_nothing(build, fake):
    """I5: an empty set is never sent."""
    imap = fake()
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == []
    assert not imap.commands("UID")


def test_flags_and_dates(build, fake):
    imap = fake()
    imap.add("INBOX", mail(1), flags={"\\Seen", "$Junk"})
    imap.add("INBOX", mail(2), date=" 5-Oct-2026 00:00:00 -0130")
    imap.add("INBOX", mail(3), date="gestern")
    imap.add("INBOX", mail(4), date="05-Foo-2026 12:00:00 +0800")
    _, fetch = once(build, imap)
    assert [t["seen"] for t in fetch.taken()] == [1, 0, 0, 0]
    assert [t["internal"] for t in fetch.taken()] == [
        1791172800, 1791163800, 0, 0]


def test_too_old_is_only_reported(build, fake):
    imap = fake()
    for n, year in enumerate((2019, 2026, 2018, 2026), 1):
        imap.add("INBOX", mail(n), date=f"05-Oct-{year} 12:00:00 +0800")
    _, fetch = once(build, imap, since=1700000000)
    assert [(t["uid"], t["skipped"], t["fd"]) for t in fetch.taken()] == [
        (1, 1, 0), (2, 0, 1), (3, 1, 0), (4, 0, 1)]
    assert all("1:4" not in c for c in imap.commands("UID FETCH")
               if "BODY" in c)


def test_window_is_never_passed(build, fake):
    """The driver dies if more than 256 are ahead of its acknowledgements."""
    imap = fake()
    fill(imap, 600)
    with Fetch(build, port=imap.port, ack="none") as fetch:
        fetch.wait("taken", 256)
        time.sleep(0.3)
        assert len(fetch.taken()) == 256
        asked = [c.split(" ")[2] for c in imap.commands("UID FETCH")
                 if "BODY" in c]
        assert asked[-1].rpartition(":")[2] == "256"
        # A few free places are not worth a command.
        for n in (256 + 224, 600):
            fetch.tell("ack")
            fetch.wait("taken", n)
        assert not fetch.all("round")
        fetch.tell("ack")
        fetch.wait("round")


def test_window_in_bytes(build, fake):
    imap = fake()
    for n in range(20):
        imap.add("INBOX", mail(n, 4 << 20))
    with Fetch(build, port=imap.port, ack="none", timeout=20000) as fetch:
        fetch.wait("taken", 8)
        time.sleep(0.3)
        assert len(fetch.taken()) == 8
        fetch.tell("ack")
        fetch.wait("taken", 16)


# ---- sizes ------------------------------------------------------------------

def test_large_ones_are_cut(build, fake):
    imap = fake()
    raws = [mail(1), mail(2, 3 << 20), mail(3)]
    for raw in raws:
        imap.add("INBOX", raw)
    _, fetch = once(build, imap, max=2 << 20)
    assert [(t["oversize"], t["bytes"]) for t in fetch.taken()] == [
        (0, len(raws[0])), (1, 1 << 20), (0, len(raws[2]))]
    assert fetch.taken()[1]["sha256"] == sha(raws[1][:1 << 20])
    assert fetch.taken()[1]["size"] == 3 << 20


def test_size_lies(build, fake):
    """I10: RFC822.SIZE differs from what comes, or is not told at all."""
    imap = fake()
    raws = [mail(n, 5000) for n in range(6)]
    imap.add("INBOX", raws[0], size=4711)
    imap.add("INBOX", raws[1], size=50 << 20)
    imap.add("INBOX", raws[2], size=False)
    imap.add("INBOX", mail(3, 30000), size=100)
    imap.add("INBOX", mail(4, 30000), size=False)
    imap.add("INBOX", raws[5], size=99999999999999)
    status, fetch = once(build, imap, max=20000)
    assert status == 0
    got = [(t["oversize"], t["bytes"]) for t in fetch.taken()]
    assert got == [(0, 5000), (0, 5000), (0, 5000), (1, 20000), (1, 20000),
                   (0, 5000)]


def test_literal_far_beyond_its_size(build, fake):
    """Not let in: its beginning is fetched by itself the next time."""
    imap = fake()
    fill(imap, 2)
    imap.add("INBOX", mail(3, 4 << 20), size=100)
    imap.add("INBOX", mail(4))
    with Fetch(build, port=imap.port, max=100000) as fetch:
        fetch.wait("trouble", kind="later")
        fetch.tell("poll")
        fetch.wait("trouble", 2, kind="later")
        fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids(missing=0) == [1, 2, 4]
        assert fetch.uids(missing=1) == [3]


def test_nil_body_is_missing(build, fake):
    """I9: a message without a body is tried again later, not forgotten."""
    imap = fake()
    mails = fill(imap, 3)
    mails[1].nil = True
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("round")
        assert fetch.uids() == [1, 2, 3]
        assert fetch.taken(uid=2)[0]["missing"] == 1
        mails[1].nil = False
        fetch.tell("poll")
        fetch.wait("round", 2)
        assert fetch.taken(uid=2)[1]["bytes"] == len(mails[1].raw)


def test_vanished_message_is_missing(build, fake):
    imap = fake()
    fill(imap, 3)
    imap.extra_search = lambda folder: [7]
    status, fetch = once(build, imap)
    assert status == 0
    assert fetch.uids(missing=0) == [1, 2, 3]
    assert fetch.uids(missing=1) == [7]


def test_empty_message(build, fake):
    imap = fake()
    imap.add("INBOX", b"")
    imap.add("INBOX", mail(2), announce=0, size=77)
    _, fetch = once(build, imap)
    assert fetch.taken()[0]["fd"] == 1 and fetch.taken()[0]["bytes"] == 0


def test_large_uids(build, fake):
    """I13: UIDs near 2^32."""
    imap = fake()
    for uid in (1733220355, 3000000000, 4294967294):
        imap.add("INBOX", mail(uid), uid=uid)
    _, fetch = once(build, imap, known="0:1733220355")
    assert fetch.uids() == [1733220355, 3000000000, 4294967294]


# ---- log-in -----------------------------------------------------------------

def test_id_comes_after_login_on_every_connection(build, fake):
    """I1: 163.com refuses SELECT without ID."""
    imap = fake(id_rule=True)
    fill(imap, 1)
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("round")
        imap.hang_up()
        imap.add("INBOX", mail(2))
        fetch.tell("poll")
        fetch.wait("round", 2)
        assert fetch.uids() == [1, 2]
        assert not fetch.all("trouble")
    assert len(imap.sessions) == 2
    for log in imap.sessions:
        words = [line.split(" ")[1] for _, line in log if " " in line]
        assert words.index("LOGIN") < words.index("ID") < words.index(
            "EXAMINE")


def test_unsafe_login_is_told_as_such(build, fake):
    imap = fake(id_rule=True)
    with Fetch(build, port=imap.port, id=0) as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "configuration"
        assert "unsafe log-in" in trouble["what"]
        assert "send_id = true" in trouble["what"]
        assert 300 <= trouble["retry_s"] <= 3600
        time.sleep(0.5)
    assert len(imap.logins) == 1


def test_id_is_sent_when_select_demands_it(build, fake):
    """A server that forgets to offer ID, but wants it."""
    imap = fake(id_rule=True, caps_in="IMAP4rev1")
    fill(imap, 1)
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1]


def test_network_lost_at_id_is_no_refusal_for_ever(build, fake):
    """At 163.com nothing goes without ID; one lost connection must not make
    us leave it out for good."""
    imap = fake(id_rule=True)
    fill(imap, 1)
    imap.on("id", times=1, cut=True)
    with Fetch(build, port=imap.port) as fetch:
        assert "unsafe" in fetch.wait("trouble")["what"]
        fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids() == [1]


def test_id_only_where_offered(build, fake):
    """I3: QQ closes on commands that it does not know."""
    imap = fake(caps="IMAP4rev1", caps_in="IMAP4rev1", id_answer="close")
    fill(imap, 1)
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1]
    assert not imap.commands("ID") and len(imap.sessions) == 1


@pytest.mark.parametrize("answer", ["bad", "close"])
def test_refused_id_does_no_harm(build, fake, answer):
    imap = fake(id_answer=answer)
    fill(imap, 1)
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1]
    assert not fetch.all("trouble")
    assert len(imap.sessions) == (2 if answer == "close" else 1)


def test_capabilities_change_after_login(build, fake):
    """I4: what is offered before the log-in does not count after it."""
    imap = fake(caps="IMAP4rev1 ID IDLE", caps_in="IMAP4rev1",
                id_answer="close")
    fill(imap, 1)
    with Fetch(build, port=imap.port, idle=1) as fetch:
        fetch.wait("round")
        fetch.tell("stop")  # before that it would have gone idle
        assert fetch.end() == 0
    imap.wait_said("LOGOUT")
    assert not imap.commands("ID")


def test_no_capability_line_at_all(build, fake):
    imap = fake(caps=None, caps_in=None)
    fill(imap, 1)
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1]


def test_wrong_password_is_not_hammered(build, fake):
    imap = fake(password="another")
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "configuration"
        assert "授权码" in trouble["what"]
        assert "Login error" in trouble["what"]
        assert 300 <= trouble["retry_s"] <= 375
        time.sleep(0.3)
        assert len(imap.logins) == 1
        waits = [trouble["retry_s"]]
        for n in range(2, 7):
            fetch.tell("poll")
            waits.append(fetch.wait("trouble", n)["retry_s"])
        assert waits == sorted(waits) and waits[-1] == 3600


@pytest.mark.parametrize("text", [
    b"[UNAVAILABLE] Temporary authentication failure",
    b"System busy, try again"])
def test_busy_server_is_no_wrong_password(build, fake, text):
    imap = fake()
    imap.on("login", b"NO " + text)
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "later"
        assert trouble["retry_s"] >= 300


def test_one_text_for_all_causes(build, fake):
    """I12: QQ has one text for whatever is wrong."""
    imap = fake()
    imap.on("login", b"NO Login fail. Account is abnormal, service is not "
            b"open, password is incorrect, login frequency limited, or "
            b"system is busy. More information at https://example.com/x")
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "configuration"
        assert trouble["retry_s"] >= 300


def test_gbk_text_is_shown(build, fake):
    """I12: server texts in GBK break no log."""
    imap = fake()
    imap.on("login", GBK_REFUSAL)
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert "登录太频繁" in trouble["what"]
        assert trouble["kind"] == "later"


def test_hostile_text_is_harmless(build, fake):
    imap = fake()
    imap.on("login", b"NO \x1b[31m\x07\xe2\x80\xae evil \xff\xfe secret!")
    with Fetch(build, port=imap.port) as fetch:
        what = fetch.wait("trouble")["what"]
        assert "\x1b" not in what and "\u202e" not in what
        assert "secret" not in what.replace("Check user and secret", "")


@pytest.mark.parametrize("auth", ["plain", "xoauth2"])
@pytest.mark.parametrize("caps", ["IMAP4rev1", "IMAP4rev1 SASL-IR"])
def test_authenticate(build, fake, auth, caps):
    imap = fake(caps=caps)
    fill(imap, 1)
    status, fetch = once(build, imap, auth=auth)
    assert status == 0 and fetch.uids() == [1]


def test_refused_token(build, fake):
    imap = fake(password="another")
    with Fetch(build, port=imap.port, auth="xoauth2") as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "configuration"
        assert "token" in trouble["what"]
        assert trouble["retry_s"] >= 300


def test_login_disabled(build, fake):
    imap = fake(caps="IMAP4rev1 LOGINDISABLED")
    status, fetch = once(build, imap)
    assert status == 1 and not imap.logins
    assert fetch.all("trouble")[0]["kind"] == "configuration"


def test_strange_letters_in_password(build, fake):
    imap = fake(password='p"w\\x')
    # The fake takes words apart at blanks and quotes; AUTHENTICATE does not.
    status, _ = once(build, imap, auth="plain", secret='p"w\\x')
    assert status == 0


# ---- TLS --------------------------------------------------------------------

def test_starttls(build, fake, ca):
    imap = fake(starttls=ca / "good.pem")
    fill(imap, 1)
    status, fetch = once(build, imap, tls="starttls", ca=ca / "ca.pem")
    assert status == 0 and fetch.uids() == [1]


def test_stripped_starttls_sends_nothing(build, fake, ca):
    imap = fake(caps="IMAP4rev1 AUTH=PLAIN")
    status, fetch = once(build, imap, tls="starttls", ca=ca / "ca.pem")
    assert status == 1 and not imap.logins
    trouble = fetch.all("trouble")[0]
    assert trouble["kind"] == "configuration"
    assert "STARTTLS" in trouble["what"]


def test_injected_starttls_answer(build, fake, ca):
    """Bytes behind the OK to STARTTLS come from somebody in between."""
    imap = fake()
    imap.on("starttls", raw=b"TAG OK go\r\n* CAPABILITY IMAP4rev1\r\n")
    status, fetch = once(build, imap, tls="starttls", ca=ca / "ca.pem")
    assert status == 1 and not imap.logins
    assert fetch.all("trouble")


@pytest.mark.parametrize("cert,word", [
    ("wrong", "not for this host"), ("expired", "expired"),
    ("unknown", "nobody that we trust")])
def test_bad_certificates(build, fake, ca, cert, word):
    imap = fake(tls=ca / f"{cert}.pem")
    with Fetch(build, port=imap.port, tls="implicit",
               ca=ca / "ca.pem") as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "configuration"
        assert word in trouble["what"]
        assert trouble["retry_s"] >= 300
    assert not imap.commands("LOGIN")


def test_missing_ca_file(build, fake, ca):
    imap = fake(tls=ca / "good.pem")
    status, fetch = once(build, imap, tls="implicit", ca="/nonexistent.pem")
    assert status == 1
    assert fetch.all("trouble")[0]["kind"] == "configuration"
    assert "ca_file" in fetch.all("trouble")[0]["what"]


def own_address():
    """This machine's address that is not 127.0.0.1; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = sock.getsockname()[0]
        return None if address.startswith("127.") else address


def test_no_tls_only_on_loopback(build, fake):
    address = own_address()
    if address is None:
        pytest.skip("no address but 127.0.0.1 here")
    imap = fake(host=address)
    status, fetch = once(build, imap, to=f"{address}:{imap.port}")
    assert status == 1 and not imap.logins
    trouble = fetch.all("trouble")[0]
    assert trouble["kind"] == "configuration"
    assert "this machine only" in trouble["what"]


def test_ipv6(build, fake):
    try:
        imap = fake(host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    fill(imap, 1)
    fetch = Fetch(build, host="::1", to="", server_port=imap.port, once=1)
    assert fetch.run() == 0 and fetch.uids() == [1]


# ---- folders ----------------------------------------------------------------

def test_folder_names_in_utf7(build, fake):
    """I11: 垃圾邮件, 病毒文件夹 and a name with & in it."""
    imap = fake()
    for name in ("&V4NXPpCuTvY-", "&dcVr0mWHTvZZOQ-", "A&-B"):
        fill(imap, 1, folder=name)
    status, fetch = once(build, imap, folder=["junk:垃圾邮件", "病毒文件夹",
                                              "A&B"])
    assert status == 0
    assert [t["folder"] for t in fetch.taken()] == [0, 1, 2]


def test_missing_folder_stops_no_other(build, fake):
    imap = fake()
    fill(imap, 1)
    with Fetch(build, port=imap.port, folder=["Nowhere", "INBOX"]) as fetch:
        fetch.wait("round")
        assert fetch.uids(folder=1) == [1]
        trouble = fetch.all("trouble")[0]
        assert trouble["kind"] == "configuration"
        assert "Nowhere" in trouble["what"]
        fetch.tell("poll")
        fetch.wait("round", 2)
        # Told once, not at every poll.
        assert len(fetch.all("trouble")) == 1


def test_once_tells_trouble_by_its_status(build, fake):
    imap = fake()
    status, fetch = once(build, imap, folder=["INBOX", "Nowhere"])
    assert status == 1 and len(fetch.all("round")) == 1


def test_check(build, fake):
    imap = fake(id_rule=True)
    fill(imap, 3)
    fetch = Fetch(build, port=imap.port, check=1, folder=["INBOX", "Nowhere"])
    assert fetch.run() == 1
    assert fetch.all("folder")[0]["exists"] == 3
    assert not fetch.taken() and not fetch.all("round")
    assert not imap.commands("UID")
    assert Fetch(build, port=imap.port, check=1).run() == 0


@pytest.mark.parametrize("mark,caps,word", [
    ("move:Done", "IMAP4rev1 MOVE", "Done"),
    ("move:Done", "IMAP4rev1", "MOVE"),
    ("keyword:$Clued", "IMAP4rev1", "keywords")])
def test_check_tells_that_marking_cannot_work(build, fake, mark, caps, word):
    imap = fake(caps_in=caps)
    imap.folders["INBOX"].permanent = r"\Seen"
    fetch = Fetch(build, port=imap.port, check=1, mark=mark)
    assert fetch.run() == 1
    assert word in fetch.all("trouble")[0]["what"]


def test_check_of_a_mailbox_in_order(build, fake):
    imap = fake()
    imap.folders["Done"] = type(imap.folders["INBOX"])()
    for mark in ("move:Done", "keyword:$Clued"):
        fetch = Fetch(build, port=imap.port, check=1, mark=mark)
        assert fetch.run() == 0
    assert not imap.commands("UID")


def test_uidvalidity_change_between_rounds(build, fake):
    imap = fake()
    fill(imap, 2)
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("round")
        imap.folders["INBOX"].uidvalidity += 1
        fetch.tell("poll")
        fetch.wait("round", 2)
        assert fetch.uids() == [1, 2, 1, 2]


def test_uidvalidity_change_in_the_middle(build, fake):
    imap = fake()
    fill(imap, 2)
    old = imap.folders["INBOX"].uidvalidity
    imap.on("uid fetch", times=1, match="SIZE",
            before=b"* OK [UIDVALIDITY %d] new\r\n" % (old + 1))

    def make_anew(folder):
        folder.uidvalidity = old + 1
        return []

    imap.extra_search = make_anew
    status, fetch = once(build, imap)
    assert status == 0
    assert [f["uidvalidity"] for f in fetch.all("folder")] == [old, old + 1]
    assert {t["uidvalidity"] for t in fetch.taken()} == {old + 1}
    assert not fetch.all("trouble")


def test_no_uidvalidity(build, fake):
    imap = fake()
    imap.on("examine", raw=b"* 2 EXISTS\r\nTAG OK done\r\n")
    status, fetch = once(build, imap)
    assert status == 1
    assert "UIDVALIDITY" in fetch.all("trouble")[0]["what"]


# ---- searching --------------------------------------------------------------

@pytest.mark.parametrize("answer", [
    {"reply": b"BAD UID SEARCH invalid argument"},
    {"raw": b"* SEARCH\r\nTAG OK SEARCH completed\r\n"},
    {"raw": b"TAG OK SEARCH completed\r\n"}])
def test_search_that_does_not_search(build, fake, answer):
    """I5: BAD, or silently nothing."""
    imap = fake()
    fill(imap, 5)
    imap.on("uid search", **answer)
    status, fetch = once(build, imap, known="0:3")
    assert status == 0 and fetch.uids() == [3, 4, 5]


def test_search_in_many_lines(build, fake):
    imap = fake()
    fill(imap, 5)
    imap.on("uid search", raw=b"* SEARCH 5 1\r\n* SEARCH 3 \r\n"
            b"* SEARCH 2 4 (MODSEQ 917162500)\r\nTAG OK done\r\n")
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1, 2, 3, 4, 5]


def test_garbled_search_loses_nothing(build, fake):
    imap = fake()
    fill(imap, 5)
    imap.on("uid search", times=1, raw=b"* SEARCH 1 x2 3\r\nTAG OK done\r\n")
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("trouble", kind="later")
        assert not fetch.uids()
        fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids() == [1, 2, 3, 4, 5]


# ---- broken answers ---------------------------------------------------------

def test_garbled_untagged_lines(build, fake):
    """I7: lines without their "* ", lines twice, lines of nonsense."""
    imap = fake()
    mails = fill(imap, 4)
    mails[1].meta = b"2 FETCH (UID 2 RFC822.SIZE 50)\r\n"
    mails[2].meta = (b"* 3 FETCH (UID 3 RFC822.SIZE 44)\r\n"
                     b"3 FETCH (UID 3 RFC822.SIZE 44)\r\n"
                     b"* 3 FETCH (UID 3 RFC822.SIZE 44)\r\n")
    imap.on("uid fetch", before=b"\r\n* \r\n*\r\nhello\r\n* XYZZY (((\r\n"
            b"* 2 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 1 MODSEQ (7))\r\n"
            b"+ what\r\n* 9 RECENT\r\n* OK [ALERT] \xb5\xc7\xc2\xbc\r\n")
    status, fetch = once(build, imap)
    assert status == 0
    assert fetch.uids(missing=0) == [1, 2, 3, 4]
    assert [t["sha256"] for t in fetch.taken()] == [
        sha(m.raw) for m in mails]


def test_the_same_body_twice(build, fake):
    imap = fake()
    mails = fill(imap, 2)
    again = b"* 1 FETCH (UID 1 BODY[] {5}\r\nother)\r\n"
    imap.on("uid fetch", match="BODY", times=1, raw=b"* 1 FETCH (UID 1 BODY[] "
            b"{%d}\r\n%s)\r\n%s* 2 FETCH (BODY[] {%d}\r\n%s UID 2)\r\n"
            b"TAG OK done\r\n" % (
                len(mails[0].raw), mails[0].raw, again, len(mails[1].raw),
                mails[1].raw))
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1, 2]
    assert fetch.taken()[0]["sha256"] == sha(mails[0].raw)
    assert fetch.taken()[1]["sha256"] == sha(mails[1].raw)


def test_answers_out_of_order(build, fake):
    """What reaches the core is in order all the same."""
    imap = fake()
    imap.add("INBOX", b"one")
    imap.add("INBOX", b"two")
    imap.on("uid fetch", match="BODY", times=1,
            raw=b"* 2 FETCH (UID 2 BODY[] \"two\")\r\n"
            b"* 1 FETCH (UID 1 BODY[] {3}\r\none)\r\nTAG OK done\r\n")
    status, fetch = once(build, imap)
    assert status == 0 and fetch.uids() == [1, 2]
    assert fetch.taken()[1]["sha256"] == sha(b"two")


def test_refused_group_is_asked_one_by_one(build, fake):
    imap = fake()
    fill(imap, 5)
    imap.on("uid fetch", b"BAD invalid argument", match="1:5 (UID BODY")
    imap.on("uid fetch", b"NO cannot", match="FETCH 3 (UID BODY")
    status, fetch = once(build, imap)
    assert status == 0
    assert fetch.uids() == [1, 2, 3, 4, 5]
    assert fetch.uids(missing=1) == [3]


def test_unasked_structure_ends_the_connection(build, fake):
    imap = fake()
    fill(imap, 1)
    imap.on("uid fetch", times=1, before=b"* 1 FETCH (UID 1 BODYSTRUCTURE "
            b"((((\"a\"))))\r\n")
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("trouble", kind="later")
        fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids() == [1]


def test_cut_in_the_middle_of_a_message(build, fake):
    imap = fake()
    mails = fill(imap, 5)
    mails[2].cut = 1
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "later"
        assert 10 <= trouble["retry_s"] <= 900
        fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids() == [1, 2, 3, 4, 5]
        assert [t["sha256"] for t in fetch.taken()] == [
            sha(m.raw) for m in mails]


def test_poisonous_message_holds_up_nobody(build, fake):
    """The server dies whenever this message is asked for."""
    imap = fake()
    mails = fill(imap, 6)
    mails[2].cut = 4
    with Fetch(build, port=imap.port) as fetch:
        for n in (1, 2):
            fetch.wait("trouble", n)
            fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids(missing=0) == [1, 2, 4, 5, 6]
        assert fetch.uids(missing=1) == [3]
        # Asked for again by the core, it comes last and alone.
        imap.add("INBOX", mail(7))
        for n in range(2, 5):
            fetch.tell("poll")
            fetch.wait("round", n)
        assert fetch.uids(missing=0) == [1, 2, 4, 5, 6, 7, 3]


def test_literal_larger_than_promised(build, fake):
    imap = fake()
    mails = fill(imap, 3)
    mails[1].announce = len(mails[1].raw) - 5
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("trouble", kind="later")
        fetch.tell("poll")
        fetch.wait("trouble", 2, kind="later")
        fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids(missing=0) == [1, 3]
        assert fetch.uids(missing=1) == [2]


def test_flood_of_lines(build, fake):
    imap = fake()
    fill(imap, 1)
    imap.on("uid search", times=1, raw=b"* 1 EXISTS\r\n" * 300000)
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert "more of it" in trouble["what"]
        fetch.tell("poll")
        fetch.wait("round")


def test_endless_line(build, fake):
    imap = fake()
    fill(imap, 1)
    imap.on("uid search", times=1, raw=b"* SEARCH" + b" 1" * (5 << 20))
    with Fetch(build, port=imap.port) as fetch:
        fetch.wait("trouble", kind="later")
        fetch.tell("poll")
        fetch.wait("round")


@pytest.mark.parametrize("step", [
    "capability", "login", "id", "examine", "uid search", "uid fetch"])
def test_bye_at_every_step(build, fake, step):
    imap = fake()
    fill(imap, 1)
    imap.on(step, times=1, before=b"* BYE Too many connections\r\n", cut=True)
    with Fetch(build, port=imap.port) as fetch:
        if step != "id":
            trouble = fetch.wait("trouble")
            assert trouble["kind"] == "later"
            # The very first CAPABILITY is libcurl's.
            assert step == "capability" or "Too many" in trouble["what"]
            fetch.tell("poll")
        fetch.wait("round")
        assert fetch.uids() == [1]


def test_unwelcome(build, fake):
    imap = fake()
    imap.on("connect", raw=b"* BYE \xc1\xac\xbd\xd3\xcc\xab\xb6\xe0\r\n",
            cut=False, times=1)
    with Fetch(build, port=imap.port) as fetch:
        trouble = fetch.wait("trouble")
        assert trouble["kind"] == "later"
        assert "连接太多" in trouble["what"]


# ---- time -------------------------------------------------------------------

FOREVER_S = 600


def test_stalled_server(build, fake):
    """At each step, side by side."""
    running = []
    from_ = time.monotonic()
    with contextlib.ExitStack() as stack:
        for step in ("capability", "login", "examine", "uid search",
                     "uid fetch"):
            imap = fake()
            fill(imap, 1)
            imap.on(step, times=1, stall=FOREVER_S)
            running.append((step, stack.enter_context(
                Fetch(build, port=imap.port, once=1, timeout=1500))))
        for step, fetch in running:
            assert fetch.end() == 1, step
            assert time.monotonic() - from_ > 1.4
            assert fetch.all("trouble")[0]["kind"] == "later", step


def test_dripping_server(build, fake):
    """A byte now and then defeats a time limit on silence alone."""
    imap = fake()
    fill(imap, 1)
    imap.on("uid search", times=1, drip=0.2, raw=b"* SEARCH 1\r\n" * 300)
    status, fetch = once(build, imap, timeout=1000)
    assert status == 1
    assert "slowly" in fetch.all("trouble")[0]["what"]


def test_slow_core_is_not_the_servers_fault(build, fake):
    imap = fake()
    fill(imap, 30)
    status, fetch = once(build, imap, timeout=1500, slow=70)
    assert status == 0 and len(fetch.uids()) == 30


def test_network_backoff_grows(build, fake):
    imap = fake()
    imap.on("login", cut=True)
    with Fetch(build, port=imap.port) as fetch:
        waits = []
        for n in range(1, 10):
            waits.append(fetch.wait("trouble", n)["retry_s"])
            fetch.tell("poll")
        assert 10 <= waits[0] <= 12
        assert waits == sorted(waits) and waits[-1] == 900


def test_no_server_at_all(build):
    fetch = Fetch(build, port=1, once=1)
    assert fetch.run() == 1
    trouble = fetch.all("trouble")[0]
    assert trouble["kind"] == "later" and "port 993" in trouble["what"]


# ---- between rounds ---------------------------------------------------------

def test_idle_wakes(build, fake):
    imap = fake()
    with Fetch(build, port=imap.port, idle=1) as fetch:
        fetch.wait("round")
        imap.wait_said("IDLE")
        imap.add("INBOX", mail(1))  # a poll would come in an hour
        fetch.wait("taken")
        fetch.wait("round", 2)
        imap.add("INBOX", mail(2))
        fetch.wait("taken", 2)
        assert len(imap.sessions) == 1


def test_idle_hears_what_came_before_the_plus(build, fake):
    imap = fake()
    imap.on("idle", times=1, before=b"* 1 EXISTS\r\n")
    with Fetch(build, port=imap.port, idle=1) as fetch:
        fetch.wait("round")
        fetch.wait("round", 2)


def test_idle_refused(build, fake):
    """I2: then there is only polling."""
    imap = fake()
    imap.on("idle", b"BAD unknown command")
    with Fetch(build, port=imap.port, idle=1, poll=1) as fetch:
        fetch.wait("round")
        imap.add("INBOX", mail(1))
        fetch.wait("taken")
        assert not fetch.all("trouble")
    assert len(imap.commands("IDLE")) == 1


def test_polls_without_idle(build, fake):
    """I2: 163.com offers no IDLE."""
    imap = fake(caps_in="IMAP4rev1 ID")
    with Fetch(build, port=imap.port, idle=1, poll=1) as fetch:
        fetch.wait("round")
        imap.add("INBOX", mail(1))
        fetch.wait("taken")
        assert len(imap.sessions) == 1


def test_dropped_connections_are_normal(build, fake):
    imap = fake(caps_in="IMAP4rev1 ID")
    fill(imap, 1)
    with Fetch(build, port=imap.port) as fetch:
        for n in range(1, 4):
            fetch.wait("round", n)
            imap.hang_up()
            fetch.tell("poll")
        fetch.wait("round", 4)
        assert not fetch.all("trouble")
        assert len(imap.sessions) == 4


def test_restless_server_is_not_followed_blindly(build, fake):
    """Rounds that only the server calls for come once a second at most."""
    imap = fake()
    imap.on("idle", raw=b"+ idling\r\n* 1 EXISTS\r\nTAG OK done\r\n")
    with Fetch(build, port=imap.port, idle=1) as fetch:
        fetch.wait("round", 3)
        times = [f["ms"] for f in fetch.all("round")]
        assert times[2] - times[0] >= 1900


def test_other_folders_are_polled_while_idle(build, fake):
    imap = fake()
    imap.folders["Junk"] = type(imap.folders["INBOX"])()
    with Fetch(build, port=imap.port, idle=1, poll=1,
               folder=["INBOX", "junk:Junk"]) as fetch:
        fetch.wait("round")
        imap.add("Junk", mail(1))
        fetch.wait("taken")
        assert fetch.taken()[0]["folder"] == 1


def test_stop_says_goodbye(build, fake):
    imap = fake()
    with Fetch(build, port=imap.port, idle=1) as fetch:
        imap.wait_said("IDLE")
        fetch.tell("stop")
        assert fetch.end() == 0
    imap.wait_said("LOGOUT")


def test_stop_in_the_middle(build, fake):
    imap = fake()
    fill(imap, 300)
    imap.on("uid fetch", match="BODY", stall=FOREVER_S)
    with Fetch(build, port=imap.port, timeout=FOREVER_S * 1000) as fetch:
        fetch.wait("folder")
        time.sleep(0.3)
        fetch.tell("stop")
        assert fetch.end() == 0


def test_stop_while_connecting(build, fake):
    imap = fake()
    imap.on("connect", raw=b"")  # and nothing more
    with Fetch(build, port=imap.port, timeout=FOREVER_S * 1000) as fetch:
        imap.wait_session()
        time.sleep(0.1)
        fetch.tell("stop")
        assert fetch.end() == 0


def test_ends_with_the_core(build, fake):
    imap = fake()
    fill(imap, 300)
    with Fetch(build, port=imap.port, ack="none") as fetch:
        fetch.wait("taken", 256)
        fetch.tell("close")
        assert fetch.end() == 1


# ---- marking ----------------------------------------------------------------

def test_keyword_after_the_acknowledgement(build, fake):
    imap = fake()
    mails = fill(imap, 3)
    with Fetch(build, port=imap.port, mark="keyword:$Clued",
               ack="none") as fetch:
        fetch.wait("taken", 3)
        time.sleep(0.2)
        assert not imap.commands("UID STORE")
        fetch.tell("ack")
        fetch.wait("round")
        assert all(m.flags == {"$Clued"} for m in mails)
    assert imap.commands("SELECT")


def test_move_after_the_acknowledgement(build, fake):
    imap = fake()
    fill(imap, 3)
    imap.folders["&XfJZBHQG-"] = type(imap.folders["INBOX"])()
    status, _ = once(build, imap, mark="move:已处理")
    assert status == 0
    assert not imap.folders["INBOX"].messages
    assert len(imap.folders["&XfJZBHQG-"].messages) == 3
    assert not imap.commands("EXPUNGE")


def test_what_was_not_taken_is_not_marked(build, fake):
    imap = fake()
    mails = fill(imap, 4)
    mails[0].date = "05-Oct-2001 12:00:00 +0800"
    mails[1].nil = True
    status, _ = once(build, imap, mark="keyword:$Clued", since=1700000000)
    assert status == 0
    assert [bool(m.flags) for m in mails] == [False, False, True, True]


def test_marks_left_over_are_made_up_for(build, fake):
    """The process died between acknowledgement and mark."""
    imap = fake()
    mails = fill(imap, 6)
    once(build, imap, mark="keyword:$Clued", known="0:4:2:5")
    assert [bool(m.flags) for m in mails] == [True] * 6
    assert len(imap.commands("UID STORE")) == 2


@pytest.mark.parametrize("mark,kind,server", [
    ("move:Done", "configuration", {"caps_in": "IMAP4rev1"}),
    ("move:Done", "configuration", {}),
    ("keyword:$Clued", "configuration", {"permanent": r"\Seen \Deleted"})])
def test_mark_that_cannot_be(build, fake, mark, kind, server):
    """The mail is taken all the same, and the reason told once."""
    permanent = server.pop("permanent", None)
    imap = fake(**server)
    fill(imap, 2)
    if permanent:
        imap.folders["INBOX"].permanent = permanent
    with Fetch(build, port=imap.port, mark=mark) as fetch:
        fetch.wait("round")
        assert fetch.uids() == [1, 2]
        fetch.tell("poll")
        fetch.wait("round", 2)
        troubles = fetch.all("trouble")
        assert len(troubles) == 1 and troubles[0]["kind"] == kind
    assert len(imap.folders["INBOX"].messages) == 2
