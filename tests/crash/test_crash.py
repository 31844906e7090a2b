# SPDX-License-Identifier: ISC
"""Killed at every durable step: after the restart every message is in the
store exactly once and every letter was delivered under one Message-ID."""
import collections
import contextlib
import os
import pathlib
import re
import sqlite3
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
sys.path.insert(0, str(HERE.parent / "demo"))

import samples  # noqa: E402
import tips  # noqa: E402
from bed import PATIENCE_S, Bed, Mail  # noqa: E402
from fake_smtp import FakeSmtp  # noqa: E402
from fault_run import tally  # noqa: E402
from office import TIPS, Office, office_users  # noqa: E402

BUILD = pathlib.Path(os.environ.get("CLUED_BUILD", "build/test")).resolve()
ENOUGH_RESTARTS = 8


def mixed_mailbox():
    """Messages of every kind that writes something else."""
    return [
        samples.tip(), samples.tip(), tips.bounce(901),
        samples.with_file(tips.jpeg("x"), "a.jpg", "image/jpeg"),
        tips.auto_reply(902), samples.with_file(b"\0" * 9000),
        samples.tip(text="渣土管理所陆文博包庇渣土车强揽渣土外运。"),
        tips.newsletter(903),
        samples.tip(text="请派人联系我。", subject="请管一管"),
        samples.tip(more="X-Clued-Test: crash\r\n"),
    ]


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users(), smtp=False) as it:
        for raw in mixed_mailbox():
            it.append(TIPS, raw)
        yield it


@pytest.fixture(scope="module")
def sink():
    with FakeSmtp() as it:
        yield it


def fresh(bed, sink, **kwargs):
    """An office that nobody has written to."""
    for session in sink.sessions:  # of processes that were killed
        assert session.ended.wait(PATIENCE_S)
    sink.letters.clear()
    sink.sessions.clear()
    return Office(bed, BUILD, smtp_to=sink.at, imap_tls="none",
                  smtp_tls="none", **kwargs)


def steps_of(bed, sink, **kwargs):
    """The names of the durable steps of an undisturbed run."""
    with fresh(bed, sink, **kwargs) as office:
        path = office.dir / "steps"
        office.once(CLUED_TEST_STEPS=str(path))
        lines = [line.split() for line in path.read_text().splitlines()]
    core = collections.Counter(pid for pid, _, _ in lines).most_common(1)
    return [name for pid, _, name in lines if pid == core[0][0]]


def ask(office, *queries):
    with contextlib.closing(sqlite3.connect(
            f"file:{office.store}?mode=ro", uri=True)) as db:
        return [db.execute(query).fetchall() for query in queries]


def outcome(office):
    """What must be the same however often the process died."""
    return ask(
        office,
        "SELECT message_id, kind, count(*) FROM message"
        " GROUP BY message_id, kind ORDER BY message_id, kind",
        "SELECT m.message_id, c.domain, c.officer FROM clue c"
        " JOIN message m ON c.message = m.id ORDER BY m.message_id",
        # Without the year, which may end between two runs.
        "SELECT substr(number, -6) FROM clue ORDER BY id",
        "SELECT m.message_id, count(d.id) FROM clue c JOIN message m"
        " ON c.message = m.id LEFT JOIN deadline d ON d.clue = c.id"
        " GROUP BY c.id ORDER BY m.message_id")


def letters_due(office):
    return set(ask(office, "SELECT message_id, rcpt_to FROM letter")[0])


def letters_arrived(sink, due):
    """(Message-ID, address) -> copies; what was answered, and what was not
    but is there."""
    for _ in range(100):
        found = collections.Counter()
        for letter in sink.letters:
            if letter.accepted and letter.data is not None:
                mail = Mail(0, set(), 0, letter.data)
                found[mail.msg["Message-ID"].strip("<>"),
                      letter.rcpts[0]] += 1
        if set(found) == due:
            break
        time.sleep(0.02)  # the sink's own account may lag behind
    return found


def run_to_the_end(office):
    """A letter's second try is a second later: the clock is."""
    clock = office.dir / "clock"
    for n in range(ENOUGH_RESTARTS):
        clock.write_text(str(3 * n))
        if office.once(check=False, CLUED_TEST_CLOCK=str(clock)) == 0 and ask(
                office, "SELECT count(*) FROM letter"
                " WHERE state IN (0, 1)") == [[(0,)]]:
            return
    raise AssertionError(f"never came to an end:\n{office.log}")


def survives(bed, sink, number, name, wanted):
    """One death at step `number`; False when the run ended before it."""
    with fresh(bed, sink) as office:
        status = office.once(check=False, CLUED_TEST_DIE_AT=str(number))
        if status == 0:
            return False
        where = f"killed at step {number}, about {name}"
        assert status == -9, f"{where}: exit {status}\n{office.log}"
        run_to_the_end(office)
        assert outcome(office) == wanted, where
        due = letters_due(office)
        arrived = letters_arrived(sink, due)
        assert set(arrived) == due, where
        assert max(arrived.values()) <= 2, where
    return True


def test_killed_at_every_durable_step(bed, sink):
    steps = steps_of(bed, sink)
    with fresh(bed, sink) as office:
        run_to_the_end(office)
        wanted = outcome(office)
    # Groups differ from run to run, and so does the number of commits.
    deaths, begin = 0, time.monotonic()
    while survives(bed, sink, deaths + 1, (steps + ["the end"])[
            min(deaths, len(steps))], wanted):
        deaths += 1
    tally("clued killed at each durable step", deaths, 0, begin)
    print(f"{deaths} deaths")
    assert deaths >= len(steps) * 3 // 4, (deaths, steps)


CITIZEN = "citizen@example.net"


def to_citizen(sink):
    return [Mail(0, set(), 0, x.data).text() for x in sink.letters
            if x.accepted and x.rcpts == [CITIZEN]]


def test_killed_while_a_citizen_is_answered(sink):
    """One acknowledgement, and its code is the one whose hash is kept."""
    code = re.compile(r"[0-9HKMRWY]{4}(?:-[0-9HKMRWY]{4}){3}")
    with Bed(users=[TIPS], smtp=False) as bed:
        bed.append(TIPS, samples.tip())
        names = steps_of(bed, sink, acknowledge=True)
        # Its last of each: the acknowledgement's own.
        for number in sorted(
                len(names) - names[::-1].index(name) for name in (
                    "answer-before-commit", "answer-after-commit",
                    "letter-before-settle", "letter-after-settle")):
            with fresh(bed, sink, acknowledge=True) as office:
                assert office.once(check=False,
                                   CLUED_TEST_DIE_AT=str(number)) == -9
                run_to_the_end(office)
                letters = to_citizen(sink)
                assert 1 <= len(letters) <= 2, names[number - 1]
                codes = {code.search(text).group() for text in letters}
                assert len(codes) == 1, names[number - 1]
                uid = bed.append(TIPS, samples.plain(
                    f"{office.list()[0]['number']} {codes.pop()}",
                    subject="查询", sender=CITIZEN))
                office.once()
                answer = to_citizen(sink)[len(letters):]
                assert len(answer) == 1 and "已收到" in answer[0], names[
                    number - 1]
                bed.delete(TIPS, uid)
