# SPDX-License-Identifier: ISC
"""Every call that can fail is made to fail, one after the other, in each of the
processes: of the system, of malloc(), and of SQLite's own way to the disk.  The
daemon may end with an error that says why, but it never crashes, loses nothing,
does nothing twice, and its store is whole.

A call is known by the stack that it comes from: what failed once from there
fails no second time.  By default a few calls of some kinds; CLUED_FAULTS=all
(make faults) takes each call of each kind that a day of work and a start make,
once, and for the disk also from then on."""
import contextlib
import errno
import random
import zlib

import pytest

from cut_proxy import CutProxy
from fake_smtp import FakeSmtp
from fault_page import FRAMES, FaultPage
from fault_run import ALL, note, part_name, run_places, seed
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
        "access": (E.EACCES,), "fchmod": (E.EIO,), "link": (E.EIO,),
        "flock": (E.ENOLCK,), "mkostemp": (E.EMFILE, E.ENOSPC),
        "opendir": (E.EMFILE,), "dup2": (E.EMFILE,),
        "close_range": (E.ENOMEM,), "execve": (E.ENOMEM,),
        "execveat": (E.ENOMEM,), "fcntl": (E.EMFILE,),
        "fcntl_lock": (E.ENOLCK, E.EINTR),
        "epoll_create1": (E.EMFILE,), "epoll_wait": (E.EINTR,),
        "timerfd_create": (E.EMFILE,), "timerfd_settime": (E.ENOMEM,),
        "signalfd": (E.EMFILE,), "pidfd_open": (E.EMFILE,),
        "setsockopt": (E.ENOMEM,), "prctl": (E.EPERM,),
        "setrlimit": (E.EPERM,), "stat": (E.EIO,), "lstat": (E.EIO,),
        "fstat": (E.EIO,), "statvfs": (E.EIO,), "fopen": (E.EMFILE,),
        "fdopen": (E.ENOMEM,), "fclose": (E.ENOSPC,),
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
        "pread": (E.EIO,), "ftruncate": (E.ENOMEM,), "fcntl": (E.EMFILE,),
        "getsockopt": (E.ENOBUFS,), "setsockopt": (E.ENOMEM,),
        "pthread_create": (E.EAGAIN,), "prctl": (E.EPERM,),
        "setrlimit": (E.EPERM,), "seccomp": (E.ENOMEM,),
        "landlock": (E.ENOMEM,), "stat": (E.EIO,), "fstat": (E.EIO,),
        "fopen": (E.EMFILE,),
    },
    "parse": {
        "write": (E.EIO,), "fork": (E.EAGAIN,), "mmap": (E.ENOMEM,),
        "sendmsg": (E.ENOBUFS,), "recvmsg": (E.ENOMEM,),
        "poll": (E.ENOMEM,), "malloc": (E.ENOMEM,),
        "open": (E.EMFILE,), "fopen": (E.EMFILE,), "pread": (E.EIO,),
        "memfd_create": (E.EMFILE,), "ftruncate": (E.ENOMEM,),
        "fcntl": (E.EMFILE,), "fstat": (E.EIO,), "dup2": (E.EMFILE,),
        "close_range": (E.ENOMEM,), "pidfd_open": (E.EMFILE,),
        "prctl": (E.EPERM,), "setrlimit": (E.EPERM,),
        "seccomp": (E.ENOMEM,), "landlock": (E.ENOMEM,),
    },
    "send": {
        "write": (E.EIO,), "open": (E.EMFILE,), "socket": (E.EMFILE,),
        "connect": (E.ENETUNREACH,), "mmap": (E.ENOMEM,),
        "poll": (E.ENOMEM,), "send": (E.EPIPE,), "recv": (E.ECONNRESET,),
        "sendmsg": (E.ENOBUFS,), "recvmsg": (E.ENOMEM,),
        "getaddrinfo": (0,), "malloc": (E.ENOMEM,),
        "memfd_create": (E.EMFILE,), "pread": (E.EIO,),
        "fcntl": (E.EMFILE,), "getsockopt": (E.ENOBUFS,),
        "setsockopt": (E.ENOMEM,), "pthread_create": (E.EAGAIN,),
        "prctl": (E.EPERM,), "setrlimit": (E.EPERM,),
        "seccomp": (E.ENOMEM,), "landlock": (E.ENOMEM,),
        "stat": (E.EIO,), "fstat": (E.EIO,), "fopen": (E.EMFILE,),
    },
}
DISK = ("pwrite", "pread", "fsync", "vfs_read", "vfs_write", "vfs_sync",
        "vfs_shm_lock")
KEEP_S = 0.3
# How many may fail in one place of the world (of the parser's but one: a
# message that found no memory twice is for a person); malloc() at a start is
# told apart by fewer callers, there are thousands.
MOST = {"malloc": 6, "vfs_read": 4, "vfs_shm_lock": 3}
START_DEPTH = {"core": 3, "parse": 2, "fetch": 2, "send": 2}
DEPTH = {"pread": 5, "vfs_read": 10}  # all of them in SQLite
# Distinct ones in a place, for the few that are taken by default.
FEW = {"fsync": 4, "vfs_write": 8, "vfs_sync": 4, "vfs_short": 12,
       "malloc": 60, "recv": 8, "sendmsg": 1, "open": 1, "mmap": 1,
       "fstat": 1}
