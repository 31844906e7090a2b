# SPDX-License-Identifier: ISC
"""Everything that is done to clues by mail is done by cluectl too, by the same
rules and under the name of who runs it."""
import json
import subprocess

import pytest

import samples
from bed import Bed
from desk import Desk
from office import ROOT, office_users

ACTING = {"assign", "accept", "feedback", "return", "reassign", "extend",
          "suspend", "transfer", "close", "reopen", "recuse", "link", "note", "ask"}


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users(), smtp=False) as it:
        yield it


class Hand:
    """Somebody of the office at the command line."""

    def __init__(self, desk):
        self.desk = desk

    def tip(self, when, **kwargs):
        path = self.desk.dir / "tip.eml"
        path.write_bytes(samples.tip(**kwargs))
        self.desk.ctl("ingest", path, **self.desk.clock(when))
        return self.desk.list()[-1]["number"]

    def do(self, when, command, *args, status=0):
        """What cluectl answers, as a dictionary."""
        out = self.desk.ctl(command, "--json", *args, status=status,
                            **self.desk.clock(when))
        return json.loads(out)

    def ends(self, number):
        clue, = [c for c in self.desk.list() if c["number"] == number]
        return {k: d["due"] for k, d in clue["deadlines"].items()}


@pytest.fixture(name="desk")
def _desk(bed, build):
    with Desk(bed, build) as it:
        yield it


@pytest.fixture
def hand(desk):
    return Hand(desk)


def events(desk, number):
    return [(e["kind"], e["detail"]) for e in desk.show(number)["events"]]


def test_one_clue_through_every_command(desk, hand):
    a = hand.tip("2026-10-12 10:00")
    day = "2026-10-13 09:00"
    assert hand.do(day, "accept", a)["state"] == "accepted"
    assert hand.do(day, "feedback", a, "已到", "现场")["state"] == "verifying"
    assert hand.do(day, "note", a, "已电话告知")["done"]
    answer = hand.do(day, "extend", "--days", "11", a, "材料多", status=1)
    assert "最长10个工作日" in answer["said"] and not answer["done"]
    before = hand.ends(a)
    hand.do(day, "extend", "--days", "5", a, "材料多")
    assert hand.ends(a) == before
    hand.do(day, "extend", "--days", "5", a, "再问一次", status=1)
    hand.do(day, "extend", "--grant", "--days", "3", a)
    assert hand.ends(a)["conclude"] == "2026-11-03T09:30:00Z"
    hand.do(day, "extend", "--grant", a, status=1)
    assert "已延期1次" in hand.do(
        day, "extend", "--days", "2", a, "还不够", status=1)["said"]

    hand.do(day, "suspend", a, "当事人在逃")
    hand.do(day, "suspend", "--refuse", a, "继续核查")
    hand.do(day, "suspend", a, "当事人在逃")
    assert hand.do(day, "suspend", "--grant", a)["state"] == "suspended"
    asked = desk.sql("SELECT ask_s FROM deadline WHERE met_s = 0")
    assert [d["ask_s"] for d in asked] == [0]
    hand.do("2026-10-20 09:00", "reopen", a, "当事人归案")
    # Five working days of rest.
    assert hand.ends(a)["conclude"] == "2026-11-10T09:30:00Z"
    assert desk.show(a)["state"] == "reopened"

    assert "移送：公安机关；海公〔2026〕12号 三份" in hand.do(
        "2026-10-21 09:00", "transfer", a, "公安机关", "海公〔2026〕12号",
        "三份")["said"]
    assert desk.show(a)["state"] == "transferred"
    hand.do("2026-10-21 09:00", "accept", a, status=1)
    hand.do("2026-10-22 09:00", "close", "--failed", a, "未附回执")
    shown = desk.show(a)
    assert shown["state"] == "reopened" and shown["officer"] == "lu-wenbo"
    assert hand.ends(a)["conclude"] == "2026-11-10T09:30:00Z"
    hand.do("2026-10-22 10:00", "close", "--as", "查实", a, "属实，已拆除")
    hand.do("2026-10-22 11:00", "close", "--passed", a)
    assert desk.show(a)["state"] == "substantiated"
    actors = {e["actor"] for e in desk.show(a)["events"]}
    assert len(actors) == 2 and "clued" in actors
    assert any(x.startswith("unix:") for x in actors)
    assert ("extended", "3 days") in events(desk, a)
    assert ("transferred", "公安机关；海公〔2026〕12号 三份") in events(desk, a)


