# SPDX-License-Identifier: ISC
"""Every call that can fail is made to fail, one after the other, in each of the
processes: of the system, of malloc(), and of SQLite's own way to the disk.  The
daemon may end with an error that says why, but it never crashes, loses nothing,
does nothing twice, and its store is whole.

By default a few calls of some kinds; CLUED_FAULTS=all (make faults) takes each
call of each kind that a day of work and a start make (of malloc() at a start
some hundreds), once, and for the disk also from then on."""
import contextlib
import errno
import itertools
import random

import pytest

from cut_proxy import CutProxy
from fake_smtp import FakeSmtp
from fault_page import FaultPage
from fault_run import ALL, run_places, seed
from fault_world import World, bed, shim  # noqa: F401

E = errno
IOERR, FULL, BUSY, CANTOPEN, NOMEM = 10, 13, 5, 14, 7
CALLS = {
    "core": {
        "write": (E.ENOSPC, E.EIO), "pwrite": (E.ENOSPC, E.EIO),
        "read": (E.EIO,), "pread": (E.EIO,), "fsync": (E.EIO, E.ENOSPC),
        "ftruncate": (E.ENOSPC,), "open": (E.EMFILE, E.ENOSPC),
        "socket": (E.EMFILE,), "pipe": (E.EMFILE,), "fork": (E.EAGAIN,),
        "memfd_create": (E.EMFILE,), "mmap": (E.ENOMEM,),
        "sendmsg": (E.ENOBUFS,), "recvmsg": (E.ENOMEM,), "send": (E.ENOBUFS,),
        "epoll_ctl": (E.ENOMEM,), "poll": (E.ENOMEM,), "rename": (E.ENOSPC,),
        "unlink": (E.EIO,), "mkdir": (E.ENOSPC,), "malloc": (E.ENOMEM,),
        "vfs_open": (CANTOPEN, IOERR), "vfs_access": (IOERR | 13 << 8,),
        "vfs_delete": (IOERR | 10 << 8,), "vfs_read": (IOERR | 1 << 8,),
        "vfs_short": (0,), "vfs_write": (IOERR | 3 << 8, FULL),
        "vfs_torn": (IOERR | 3 << 8, FULL), "vfs_sync": (IOERR | 4 << 8, FULL),
        "vfs_truncate": (IOERR | 6 << 8,), "vfs_size": (IOERR | 7 << 8,),
        "vfs_lock": (IOERR | 15 << 8, BUSY),
        "vfs_shm_map": (IOERR | 21 << 8, NOMEM),
        "vfs_shm_lock": (IOERR | 20 << 8, BUSY),
    },
    "fetch": {
        "write": (E.EIO,), "read": (E.EIO,), "open": (E.EMFILE,),
        "socket": (E.EMFILE,), "connect": (E.ENETUNREACH,),
        "memfd_create": (E.EMFILE,), "mmap": (E.ENOMEM,), "poll": (E.ENOMEM,),
        "send": (E.EPIPE,), "recv": (E.ECONNRESET,), "sendmsg": (E.ENOBUFS,),
        "recvmsg": (E.ENOMEM,), "getaddrinfo": (0,), "malloc": (E.ENOMEM,),
    },
    "parse": {
        "write": (E.EIO,), "fork": (E.EAGAIN,), "mmap": (E.ENOMEM,),
        "sendmsg": (E.ENOBUFS,), "recvmsg": (E.ENOMEM,),
        "poll": (E.ENOMEM,), "malloc": (E.ENOMEM,),
    },
    "send": {
        "write": (E.EIO,), "open": (E.EMFILE,), "socket": (E.EMFILE,),
        "connect": (E.ENETUNREACH,), "mmap": (E.ENOMEM,),
        "poll": (E.ENOMEM,), "send": (E.EPIPE,), "recv": (E.ECONNRESET,),
        "sendmsg": (E.ENOBUFS,), "recvmsg": (E.ENOMEM,),
        "getaddrinfo": (0,), "malloc": (E.ENOMEM,),
    },
}
DISK = ("pwrite", "pread", "fsync", "vfs_read", "vfs_write", "vfs_sync",
        "vfs_shm_lock")
