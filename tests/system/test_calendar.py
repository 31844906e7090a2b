# SPDX-License-Identifier: ISC
"""Calendar and terms against the published facts and another calculation.

The table below is what the State Council's yearly notices say, by calendar
year; nothing in this file reads etc/calendar or knows how the program counts:
it walks no days but looks positions up in sorted lists."""
import bisect
import datetime as dt
import json
import os
import pathlib
import random
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHINA = dt.timezone(dt.timedelta(hours=8))  # no summer time since 1991
DAY = dt.timedelta(days=1)

# year: days off as MMDD or MMDD-MMDD; make-up working days.
NOTICES = {
    2018: ("元旦 0101; 春节 0215-0221; 清明节 0405-0407; 劳动节 0429-0501; "
           "端午节 0618; 中秋节 0924; 国庆节 1001-1007; 元旦 1230-1231",
           "0211 0224 0408 0428 0929 0930 1229"),
    2019: ("元旦 0101; 春节 0204-0210; 清明节 0405; 劳动节 0501-0504; "
           "端午节 0607; 中秋节 0913; 国庆节 1001-1007",
           "0202 0203 0428 0505 0929 1012"),
    2020: ("元旦 0101; 春节 0124-0202; 清明节 0404-0406; 劳动节 0501-0505; "
           "端午节 0625-0627; 国庆节、中秋节 1001-1008",
           "0119 0426 0509 0628 0927 1010"),
    2021: ("元旦 0101-0103; 春节 0211-0217; 清明节 0403-0405; "
           "劳动节 0501-0505; 端午节 0612-0614; 中秋节 0919-0921; "
           "国庆节 1001-1007",
           "0207 0220 0425 0508 0918 0926 1009"),
    2022: ("元旦 0101-0103; 春节 0131-0206; 清明节 0403-0405; "
           "劳动节 0430-0504; 端午节 0603-0605; 中秋节 0910-0912; "
           "国庆节 1001-1007; 元旦 1231",
           "0129 0130 0402 0424 0507 1008 1009"),
    2023: ("元旦 0101-0102; 春节 0121-0127; 清明节 0405; 劳动节 0429-0503; "
           "端午节 0622-0624; 中秋节、国庆节 0929-1006",
           "0128 0129 0423 0506 0625 1007 1008"),
    2024: ("元旦 0101; 春节 0210-0217; 清明节 0404-0406; 劳动节 0501-0505; "
           "端午节 0610; 中秋节 0915-0917; 国庆节 1001-1007",
           "0204 0218 0407 0428 0511 0914 0929 1012"),
    2025: ("元旦 0101; 春节 0128-0204; 清明节 0404-0406; 劳动节 0501-0505; "
           "端午节 0531-0602; 国庆节、中秋节 1001-1008",
           "0126 0208 0427 0928 1011"),
    2026: ("元旦 0101-0103; 春节 0215-0223; 清明节 0404-0406; "
           "劳动节 0501-0505; 端午节 0619-0621; 中秋节 0925-0927; "
           "国庆节 1001-1007",
           "0104 0214 0228 0509 0920 1010"),
}
# Terms of the shipped classes, (working days, working minutes); reminder.
CLASSES = {
    "normal": ({"accept": (1, 0), "feedback": (5, 0), "conclude": (13, 0)},
               240),
    "priority": ({"accept": (0, 240), "feedback": (2, 0),
                  "conclude": (10, 0)}, 60),
}

CONF = """
office = {{ name = "海湾区城市管理局";
            message_id_domain = "clue.example.com"; }};
mailboxes = ( {{ id = "tips"; address = "tips@example.com";
                 host = "imap.example.com";
                 secret = {{ file = "/nonexistent/secret"; }}; }} );
smtp = {{ host = "smtp.example.com";
          secret = {{ credential = "nowhere"; }}; }};
files = {{ rules = "{good}/rules.conf"; areas = "{good}/areas.conf";
           roster = "{good}/roster.conf"; calendar = "{calendar}";
           templates = "{root}/etc/templates"; }};
{more}
"""


def of_year(year, mmdd):
    return dt.date(year, int(mmdd[:2]), int(mmdd[2:]))


def facts():
    """Every day of the notices: {date: name or True (worked)}."""
    off, worked = {}, set()
    for year, (holidays, make_up) in NOTICES.items():
        for part in holidays.split("; "):
            name, span = part.split(" ")
            first, _, last = span.partition("-")
            day = of_year(year, first)
            while day <= of_year(year, last or first):
                off[day] = name
                day += DAY
        worked |= {of_year(year, d) for d in make_up.split()}
    return off, worked


