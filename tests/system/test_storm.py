# SPDX-License-Identifier: ISC
"""Loops and storms: everybody answers everything, and nothing runs away.

Two copies of the program, each with the other's mailbox in its roster, a farm
of auto-responders that do not say what they are, and addresses that bounce,
let loose on each other while the clock is moved on.  CLUED_STORM_HOURS=24
(`make storm`) runs a day of it.
"""
import contextlib
import email.utils
import os
import re
import sqlite3
import time

import pytest

import samples
from bed import Bed
from office import ROOT, TIPS, Office, office_users

HOURS = int(os.environ.get("CLUED_STORM_HOURS", "1"))
STEP_S = 1800 if HOURS < 6 else 600
OTHER = "other-tips@example.com"
LIARS = [f"liar{i}@example.net" for i in range(4)]
BOUNCING = [f"gone{i}@example.net" for i in range(3)]
CAPS = {"hour": 40, "day": 300, "person_hour": 12, "person_day": 60,
        "citizen_hour": 5, "citizen_day": 12}
START_S = 1796090400  # Tuesday, 2026-12-01 10:00 in China


def caps_text():
    return " ".join(f"{name} = {n};" for name, n in CAPS.items())


@pytest.fixture(scope="module")
def bed():
    with Bed(users=[*office_users(), OTHER, *LIARS,
                    "citizen@example.net"]) as it:
        yield it


def roster(folder, name, officer):
    """The shipped roster with another mailbox for one officer."""
    text = (ROOT / "etc/roster.conf").read_text(encoding="utf-8")
    assert "lu.wenbo@example.org" in text
    path = folder / name
    path.write_text(text.replace("lu.wenbo@example.org", officer),
                    encoding="utf-8")
    return path


def run(office, at_s, check=False):
    path = office.dir / "clock"
    path.write_text(str(at_s - int(time.time())))
    office.once(check=check, timeout=900, CLUED_TEST_CLOCK=str(path))


def sent(office):
    """(when, to whom) of all that left."""
    if not office.store.exists():
        return []
    with contextlib.closing(sqlite3.connect(office.store)) as db:
        return db.execute("SELECT sent_s, rcpt_to, to_person FROM letter"
                          " WHERE sent_s > 0 ORDER BY sent_s").fetchall()


def most_within(times, window_s):
    times, most, first = sorted(times), 0, 0
    for i, at_s in enumerate(times):
        while times[first] <= at_s - window_s:
            first += 1
        most = max(most, i - first + 1)
    return most


def check_caps(office):
    rows = sent(office)
    for name, window_s in (("hour", 3600), ("day", 86400)):
        assert most_within([r[0] for r in rows], window_s) <= CAPS[name]
        for address in {r[1] for r in rows}:
            mine = [r for r in rows if r[1] == address]
            cap = CAPS[("person_" if mine[0][2] else "citizen_") + name]
            assert most_within([r[0] for r in mine], window_s) <= cap, address


class Farm:
    """Mailboxes that answer whatever they get, with a fresh subject and
    without a word of being automatic: once with a thread, once without."""

    def __init__(self, bed):
        self.bed, self.seen, self.n = bed, {}, 0

    def answer(self):
        for who in [*LIARS, *office_users()]:
            if who == TIPS:
                continue
            box = self.bed.mailbox(who)
            for mail in box[self.seen.get(who, 0):]:
                self.reply(who, mail)
            self.seen[who] = len(box)

    def reply(self, who, mail):
        self.n += 1
        to = email.utils.parseaddr(mail.msg["From"])[1]
        thread = ""
        if self.n % 2:
            thread = f"In-Reply-To: {mail.msg['Message-ID']}\r\n"
        words = ("渣土车强揽工程，来信收到，我会尽快处理", "查询",
                 "您好，您的邮件已收到，渣土外运的事请稍候",
                 f"查询 LY-2026-{self.n % 9:06d} 0000-HHHH-1111-KKKK")
        self.bed.deliver(to, samples.plain(
            words[self.n % 4], subject=f"Re: 第{self.n}封", sender=who,
            name="", more=thread), sender=who, wait=False)


def test_everybody_answers_everything(bed, build, tmp_path):
    here = Office(bed, build, acknowledge=True, caps=caps_text(),
                  roster=roster(tmp_path, "here.conf", OTHER))
    there = Office(bed, build, acknowledge=True, caps=caps_text(),
                   roster=roster(tmp_path, "there.conf", TIPS),
                   address=OTHER, domain="other.example.com")
    farm = Farm(bed)
    with here, there:
        for who in [*LIARS, *BOUNCING]:
            for _ in range(2):
                bed.deliver(TIPS, samples.tip(sender=who), sender=who,
                            wait=False)
                bed.deliver(OTHER, samples.tip(sender=who), sender=who,
                            wait=False)
        stopped = 0
        for at_s in range(START_S, START_S + HOURS * 3600 + 1, STEP_S):
            for office in (here, there):
                bed.wait_delivered()
                run(office, at_s)
                stopped += "posting-stopped" in office.log
            farm.answer()
        for office in (here, there):
            check_caps(office)
            assert re.search(r"event=ended", office.log)
            # What was held back is there yet.
            waiting = office.sql("SELECT count(*) AS n FROM letter"
                                 " WHERE state = 0")[0]["n"]
            print(f"{office.address}: {len(sent(office))} sent,"
                  f" {waiting} wait, {farm.n} answered by the farm")
        # Neither took a letter of the other for a tip.
        for office in (here, there):
            other = OTHER if office is here else TIPS
            assert office.sql(
                "SELECT count(*) AS n FROM message AS m JOIN reporter AS r"
                f" ON r.message = m.id WHERE r.address = '{other}'"
                " AND m.kind = 'tip'")[0]["n"] == 0
        assert farm.n > 10


def test_a_full_day_stops_until_somebody_says_go(bed, build):
    bed.clear(*office_users())
    caps = ("hour = 3; day = 5; person_hour = 100; person_day = 100;"
            " citizen_hour = 100; citizen_day = 100;")
    with Office(bed, build, caps=caps) as office:
        for _ in range(8):
            bed.deliver(TIPS, samples.tip())
        run(office, START_S)
        assert len(sent(office)) == 3
        assert "posting" in status(office, START_S)
        run(office, START_S + 1800)
        assert len(sent(office)) == 3
        run(office, START_S + 3700)  # the hour is over by itself
        assert len(sent(office)) == 5
        run(office, START_S + 9000)  # the day is not
        assert len(sent(office)) == 5
        resumed = office.ctl("resume", CLUED_TEST_CLOCK=str(
            office.dir / "clock"))
        assert "goes on" in resumed
        run(office, START_S + 9060)
        assert len(sent(office)) == 8
        office.ctl("resume", "--json", status=1, CLUED_TEST_CLOCK=str(
            office.dir / "clock"))


def status(office, at_s):
    import json
    (office.dir / "clock").write_text(str(at_s - int(time.time())))
    out = office.ctl("status", "--json", status=None,
                     CLUED_TEST_CLOCK=str(office.dir / "clock"))
    return [a["alarm"] for a in json.loads(out)["alarms"]]
