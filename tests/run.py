#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Runs the test suites and ends with counts that a person can read.

    tests/run.py --build build/test [--only unit|system|crash|lint]
                 [--share] [--files REGEX] [PATTERN]

Unit tests are cmocka programs, system and crash tests are pytest files; as
many of either run at a time as there are processors and one, the long ones
first.  A suite that runs no test counts as a failure.  --share: the tests of
each file are shared out among all of these (tests/system/share.py)."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
PYTHON = "/usr/bin/python3"
# One more than processors: tests wait for servers, disks and clocks, too.
JOBS = (os.cpu_count() or 2) + 1
# Started first, so that none of them is what everything waits for at the end.
LONG = ("test_crash.py", "test_reports.py", "test_office.py",
        "test_citizens.py", "test_valgrind.py", "test_calendar.py",
        "test_daily.py", "test_parse_hostile", "test_ladder.py",
        "test_fetch_fake.py", "test_send.py", "test_faults_hand.py",
        "test_obey.py", "test_units.py", "test_related.py",
        "test_hide", "test_pool", "test_follow_slow",
        "test_faults_calls.py", "test_faults_ctl.py", "test_faults.py",
        "test_faults_migrate.py", "test_faults_kill.py",
        "test_faults_start.py")
HANGS_S = 600  # a test that takes so long shows where it stands
SLOWEST = 15
say_lock = threading.Lock()


class Suite:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped = name, 0, 0, 0
        self.seconds, self.ran = 0.0, 0
        self.bad, self.times = [], []


class Result:
    """What one program or file came to."""

    def __init__(self, name, seconds, passed=0, skipped=0, bad=(), output="",
                 times=()):
        self.name, self.seconds = name, seconds
        self.times = list(times)  # (seconds, test)
        self.passed, self.skipped = passed, skipped
        self.bad, self.output = list(bad), output

    def line(self):
        skipped = f" {self.skipped:>3} skipped" if self.skipped else ""
        return (f"  {self.name:<28} {self.passed:>4} passed "
                f"{len(self.bad):>3} failed{skipped} {self.seconds:>7.1f} s")


def run_program(program, _):
    """A cmocka program; its TAP output is counted."""
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="tap")
    start = time.monotonic()
    done = subprocess.run(
        [program], cwd=ROOT, env=env, capture_output=True, text=True,
        errors="replace", timeout=900, check=False)
    passed = len(re.findall(r"^ok \d+", done.stdout, re.M))
    skipped = len(re.findall(r"^not ok \d+ # SKIP", done.stdout, re.M))
    bad = re.findall(r"^not ok \d+ - (.*)$", done.stdout, re.M)
    if done.returncode != 0 and not bad:
        bad = [f"exit status {done.returncode}"]
    if not passed and not skipped and not bad:
        bad = ["ran no test"]
    seconds = time.monotonic() - start
    return Result(program.name, seconds, passed, skipped, bad,
                  done.stdout[-4000:] + done.stderr[-4000:],
                  [(seconds, "all of it")])