def test_hands(desk, hand):
    a, day = hand.tip("2026-10-12 10:00"), "2026-10-12 11:00"
    ends = hand.ends(a)
    assert hand.do(day, "reassign", a, "唐嘉", "手续问题")["officer"] == \
        "tang-jia"
    hand.do(day, "return", a, "不归口")
    assert [c["number"] for c in desk.list("--triage")] == [a]
    hand.do(day, "assign", a, "没有这个人", status=1)
    hand.do(day, "assign", a, "邱山")
    assert desk.list("--triage") == []
    hand.do(day, "recuse", a, "陆文博", "亲属")
    assert "须回避" in hand.do(day, "assign", a, "陆文博", status=1)["said"]
    hand.do(day, "recuse", a)
    shown = desk.show(a)
    assert shown["officer"] == "tang-jia"  # his deputy
    assert hand.ends(a) == ends
    # Who stood aside has no letter waiting.
    waiting = desk.sql("SELECT to_person FROM letter WHERE state = 0")
    assert {w["to_person"] for w in waiting} <= {"tang-jia", "office"}


def test_the_third_return_stays_with_the_office(desk, hand):
    a, day = hand.tip("2026-10-12 10:00"), "2026-10-12 11:00"
    for who in ("陆文博", "唐嘉", "邱山"):
        if who != "陆文博":
            hand.do(day, "assign", a, who)
        hand.do(day, "return", a, "不归口")
    letter = desk.sql("SELECT count(*) AS n FROM letter WHERE kind = 'triage'"
                      " AND to_person = 'office'")
    assert letter == [{"n": 3}]
    hand.do(day, "assign", a, "陆文博")
    assert "不能再退回" in hand.do(
        day, "return", a, "还是不归口", status=1)["said"]
    shown = desk.show(a)
    assert (shown["state"], shown["officer"]) == ("assigned", "lu-wenbo")


def test_the_domain_is_corrected(desk, hand):
    day = "2026-10-12 11:00"
    a = hand.tip("2026-10-12 10:00")
    assert "没有" in hand.do(
        day, "assign", "--domain", "月球", a, status=1)["said"]
    hand.do(day, "assign", "--domain", "占道经营", a)
    shown = desk.show(a)
    assert shown["domain"] == "street-occupation"
    assert shown["officer"] == "qiu-shan"
    hand.do(day, "accept", a)
    # Somebody works on it: the books change, the hands do not.
    hand.do(day, "assign", "--domain", "sanitation-work", a)
    assert desk.show(a)["officer"] == "qiu-shan"
    # Both at once; nothing of it when the second half cannot be.
    hand.do(day, "assign", "--domain", "违法建设", a, "无此人", status=1)
    assert desk.show(a)["domain"] == "sanitation-work"
    hand.do(day, "assign", "--domain", "outdoor-advertising", a, "石清")
    assert desk.show(a)["officer"] == "shi-qing"
    # A clue about officials is discipline's, whoever had it.
    hand.do(day, "assign", "--domain", "protective-umbrella", a)
    shown = desk.show(a)
    assert shown["officer"] == "discipline" and shown["discipline"]
    assert "纪检" in hand.do(day, "assign", a, "邱山", status=1)["said"]
    rows = desk.sql("SELECT domain_was, domain_is FROM correction")
    assert rows[0] == {"domain_was": "muck-transport",
                       "domain_is": "street-occupation"}
    assert rows[-1]["domain_is"] == "protective-umbrella"
    told = desk.sql("SELECT kind, to_person FROM letter ORDER BY id")
    assert told[-1] == {"kind": "notice", "to_person": "discipline"}


def test_a_repeated_clue(desk, hand):
    day = "2026-10-12 11:00"
    a, b, c = (hand.tip("2026-10-12 10:00") for _ in range(3))
    hand.do(day, "link", a, a, status=1)
    hand.do(day, "link", a, "LY-2026-009999", status=1)
    assert hand.do(day, "link", b, a)["state"] == "duplicate"
    assert a in hand.do(day, "link", c, b)["said"]
    hand.do(day, "link", a, c, status=1)  # round and round
    assert desk.show(a)["state"] == "assigned"


def test_words_that_are_missing(desk, hand):
    a = hand.tip("2026-10-12 10:00")
    for args in (["feedback", a], ["return", a], ["extend", a, "理由"],
                 ["extend", "--days", "0", a, "理由"], ["assign", a],
                 ["close", a, "查实"], ["close", "--as", "moon", a, "x"],
                 ["transfer", a], ["link", a], ["note", a], ["accept"],
                 ["suspend", a], ["reopen", a], ["accept", "--moon", a]):
        desk.ctl(*args, status=2)
    desk.ctl("accept", "LY-2026-009999", status=1)
    assert [k for k, _ in events(desk, a)] == [
        "received", "routed", "assigned"]


def test_help_and_manual_know_them(build):
    manual = (ROOT / "man/cluectl.1").read_text(encoding="utf-8")
    for name in sorted(ACTING):
        done = subprocess.run([build / "cluectl", name, "--help"],
                              capture_output=True, text=True, check=True)
        assert f"cluectl {name} " in done.stdout.split("Example", 1)[1]
        assert max(map(len, done.stdout.splitlines())) < 90
        assert f".It Cm {name} " in manual
