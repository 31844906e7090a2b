# SPDX-License-Identifier: ISC
"""A start that the machine refuses (no descriptors, no memory, a disk that does
not read) is not taken for a mistake in the configuration: systemd starts clued
again after every exit status but 2, and a person finds nothing to mend then."""
import errno
import os
import random
import resource
import shutil
import subprocess
import time
import zlib

import pytest

from fault_page import FaultPage
from fault_run import ALL, seed, tally
from fault_world import shim  # noqa: F401
from office import ROOT

GOOD, MISTAKE, MACHINE = 0, 2, 4
FEW = 5
KINDS = [("open", errno.EMFILE), ("open", errno.EIO), ("read", errno.EIO),
         ("opendir", errno.EMFILE), ("fstat", errno.EIO),
         ("malloc", errno.ENOMEM)]


@pytest.fixture(scope="module")
def etc(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start") / "etc"
    shutil.copytree(ROOT / "etc", folder)
    return folder


def check(build, etc, env=(), files=None):
    def few():
        if files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    return subprocess.run(
        [build / "clued", "--check", "-c", etc / "clued.conf"],
        env={**os.environ, **dict(env)}, capture_output=True, text=True,
        errors="replace", timeout=60, check=False, preexec_fn=few)


def test_a_mistake_is_a_persons(build, etc):
    assert check(build, etc).returncode == GOOD
    roster = etc / "roster.conf"
    whole = roster.read_text()
    for spoil in (lambda: roster.write_text(whole + "\nnonsense = 1;\n"),
                  roster.unlink):
        spoil()
        done = check(build, etc)
        assert done.returncode == MISTAKE and "roster.conf" in done.stderr
        roster.write_text(whole)


def test_a_zone_that_is_none_is_a_mistake(build, etc):
    main = etc / "clued.conf"
    whole = main.read_text()
    main.write_text(whole.replace("Asia/Shanghai", "Asia/Shangai"))
    done = check(build, etc)
    main.write_text(whole)
    assert done.returncode == MISTAKE and "Asia/Shangai" in done.stderr


def test_too_few_descriptors_are_none(build, etc):
    """0 to 2 are there; one more file at a time may be open."""
    seen = {}
    for n in range(3, 40):
        done = check(build, etc, files=n)
        seen[n] = done.returncode
        if "loading shared libraries" in done.stderr:
            continue
        assert done.returncode in (GOOD, MACHINE), (n, done.stderr)
        assert done.returncode == GOOD or done.stderr.strip()
        if done.returncode == GOOD:
            break
    assert MACHINE in seen.values() and GOOD in seen.values(), seen


@pytest.mark.parametrize("call, code", KINDS if ALL else KINDS[:3])
def test_a_call_that_fails_is_none(build, etc, shim, tmp_path, call, code):
    page = FaultPage(tmp_path)
    rng = random.Random(zlib.crc32(f"{seed()} {call} {code}".encode()))
    failed, n, begin = 0, 0, time.monotonic()
    while ALL or n < FEW:
        n += 1
        page.arm_new("core", call, code, depth=5,
                     skip=0 if ALL else rng.randrange(2), go_on=True)
        done = check(build, etc, page.env(shim))
        assert done.returncode in (GOOD, MACHINE), (
            done.returncode, done.stderr, page.traces(build / 'clued'))
        assert done.returncode == GOOD or done.stderr.strip()
        failed += done.returncode == MACHINE
        if not page.happened:
            break
    tally("calls failing in a start that checks", n - 1, 0, begin)
    assert failed, f"{n} starts and none was refused"
