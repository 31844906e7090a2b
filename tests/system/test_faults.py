# SPDX-License-Identifier: ISC
"""The network breaks at any byte of a session with the real servers: after it
all messages are in the store exactly once, every letter was delivered, and at
most once more under the same Message-ID.

By default a few places; CLUED_FAULTS=all (make faults) cuts at each byte but
those in the midst of a letter's text, and for the other faults takes the places
around each line's end and some inside each line, or fewer when they take their
time; with CLUED_EVERY_BYTE=1 each byte."""
import contextlib
import os
import random

import pytest

from bed import Bed
from cut_proxy import CutProxy, Fault
from fake_smtp import FakeSmtp
from fault_run import ALL, part_name, run_places, seed
from fault_world import World
from office import office_users

SAMPLE = 4
EVERY = bool(os.environ.get("CLUED_EVERY_BYTE"))
THIN = {"stall": 12, "drip": 6, "reset": 2}  # one of so many
STEP = 64  # inside of a line
TLS_STEP = 32  # inside of what nobody reads
# Commands and header of a letter's session, and its end: behind and before, a
# line's end is like another to both.
ENVELOPE, TAIL = 1200, 300


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@contextlib.contextmanager
def world_of(bed, build, server, garbled=False, tls=False):
    """A world whose connections to both servers run through proxies; the
    letters go to the real server when it is the one that fails.  tls: that
    server's connections are TLS from the first byte on."""
    imaps, smtps = tls and server == "imap", tls and server == "smtp"
    with contextlib.ExitStack() as stack:
        sink = (stack.enter_context(FakeSmtp()) if server == "imap" else None)
        imap = stack.enter_context(CutProxy(
            bed.imaps_at() if imaps else bed.imap_at()))
        smtp = stack.enter_context(CutProxy(
            sink.at if sink else
            bed.submits_at() if smtps else bed.submit_at()))
        world = stack.enter_context(World(
            bed, build, sink=sink, work="tips",
            tips=2 if server == "imap" else 1, proxies=(imap, smtp),
            may_fail=garbled, imap_to=imap.at, smtp_to=smtp.at,
            imap_tls="implicit" if imaps else "none",
            smtp_tls="implicit" if smtps else "none"))
        world.proxy = imap if server == "imap" else smtp
        yield world


def is_told(said, n, kind, text):
    """Whether the nth byte is near the end of a line, or a sample; text: most
    of it is a letter's."""
    near = b"\r\n" in said[max(n - 3, 0):n + 2]
    outside = n < ENVELOPE or n > len(said) - TAIL
    if kind == "cut":
        return n % STEP == 0 or outside or not text
    return n % STEP == 0 or near and outside


def places(said, kind, way, server, tls, part):
    length = len(said)
    if not ALL:
        rng = random.Random(f"{seed()} {kind} {way} {server}")
        return sorted(rng.randrange(k * length // SAMPLE,
                                    (k + 1) * length // SAMPLE) + 1
                      for k in range(SAMPLE))
    found = [n for n in range(1, length + 1) if EVERY or (
        n % TLS_STEP == 1 if tls else
        is_told(said, n, kind, (server, way) == ("smtp", "up")))]
    return found[::THIN.get(kind, 1)][part[0]::part[1]]


KINDS = ("cut", "reset", "garbage", "stall", "drip")
# Shared out: none is much longer than the others.
PARTS = {("imap", "down", "cut"): 6, ("smtp", "up", "cut"): 3}
CASES = [(s + tls, w, k, (part, PARTS.get((s + tls, w, k), 1)))
         for k in KINDS for s in ("imap", "smtp") for tls in ("", "s")
         for w in ("down", "up")
         for part in range(PARTS.get((s + tls, w, k), 1))]
SHORT = {("imap", "down", "cut"), ("imaps", "up", "garbage"),
         ("smtp", "down", "reset"), ("smtps", "up", "cut")}


@pytest.mark.parametrize(
    "server, way, kind, part",
    CASES if ALL else [(*it, (0, 1)) for it in sorted(SHORT)], ids=part_name)
def test_broken_at_any_byte(bed, build, server, way, kind, part):
    server, tls = server[:4], server.endswith("s")
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
        return world_of(bed, build, server, server == "smtp" and
                        kind == "garbage" and not tls, tls)

    with make() as world:
        for _ in range(2):  # the first looks around
            wrong = world.place("no fault", lambda: None, lambda: None,
                                lambda: True)
            assert wrong is None, wrong
        said = bytes(world.proxy.said[way])
    run_places(f"{server.upper()} session{' in TLS' * tls} broken",
               f"{server}{'s' * tls} {way} {kind}", make,
               places(said, kind, way, server, tls, part), one)
