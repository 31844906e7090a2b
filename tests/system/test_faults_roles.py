# SPDX-License-Identifier: ISC
"""A process of the daemon that hangs is ended and begins anew; a letter under
way is not cut off by an orderly end; the clock may go anywhere and come back."""
import errno
import os
import pathlib
import re
import signal
import subprocess

import pytest

from fake_smtp import FakeSmtp
from fault_page import FaultPage
from fault_run import ALL
from fault_world import World, bed, shim  # noqa: F401
from office import Office

HUNG_MS = 1000
YEAR = 365 * 86400


@pytest.fixture
def sink():
    with FakeSmtp() as it:
        yield it


@pytest.fixture
def world(bed, build, sink):
    with World(bed, build, sink=sink, smtp_to=sink.at, work="tips",
               hung_ms=HUNG_MS) as it:
        yield it


def role_pids(world, role):
    top = world.office.daemon.pid
    kids = pathlib.Path(f"/proc/{top}/task/{top}/children").read_text()
    return [pid for pid in map(int, kids.split())
            if f"--role={role}" in pathlib.Path(
                f"/proc/{pid}/cmdline").read_text()]


def nothing():
    return None


@pytest.mark.parametrize("role", ["fetch", "send", "parse"][:3 if ALL else 2])
def test_a_role_that_hangs_is_ended(world, role):
    """SIGSTOP: it lives, and does nothing."""
    assert world.place("no fault", nothing, nothing, lambda: True) is None
    pid = role_pids(world, role)[0]
    os.kill(pid, signal.SIGSTOP)
    try:
        said = world.place(f"{role} stopped", nothing, nothing,
                           lambda: bool(re.search(
                               rb"event=role-(hung|died)", world.new_log())))
        assert said is None, said
    finally:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    assert pid not in role_pids(world, role)
    assert world.books() is None


def test_a_mailbox_that_cannot_start_again_does_so_later(
        bed, build, sink, shim, tmp_path):
    """Its process died, and there is no socket for another: no SIGUSR1 is
    needed when there is one again."""
    page = FaultPage(tmp_path)
    with World(bed, build, sink=sink, smtp_to=sink.at, work="tips",
               page=page, shim=shim) as world:
        page.arm("core", "socket", 1, errno.EMFILE, onwards=True)
        os.kill(role_pids(world, "fetch")[0], signal.SIGKILL)
        world.wait(lambda: b"event=role-start-failed" in world.new_log(),
                   "a failure")
        page.disarm()
        world.begin()
        world.wait(lambda: not world.missing(), "the tip's end")
        world.settle()
        assert world.books() is None


def test_an_orderly_end_awaits_the_letter(world, sink):
    """Its answer comes a second after its end; nothing is in doubt."""
    sink.on("dot", stall_s=1.0, times=1)
    world.begin()
    world.wait(lambda: any(x.data for x in list(sink.letters)),
               "the letter at the server", poke=True)
    assert world.office.daemon.poll() is None
    assert world.office.stop() == 0
    assert world.sql("SELECT state, repeats FROM letter") == [(2, 0)]
    world.start()
    world.wait(lambda: not world.missing(), "the end", poke=True)
    world.looks()
    world.settle()
    assert world.done["twice"] == 0
    assert world.books() is None


@pytest.mark.parametrize("jumps", [
    (5 * YEAR, -5 * YEAR), (-86400, 86400), (86400, -86400),
    (-5 * YEAR, 5 * YEAR)][:4 if ALL else 2])
def test_the_clock_goes_far_and_comes_back(world, jumps):
    """Tips before, during and after; each is worked off once."""
    def letters():
        return world.sql("SELECT kind, count(*) FROM letter"
                         " WHERE kind NOT LIKE 'alarm%' GROUP BY kind")
    for jump in (0, *jumps):
        world.move(jump)
        said = world.place(f"after {jump} s", nothing, nothing, lambda: True)
        assert said is None, said
    before = letters()
    for _ in range(3):  # it does not go on writing letters
        world.move(61)
        world.looks()
    assert letters() == before
    numbers = [n for n, in world.sql("SELECT number FROM clue ORDER BY id")]
    by_year = {}
    for number in numbers:
        _, year, n = number.split("-")
        by_year.setdefault(year, []).append(int(n))
    assert all(v == list(range(1, len(v) + 1)) for v in by_year.values())
    assert world.books() is None


def test_a_reload_asked_for_at_the_start(bed, build, sink):
    """SIGHUP while the rules are compiled: done when the daemon is there."""
    with Office(bed, build, smtp_to=sink.at) as office:
        with open(office.dir / "clued.log", "ab") as log:
            office.daemon = subprocess.Popen(
                [build / "clued", "-c", office.conf], env=office.env,
                stderr=log, stdin=subprocess.DEVNULL)
        office.log_path = office.dir / "clued.log"
        held = pathlib.Path(f"/proc/{office.daemon.pid}/status")
        while not int(re.search(r"SigBlk:\t(\w+)", held.read_text())[1],
                      16) & 1 << signal.SIGHUP - 1:
            assert office.daemon.poll() is None
        os.kill(office.daemon.pid, signal.SIGHUP)
        office.wait_log("event=reloaded")
        assert office.stop() == 0
