#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Runs every fuzz target for some seconds, two at a time, and ends with counts.

    tests/fuzz/run.py --build build/fuzz --seconds 60 [NAME …]

Seeds are read from tests/fuzz/seeds/NAME; what a run finds of new coverage
stays in BUILD/corpus/NAME and is used by the next one.  An input that crashes
is kept in BUILD/crashes/ and its path printed: mend the fault and keep the
input as a test."""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def fuzz(build, name, seconds):
    """Name, executions, and the artifacts of a crash."""
    corpus, crashes = build / "corpus" / name, build / "crashes"
    corpus.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    seeds = HERE / "seeds" / name
    command = [
        build / "fuzzers" / f"fuzz_{name}", f"-max_total_time={seconds}",
        "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1",
        f"-artifact_prefix={crashes}/{name}-", corpus]
    if seeds.is_dir():
        command.append(seeds)
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True,
        errors="replace", check=False)
    runs = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
    return name, int(runs.group(1)) if runs else 0, done


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    there = sorted(p.name[len("fuzz_"):] for p in (
        args.build / "fuzzers").glob("fuzz_*") if not p.suffix)
    names = args.names or there
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, runs, done in pool.map(
                lambda n: fuzz(args.build, n, args.seconds), names):
            good = done.returncode == 0 and runs > 0
            failed += not good
            print(f"  {name:<16} {runs:>12} executions  "
                  f"{'good' if good else 'CRASHED'}", flush=True)
            if not good:
                sys.stdout.write(done.stderr[-3000:])
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
