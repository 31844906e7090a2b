# SPDX-License-Identifier: ISC
"""A few seconds of tests/soak/soak.py: load, kills, cuts, clock steps, and the
account of every message and letter."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CLUED_BUILD", "build/test")).resolve()


def test_a_short_soak():
    done = subprocess.run(
        ["/usr/bin/python3", ROOT / "tests/soak/soak.py", "--build", BUILD,
         "--seconds", "5", "--rate", "15", "--every", "0.5", "--seed", "1"],
        capture_output=True, text=True, timeout=1500, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    assert "killed core 1" in done.stdout
