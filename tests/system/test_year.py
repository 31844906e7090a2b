# SPDX-License-Identifier: ISC
"""The simulated year of year.py, small: `make year` is the whole."""
import os
import tempfile

from year import STEPS, Year


def test_a_small_year(build):
    folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="clued-year-",
                                     dir=folder) as made:
        n = Year(build, made, n_clues=45, seed=7, trouble=0.08).run()
    # It was no quiet year.
    assert all(n[step] > 5 for step in STEPS), n
    assert n["kills"] >= 2 and n["jumps"] >= 2 and n["daily-sheet"] > 230, n
    assert n["sent"] > 100 and n["acts"] > 100, n