OFF, MAKE_UP = facts()


def is_worked(day):
    return day not in OFF and (day.isoweekday() <= 5 or day in MAKE_UP)


class Worktime:
    """All worked days and spans in sorted lists; found by bisection."""

    def __init__(self):
        day, end = dt.date(2017, 12, 1), dt.date(2027, 6, 1)
        self.days, self.opens, self.closes, self.before = [], [], [], []
        total = 0
        while day < end:
            if is_worked(day):
                self.days.append(day)
                for a, b in (((8, 30), (12, 0)), ((14, 0), (17, 30))):
                    a, b = at(day, *a), at(day, *b)
                    self.opens.append(a)
                    self.closes.append(b)
                    self.before.append(total)
                    total += b - a
            day += DAY

    def position(self, t):
        """Seconds worked before t."""
        i = bisect.bisect_right(self.opens, t) - 1
        return self.before[i] + min(t, self.closes[i]) - self.opens[i]

    def reached(self, seconds):
        """The first instant before which so much was worked."""
        i = bisect.bisect_left(self.before, seconds) - 1
        return self.opens[i] + seconds - self.before[i]

    def left(self, seconds):
        """The last instant before which no more was worked."""
        i = bisect.bisect_right(self.before, seconds) - 1
        return self.opens[i] + seconds - self.before[i]

    def due(self, start, days, minutes):
        if days:
            day = dt.datetime.fromtimestamp(start, CHINA).date()
            return at(self.days[bisect.bisect_right(self.days, day)
                                + days - 1], 17, 30)
        return self.reached(self.position(start) + minutes * 60)

    def warn(self, start, due, minutes):
        warn = self.left(self.position(due) - minutes * 60)
        if warn <= start:
            half = (self.position(due) - self.position(start)) // 60 // 2
            warn = self.left(self.position(start) + half * 60)
            warn = max(warn, start) if self.inside(start) else warn
        return min(warn, due)

    def next(self, t):
        """The next worked instant, t itself if it is one."""
        return max(t, self.left(self.position(t)))

    def over(self, due, days):
        """So many working days past an end: its time of day, or its close."""
        moment = dt.datetime.fromtimestamp(due, CHINA)
        day = self.days[bisect.bisect_right(self.days, moment.date())
                        + days - 1]
        return self.next(at(day, moment.hour, moment.minute) + moment.second)

    def inside(self, t):
        i = bisect.bisect_right(self.opens, t) - 1
        return t < self.closes[i]


def at(day, hour, minute):
    return int(dt.datetime(day.year, day.month, day.day, hour, minute,
                           tzinfo=CHINA).timestamp())


