# SPDX-License-Identifier: ISC
"""Killed at every durable step: after the restart every message is in the
store exactly once and every letter was delivered under one Message-ID."""
import collections
import os
import pathlib
import re
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
sys.path.insert(0, str(HERE.parent / "demo"))

import samples  # noqa: E402
import tips  # noqa: E402
from bed import Bed  # noqa: E402
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
    with Bed(users=office_users()) as it:
        for raw in mixed_mailbox():
            it.append(TIPS, raw)
        yield it


def empty_mailboxes(bed):
    for user in office_users():
        if user != TIPS:
            bed.wipe(user)


def steps_of(bed):
    """The names of the durable steps of an undisturbed run."""
    empty_mailboxes(bed)
    with Office(bed, BUILD) as office:
        path = office.dir / "steps"
        office.once(CLUED_TEST_STEPS=str(path))
        lines = [line.split() for line in path.read_text().splitlines()]
    core = collections.Counter(pid for pid, _, _ in lines).most_common(1)
    return [name for pid, _, name in lines if pid == core[0][0]]


def outcome(office):
    """What must be the same however often the process died."""
    messages = office.sql(
        "SELECT message_id, kind, count(*) AS n FROM message "
        "GROUP BY message_id, kind ORDER BY message_id, kind")
    clues = office.sql(
        "SELECT m.message_id AS id, c.domain, c.officer FROM clue c "
        "JOIN message m ON c.message = m.id ORDER BY m.message_id")
    numbers = [c["number"] for c in office.list()]
    deadlines = office.sql(
        "SELECT clue, count(*) AS n FROM deadline GROUP BY clue")
    return messages, clues, numbers, [d["n"] for d in deadlines]


def letters_due(office):
    return {(row["message_id"], row["rcpt_to"]) for row in office.sql(
        "SELECT message_id, rcpt_to FROM letter")}


def letters_arrived(bed):
    """(Message-ID, mailbox) -> copies."""
    found = collections.Counter()
    for user in office_users():
        if user != TIPS:
            for mail in bed.mailbox(user):
                found[mail.msg["Message-ID"].strip("<>"), user] += 1
    return found


def run_to_the_end(office):
    for _ in range(ENOUGH_RESTARTS):
        if office.once(check=False) == 0 and all(
                n == 0 for state, n in office.status()["letters"].items()
                if state in ("ready", "sending")):
            return
        time.sleep(1.2)  # a letter's second try
    raise AssertionError(f"never came to an end:\n{office.log}")


def survives(bed, number, name, wanted):
    """One death at step `number`; False when the run ended before it."""
    empty_mailboxes(bed)
    with Office(bed, BUILD) as office:
        status = office.once(check=False, CLUED_TEST_DIE_AT=str(number))
        if status == 0:
            return False
        where = f"killed at step {number}, about {name}"
        assert status == -9, f"{where}: exit {status}\n{office.log}"
        run_to_the_end(office)
        bed.wait_delivered()
        assert outcome(office) == wanted, where
        due, arrived = letters_due(office), letters_arrived(bed)
        assert set(arrived) == due, where
        assert max(arrived.values()) <= 2, where
    return True


def test_killed_at_every_durable_step(bed):
    steps = steps_of(bed)
    empty_mailboxes(bed)
    with Office(bed, BUILD) as office:
        run_to_the_end(office)
        wanted = outcome(office)
    # Groups differ from run to run, and so does the number of commits.
    deaths = 0
    while survives(bed, deaths + 1, (steps + ["the end"])[
            min(deaths, len(steps))], wanted):
        deaths += 1
    print(f"{deaths} deaths")
    assert deaths >= len(steps) * 3 // 4, (deaths, steps)


CITIZEN = "citizen@example.net"


def test_killed_while_a_citizen_is_answered():
    """One acknowledgement, and its code is the one whose hash is kept."""
    code = re.compile(r"[0-9HKMRWY]{4}(?:-[0-9HKMRWY]{4}){3}")
    with Bed(users=[*office_users(), CITIZEN]) as bed:
        bed.append(TIPS, samples.tip())
        with Office(bed, BUILD, acknowledge=True) as office:
            path = office.dir / "steps"
            office.once(CLUED_TEST_STEPS=str(path))
            names = [line.split()[2] for line in
                     path.read_text().splitlines()]
        # Its last of each: the acknowledgement's own.
        for number in sorted(
                len(names) - names[::-1].index(name) for name in (
                    "answer-before-commit", "answer-after-commit",
                    "letter-before-settle", "letter-after-settle")):
            for user in (*office_users(), CITIZEN):
                if user != TIPS:
                    bed.wipe(user)
            with Office(bed, BUILD, acknowledge=True) as office:
                assert office.once(check=False,
                                   CLUED_TEST_DIE_AT=str(number)) == -9
                run_to_the_end(office)
                letters = bed.wait_mail(CITIZEN)
                assert 1 <= len(letters) <= 2, names[number - 1]
                codes = {code.search(
                    m.msg.get_body(("plain",)).get_content()).group()
                    for m in letters}
                assert len(codes) == 1, names[number - 1]
                bed.deliver(TIPS, samples.plain(
                    f"{office.list()[0]['number']} {codes.pop()}",
                    subject="查询", sender=CITIZEN))
                office.once()
                answer = bed.wait_mail(CITIZEN, len(letters) + 1)[-1]
                assert "已收到" in answer.msg.get_body(
                    ("plain",)).get_content(), names[number - 1]
                bed.delete(TIPS, bed.mailbox(TIPS)[-1].uid)
