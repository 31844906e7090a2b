# SPDX-License-Identifier: ISC
"""Each process is killed at every step that anybody else could see: before each
call by which it talks to a server or to another process, or writes the store.
What was under way is done by the next one, once.

tests/crash/test_crash.py kills the core at each of its durable steps, and
tests/soak/soak.py all of them at random times under load; here a day of work
goes on around each death.  By default a few; CLUED_FAULTS=all (make faults)
takes each of them."""
import contextlib
import random

import pytest

from cut_proxy import CutProxy
from fake_smtp import FakeSmtp
from fault_page import FaultPage
from fault_run import ALL, run_places, seed
from fault_world import World, bed, shim  # noqa: F401

CALLS = {
    "core": ("vfs_write", "vfs_sync", "vfs_truncate", "vfs_shm_map",
             "sendmsg", "recvmsg", "memfd_create", "fork"),
    "fetch": ("connect", "send", "recv", "sendmsg", "recvmsg",
              "memfd_create"),
    "parse": ("fork", "sendmsg", "recvmsg", "write", "mmap"),
    "send": ("connect", "send", "recv", "sendmsg", "recvmsg", "mmap"),
}
SHORT = (("core", "vfs_sync"), ("fetch", "sendmsg"), ("send", "recv"))
SHORT_PLACES, FEW = 2, 4
LAST = 2  # so many places in which nobody died: there are no more


@contextlib.contextmanager
def world_of(bed, build, page, shim):
    with FakeSmtp() as sink, CutProxy(bed.imap_at()) as imap, CutProxy(
            sink.at) as smtp, World(
            bed, build, page=page, shim=shim, sink=sink,
            proxies=(imap, smtp), imap_to=imap.at,
            smtp_to=smtp.at) as world:
        yield world


@pytest.mark.parametrize("role, call", [
    (r, c) for r, calls in CALLS.items() for c in calls] if ALL else SHORT)
def test_killed_before_each_call(bed, build, shim, tmp_path, role, call):
    page = FaultPage(tmp_path)
    rng = random.Random(f"{seed()} {role} {call}")
    nothing = 0

    def one(world, nth):
        nonlocal nothing
        said = world.place(
            f"{role}: killed before {call} {nth}",
            lambda: page.kill(role, call, nth), page.disarm,
            lambda: page.happened > 0)
        nothing = 0 if page.happened else nothing + 1
        return said

    def places():
        n = 0
        while nothing < LAST if ALL else n < SHORT_PLACES:
            n += 1
            yield n if ALL else 1 + rng.randrange(FEW)

    run_places(f"{role} killed before a call", f"{role} {call} killed",
               lambda: world_of(bed, build, page, shim), places(), one)