def utc(seconds):
    return dt.datetime.fromtimestamp(
        seconds, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module", name="make_conf")
def _make_conf(tmp_path_factory):
    def make(calendar=ROOT / "etc/calendar", more=""):
        path = tmp_path_factory.mktemp("conf") / "clued.conf"
        path.write_text(CONF.format(
            good=ROOT / "tests/data/conf/good", root=ROOT,
            calendar=calendar, more=more), encoding="utf-8")
        return path
    return make


@pytest.fixture(scope="module", name="ctl")
def _ctl(build, make_conf):
    shipped = make_conf()

    def run(*args, status=0, conf=None, stdin=None, **env):
        done = subprocess.run(
            [build / "cluectl", "-c", conf or shipped, *args],
            input=stdin, capture_output=True, text=True, timeout=900,
            env={**os.environ, **env}, check=False)
        assert status is None or done.returncode == status, done.stderr
        return done.stdout
    return run


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_is_as_published(ctl, year):
    days = objects(ctl("calendar", "show", "--json", str(year)))
    day = dt.date(year, 1, 1)
    for got in days:
        assert got["date"] == day.isoformat()
        assert got["working"] == is_worked(day), got
        assert got["weekday"] == day.isoweekday()
        assert got["minutes"] == (420 if is_worked(day) else 0)
        assert got["guessed"] is False
        if day in OFF:
            assert got["why"] == OFF[day]
        elif day in MAKE_UP:
            assert got["why"] == "调休上班"
        else:
            assert got["why"] == (
                "工作日" if day.isoweekday() <= 5 else "周末")
        day += DAY
    assert day == dt.date(year + 1, 1, 1)


def starts(n):
    """Random instants, a third of them on the edges of working time."""
    rng = random.Random(20261010)
    first, last = at(dt.date(2018, 1, 2), 0, 0), at(dt.date(2026, 12, 31), 0, 0)
    edges = [(0, 0), (8, 30), (12, 0), (14, 0), (17, 30), (23, 59)]
    for i in range(n):
        t = rng.randrange(first, last)
        if i % 3 == 0:
            day = dt.datetime.fromtimestamp(t, CHINA).date()
            t = at(day, *rng.choice(edges)) + rng.choice((-1, 0, 1))
        yield t


@pytest.mark.parametrize("cls", CLASSES)
def test_ten_thousand_terms(ctl, cls):
    times = list(starts(10000))
    rng = random.Random(cls)
    local = "%Y-%m-%d %H:%M:%S"
    lines = [utc(t) if rng.random() < 0.5 else
             dt.datetime.fromtimestamp(t, CHINA).strftime(local)
             for t in times]
    out = objects(ctl("deadline", "--from", "-", "--class", cls, "--json",
                      stdin="\n".join(lines) + "\n"))
    assert len(out) == len(times)
    terms, before = CLASSES[cls]
    work, last = Worktime(), at(dt.date(2027, 1, 1), 0, 0)
    for t, got in zip(times, out):
        assert got["from"] == utc(t) and got["class"] == cls
        assert list(got["deadlines"]) == list(terms)
        for kind, (days, minutes) in terms.items():
            one = got["deadlines"][kind]
            due = work.due(t, days, minutes)
            assert one["due"] == utc(due), (utc(t), kind, one)
            assert one["warn"] == utc(work.warn(t, due, before)), (
                utc(t), kind, one)
            assert one["ladder"] == {
                "reminder": one["warn"], "expired": utc(work.next(due)),
                "urging": utc(work.over(due, 1)),
                "criticism": utc(work.over(due, 5))}, (utc(t), kind, one)
            assert one["guessed"] == (due > last)
            assert sum(d["nth"] > 0 for d in one["days"]) == days
            if minutes:
                worked = sum(d["minutes"] for d in one["days"])
                assert minutes - 2 <= worked <= minutes
            for d in one["days"]:
                day = dt.date.fromisoformat(d["date"])
                assert d["working"] == is_worked(day)
                assert d["guessed"] == (day.year > 2026)


def test_a_time_that_is_none(ctl):
    for bad in ("", "2026-02-29 10:00", "2026-13-01 10:00", "2026-10-10",
                "2026-10-10 24:00", "2026-10-10 10:60", "2026-10-10 10:00x",
                "2026-10-10T10:00:00+24:00", "2026-10-10 10:00 +08:00",
                "0000-01-01 10:00", "2026-10-10 10:00:00.", "-"):
        assert ctl("deadline", f"--from={bad}", "--class", "normal",
                   status=2 if bad != "-" else 0, stdin="") == ""
    ctl("deadline", "--from", "2026-10-10 10:00", "--class", "x", status=2)
    same = [ctl("deadline", "--from", text, "--class", "normal")
            for text in ("2026-10-10 14:30", "2026-10-10T14:30:00",
                         "2026-10-10T06:30:00Z", "2026-10-10t06:30:00.25z",
                         "2026-10-09T23:00:00-07:30")]
    assert len(set(same)) == 1
    out = ctl("deadline", "--from", "-", "--class", "normal", "--json",
              stdin="2026-10-10 14:30\nnever\n\n2026-10-10 14:30\n", status=1)
    assert len(objects(out)) == 2


def test_a_deadline_is_explained_to_people(ctl):
    out = ctl("deadline", "--from", "2026-09-30 20:00", "--class", "normal")
    accept = out.split("\n\n")[1].splitlines()
    assert accept[0].startswith(
        "签收  1 个工作日，止于 2026-10-08 17:30")
    assert len(accept) == 11
    assert "国庆节" in accept[2] and "不计" in accept[2]
    assert "第 1 个工作日" in accept[-2]
    assert accept[-1] == ("  预警 2026-10-08 11:30  到期 2026-10-09 08:30"
                          "  催办 2026-10-10 08:30  通报 2026-10-15 08:30")
    assert "调休上班" in out and "推算" not in out and "\033" not in out


def test_a_month_is_drawn(ctl):
    assert ctl("calendar", "show", "2026-10") == """\
             2026 年 10 月
一    二    三    四    五    六    日
                   1休   2休   3休   4休
 5休   6休   7休   8     9    10班  11
12    13    14    15    16    17    18
19    20    21    22    23    24    25
26    27    28    29    30    31
1–7 日 国庆节 放假
10 日 调休上班
工作日 18 天，126 小时
"""
    assert ctl("calendar", "show", "2026").count("工作日 ") == 12
    for bad in ("2026-13", "2026-00", "2026-1", "26", "2026-10-01", "x"):
        ctl("calendar", "show", bad, status=2)


def test_hours_of_another_office(ctl, make_conf):
    conf = make_conf(more='hours = { monday = "09:00-12:00"; friday = ""; '
                          'sunday = "20:00-24:00"; };'
                          'deadlines = { normal = { warn_before = "1h"; }; };')
    days = {d["date"]: d for d in objects(
        ctl("calendar", "show", "--json", "2026-10", conf=conf))}
    assert days["2026-10-12"]["minutes"] == 180
    assert days["2026-10-16"]["minutes"] == 0
    assert days["2026-10-16"]["why"] == "休息日"
    assert days["2026-10-18"]["minutes"] == 240
    assert days["2026-10-10"]["minutes"] == 180  # made up with Monday's hours
    out = ctl("deadline", "--from", "2026-10-16 10:00", "--class", "priority",
              conf=conf)
    assert "20:00–24:00" in out


def test_a_year_without_a_file_is_said(ctl, make_conf, tmp_path):
    for year in (2024, 2026):
        name = f"{year}.conf"
        (tmp_path / name).write_bytes(
            (ROOT / "etc/calendar" / name).read_bytes())
    conf = make_conf(calendar=tmp_path)
    years = {y["year"]: y for y in objects(
        ctl("calendar", "check", "--json", conf=conf, status=1))}
    assert years[2024]["good"] and not years[2024]["guessed"]
    assert not years[2025]["good"] and years[2025]["guessed"]
    assert years[2025]["trouble"]
    text = ctl("calendar", "check", conf=conf, status=1)
    assert "2025  BAD" in text and "2024  good" in text
    text = ctl("calendar", "show", "2025-10", conf=conf)
    assert "注意" in text and "2025.conf" in text
    assert all(d["guessed"] for d in objects(
        ctl("calendar", "show", "--json", "2025-10", conf=conf)))
    one, = objects(ctl("deadline", "--from", "2024-12-31 10:00", "--class",
                       "normal", "--json", conf=conf))
    assert one["guessed"] and one["deadlines"]["accept"]["guessed"]
    assert [d["guessed"] for d in one["deadlines"]["accept"]["days"]] == [
        False, True]
    assert "注意" in ctl("deadline", "--from", "2024-12-31 10:00", "--class",
                       "normal", conf=conf)


def moved_clock(tmp_path, day):
    """The environment that makes a build with hooks believe it is `day`."""
    path = tmp_path / "clock"
    now = dt.datetime.now(dt.timezone.utc).timestamp()
    path.write_text(str(at(day, 12, 0) - int(now)))
    return {"CLUED_TEST_CLOCK": str(path)}


@pytest.mark.parametrize("day, status, good", [
    (dt.date(2026, 6, 1), 0, True),     # not published yet: said, not bad
    (dt.date(2026, 10, 31), 0, True),
    (dt.date(2026, 11, 1), 1, False),   # now it should be there
    (dt.date(2027, 1, 5), 1, False),
])
def test_next_year_is_missed_from_november_on(
        ctl, build, tmp_path, day, status, good):
    if build.name == "build":
        pytest.skip("needs a build with test hooks")
    years = {y["year"]: y for y in objects(
        ctl("calendar", "check", "--json", status=status,
            **moved_clock(tmp_path, day)))}
    assert years[2027]["good"] is good
    assert years[2027]["guessed"] and years[2027]["trouble"]
    assert years[2026]["good"]


def test_a_file_without_holidays_is_found(ctl, make_conf, tmp_path):
    for year in (2026, 2027):
        (tmp_path / f"{year}.conf").write_text(
            f"year = {year};\nholidays = ( );\n", encoding="utf-8")
    years = objects(ctl("calendar", "check", "--json",
                        conf=make_conf(calendar=tmp_path), status=1))
    assert [y["good"] for y in years] == [False, False]
    assert all(y["trouble"] and not y["guessed"] for y in years)