KEEP_S = 0.3
# Of the tens of thousands of malloc() at a start.
START_STEP = 400
SHORT = (("core", "fsync", "once"), ("core", "vfs_write", "once"),
         ("core", "vfs_sync", "stays"), ("core", "vfs_short", "once"),
         ("send", "malloc", "once"), ("fetch", "recv", "once"),
         ("parse", "sendmsg", "once"))
SHORT_PLACES = 3
# In the same world three places where nothing happened: there are no more.
LAST = 3


@contextlib.contextmanager
def world_of(bed, build, page, shim):
    """Its connections begin anew in every place."""
    with FakeSmtp() as sink, CutProxy(bed.imap_at()) as imap, CutProxy(
            sink.at) as smtp, World(
            bed, build, page=page, shim=shim, sink=sink,
            proxies=(imap, smtp), imap_to=imap.at,
            smtp_to=smtp.at) as world:
        yield world


def numbers(call, when):
    """Which of the calls; without end."""
    if not ALL:
        rng = random.Random(f"{seed()} {call} {when}")
        n = {"malloc": 500, "recv": 40, "vfs_write": 80, "vfs_short": 30}.get(call, 6)
        yield from sorted(rng.randrange(1, n) for _ in range(SHORT_PLACES))
    elif call == "malloc" and when == "start":
        for n in itertools.count(1):
            yield n if n < START_STEP else START_STEP * (n - START_STEP + 1)
    else:
        yield from itertools.count(1)


def cases():
    for role, calls in CALLS.items():
        for call in calls:
            yield role, call, "once"
            if role == "core" and call in DISK:
                yield role, call, "stays"
            # libconfig does not survive malloc(): not asked of it.
            if (role, call) != ("core", "malloc"):
                yield role, call, "start"


@pytest.mark.parametrize("role, call, when", list(cases()) if ALL else SHORT)
def test_a_call_fails(bed, build, shim, tmp_path, role, call, when):
    page = FaultPage(tmp_path)
    codes = CALLS[role][call]

    def one(world, place):
        code, nth = place
        if one.code != code:
            one.code, one.nothing = code, 0
        elif one.nothing >= LAST:
            return None
        said = world.place(
            f"{role}: {call} number {nth} answers {code} ({when})",
            lambda: page.arm(role, call, nth, code, when == "stays"),
            page.disarm, lambda: page.happened > 0,
            keep_s=KEEP_S if when == "stays" else 0.0,
            at_start=when == "start")
        one.nothing = 0 if page.happened else one.nothing + 1
        return said

    def all_places():
        for code in codes if ALL else codes[:1]:
            for nth in numbers(call, when):
                yield code, nth
                if one.nothing >= LAST:
                    break

    one.code, one.nothing = None, 0
    run_places(f"{role} {call} {when}",
               lambda: world_of(bed, build, page, shim), all_places(), one)


def test_disk_full_and_recovered(bed, build, shim, tmp_path):
    """Nothing can be written any more: what comes waits, nothing is lost, and
    the same process goes on when there is room again."""
    page = FaultPage(tmp_path)
    with world_of(bed, build, page, shim) as world:
        assert world.place("no fault", lambda: None, page.disarm,
                           lambda: True) is None
        pid = world.office.daemon.pid

        def arm():
            page.arm("core", "pwrite", 1, errno.ENOSPC, onwards=True)

        def told():
            return b"full; make room" in world.new_log()
        assert world.place("full", arm, page.disarm, told,
                           keep_s=1.5) is None
        assert page.happened and told()
        assert world.office.daemon.pid == pid
        assert world.books() is None