SHORT = (("core", "fsync", "once"), ("core", "vfs_write", "once"),
         ("core", "vfs_sync", "stays"),
         ("send", "malloc", "once"), ("fetch", "recv", "once"),
         ("send", "mmap", "once"), ("parse", "fstat", "once"),
         ("parse", "sendmsg", "once"), ("send", "open", "start"))
SHORT_PLACES = 3
# Shared out: none is much longer than the others.
PARTS = {("core", "malloc"): 6, ("fetch", "malloc"): 2, ("parse", "malloc"): 2}
# So many places in which nothing happened: there are no more.
LAST = 2


@contextlib.contextmanager
def world_of(bed, build, page, shim):
    """Its connections begin anew in every place."""
    with FakeSmtp() as sink, CutProxy(bed.imap_at()) as imap, CutProxy(
            sink.at) as smtp, World(
            bed, build, page=page, shim=shim, sink=sink,
            proxies=(imap, smtp), imap_to=imap.at,
            smtp_to=smtp.at) as world:
        yield world


def cases():
    """(role, call, when, which part of the places), the longest first."""
    for call, role in sorted(
            ((c, r) for r, calls in CALLS.items() for c in calls),
            key=lambda it: it[0] != "malloc"):
        parts = PARTS.get((role, call), 1)
        for part in range(parts):
            yield role, call, "once", (part, parts)
        if role == "core" and call in DISK:
            yield role, call, "stays", (0, 1)
        for part in range(parts):
            yield role, call, "start", (part, parts)


@pytest.mark.parametrize(
    "role, call, when, part",
    list(cases()) if ALL else [(*it, (0, 1)) for it in SHORT], ids=part_name)
def test_a_call_fails(bed, build, shim, tmp_path, role, call, when, part):
    page = FaultPage(tmp_path)
    page.part = part
    rng = random.Random(zlib.crc32(f"{seed()} {role} {call}".encode()))
    start, stays = when == "start", when == "stays"
    program = build / ("clued" if role == "core" else f"libexec/clued/{role}")
    nothing, first, stacks = 0, True, {}

    def one(world, code):
        nonlocal nothing, first

        def arm():
            if not ALL:
                page.forget()
            page.arm_new(role, call, code,
                         most=1 if stays or not ALL or role == "parse"
                         or start and role == "core"
                         else MOST.get(call, 1),
                         # The first is always there, the others may not.
                         skip=0 if ALL or first else rng.randrange(FEW[call]),
                         depth=START_DEPTH[role] if start else
                         DEPTH.get(call, FRAMES),
                         onwards=stays, go_on=start)
        said = world.place(
            f"{role}: {call} answers {code} ({when})", arm, page.disarm,
            lambda: page.happened > 0, keep_s=KEEP_S if stays else 0.0,
            at_start=start)
        nothing = 0 if page.happened else nothing + 1
        stacks[code] = page.stacks
        first = False
        return said and f"{said}\n{page.traces(program)}"

    def places():
        nonlocal nothing
        for code in CALLS[role][call][:None if ALL else 1]:
            page.forget()
            nothing, n = 0, 0
            last = 1 if start else LAST
            while nothing < last and (ALL or n < SHORT_PLACES):
                n += 1
                yield code
            note("figures", f"{role} {call} {when} {code}: {page.stacks} "
                 "stacks")

    run_places(f"calls failing in {role}" + " at a start" * start,
               f"{role} {call} {when}",
               lambda: world_of(bed, build, page, shim), places(), one,
               lambda: sum(stacks.values()))


def test_letters_that_could_not_go_back_do_so_later(
        bed, build, shim, tmp_path):
    """A claimed letter cannot be handed to its sender, and the store does not
    take it back either: it leaves as soon as both can, without a new start,
    and nobody takes it for sent."""
    page = FaultPage(tmp_path)
    with world_of(bed, build, page, shim) as world:
        assert world.place("no fault", lambda: None, page.disarm,
                           lambda: True) is None
        world.begin()
        page.arm("core", "memfd_create", 1, errno.EMFILE)
        page.arm_then("core", "vfs_write", 1, FULL, onwards=True)
        world.wait(lambda: b"event=letter-put-off" in world.new_log() and
                   b"event=outbox" in world.new_log(), "trouble", poke=True)
        assert world.sql("SELECT 1 FROM letter WHERE state = 1")
        pid = world.office.daemon.pid
        page.disarm()
        world.work_off(lambda: True, page.disarm)
        world.settle()
        assert world.office.daemon.pid == pid
        assert world.sql("SELECT sum(repeats) FROM letter") == [(0,)]
        assert world.books() is None


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
