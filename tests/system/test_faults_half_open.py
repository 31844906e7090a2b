# SPDX-License-Identifier: ISC
"""Connections that only one end still knows of, after a firewall forgot them or
a machine lost its power: nobody closes them, nothing passes.  The daemon finds
out by itself, within its next look and the time limit, and nothing is lost."""
import contextlib

import pytest

from cut_proxy import CutProxy
from fake_smtp import FakeSmtp
from fault_run import ALL
from fault_world import World, bed  # noqa: F401


@pytest.fixture
def world(bed, build):
    """Nobody calls this daemon: it looks every second."""
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(FakeSmtp())
        imap = stack.enter_context(CutProxy(bed.imap_at()))
        smtp = stack.enter_context(CutProxy(sink.at))
        it = stack.enter_context(World(
            bed, build, sink=sink, work="tips", imap_to=imap.at,
            smtp_to=smtp.at, mailbox_extra="", poll="1s"))
        it.imap, it.smtp = imap, smtp
        passes(it)
        yield it


def passes(world):
    """A tip comes, and goes its way; a pause of the sender is over at once."""
    def came():
        if world.hasten():
            world.poke()
        return not world.missing()
    world.begin()
    world.wait(came, "the end")
    world.settle()


def idles(world):
    return world.imap.said["up"].rstrip().endswith(b"IDLE") and (
        world.imap.said["down"].rstrip().endswith(b"+ idling"))


def test_a_half_open_mailbox_is_noticed(world):
    for _ in range(3 if ALL else 1):
        world.wait(lambda: idles(world), "IDLE")
        world.imap.freeze()
        passes(world)
    assert b"event=role-" not in world.new_log()
    assert world.books() is None


def test_a_half_open_connection_takes_no_letter(world):
    """The sender keeps it for the next letter, which is not in doubt: nothing
    of it can have arrived."""
    before = len(world.sink.sessions)
    for _ in range(3 if ALL else 1):
        world.smtp.freeze()
        passes(world)
    assert world.done["twice"] == 0
    assert world.sql("SELECT sum(repeats) FROM letter") == [(0,)]
    assert len(world.sink.sessions) > before
    assert world.books() is None
