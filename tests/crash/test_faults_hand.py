# SPDX-License-Identifier: ISC
"""cluectl killed at every durable step of everything that it can do to a clue:
all of it is there or nothing, and done again it is as if nothing had been.  By
default some of it; CLUED_FAULTS=all (make faults) takes all."""
import contextlib
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

import samples  # noqa: E402
from bed import Bed  # noqa: E402
from desk import Desk  # noqa: E402
from fault_run import ALL, tally  # noqa: E402
from office import office_users  # noqa: E402

BUILD = pathlib.Path(os.environ.get("CLUED_BUILD", "build/test")).resolve()
CAME, DAY = "2026-10-12 10:00", "2026-10-12 11:00"
KILLED = -9
SHORT = ("accept", "extend", "transfer", "domain and hands")
# Which clues are alike depends on what was there before.
OWN = "kind <> 'related'"
MOST_STEPS = 12


def words(*args):
    return lambda desk, clue, message: [
        {"CLUE": clue, "MESSAGE": message}.get(x, x) for x in args]


# (what was done before, what is killed)
ACTS = {
    "accept": ([], words("accept", "CLUE")),
    "feedback": ([], words("feedback", "CLUE", "已到现场")),
    "note": ([], words("note", "CLUE", "已电话告知")),
    "return": ([], words("return", "CLUE", "不归口")),
    "reassign": ([], words("reassign", "CLUE", "唐嘉", "手续问题")),
    "recuse": ([], words("recuse", "CLUE", "陆文博", "亲属")),
    "extend": ([words("accept", "CLUE")],
               words("extend", "--days", "5", "CLUE", "材料多")),
    "suspend": ([], words("suspend", "CLUE", "当事人在逃")),
    "transfer": ([], words("transfer", "CLUE", "公安机关", "海公〔2026〕1号",
                           "三份")),
    "close": ([], words("close", "--as", "查实", "CLUE", "属实，已拆除")),
    "domain": ([], words("assign", "--domain", "占道经营", "CLUE")),
    "domain and hands": ([], words("assign", "--domain",
                                   "outdoor-advertising", "CLUE", "石清")),
    "assign": ([words("return", "CLUE", "不归口")],
               words("assign", "CLUE", "邱山")),
}


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users(), smtp=False) as it:
        yield it


@pytest.fixture(scope="module")
def desk(bed):
    with Desk(bed, BUILD) as it:
        it.clock(DAY)
        it.env["CLUED_TEST_CLOCK"] = str(it.dir / "clock")
        yield it


def rows(desk):
    """How much there is of everything."""
    return ask(desk, f"SELECT count(*) FROM event WHERE {OWN}", *(
        f"SELECT count(*) FROM {table}" for table in (
            "letter", "clue", "deadline", "message")))


def ask(desk, *queries):
    with contextlib.closing(sqlite3.connect(
            f"file:{desk.store}?mode=ro", uri=True)) as db:
        return [db.execute(query).fetchall() for query in queries]


def picture(desk, clue):
    """A clue as it stands, the same for all that are alike."""
    of = f"(SELECT id FROM clue WHERE number = '{clue}')"
    return ask(
        desk,
        f"SELECT state, officer, domain FROM clue WHERE id = {of}",
        f"SELECT kind, actor FROM event WHERE clue = {of} AND {OWN}"
        " ORDER BY id",
        "SELECT kind, to_person, state FROM letter"
        f" WHERE clue = {of} ORDER BY id",
        "SELECT kind, due_s, met_s > 0, steps_sent FROM deadline"
        f" WHERE clue = {of} ORDER BY id")


def tip(desk):
    path = desk.dir / "tip.eml"
    path.write_bytes(samples.tip())
    desk.ctl("ingest", path)
    return newest(desk)


def newest(desk):
    return ask(desk, "SELECT number FROM clue ORDER BY id DESC")[0][0][0]


def killed_everywhere(desk, make, look, command):
    """Runs it with a death at each step; the names of the steps."""
    names, whole, begin = [], None, time.monotonic()
    for step in range(1, MOST_STEPS):
        it = make()
        path = desk.dir / "steps"
        path.unlink(missing_ok=True)
        before, there = look(it), rows(desk)
        status = run(desk, command(it), CLUED_TEST_DIE_AT=str(step),
                     CLUED_TEST_STEPS=str(path))
        died = status == KILLED
        if died:
            names.append(path.read_text().split()[-1])
            if look(it) == before:
                assert rows(desk) == there, names
                assert run(desk, command(it)) == 0, names
        after = look(it)
        whole = whole or after
        assert after == whole and after != before, names
        if not died:
            assert status == 0
            tally("cluectl killed at each durable step", len(names), 0, begin)
            return names
    raise AssertionError(f"no end: {names}")


def run(desk, args, **env):
    return subprocess.run(
        [desk.build / "cluectl", "-c", desk.conf, *map(str, args)],
        env={**desk.env, **env}, capture_output=True, timeout=60,
        check=False).returncode


@pytest.mark.parametrize("name", ACTS if ALL else SHORT)
def test_an_act_is_whole_or_nothing(desk, name):
    first, command = ACTS[name]

    def make():
        clue = tip(desk)
        for act in first:
            desk.ctl(*act(desk, clue, 0))
        return clue
    names = killed_everywhere(desk, make, lambda c: picture(desk, c),
                              lambda c: command(desk, c, 0))
    assert "act-before-commit" in names and "store-commit" in names


def of_message(desk, message):
    return ask(
        desk, "SELECT m.kind, c.state, c.domain, (SELECT count(*) FROM letter"
        " AS l WHERE l.clue = c.id), (SELECT count(*) FROM event AS e"
        f" WHERE e.clue = c.id AND {OWN}) FROM message AS m LEFT JOIN clue AS c"
        f" ON c.id = m.clue WHERE m.id = {message}")


def test_off_the_shelf(desk):
    def make():
        path = desk.dir / "mail.eml"
        path.write_bytes(samples.plain("", subject="none"))
        desk.ctl("ingest", path)
        return ask(desk, "SELECT max(id) FROM message")[0][0][0]
    names = killed_everywhere(desk, make, lambda m: of_message(desk, m),
                              lambda m: ["shelf", "release", m])
    assert "shelf-before-commit" in names


def test_a_call_is_registered(desk):
    def make():
        desk.before = rows(desk)

    def look(_):
        return [now[0][0] - was[0][0]
                for now, was in zip(rows(desk), desk.before)]
    names = killed_everywhere(
        desk, make, look,
        lambda _: ["add", "--channel", "hotline", "--subject", "渣土车",
                   "--text", "海棠路工地的渣土车队强揽渣土外运。"])
    assert "register-before-commit" in names


def test_held_files_are_released(desk):
    def make():
        path = desk.dir / "held.eml"
        path.write_bytes(samples.with_file(b"\0" * 9000, name="x.zip"))
        desk.ctl("ingest", path)
        return newest(desk)
    names = killed_everywhere(desk, make, lambda c: picture(desk, c),
                              lambda c: ["release", c])
    assert "release-before-commit" in names


def test_the_ledger_is_whole(desk):
    desk.ctl("audit", "verify")
    desk.ctl("fsck")
