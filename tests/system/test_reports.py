# SPDX-License-Identifier: ISC
"""Forms, books, audit and search over a generated store of 50,000 clues.

Figures are compared with SQL that knows nothing of the program's own: it is
written here from the rules of the trade.  xlsx files are read as what they
are, zipped XML."""
import contextlib
import csv
import datetime as dt
import io
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import time
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHINA = dt.timezone(dt.timedelta(hours=8))
CLUES = 50_000
END = dt.datetime(2026, 11, 24, 14, tzinfo=CHINA)
DOMAINS = {
    "muck-transport": "渣土运输", "street-occupation": "占道经营",
    "outdoor-advertising": "户外广告", "sanitation-work": "环卫作业",
    "sanitation-oversight": "环卫监管", "illegal-construction": "违法建设",
    "violent-resistance": "暴力抗法", "protective-umbrella": "充当“保护伞”",
    "other": "其他"}
COLUMNS = ["排查涉黑涉恶线索数量", "移送涉黑涉恶线索数量", "配合查的案件数量",
           "出台加强行业监管数量"]
FIGURES = ["found", "transferred", "assisted", "regulations"]
OFFICE = "海湾区城市管理局"
# What stands in the store's table of citizens.
SECRETS = ("qian.secret", "qian.other", "钱小川")

CONF = """
office = {{ name = "海湾区城市管理局"; message_id_domain = "clue.example.com"; }};
mailboxes = ( {{ id = "tips"; address = "tips@example.com";
    host = "imap.example.com"; secret = {{ file = "secret"; }}; }} );
smtp = {{ host = "smtp.example.com"; secret = {{ file = "secret"; }}; }};
store = {{ path = "{dir}/clued.db"; }};
files = {{ rules = "{etc}/rules.conf"; areas = "{etc}/areas.conf";
    roster = "{etc}/roster.conf"; calendar = "{etc}/calendar";
    templates = "{etc}/templates"; }};
report = {{ copy_to = "区委政法委、区扫黑办"; {report} }};
"""