def read_report(path):
    """passed, skipped, the failed with their reasons, and (seconds, name) of
    all, of a JUnit report."""
    passed, skipped, bad, times = 0, 0, [], []
    for case in ElementTree.parse(path).iter("testcase"):
        times.append((float(case.get("time", 0)), case.get("name")))
        why = case.find("failure")
        if why is None:
            why = case.find("error")
        if why is not None:
            first = (why.get("message") or "").strip().partition("\n")[0]
            bad.append(f"{case.get('name')}: {first[:300]}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, skipped, bad, times


def run_file(path, args):
    """A pytest file in a process of its own."""
    env = dict(os.environ, CLUED_BUILD=str(args.build),
               PYTHONDONTWRITEBYTECODE="1",
               PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.xml"
        command = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                   "-o", f"faulthandler_timeout={HANGS_S}",
                   f"--junitxml={report}", str(path)]
        if args.pattern:
            command += ["-k", args.pattern]
        done = subprocess.run(command, cwd=ROOT, env=env, text=True,
                              errors="replace", stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if report.exists():
            passed, skipped, bad, times = read_report(report)
        else:
            passed, skipped, bad, times = 0, 0, [], []
    # 5: the pattern chose nothing here.
    if done.returncode not in (0, 5) and not bad:
        bad = [f"pytest ended with {done.returncode}"]
    return Result(path.name, time.monotonic() - start, passed, skipped, bad,
                  done.stdout[-30000:], times)


def run_lint(path, _):
    start = time.monotonic()
    done = subprocess.run([PYTHON, path], cwd=ROOT, check=False, text=True,
                          capture_output=True)
    good = done.returncode == 0
    return Result(path.name, time.monotonic() - start, int(good), 0,
                  [] if good else ["breaches"], done.stdout + done.stderr)


def unit_programs(args):
    """Only what still has a source: a build folder may hold older ones."""
    names = sorted(p.stem for p in (ROOT / "tests/unit").glob("test_*.c"))
    return [args.build / "unit" / name for name in names
            if args.pattern in name]


def plain_surroundings():
    """The same for everybody: what a shell or a CI has set changes nothing."""
    os.umask(0o022)
    for name in list(os.environ):
        if re.match(r"LC_|LANG|TZ$|PYTHON|PYTEST|MAKE|MFLAGS|NOTIFY_SOCKET|"
                    r"WATCHDOG_|LISTEN_|CREDENTIALS_|SSL_CERT|CURL_|SQLITE_|"
                    r".*_proxy$|.*_PROXY$", name):
            del os.environ[name]
    os.environ.update(LANG="C.UTF-8", TERM="dumb")


SUITES = {
    "lint": (run_lint, lambda a: sorted((ROOT / "tests/lint").glob("*.py"))),
    "unit": (run_program, unit_programs),
    "system": (run_file, lambda a: sorted(
        (ROOT / "tests/system").glob("test_*.py"))),
    "crash": (run_file, lambda a: sorted(
        (ROOT / "tests/crash").glob("test_*.py"))),
}


def by_length(job):
    name = job[2].name
    return LONG.index(name) if name in LONG else len(LONG)


def run_job(job, args):
    suite, function, path = job
    try:
        result = function(path, args)
    except (OSError, subprocess.SubprocessError) as e:
        result = Result(path.name, 0.0, bad=[str(e)])
    with say_lock:
        suite.passed += result.passed
        suite.skipped += result.skipped
        suite.failed += len(result.bad)
        suite.bad += [f"{result.name}: {what}" for what in result.bad]
        suite.seconds += result.seconds
        suite.times += [(seconds, f"{result.name}: {what}")
                        for seconds, what in result.times]
        suite.ran += 1
        if result.passed or result.bad or result.skipped:
            print(result.line(), flush=True)
        if result.bad:
            sys.stdout.write(result.output + "\n")


def print_counts(suites, seconds):
    slowest = sorted((t for s in suites for t in s.times), reverse=True)
    print(f"\nslowest {min(SLOWEST, len(slowest))}")
    for took, what in slowest[:SLOWEST]:
        print(f"{took:>7.1f} s  {what}")
    print("\nsuite      passed  failed  skipped  seconds")
    for s in suites:
        print(f"{s.name:<9} {s.passed:>7} {s.failed:>7} {s.skipped:>8} "
              f"{s.seconds:>8.1f}")
    for s in suites:
        for what in s.bad:
            print(f"FAILED {s.name}: {what}")
    passed, failed, skipped = (
        sum(getattr(s, what) for s in suites)
        for what in ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped "
          f"in {seconds:.0f} s")
    return 1 if failed or not passed else 0


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--only", action="append", choices=SUITES)
    parser.add_argument("--share", action="store_true")
    parser.add_argument("--files", type=re.compile, default=re.compile(""))
    parser.add_argument("pattern", nargs="?", default="")
    args = parser.parse_args(words)
    args.build = args.build.resolve()
    return args


def run_suites(args):
    suites, jobs = [], []
    for name in args.only or SUITES:
        function, find = SUITES[name]
        suites.append(Suite(name))
        jobs += [(suites[-1], function, path) for path in find(args)
                 if args.files.search(path.name)
                 for _ in range(JOBS if args.share else 1)]
    jobs.sort(key=by_length)
    with tempfile.TemporaryDirectory() as claims, \
            concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        if args.share:
            os.environ["CLUED_SHARE"] = claims
        for future in [pool.submit(run_job, job, args) for job in jobs]:
            future.result()
    for suite in suites:
        if suite.passed + suite.failed == 0 and not args.pattern:
            suite.failed, suite.bad = 1, ["ran no test"]
    return suites


def main():
    args = arguments()
    plain_surroundings()
    start = time.monotonic()
    return print_counts(run_suites(args), time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
