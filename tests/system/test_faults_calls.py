# SPDX-License-Identifier: ISC
"""Every system call that can fail is made to fail, one after the other, in the
core and in the sender: the program may end with an error, but never crashes,
and the next undisturbed run ends as if nothing had been.

By default a few calls of each kind; CLUED_FAULTS=all (make faults) takes each
call of each kind, and of thousands (malloc) some hundreds."""
import collections
import errno
import os
import random
import signal
import time

import pytest

import samples
from bed import Bed
from office import TIPS, Office, office_users

ALL = os.environ.get("CLUED_FAULTS") == "all"
EACH = 300
MESSAGES = 2
CALLS = {
    "write": (errno.ENOSPC, errno.EIO), "pwrite": (errno.ENOSPC, errno.EIO),
    "pread": (errno.EIO,), "fsync": (errno.EIO,),
    "ftruncate": (errno.ENOSPC,), "open": (errno.EMFILE, errno.ENOSPC),
    "socket": (errno.EMFILE,), "pipe": (errno.EMFILE,),
    "fork": (errno.EAGAIN,), "memfd_create": (errno.EMFILE,),
    "mmap": (errno.ENOMEM,), "sendmsg": (errno.ENOBUFS,),
    "recvmsg": (errno.ENOMEM,), "malloc": (errno.ENOMEM,),
}
SENDERS = ("write", "open", "socket", "mmap", "recvmsg", "sendmsg", "malloc")
SHORT = (("core", "fsync"), ("send", "malloc"))


@pytest.fixture(scope="module")
def shim(build):
    if build.name == "san":
        pytest.skip("AddressSanitizer has its own malloc")
    return build / "fail.so"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        for n in range(MESSAGES):
            it.append(TIPS, samples.tip(message_id=f"c{n}@mail.example.net"))
        yield it


def office_of(bed, build):
    return Office(bed, build, imap_tls="none", smtp_tls="none",
                  folders=(("INBOX", False),),
                  mailbox_extra="idle = false;", timeouts="3s")


def fail(shim, role, call, nth, code):
    """Environment in which that call fails."""
    return {"LD_PRELOAD": str(shim), "CLUED_TEST_LD_PRELOAD": str(shim),
            "CLUED_TEST_FAIL": f"{call}:{nth}:{code}",
            "CLUED_TEST_FAIL_ROLE": role}


def wrong(bed, office):
    """What is not as it should be in the end."""
    found = [r["message_id"] for r in office.sql(
        "SELECT message_id FROM message ORDER BY 1")]
    if found != [f"c{n}@mail.example.net" for n in range(MESSAGES)]:
        return f"messages {found}"
    letters = {r["message_id"] for r in office.sql(
        "SELECT message_id FROM letter WHERE kind = 'notice'"
        " AND state = 2")}
    if len(letters) != MESSAGES or len(office.list()) != MESSAGES:
        return f"letters {letters}"
    bed.wait_delivered()
    arrived = collections.Counter(
        m.msg["Message-ID"].strip("<>")
        for user in office_users() if user != TIPS
        for m in bed.mailbox(user) if "线索" in str(m.msg["Subject"]))
    missing = letters - set(arrived)
    if missing or any(arrived[x] > 2 for x in letters):
        return f"arrived {arrived} of {letters}"
    return None


def one(bed, build, shim, role, call, nth, code):
    """(whether the fault happened, what was wrong)."""
    for user in office_users():
        if user != TIPS:
            bed.wipe(user)
    where = f"{role}: {call} number {nth} answers {errno.errorcode[code]}"
    with office_of(bed, build) as office:
        status = office.once(check=False,
                             **fail(shim, role, call, nth, code))
        log = office.log
        if "fault injected" not in log:
            return False, None
        # libconfig does not survive malloc(): before the start, and it has
        # done nothing yet.
        started = "event=started" in log or call != "malloc"
        if status < 0 and started:
            return True, f"{where}: killed by signal {-status}\n{log}"
        for _ in range(6):
            if office.once(check=False) == 0 and not office.sql(
                    "SELECT 1 FROM letter WHERE state < 2"):
                break
        said = wrong(bed, office)
        return True, said and f"{where}: {said}\n{log}\n{office.log}"


def cases():
    everything = [("core", c) for c in CALLS] + [("send", c) for c in SENDERS]
    return everything if ALL else SHORT


@pytest.mark.parametrize("role, call", cases())
def test_a_call_fails(bed, build, shim, role, call):
    rng = random.Random(os.environ.get("CLUED_SEED", "1") + call)
    bad, happened = [], 0
    for code in CALLS[call] if ALL else CALLS[call][:1]:
        nth, step = (1, 1) if ALL else (rng.randrange(1, 4), 1 << 20)
        while True:
            took, said = one(bed, build, shim, role, call, nth, code)
            if not took:
                break
            happened += 1
            if said:
                bad.append(said)
            # The first ones lie close together, later ones far apart.
            step = max(step, nth // 20) if call == "malloc" else step
            if happened >= EACH or not ALL:
                break
            nth += step
    assert not bad, f"{len(bad)} of {happened}:\n" + "\n".join(bad)[:8000]
    assert happened


def test_disk_full_and_recovered(bed, build, shim):
    """Nothing can be written any more: what comes waits, nothing is lost, and
    the same process goes on when there is room again."""
    with office_of(bed, build) as office:
        full = office.dir / "full"
        office.start(CLUED_TEST_FAIL_WHILE=str(full),
                     **fail(shim, "core", "pwrite", "1+", errno.ENOSPC))
        office.wait(lambda: office.sql(
            "SELECT 1 FROM letter WHERE state = 2"), "the first letters")
        full.touch()
        uid = bed.append(TIPS, samples.tip(message_id="full@example.net"))
        office.daemon.send_signal(signal.SIGUSR1)
        office.wait_log(r"event=(intake|round-not-noted) .*(full|write)")
        time.sleep(1.5)
        assert len(office.list()) == MESSAGES
        full.unlink()
        office.wait(lambda: office.sql(
            "SELECT 1 FROM message WHERE message_id = 'full@example.net'"),
            "the message")
        office.wait(lambda: office.status()["letters"]["ready"] == 0,
                    "its letter")
        office.stop()
        assert len(office.list()) == MESSAGES + 1
        office.ctl("fsck")
        bed.delete(TIPS, uid)
