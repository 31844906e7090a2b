# SPDX-License-Identifier: ISC
"""When calendar, hours or terms change, every open deadline is computed anew
once, and the office is told what moved."""
import datetime as dt
import json
import signal

import pytest

import samples
from bed import Bed
from desk import CHINA, Desk
from office import ROOT, TIPS, office_users

DESK = "office@example.org"
DISPATCH = "2026-09-28 10:00"  # a Monday before the National Day
PLAIN = 'year = 2026;\nholidays = ( { name = "元旦"; from = "2026-01-01"; } );'
# Ends of a clue of DISPATCH without and with the holiday.
WITHOUT = {"accept": "2026-09-29 17:30", "feedback": "2026-10-05 17:30",
           "conclude": "2026-10-15 17:30"}
WITH = {"accept": "2026-09-29 17:30", "feedback": "2026-10-10 17:30",
        "conclude": "2026-10-21 17:30"}


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


class Moving(Desk):
    """An office with a calendar of its own."""

    def write_conf(self, **changes):
        super().write_conf(**changes)
        self.calendar = self.dir / "calendar"
        self.calendar.mkdir(exist_ok=True)
        self.conf.write_text(self.conf.read_text(encoding="utf-8").replace(
            str(ROOT / "etc/calendar"), str(self.calendar)), encoding="utf-8")

    def publish(self, text=None):
        """Puts the State Council's notice in place."""
        self.calendar.joinpath("2026.conf").write_text(
            text or (ROOT / "etc/calendar/2026.conf").read_text("utf-8"),
            encoding="utf-8")

    def ends(self):
        return {r["kind"]: dt.datetime.fromtimestamp(
            r["due_s"], CHINA).strftime("%Y-%m-%d %H:%M")
            for r in self.sql("SELECT kind, due_s FROM deadline")}

    def events(self, kind):
        return [r["detail"] for r in self.sql(
            f"SELECT detail FROM event WHERE kind = '{kind}' ORDER BY id")]


@pytest.fixture(name="desk")
def _desk(bed, build):
    bed.clear(*office_users())
    with Moving(bed, build) as it:
        it.publish(PLAIN)
        bed.deliver(TIPS, samples.tip())
        it.at(DISPATCH)
        assert it.ends() == WITHOUT
        yield it


def test_ends_move_once_and_the_office_is_told(bed, desk):
    clue, = desk.list()
    desk.publish()
    assert desk.at("2026-09-28 11:00") == [("deadlines-moved", "", "office")]
    assert desk.ends() == WITH
    assert desk.events("deadline-moved") == [
        "feedback: 2026-10-05 17:30 -> 2026-10-10 17:30",
        "conclude: 2026-10-15 17:30 -> 2026-10-21 17:30"]
    assert desk.events("time-rules") == ["节假日和调休: 2 deadlines moved"]
    assert desk.at("2026-09-28 11:01") == []
    assert len(desk.events("time-rules")) == 1
    mail, = bed.wait_mail(DESK)
    text = mail.msg.get_body(("plain",)).get_content()
    assert "2 项" in mail.msg["Subject"] and "节假日和调休" in text
    assert (f"{clue['number']} 反馈 2026-10-05 17:30 → 2026-10-10 17:30"
            in text)
    assert "签收" not in text
    told = json.loads(desk.ctl(
        "deadline", "--from", DISPATCH, "--class", "normal", "--json"))
    for kind, end in clue["deadlines"].items():
        now = desk.list()[0]["deadlines"][kind]["due"]
        assert told["deadlines"][kind]["due"] == now
        assert (now != end["due"]) == (kind != "accept")


def test_extensions_are_carried_over_and_met_ends_stay(desk):
    # Ten working days more by the old calendar; the first report is in.
    desk.poke("UPDATE deadline SET due_s = due_s + 14 * 86400"
              " WHERE kind = 'conclude'")
    desk.poke("UPDATE deadline SET met_s = 1 WHERE kind = 'feedback'")
    desk.publish()
    desk.at("2026-09-28 11:00")
    assert desk.ends() == {**WITHOUT, "conclude": "2026-11-04 17:30"}
    assert len(desk.events("deadline-moved")) == 1


def test_steps_come_again_for_an_end_that_moved_away(desk):
    assert ("expired", "feedback", "lu-wenbo") in desk.at("2026-10-06 09:00")
    desk.publish()
    assert desk.at("2026-10-06 10:00") == [("deadlines-moved", "", "office")]
    assert [x for x in desk.at("2026-10-10 11:30") if x[1] == "feedback"] == [
        ("reminder", "feedback", "lu-wenbo")]
    assert [x for x in desk.at("2026-10-12 08:30") if x[1] == "feedback"] == [
        ("expired", "feedback", "lu-wenbo")]
    assert [x for x in desk.at("2026-10-12 09:00") if x[1] == "feedback"] == []


def test_hours_and_terms_count_too(desk):
    desk.write_conf(extra='hours = { friday = "08:30-12:00"; }; '
                    'deadlines = { normal = { feedback = "4d"; }; };')
    assert desk.at("2026-09-28 11:00") == [("deadlines-moved", "", "office")]
    assert desk.ends() == {**WITHOUT, "feedback": "2026-10-02 12:00"}
    assert desk.events("time-rules") == [
        "上班时间、期限和督办规则: 1 deadlines moved"]


def test_a_longer_ladder_moves_no_end(desk):
    """... but the next step comes when the new ladder says."""
    assert desk.at("2026-09-30 09:00") == [("expired", "accept", "lu-wenbo")]
    desk.write_conf(extra="deadlines = { normal = { urge_after = \"2d\"; }; };")
    assert desk.at("2026-10-01 09:00") == []
    assert desk.events("time-rules") == ["期限和督办规则: 0 deadlines moved"]
    assert desk.at("2026-10-02 08:30")[0] == ("urging", "accept", "lu-wenbo")


def test_killed_on_the_way(desk):
    """All of it or nothing, whenever the process dies."""
    names, seen = desk.dir / "steps", set()
    for number in range(1, 12):
        desk.publish(PLAIN if number % 2 == 0 else None)
        was = desk.ends()
        desk.at(f"2026-09-28 11:{number:02}", check=False,
                CLUED_TEST_DIE_AT=str(number), CLUED_TEST_STEPS=str(names))
        name = names.read_text().splitlines()[-1].split()[-1]
        moved = len(desk.events("deadline-moved"))
        assert (desk.ends() == was) == (moved < 2 * number), name
        assert moved in (2 * number, 2 * number - 2), name
        seen.add((name, desk.ends() == was))
        desk.at(f"2026-09-28 12:{number:02}")
        assert desk.ends() == (WITHOUT if number % 2 == 0 else WITH), name
        assert len(desk.events("deadline-moved")) == 2 * number, name
        letters = [x for x in desk.letters() if x[0] == "deadlines-moved"]
        assert len(letters) == number, name
    assert ("retime-before-commit", True) in seen
    assert ("retime-after-commit", False) in seen


def test_a_running_daemon_does_it_on_reload(desk):
    daemon = desk.start(**desk.clock("2026-09-28 11:00"))
    desk.publish()
    daemon.send_signal(signal.SIGHUP)
    desk.wait_log("event=deadlines-recomputed")
    desk.wait(lambda: desk.ends() == WITH, "new ends")
    assert desk.stop() == 0
