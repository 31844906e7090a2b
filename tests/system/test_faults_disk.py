# SPDX-License-Identifier: ISC
"""The store on a file system of its own that really fills up, or that is
mounted read-only: what no library in front of libc does quite the same."""
import contextlib
import random
import shutil
import subprocess
import time

import pytest

import samples
from fake_smtp import FakeSmtp
from fault_run import ALL
from fault_world import PATIENCE_S, World, bed  # noqa: F401

SIZE = 24 << 20
REFUSED, MACHINE = 3, 4
PIECE = 4096


def mount(*args):
    return subprocess.run(["mount", *map(str, args)], capture_output=True,
                          check=False).returncode == 0


@contextlib.contextmanager
def own_disk(world):
    """Moves the store of a daemon that is stopped."""
    state = world.office.store.parent
    kept = world.office.dir / "kept"
    shutil.copytree(state, kept)
    if not mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "none",
                 state):
        pytest.skip("no file system may be mounted here")
    try:
        shutil.copytree(kept, state, dirs_exist_ok=True)
        yield state
    finally:
        if world.office.daemon is not None:
            world.office.stop()
        subprocess.run(["umount", "-l", state], check=True)
        shutil.copytree(kept, state, dirs_exist_ok=True)


def fill(path, leave):
    """All but so many bytes."""
    with open(path, "wb", buffering=0) as f:
        with contextlib.suppress(OSError):
            while f.write(b"\xa5" * PIECE) == PIECE:
                pass
        f.truncate(max(0, f.tell() - leave))


class Disk(World):
    def alarms(self):
        """How often the office was told."""
        self.arrived()
        return sum("报警" in str(mail.msg["Subject"])
                   for _, mail in self.notices.values())


@pytest.fixture
def world(bed, build):
    with FakeSmtp() as sink, Disk(
            bed, build, sink=sink, smtp_to=sink.at, work="tips") as it:
        it.sink = sink
        assert it.place("no fault", lambda: None, lambda: None,
                        lambda: True) is None
        it.office.stop()
        yield it
        if it.office.daemon is None:
            it.start()


def big_tip(world):
    world.begin()
    message_id = f"big-{world.number}@mail.example.net"
    photo = b"\xff\xd8\xff" + random.Random(1).randbytes(512000)
    world.put(samples.with_file(photo, name="photo.jpg", kind="image/jpeg",
                                message_id=message_id))
    world.ids.append(message_id)


@pytest.mark.parametrize("leave", [0, 40, 130, 400][:4 if ALL else 1])
def test_a_full_file_system_is_waited_for(world, leave):
    """Not even the smallest fits, or the first does and the second does not;
    with room again the same process goes on."""
    with own_disk(world) as state:
        world.start()
        pid = world.office.daemon.pid
        ballast = state / "ballast"
        fill(ballast, leave * 1024)
        big_tip(world)
        world.wait(lambda: b"full; make room" in world.new_log(),
                   "the trouble", poke=True)
        world.looks()
        assert world.office.daemon.poll() is None
        assert world.missing()
        ballast.unlink()
        world.wait(lambda: not world.missing(), "the end", poke=True)
        world.settle()
        assert world.office.daemon.pid == pid
        assert world.books() is None


@pytest.mark.parametrize("leave", [0, 8, 40][:3 if ALL else 1])
def test_a_start_on_a_full_file_system(world, leave):
    """It says so and ends, or waits; with room the next one does the work."""
    with own_disk(world) as state:
        ballast = state / "ballast"
        fill(ballast, leave * 1024)
        world.begin()
        for _ in range(3):
            world.start(wait=False)
            daemon = world.office.daemon
            end = time.monotonic() + PATIENCE_S
            while daemon.poll() is None and not (
                    b"event=started" in world.new_log() and
                    b"full; make room" in world.new_log()):
                assert time.monotonic() < end, world.new_log()
                world.poke()
                time.sleep(0.05)
            assert b"full; make room" in world.new_log()
            if daemon.poll() is None:
                break
            assert daemon.returncode in (1, REFUSED, MACHINE)
            world.office.daemon = None
        assert world.alarms() <= 1  # however often systemd starts it
        ballast.unlink()
        if world.office.daemon is None:
            world.start()
        world.wait(lambda: not world.missing(), "the end", poke=True)
        world.settle()
        assert world.books() is None


def test_a_read_only_file_system_is_refused(world):
    """After an error of the disk the kernel does that, and a reboot later
    somebody mounts it again."""
    with own_disk(world) as state:
        assert mount("-o", "remount,ro", state)
        world.begin()
        for _ in range(2):
            world.start(wait=False)
            assert world.office.daemon.wait(30) == REFUSED
            world.office.daemon = None
            assert "read-only" in world.new_log().decode()
        assert mount("-o", "remount,rw", state)
        world.start()
        world.wait(lambda: not world.missing(), "the end", poke=True)
        world.settle()
        assert world.books() is None
