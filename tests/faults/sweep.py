#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Sweeps all faults to the end and says in a table what was swept, how many
places that were and what was found: make faults.

    tests/faults/sweep.py --build build/test [PATTERN]

A place is one fault at one place: a byte of a session, a call by where it comes
from, a step of a process.  Findings and figures of each sweep are in the folder
`faults` of the build."""
import collections
import json
import os
import pathlib
import shutil
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import run  # noqa: E402

# What the tests of a file are about that have one place each.
OTHERS = {
    "test_crash.py": "answers to citizens killed at durable steps",
    "test_faults_calls.py": "disk full and recovered, letters held up",
    "test_faults_ctl.py": "cluectl: a restore killed, output refused",
    "test_faults_disk.py": "real file systems full and read-only",
    "test_faults_dns.py": "no name servers",
    "test_faults_half_open.py": "connections half open",
    "test_faults_hand.py": "the ledger after all deaths",
    "test_faults_reload.py": "reloads when memory is short",
    "test_faults_roles.py": "roles that hang, clocks that jump, ends",
    "test_faults_start.py": "starts that are refused",
    "test_faults_store.py": "store full, locked, read-only, newer, damaged",
}


def swept(folder):
    """what -> sums of the notes of fault_run.tally(); test -> findings."""
    sums, tests = collections.defaultdict(collections.Counter), {}
    path = folder / "tally"
    for line in path.read_text().splitlines() if path.exists() else ():
        it = json.loads(line)
        what = it.pop("what")
        file, _, test = it.pop("test").partition("::")
        tests[f"{pathlib.Path(file).name}: {test}"] = it["findings"]
        sums[what]["sweeps"] += 1
        sums[what].update(it)
    return sums, tests


def function(test):
    return test.partition("[")[0]


def others(suites, tests):
    """Likewise of the tests that are no sweeps, and of sweeps that failed for
    something else than what they found."""
    sums = collections.defaultdict(collections.Counter)
    sweeps = {function(test) for test in tests}
    bad = [bad for suite in suites for bad in suite.bad]
    for seconds, name in (t for suite in suites for t in suite.times):
        failed = any(b.startswith(f"{name}: ") for b in bad)
        if function(name) not in sweeps:
            sums[OTHERS.get(name.partition(": ")[0], name)].update(
                sweeps=1, places=1, seconds=seconds, findings=failed)
        elif failed and not tests.get(name):
            sums["sweeps that could not be done"].update(
                sweeps=1, findings=1, seconds=seconds)
    return sums


def print_table(rows, seconds):
    print(f"\n{'what was swept':<48}{'tests':>6}{'places':>8}"
          f"{'findings':>10}{'minutes':>9}")
    total = collections.Counter()
    for what, sums in rows:
        total.update(sums)
        print(f"{what:<48}{sums['sweeps']:>6}{sums['places']:>8}"
              f"{sums['findings']:>10}{sums['seconds'] / 60:>9.1f}")
    print(f"{'all':<48}{total['sweeps']:>6}{total['places']:>8}"
          f"{total['findings']:>10}{total['seconds'] / 60:>9.1f}")
    print(f"{total['twice']} letters came twice, none more often; the daemon "
          f"ended {total['ends']} times with a reason, and was started again; "
          f"{seconds / 60:.0f} minutes with {run.JOBS} at a time")


def main():
    args = run.arguments(["--only", "system", "--only", "crash", "--share",
                          "--files", "test_(faults|crash)", *sys.argv[1:]])
    folder = args.build / "faults"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    run.plain_surroundings()
    os.environ.update(CLUED_FAULTS="all", CLUED_FAULTS_LOG=str(folder))
    start = time.monotonic()
    suites = run.run_suites(args)
    seconds = time.monotonic() - start
    status = run.print_counts(suites, seconds)
    sums, tests = swept(folder)
    print_table([*sorted(sums.items()),
                 *sorted(others(suites, tests).items())], seconds)
    print(f"see {folder}")
    return status


if __name__ == "__main__":
    sys.exit(main())
