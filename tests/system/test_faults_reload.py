# SPDX-License-Identifier: ISC
"""A reload when memory is out is refused, and the daemon goes on: libraries
that read the configuration crash then, and must not take it down."""
import pathlib
import resource
import signal

import pytest

from fake_smtp import FakeSmtp
from fault_run import ALL
from fault_world import World, bed  # noqa: F401

KB = 1024
STEPS = range(0, 12000, 250) if ALL else (0, 400, 1000, 2500, 6000)


def size(pid):
    pages = pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()


def test_reload_under_memory_pressure(bed, build):
    if build.name == "san":
        pytest.skip("AddressSanitizer reserves terabytes")
    with FakeSmtp() as sink, World(bed, build, sink=sink, smtp_to=sink.at,
                                   work="tips") as world:
        pid = world.office.daemon.pid
        limit, free = resource.RLIMIT_AS, resource.RLIM_INFINITY

        def reload():
            seen = len(world.new_log())
            world.office.daemon.send_signal(signal.SIGHUP)
            world.wait(lambda: b"event=reload" in world.new_log()[seen:],
                       "an answer to SIGHUP")
            return b"event=reloaded" in world.new_log()[seen:]

        outcomes = set()
        for room in STEPS:
            resource.prlimit(pid, limit, (size(pid) + room * KB, free))
            outcomes.add(reload())
            resource.prlimit(pid, limit, (free, free))
        assert False in outcomes
        assert reload()
        assert world.office.daemon.pid == pid
        said = world.place("after it", lambda: None, lambda: None,
                           lambda: True)
        assert said is None, said
        assert world.books() is None
