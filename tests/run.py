#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Runs the test suites and ends with counts that a person can read.

    tests/run.py --build build/test [--only unit|system|crash|lint] [PATTERN]

Unit tests are cmocka programs, system and crash tests are pytest files.  A
suite that runs no test counts as a failure."""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = "/usr/bin/python3"


class Suite:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped = name, 0, 0, 0
        self.seconds = 0.0
        self.bad = []

    def count(self, passed, failed, skipped=0, bad=()):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped
        self.bad += bad


def run_unit(args):
    """Each cmocka program; its TAP output is counted."""
    suite = Suite("unit")
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="tap")
    for program in sorted((args.build / "unit").glob("test_*")):
        if program.suffix or (args.pattern and
                              args.pattern not in program.name):
            continue
        done = subprocess.run(
            [program], cwd=ROOT, env=env, capture_output=True, text=True,
            errors="replace", timeout=600, check=False)
        ok = re.findall(r"^ok \d+", done.stdout, re.M)
        bad = re.findall(r"^not ok \d+ - (.*)$", done.stdout, re.M)
        failed = len(bad)
        if done.returncode != 0 and not failed:
            failed, bad = 1, [f"exit status {done.returncode}"]
        if not ok and not failed:
            failed, bad = 1, ["ran no test"]
        suite.count(len(ok), failed, 0,
                    [f"{program.name}: {what}" for what in bad])
        print(f"  {program.name:<28} {len(ok):>4} passed {failed:>3} failed",
              flush=True)
        if failed:
            sys.stdout.write(done.stdout[-4000:] + done.stderr[-4000:])
    return suite


def run_pytest(args, name, paths):
    suite = Suite(name)
    env = dict(os.environ, CLUED_BUILD=str(args.build),
               PYTHONDONTWRITEBYTECODE="1",
               PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        command = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                   "--durations=8", f"--junitxml={report}", *map(str, paths)]
        if args.pattern:
            command += ["-k", args.pattern]
        done = subprocess.run(command, cwd=ROOT, env=env, check=False)
        if done.returncode == 5 and args.pattern:
            return suite
        if not report.exists():
            suite.count(0, 1, 0, [f"pytest ended with {done.returncode}"])
            return suite
        for case in ElementTree.parse(report).iter("testcase"):
            where = f"{case.get('classname')}.{case.get('name')}"
            if case.find("failure") is not None or (
                    case.find("error") is not None):
                suite.count(0, 1, 0, [where])
            elif case.find("skipped") is not None:
                suite.count(0, 0, 1)
            else:
                suite.count(1, 0)
    if suite.passed + suite.failed == 0:
        suite.count(0, 1, 0, ["ran no test"])
    return suite


def run_lint(_):
    suite = Suite("lint")
    for script in sorted((ROOT / "tests/lint").glob("*.py")):
        done = subprocess.run([PYTHON, script], cwd=ROOT, check=False)
        good = done.returncode == 0
        suite.count(int(good), int(not good), 0,
                    [] if good else [script.name])
    return suite


SUITES = {
    "lint": run_lint,
    "unit": run_unit,
    "system": lambda a: run_pytest(a, "system", [ROOT / "tests/system"]),
    "crash": lambda a: run_pytest(a, "crash", [ROOT / "tests/crash"]),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--only", action="append", choices=SUITES)
    parser.add_argument("pattern", nargs="?", default="")
    args = parser.parse_args()
    args.build = args.build.resolve()
    suites = []
    for name in args.only or SUITES:
        print(f"== {name}", flush=True)
        start = time.monotonic()
        suite = SUITES[name](args)
        suite.seconds = time.monotonic() - start
        suites.append(suite)
    print("\nsuite      passed  failed  skipped  seconds")
    for s in suites:
        print(f"{s.name:<9} {s.passed:>7} {s.failed:>7} {s.skipped:>8} "
              f"{s.seconds:>8.1f}")
    for s in suites:
        for what in s.bad:
            print(f"FAILED {s.name}: {what}")
    passed = sum(s.passed for s in suites)
    failed = sum(s.failed for s in suites)
    skipped = sum(s.skipped for s in suites)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
