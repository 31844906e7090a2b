# SPDX-License-Identifier: ISC
"""The network breaks at any byte of a session with the real servers: after it
all messages are in the store exactly once, every letter was delivered, and at
most once more under the same Message-ID.

By default a few places; CLUED_FAULTS=all (make faults) takes each byte of the
sessions.  Only inside a letter's text, where all bytes are alike to both ends,
and for faults that take their time, some are left out."""
import contextlib
import random

import pytest

from bed import Bed
from cut_proxy import CutProxy, Fault
from fake_smtp import FakeSmtp
from fault_run import ALL, run_places, seed
from fault_world import World
from office import office_users

SAMPLE = 4
THIN = {"stall": 12, "drip": 6}  # one of so many
TEXT_STEP = 16
ENVELOPE = 1200  # commands and header of a letter's session
TAIL = 300


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@contextlib.contextmanager
def world_of(bed, build, server, garbled=False):
    """A world whose connections to both servers run through proxies; the
    letters go to the real server when it is the one that fails."""
    with contextlib.ExitStack() as stack:
        sink = (stack.enter_context(FakeSmtp()) if server == "imap" else None)
        imap = stack.enter_context(CutProxy(bed.imap_at()))
        smtp = stack.enter_context(CutProxy(
            sink.at if sink else bed.submit_at()))
        world = stack.enter_context(World(
            bed, build, sink=sink, work="tips",
            tips=2 if server == "imap" else 1, proxies=(imap, smtp),
            may_fail=garbled, imap_to=imap.at, smtp_to=smtp.at))
        world.proxy = imap if server == "imap" else smtp
        yield world


def places(length, kind, way, server):
    if not ALL:
        rng = random.Random(f"{seed()} {kind} {way} {server}")
        return sorted(rng.randrange(k * length // SAMPLE,
                                    (k + 1) * length // SAMPLE) + 1
                      for k in range(SAMPLE))
    found = range(1, length + 1)
    if server == "smtp" and way == "up":
        found = [n for n in found if n < ENVELOPE or n > length - TAIL
                 or n % TEXT_STEP == 0]
    return list(found)[::THIN.get(kind, 1)]


CASES = [(s, w, k) for s in ("imap", "smtp") for w in ("down", "up")
         for k in ("cut", "reset", "garbage", "stall", "drip")]
SHORT = {("imap", "down", "cut"), ("imap", "up", "garbage"),
         ("smtp", "down", "reset"), ("smtp", "up", "cut")}


@pytest.mark.parametrize("server, way, kind", CASES if ALL else sorted(SHORT))
def test_broken_at_any_byte(bed, build, server, way, kind):
    def one(world, at):
        proxy = world.proxy
        before = proxy.happened

        def plan(fault):
            proxy.plan = fault
        return world.place(
            f"{server} {kind} after byte {at} {way}",
            lambda: plan(Fault(kind, way, at, at)), lambda: plan(None),
            lambda: proxy.happened > before)

    def make():
        return world_of(bed, build, server,
                        server == "smtp" and kind == "garbage")

    with make() as world:
        said = world.place("no fault", lambda: None, lambda: None,
                           lambda: True)
        assert said is None, said
        length = world.proxy.bytes[way]
    run_places(f"{server} {way} {kind}", make,
               places(length, kind, way, server), one)
