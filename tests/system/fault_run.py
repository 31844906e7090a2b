# SPDX-License-Identifier: ISC
"""Runs the places of one kind of fault through as many worlds as they take,
and says what came of them.  CLUED_FAULTS=all takes every place; with
CLUED_FAULTS_LOG=FOLDER findings and figures are written there as well."""
import collections
import json
import os
import pathlib
import time

import pytest

ALL = os.environ.get("CLUED_FAULTS") == "all"
WORLD_PLACES = 250
MOST_FINDINGS = 12


def seed():
    return os.environ.get("CLUED_SEED", "1")


def note(name, text):
    folder = os.environ.get("CLUED_FAULTS_LOG")
    if folder:
        with open(pathlib.Path(folder) / name, "a", encoding="utf-8") as log:
            log.write(text + "\n")


def part_name(value):
    """For the ids of tests: (0, 3) is the first of three parts."""
    return f"{value[0] + 1}of{value[1]}" if isinstance(value, tuple) else None


def tally(what, places, findings, begin, **more):
    """For the table in the end (tests/faults/sweep.py)."""
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    note("tally", json.dumps({
        "what": what, "test": test, "places": places, "findings": findings,
        "seconds": time.monotonic() - begin, **more}))


def run_places(what, title, make_world, places, one, count=None):
    """one(world, place) does a place and returns what was wrong or None.  Fails
    with what was found.  What is swept has one line in the table, and a title
    each part of it; count() tells how many places there were when one(…) does
    several."""
    found, done = [], collections.Counter()
    begin = time.monotonic()
    places = iter(places)
    more = True
    while more and len(found) < MOST_FINDINGS:
        more, said = False, None
        with make_world() as world:
            for place in places:
                said = one(world, place)
                if said:
                    found.append(said)
                    note("findings", f"== {title}: {said}")
                more = bool(said) or world.over or sum(
                    world.done.values()) > WORLD_PLACES
                if more:
                    break
            said = None if said else world.books()
            if said:
                found.append(f"in the end: {said}")
                note("findings", f"== {title}: in the end: {said}")
            done += world.done
    text = (f"{title}: " + ", ".join(
        f"{what} {n}" for what, n in sorted(done.items())) +
        f", {time.monotonic() - begin:.0f} s")
    print(text)
    note("figures", text)
    tally(what, count() if count else done["places"], len(found), begin,
          twice=done["twice"],
          ends=sum(n for k, n in done.items() if "ended" in k))
    assert not found, f"{len(found)} findings\n" + "\n".join(found)[:12000]
    if ALL and not done["places"]:
        pytest.skip("there is no such call")
    assert done["places"], text