class Books:
    """A folder with a configuration and a store."""

    def __init__(self, build, folder, report=""):
        self.build, self.dir = build, pathlib.Path(folder)
        self.store = self.dir / "clued.db"
        self.conf = self.dir / "clued.conf"
        self.conf.write_text(CONF.format(
            dir=self.dir, etc=ROOT / "etc", report=report))
        self.when(END)

    def when(self, moment):
        """Moves the program's clock."""
        (self.dir / "clock").write_text(
            str(int(moment.timestamp() - time.time()) + 1))

    def run(self, *args):
        env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
               "CLUED_TEST_CLOCK": str(self.dir / "clock")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        return subprocess.run(
            [self.build / "cluectl", "-c", self.conf, *map(str, args)],
            env=env, capture_output=True, timeout=900, check=False)

    def ctl(self, *args, status=0):
        done = self.run(*args)
        assert done.returncode == status, (
            args, done.returncode, done.stderr.decode()[-2000:])
        return done.stdout

    def json(self, *args, status=0):
        return json.loads(self.ctl(*args, "--format", "json", status=status))

    def sql(self, query, *values):
        with contextlib.closing(sqlite3.connect(
                f"file:{self.store}?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()

    def copy(self, folder):
        for name in ("clued.db", "clued.db.key"):
            shutil.copy(self.dir / name, folder / name)
        return Books(self.build, folder)


def fill(build, folder, clues, seed=1):
    books = Books(build, folder)
    subprocess.run(
        [build / "report_fill", books.store, str(clues),
         str(int(END.timestamp())), str(seed)], check=True, timeout=600)
    return books


@pytest.fixture(scope="module")
def books(build, tmp_path_factory):
    return fill(build, tmp_path_factory.mktemp("books"), CLUES)


@pytest.fixture(scope="module")
def small_store(build, tmp_path_factory):
    return fill(build, tmp_path_factory.mktemp("small"), 200, seed=7)


@pytest.fixture
def small(small_store, tmp_path):
    """A store of 200 clues that the test may change."""
    return small_store.copy(tmp_path)


def bounds(period, day=25):
    """[from, to) of a period in UTC seconds."""
    year, month = map(int, period.split("-"))
    end = dt.datetime(year, month, day, tzinfo=CHINA)
    begin = (end - dt.timedelta(days=day)).replace(day=day)
    return int(begin.timestamp()), int(end.timestamp())


def periods():
    """The 25 that the generated events lie in."""
    return [f"{y}-{m:02}" for y in (2024, 2025, 2026) for m in range(1, 13)
            if (2024, 11) <= (y, m) <= (2026, 12)]


# -- figures against SQL --------------------------------------------------------

FOUND = """SELECT c.domain, count(*) FROM clue AS c, event AS e
WHERE e.id = (SELECT min(id) FROM event WHERE clue = c.id)
AND e.at_s >= ? AND e.at_s < ? GROUP BY 1"""
TRANSFERRED = """SELECT c.domain, count(DISTINCT c.id) FROM clue AS c, event AS e
WHERE e.clue = c.id AND e.kind = 'transferred' AND e.at_s >= ? AND e.at_s < ?
GROUP BY 1"""
ASSISTED = """SELECT iif(c.domain = 'gone-by', 'other', c.domain),
count(DISTINCT substr(e.detail, 1, instr(e.detail, ':') - 1))
FROM clue AS c, event AS e WHERE e.clue = c.id AND e.kind = 'assisted'
AND e.at_s >= ? AND e.at_s < ? GROUP BY 1"""
REGULATIONS = """SELECT substr(detail, 1, instr(detail, ' ') - 1), count(*)
FROM event WHERE kind = 'regulation' AND at_s >= ? AND at_s < ? GROUP BY 1"""


def counted(books, span):
    """domain → the four figures, by SQL."""
    out = {domain: [0, 0, 0, 0] for domain in DOMAINS}
    for k, query in enumerate((FOUND, TRANSFERRED, ASSISTED, REGULATIONS)):
        for domain, n in books.sql(query, *span):
            # A domain that the rules have no more is counted with the others.
            out[domain if domain in DOMAINS else "other"][k] += n
    return out


def test_every_figure_of_two_years_is_what_sql_counts(books):
    total = [0, 0, 0, 0]
    for period in periods():
        form = books.json("report", "monthly", "--period", period)
        want = counted(books, bounds(period))
        got = {r["domain"]: [r[f] for f in FIGURES] for r in form["rows"]}
        assert list(got) == list(DOMAINS), period
        assert got == want, period
        assert [form["total"][f] for f in FIGURES] == [
            sum(column) for column in zip(*want.values())]
        total = [a + form["total"][f] for a, f in zip(total, FIGURES)]
    assert total[0] == CLUES
    assert min(total) > 100


@pytest.mark.parametrize("day", [1, 10, 28])
def test_periods_may_begin_on_another_day(build, books, tmp_path, day):
    other = Books(build, tmp_path, report=f"period_day = {day};")
    other.conf.write_text(other.conf.read_text().replace(
        f"{tmp_path}/clued.db", str(books.store)))
    form = other.json("report", "monthly", "--period", "2026-06")
    begin = dt.datetime(2026, 5 if day > 1 else 6, day, tzinfo=CHINA)
    end = dt.datetime(2026, 6 if day > 1 else 7, day, tzinfo=CHINA)
    want = counted(books, (int(begin.timestamp()), int(end.timestamp())))
    assert {r["domain"]: [r[f] for f in FIGURES]
            for r in form["rows"]} == want
    assert form["from"] == begin.strftime("%Y-%m-%d")
    assert form["to"] == (end - dt.timedelta(days=1)).strftime("%Y-%m-%d")


def test_the_proof_holds(books):
    """Every number behind a figure has an event of that kind in the period."""
    begin, end = bounds("2026-03")
    form = books.json("report", "monthly", "--period", "2026-03", "--prove")
    kinds = {"found": "kind IN ('received', 'registered')",
             "transferred": "kind = 'transferred'"}
    for row in form["rows"]:
        for figure in FIGURES:
            refs = row["proof"][figure]
            assert len(refs) == row[figure] == len(set(refs))
        for figure, kind in kinds.items():
            numbers = row["proof"][figure]
            marks = ",".join("?" * len(numbers))
            n, = books.sql(
                f"SELECT count(DISTINCT c.id) FROM clue AS c JOIN event AS e"
                f" ON e.clue = c.id WHERE {kind} AND at_s >= ? AND at_s < ?"
                f" AND c.number IN ({marks})", begin, end, *numbers)[0]
            assert n == len(numbers)
    text = books.ctl("report", "monthly", "--period", "2026-03",
                     "--prove").decode()
    for row in form["rows"]:
        for refs in row["proof"].values():
            for ref in refs:
                assert f"    {ref}\n" in text


def appraisal(books, span, now):
    """officer → what the appraisal should say."""
    out = {}
    people = [r[0] for r in books.sql(
        "SELECT DISTINCT officer FROM clue WHERE officer <> ''")]
    for who in people:
        given = books.sql(
            "SELECT DISTINCT c.id, c.officer, c.dispatched_s FROM event AS e"
            " JOIN clue AS c ON c.id = e.clue WHERE e.kind = 'assigned'"
            " AND e.at_s >= ? AND e.at_s < ? AND (c.officer = ?"
            " OR e.detail LIKE ? || ':%')", *span, who, who)
        row = {"received": len(given)}
        for key, kind in (("accepted_in_time", "accept"),
                          ("concluded_in_time", "conclude")):
            ended = [d for clue, officer, _ in given if officer == who
                     for d in books.sql(
                         "SELECT due_s, met_s FROM deadline WHERE clue = ?"
                         " AND kind = ? AND (met_s > 0 OR due_s <= ?)",
                         clue, kind, now)]
            good = sum(0 < met <= due for due, met in ended)
            row[key] = round(good / len(ended), 3) if ended else None
        row["overdue"], = books.sql(
            "SELECT count(DISTINCT clue) FROM deadline JOIN clue AS c"
            " ON c.id = clue WHERE met_s = 0 AND due_s <= ? AND officer = ?",
            now, who)[0]
        row["returned"], = books.sql(
            "SELECT count(*) FROM event WHERE kind = 'returned' AND actor = ?"
            " AND at_s >= ? AND at_s < ?", who, *span)[0]
        for key, kinds in (("urged", "'reminder', 'expired'"),
                           ("extended", "'extended'")):
            row[key], = books.sql(
                "SELECT count(*) FROM event AS e JOIN clue AS c"
                f" ON c.id = e.clue WHERE e.kind IN ({kinds})"
                " AND c.officer = ? AND e.at_s >= ? AND e.at_s < ?",
                who, *span)[0]
        out[who] = row
    return out


def roster_names():
    text = (ROOT / "etc/roster.conf").read_text()
    return dict(re.findall(
        r'id = "([^"]+)";\s*name = "([^"]+)";\s*address', text))


def test_the_appraisal_is_what_sql_counts(books):
    report = books.json("report", "appraisal", "--from", "2026-08-01", "--to",
                        "2026-08-31")
    span = (int(dt.datetime(2026, 8, 1, tzinfo=CHINA).timestamp()),
            int(dt.datetime(2026, 9, 1, tzinfo=CHINA).timestamp()))
    want = appraisal(books, span, int(END.timestamp()))
    names = roster_names()
    units, officers = report["sheets"]
    got = {r["officer"]: r for r in officers["rows"]}
    for who, row in want.items():
        for key, value in row.items():
            shown = got[names[who]][key]
            assert shown == (pytest.approx(value, abs=0.0011)
                             if isinstance(value, float) else value), (
                                 who, key)
    for unit in units["rows"]:
        mine = [r for r in officers["rows"] if r["unit"] == unit["unit"]]
        for key in ("received", "overdue", "returned", "urged", "extended"):
            assert unit[key] == sum(r[key] for r in mine)


def test_the_ledger_has_every_event_in_order(books):
    begin, end = bounds("2026-07")
    rows = books.json("report", "ledger", "--period",
                      "2026-07")["sheets"][0]["rows"]
    want = books.sql(
        "SELECT e.id, coalesce(c.number, '') FROM event AS e LEFT JOIN clue"
        " AS c ON c.id = e.clue WHERE at_s >= ? AND at_s < ? ORDER BY e.id",
        begin, end)
    assert [(r["event"], r["number"]) for r in rows] == want


def test_the_register_has_every_clue_found(books):
    begin, end = bounds("2026-07")
    rows = books.json("report", "register", "--period",
                      "2026-07")["sheets"][0]["rows"]
    want = books.sql(
        "SELECT c.number, c.domain, c.state, c.officer,"
        " (SELECT max(t.at_s) FROM event AS t WHERE t.clue = c.id"
        " AND t.kind = 'transferred') FROM clue AS c JOIN event AS e"
        " ON e.clue = c.id AND e.kind IN ('received', 'registered')"
        " WHERE e.at_s >= ? AND e.at_s < ? ORDER BY e.id", begin, end)
    assert len(want) > 1000
    names = roster_names()
    for row, (number, domain, _, officer, at_s) in zip(
            rows, want, strict=True):
        assert row["number"] == number
        assert row["domain"] == DOMAINS.get(domain, domain)
        assert row["officer"] == names.get(officer, "")
        day = dt.datetime.fromtimestamp(at_s, CHINA).strftime(
            "%Y-%m-%d") if at_s else ""
        assert row["transferred"].startswith(day)
        assert bool(row["transferred"]) == bool(day)
    assert [r["nth"] for r in rows] == list(range(1, len(rows) + 1))


def test_statistics_sum_up(books):
    rows, sums = books.json("report", "statistics", "--period",
                            "2026-07")["sheets"]
    by_domain = {r["domain"]: r for r in sums["rows"]}
    assert by_domain["合计"]["total"] == len(rows["rows"])
    for title in DOMAINS.values():
        assert by_domain[title]["total"] == sum(
            r["domain"] == title for r in rows["rows"])


def test_the_trend_repeats_the_forms(books):
    rows = books.json("report", "trend", "--period", "2026-10", "--periods",
                      "3")["sheets"][0]["rows"]
    assert [r["period"] for r in rows] == ["2026-08", "2026-09", "2026-10"]
    for row in rows:
        form = books.json("report", "monthly", "--period", row["period"])
        for of in form["rows"]:
            assert row[of["domain"]] == of["found"]
        for figure in FIGURES:
            assert row[figure] == form["total"][figure]


# -- filing -------------------------------------------------------------------

def monthly(books, *args, status=0):
    return books.ctl("report", "monthly", *args, status=status)


def test_a_filed_form_is_frozen_byte_for_byte(small, tmp_path):
    small.when(dt.datetime(2026, 10, 24, 16, tzinfo=CHINA))
    first = tmp_path / "first.xlsx"
    monthly(small, "--period", "2026-10", "--file", "--by", "某某", "--phone",
            "0518-8000-0010", "-o", first)
    before = {f: monthly(small, "--period", "2026-10", "--prove", "--format",
                         f) for f in ("text", "csv", "json", "xlsx")}
    assert first.stat().st_mode & 0o777 == 0o600
    # Life goes on: in that period, and in the next.
    small.when(dt.datetime(2026, 10, 24, 17, tzinfo=CHINA))
    small.ctl("regulation", "add", "--domain", "other", "办法一")
    small.when(END)
    small.ctl("regulation", "add", "--domain", "other", "办法二")
    with contextlib.closing(sqlite3.connect(small.store)) as db, db:
        db.execute("UPDATE clue SET domain = 'other'")
    small.conf.write_text(small.conf.read_text().replace(
        OFFICE, "改了名的局").replace("区委政法委", "别人"))
    after = {f: monthly(small, "--period", "2026-10", "--prove", "--format",
                        f) for f in before}
    assert after == before
    again = tmp_path / "again.xlsx"
    monthly(small, "--period", "2026-10", "-o", again)
    assert again.read_bytes() == first.read_bytes()
    form = json.loads(before["json"])
    assert (form["filed"], form["filled_by"]) == ("2026-10-24", "某某")
    # What came late counts in the next one, and only there.
    november = small.json("report", "monthly", "--period", "2026-11",
                          "--prove")
    other = november["rows"][-1]
    assert november["late"] == 1
    assert [r.split(" ")[1] for r in other["proof"]["regulations"]][-2:] == [
        "办法一（补计）", "办法二"]
    monthly(small, "--period", "2026-10", "--file", status=1)
    small.ctl("audit", "verify")


def test_a_form_is_filed_only_over_a_whole_ledger(small):
    with contextlib.closing(sqlite3.connect(small.store)) as db, db:
        db.execute("DROP TRIGGER event_no_update")
        db.execute("UPDATE event SET at_s = at_s + 1 WHERE id = 5")
    monthly(small, "--period", "2026-10", "--file", status=1)
    assert small.sql("SELECT count(*) FROM form") == [(0,)]
    monthly(small, "--period", "2027-03", "--file", status=1)


def test_a_changed_form_is_not_printed(small):
    monthly(small, "--period", "2026-10", "--file")
    with contextlib.closing(sqlite3.connect(small.store)) as db, db:
        db.execute("DROP TRIGGER form_no_update")
        db.execute("UPDATE form SET content ="
                   " CAST(replace(content, '环', '坏') AS BLOB)")
    monthly(small, "--period", "2026-10", status=1)
    small.ctl("audit", "verify", status=1)


def test_wrong_words_are_refused(small):
    for args in (["report"], ["report", "nothing"],
                 ["report", "monthly", "--period", "2026-13"],
                 ["report", "monthly", "--all"],
                 ["report", "monthly", "--unit", "haulage"],
                 ["report", "monthly", "--by", "x"],
                 ["report", "register", "--file"],
                 ["report", "register", "--unit", "nobody"],
                 ["report", "register", "--officer", "nobody"],
                 ["report", "register", "--domain", "nothing"],
                 ["report", "register", "--from", "2026-02-30"],
                 ["report", "register", "--period", "2026-01", "--all"],
                 ["report", "register", "--from", "2026-02-02", "--to",
                  "2026-02-01"],
                 ["report", "register", "--format", "pdf"],
                 ["report", "register", "-o", "x.doc"],
                 ["report", "trend", "--periods", "0"],
                 ["regulation", "add", "title"],
                 ["regulation", "add", "--domain", "nothing", "title"],
                 ["regulation", "add", "--domain", "other", ""],
                 ["regulation", "add", "--domain", "other", "--date",
                  "2026-02-30", "x"],
                 ["regulation", "withdraw", "1", "x"],
                 ["regulation", "list", "x"], ["audit"],
                 ["audit", "verify", "--head", "12"],
                 ["audit", "verify", "--head", "g" * 64],
                 ["audit", "show"], ["search"], ["search", "。"],
                 ["search", "--domain", "nothing", "x"]):
        small.ctl(*args, status=2)


# -- what a spreadsheet program finds -------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Xlsx:
    """Sheets of an xlsx by name: {"A1": value}, and the XML itself."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as z:
            self.parts = {n: z.read(n) for n in z.namelist()}
        self.dates = {i.date_time for i in zipfile.ZipFile(path).infolist()}
        shared = [
            "".join(t.text or "" for t in si.iter(f"{MAIN}t"))
            for si in self.xml("xl/sharedStrings.xml").iter(f"{MAIN}si")
        ] if "xl/sharedStrings.xml" in self.parts else []
        book = self.xml("xl/workbook.xml")
        names = [s.get("name") for s in book.iter(f"{MAIN}sheet")]
        self.trees = {
            name: self.xml(f"xl/worksheets/sheet{i}.xml")
            for i, name in enumerate(names, 1)}
        self.sheets = {
            name: {c.get("r"): self.value(c, shared)
                   for c in tree.iter(f"{MAIN}c")}
            for name, tree in self.trees.items()}

    def xml(self, part):
        return ElementTree.fromstring(self.parts[part])

    @staticmethod
    def value(cell, shared):
        kind, v = cell.get("t"), cell.find(f"{MAIN}v")
        if kind == "s":
            return shared[int(v.text)]
        if kind == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
        assert kind in (None, "n"), kind
        return "" if v is None else float(v.text)

    def rows(self, name):
        """Rows of values, by their numbers."""
        out = {}
        for ref, value in self.sheets[name].items():
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", ref).groups()
            out.setdefault(int(row), {})[column] = value
        return {n: list(row.values()) for n, row in out.items()}


def test_the_monthly_form_is_laid_out_as_the_rule_says(books, tmp_path):
    path = tmp_path / "form.xlsx"
    monthly(books, "--period", "2026-11", "-o", path)
    xlsx = Xlsx(path)
    assert list(xlsx.sheets) == ["月报表"]
    cells, tree = xlsx.sheets["月报表"], xlsx.trees["月报表"]
    assert cells["A1"] == f"{OFFICE}扫黑除恶专项斗争开展情况月报表"
    assert cells["A2"] == f"填报单位（盖章）：{OFFICE}"
    assert cells["A3"] == "统计时段：2026年10月25日至2026年11月24日"
    rows = xlsx.rows("月报表")
    assert rows[4] == ["斗争领域", *COLUMNS]
    want = counted(books, bounds("2026-11"))
    for n, (domain, title) in enumerate(DOMAINS.items(), 5):
        assert rows[n] == [title, *map(float, want[domain])]
    assert rows[14] == ["合计", *(float(sum(c))
                                for c in zip(*want.values()))]
    foot = [v for n in (16, 17) for v in rows[n] if v]
    assert [f.split("：")[0] for f in foot] == [
        "填表人", "联系电话", "填表日期", "抄送"]
    head = books.json("report", "monthly", "--period", "2026-11")["ledger"]
    assert head["head"] in rows[18][0] and str(head["events"]) in rows[18][0]
    # One upright A4 page.
    setup = tree.find(f"{MAIN}pageSetup")
    assert (setup.get("paperSize"), setup.get("orientation"),
            setup.get("fitToHeight", "1")) == ("9", "portrait", "1")
    assert tree.find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr").get(
        "fitToPage") == "1"
    merged = [m.get("ref") for m in tree.iter(f"{MAIN}mergeCell")]
    assert "A1:E1" in merged
    styles = xlsx.xml("xl/styles.xml")
    assert "宋体" in [f.find(f"{MAIN}name").get("val")
                    for f in styles.iter(f"{MAIN}font")]
    borders = list(styles.find(f"{MAIN}borders"))
    formats = list(styles.find(f"{MAIN}cellXfs"))
    for ref in ("A4", "E4", "A5", "C9", "E14"):
        cell = next(c for c in tree.iter(f"{MAIN}c") if c.get("r") == ref)
        box = borders[int(formats[int(cell.get("s"))].get("borderId"))]
        assert all(box.find(f"{MAIN}{side}").get("style") == "thin"
                   for side in ("left", "right", "top", "bottom")), ref
    assert xlsx.dates == {(1980, 1, 1, 0, 0, 0)}


def test_zero_is_printed_as_0(books, tmp_path):
    path = tmp_path / "form.xlsx"
    monthly(books, "--period", "2020-01", "-o", path)
    rows = Xlsx(path).rows("月报表")
    for n in range(5, 15):
        assert rows[n][1:] == [0.0] * 4
    text = monthly(books, "--period", "2020-01", "--format", "csv").decode()
    assert text.count(",0,0,0,0\r\n") == 10


def test_without_totals_there_is_no_row_of_them(build, books, tmp_path):
    other = Books(build, tmp_path, report="total = false;")
    other.conf.write_text(other.conf.read_text().replace(
        f"{tmp_path}/clued.db", str(books.store)))
    path = tmp_path / "form.xlsx"
    monthly(other, "--period", "2026-11", "-o", path)
    assert "合计" not in Xlsx(path).sheets["月报表"].values()
    assert b"\xe5\x90\x88\xe8\xae\xa1" not in monthly(
        other, "--period", "2026-11")


BOOKS = ("statistics", "register", "ledger", "appraisal", "trend")
FORMULA = re.compile(r"[\s　]*[=+\-@＝＋－＠−\t\r]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@pytest.fixture(scope="module")
def written(books, tmp_path_factory):
    """Every book of one period in every format, as files."""
    folder = tmp_path_factory.mktemp("written")
    for kind in (*BOOKS, "monthly"):
        for ending in ("xlsx", "csv", "json", "txt"):
            books.ctl("report", kind, "--period", "2026-08", "-o",
                      folder / f"{kind}.{ending}",
                      *(["--prove"] if kind == "monthly" else []))
    return folder


def test_no_cell_is_a_formula(written):
    hostile = 0
    for kind in (*BOOKS, "monthly"):
        xlsx = Xlsx(written / f"{kind}.xlsx")
        for name, tree in xlsx.trees.items():
            assert not list(tree.iter(f"{MAIN}f")), (kind, name)
            assert not list(tree.iter(f"{MAIN}hyperlink")), (kind, name)
        for part, data in xlsx.parts.items():
            assert b"TargetMode=\"External\"" not in data, part
        for sheet in xlsx.sheets.values():
            texts = [v for v in sheet.values() if isinstance(v, str)]
            hostile += sum(bool(FORMULA.match(t)) for t in texts)
            assert not any(CONTROL.search(t) for t in texts)
        text = (written / f"{kind}.csv").read_bytes().decode("utf-8-sig")
        assert not CONTROL.search(text.replace("\r\n", "\n"))
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert not FORMULA.match(cell), (kind, cell)
    # Citizens tried; in xlsx it is the cell's type that makes it harmless.
    assert hostile > 100
    briefs = Xlsx(written / "register.xlsx").rows("线索报送情况登记表")
    assert any("_x005F_x0041_" in row[6] for row in briefs.values()
               if len(row) > 6)


def test_the_formats_say_the_same(written):
    for kind in BOOKS:
        whole = json.loads((written / f"{kind}.json").read_text())
        text = (written / f"{kind}.csv").read_bytes().decode("utf-8-sig")
        tables = [list(csv.reader(io.StringIO(part)))
                  for part in text.split("\r\n\r\n")]
        xlsx = Xlsx(written / f"{kind}.xlsx")
        for sheet, table in zip(whole["sheets"], tables, strict=True):
            rows = xlsx.rows(sheet["name"])
            assert len(sheet["rows"]) == len(table) - 1
            assert rows[3] == table[0]
            for n, (a, b) in enumerate(zip(sheet["rows"], table[1:]), 4):
                for x, y, z in zip(a.values(), b, rows[n], strict=True):
                    if x is None:
                        assert (y, z) == ("", "—")
                    elif isinstance(x, str):
                        assert x in (y, y[1:])
                        assert z in (x, x.replace("_x0041_",
                                                  "_x005F_x0041_"))
                    else:
                        assert float(z) == pytest.approx(x)
                        assert y.rstrip("%") == (
                            f"{x * 100:.1f}" if y.endswith("%") else str(x))


def test_nobody_learns_who_the_citizen_is(books, written):
    assert books.sql("SELECT count(*) FROM reporter")[0][0] > 1000
    for path in written.iterdir():
        if path.suffix == ".xlsx":
            data = b"".join(Xlsx(path).parts.values())
        else:
            data = path.read_bytes()
        for secret in SECRETS:
            assert secret.encode() not in data, path.name
        # Telephones and identity cards in what they wrote are masked.
        for number in (b"0000-0099", b"19700101001X"):
            assert number not in data, path.name


def test_the_accused_are_for_the_office(books):
    names = [n.encode() for n in (
        "另册", "何昀、陆文博")]
    whole = books.ctl("report", "register", "--period", "2026-08",
                      "--format", "csv")
    mine = books.ctl("report", "register", "--period", "2026-08", "--unit",
                     "patrol", "--format", "csv")
    assert names[1] in whole and names[0] not in whole
    assert names[1] not in mine and names[0] in mine


def test_charts_stand_on_a_sheet_of_their_own(written):
    for kind, charts in (("appraisal", 6), ("trend", 2)):
        xlsx = Xlsx(written / f"{kind}.xlsx")
        assert list(xlsx.sheets)[-1] == "图表"
        assert len([p for p in xlsx.parts
                    if re.fullmatch(r"xl/charts/chart\d+\.xml", p)]) == charts


@pytest.mark.skipif(shutil.which("soffice") is None or
                    shutil.which("pdfinfo") is None,
                    reason="LibreOffice and poppler are not installed")
def test_the_form_prints_on_one_page(written, tmp_path):
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--headless", "--convert-to", "pdf", "--outdir", tmp_path,
         written / "monthly.xlsx"], check=True, capture_output=True,
        timeout=900)
    info = subprocess.run(
        ["pdftotext", "-f", "1", "-l", "1", tmp_path / "monthly.pdf", "-"],
        check=True, capture_output=True, text=True).stdout
    for words in ("填报单位", "充当", "合计", "填表人", "抄送", "校验码"):
        assert words in info, words


# -- audit ----------------------------------------------------------------------

def test_twenty_five_changes_are_each_noticed(small):
    """Through the command; tests/unit/test_store_tamper.c has a thousand."""
    rng = random.Random(8)
    count, = small.sql("SELECT count(*) FROM event")[0]
    whole = small.store.read_bytes()
    for _ in range(25):
        n, m = rng.randrange(1, count), rng.randrange(1, count)
        change = rng.choice([
            f"UPDATE event SET detail = detail || 'x' WHERE id = {n}",
            f"UPDATE event SET at_s = at_s + 1 WHERE id = {n}",
            f"UPDATE event SET actor = 'somebody' WHERE id = {n}",
            f"UPDATE event SET hash = randomblob(32) WHERE id = {n}",
            f"DELETE FROM event WHERE id = {n}",
            f"DELETE FROM event WHERE id > {n}",
            f"INSERT INTO event SELECT {count + 1}, clue, at_s, kind, actor,"
            f" detail, hash FROM event WHERE id = {m}"])
        with contextlib.closing(sqlite3.connect(small.store)) as db, db:
            for name in ("no_update", "no_delete", "in_order"):
                db.execute(f"DROP TRIGGER event_{name}")
            db.execute(change)
        said = json.loads(small.ctl("audit", "verify", "--json", status=1))
        assert not said["well"] and re.search(r"event \d+", said["finding"])
        for tail in ("-wal", "-shm"):
            pathlib.Path(f"{small.store}{tail}").unlink(missing_ok=True)
        small.store.write_bytes(whole)
    small.ctl("audit", "verify")


def test_a_printed_head_is_found_again(build, small, tmp_path_factory):
    form = small.json("report", "monthly", "--period", "2026-10")["ledger"]
    small.ctl("regulation", "add", "--domain", "other", "办法")
    said = json.loads(small.ctl(
        "audit", "verify", "--json", "--head", form["head"]))
    assert said["head_is_event"] == form["events"]
    assert said["events"] == form["events"] + 1
    as_typed = " ".join(re.findall("....", form["head"].upper()))
    small.ctl("audit", "verify", "--head", as_typed)
    small.ctl("audit", "verify", "--head", form["head"][:16])
    # Another ledger, whole in itself, is not the one that was printed.
    other = fill(build, tmp_path_factory.mktemp("other"), 200, seed=7)
    other.ctl("audit", "verify")
    other.ctl("audit", "verify", "--head", form["head"], status=1)


def test_one_clue_is_shown_with_its_hashes(small):
    number, = small.sql("SELECT number FROM clue ORDER BY id LIMIT 1")[0]
    shown = [json.loads(line) for line in small.ctl(
        "audit", "show", "--json", number).splitlines()]
    want = small.sql(
        "SELECT e.id, kind, lower(hex(hash)) FROM event AS e JOIN clue AS c"
        " ON c.id = clue WHERE number = ? ORDER BY e.id", number)
    assert [(e["id"], e["kind"], e["hash"]) for e in shown] == want
    assert "收到" in small.ctl("audit", "show", number).decode()
    small.ctl("audit", "show", "LY-2026-999999", status=1)


# -- regulations ------------------------------------------------------------------

def test_regulations_are_entered_listed_and_withdrawn(small):
    small.ctl("regulation", "add", "--domain", "muck-transport", "--date",
              "2026-11-20", "--number", "海城管〔2026〕3号", "=管理办法")
    lines = small.ctl("regulation", "list", "--domain", "muck-transport",
                      "--json").splitlines()
    last = json.loads(lines[-1])
    assert (last["date"], last["number"], last["title"], last["withdrawn"]
            ) == ("2026-11-20", "海城管〔2026〕3号", "=管理办法", None)
    row = small.json("report", "monthly", "--period", "2026-11",
                     "--prove")["rows"][0]
    assert f"第{last['id']}号 =管理办法" in row["proof"]["regulations"]
    small.ctl("regulation", "withdraw", last["id"], "写错")
    small.ctl("regulation", "withdraw", last["id"], "写错", status=2)
    less = small.json("report", "monthly", "--period", "2026-11")["rows"][0]
    assert less["regulations"] == row["regulations"] - 1
    assert "已撤销：写错" in small.ctl("regulation", "list").decode()


def test_assisted_cases_are_entered(small):
    numbers = [r[0] for r in small.sql(
        "SELECT number FROM clue WHERE domain = 'muck-transport' LIMIT 2")]
    before = small.json("report", "monthly", "--period", "2026-11")["rows"][0]
    for number in numbers:
        small.ctl("assist", number, "（2026）苏0703刑初12号", "分局")
    row = small.json("report", "monthly", "--period", "2026-11",
                     "--prove")["rows"][0]
    assert row["assisted"] == before["assisted"] + 1
    assert f"（2026）苏0703刑初12号（{numbers[0]}）" in row["proof"]["assisted"]
    small.ctl("assist", numbers[0], "a:b", status=2)
    small.ctl("assist", numbers[0], "a\nb", status=2)
    small.ctl("assist", numbers[0], status=2)
    small.ctl("assist", "LY-2026-999999", "a", status=1)


# -- search ---------------------------------------------------------------------

def test_search_finds_what_like_finds(books):
    for word in ("强揽", "渣土", "“保护伞”", "cmd", "恐吓清扫", "揽", "没有的词"):
        out = books.ctl("search", "--json", "--limit", "0", word,
                        status=1 if word == "没有的词" else 0)
        got = {json.loads(line)["number"] for line in out.splitlines()}
        bare = word.strip("“”")
        want = {r[0] for r in books.sql(
            "SELECT number FROM clue WHERE subject || '|' || text LIKE ?",
            f"%{bare}%")}
        assert got == want, word
    assert len(want) == 0


def test_search_narrows_and_marks(books):
    hits = [json.loads(line) for line in books.ctl(
        "search", "--json", "--domain", "muck-transport", "--officer",
        "lu-wenbo", "--from", "2026-07-01", "--to", "2026-07-31", "强揽",
        "土方").splitlines()]
    assert 0 < len(hits) <= 20
    assert hits == sorted(hits, key=lambda h: h["received"], reverse=True)
    for hit in hits:
        assert (hit["domain"], hit["officer"]) == (
            "muck-transport", "lu-wenbo")
        assert "2026-06-30T16" <= hit["received"] < "2026-07-31T16"
        subject = hit["subject"].encode()
        assert [subject[a:a + n].decode() for a, n in hit["in_subject"]] == [
            "强揽土方"]
    text = books.ctl("search", "强揽", "--limit", "1").decode()
    assert "举报渣土车夜间【强揽】土方" in text
