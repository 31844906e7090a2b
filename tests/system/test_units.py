# SPDX-License-Identifier: ISC
"""Units' monthly reports: the blank form goes out, comes back and is added up;
drafts and reminders go out on their days, once."""
import io
import json
import re
import zipfile

import pytest

import samples
from bed import Bed
from desk import Desk
from office import TIPS, office_users

HAULAGE = "haulage-report@example.org"
PATROL = "patrol-report@example.org"
OFFICE = "office@example.org"
REPORT = ('remind_units = "20 23"; draft_day = 22; remind_office = "24"; '
          'filled_by = "某某";')
SHEET = "xl/worksheets/sheet1.xml"
XLSX = ("application/vnd.openxmlformats-officedocument."
        "spreadsheetml.sheet")


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture
def desk(bed, build):
    bed.clear(*office_users())
    with Desk(bed, build, report=REPORT) as it:
        yield it


# -- a clerk's hands ------------------------------------------------------------

def edit(data, change):
    """The workbook with change(name, text) of each of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(
            out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def fill(blank, cells, filled_by="王五"):
    """Types into cells and behind 填表人, as a spreadsheet program would."""
    def change(name, data):
        text = data.decode()
        if name == SHEET:
            for ref, value in cells.items():
                inside = (f"<v>{value}</v>" if isinstance(value, int) else
                          f"<is><t>{value}</t></is>")
                kind = "" if isinstance(value, int) else ' t="inlineStr"'
                text, n = re.subn(
                    rf'<c r="{ref}"( s="\d+")/>',
                    rf'<c r="{ref}"\1{kind}>{inside}</c>', text)
                assert n == 1, ref
        elif name == "xl/sharedStrings.xml":
            text = text.replace("填表人：", f"填表人：{filled_by}")
        return text.encode()
    return edit(blank, change)


def all_cells(value=0):
    return {f"{c}{r}": value for r in range(5, 14) for c in "BCDE"}


def blank(desk, unit="haulage", period="2026-11"):
    path = desk.dir / f"{unit}.xlsx"
    desk.ctl("units", "--period", period, "--form", unit, "-o", path)
    return path.read_bytes()


def send(bed, data, sender=HAULAGE, subject="渣土所11月月报", name="月报表.xlsx"):
    mail = samples.with_file(
        data, name=name, kind=XLSX, text="请查收。", subject=subject,
        sender=sender)
    bed.deliver(TIPS, mail)


def units(desk, period="2026-11"):
    out = desk.ctl("units", "--json", "--period", period, status=None)
    return {u["unit"]: u for u in map(json.loads, out.splitlines())}


def text_of(mail):
    return mail.msg.get_body(("plain",)).get_content()


def files_of(mail):
    return {p.get_filename(): p.get_payload(decode=True)
            for p in mail.msg.walk() if p.get_filename()}


NOON = "2026-11-18 12:00"


# -- reports ---------------------------------------------------------------------

def test_a_filled_form_comes_back_and_is_added_up(bed, desk):
    cells = {**all_cells(0), "B5": 3, "C5": 1, "B6": "２", "E13": 7}
    send(bed, fill(blank(desk), cells))
    send(bed, fill(blank(desk, "patrol"), {**all_cells(1)}, "赵六"),
         sender=PATROL, subject="材料", name="附件1.xlsx")
    desk.at(NOON)
    assert desk.list() == []
    mail, = bed.wait_mail(HAULAGE)
    assert "月报已收" in mail.msg["Subject"]
    assert "渣土运输：排查 3，移送 1，配合 0，监管 0" in text_of(mail)
    state = units(desk)
    assert state["haulage"]["reported"] and state["patrol"]["reported"]
    assert not state["sanitation"]["reported"]
    assert state["haulage"]["filled_by"] == "王五"
    figures = {(f["domain"], f["figure"]): f["n"]
               for f in state["haulage"]["figures"]}
    assert figures["muck-transport", "found"] == 3
    assert figures["street-occupation", "found"] == 2
    assert figures["other", "regulations"] == 7
    assert len(figures) == 36
    # The district form, and what the ledger says beside it.
    form = json.loads(desk.ctl("report", "monthly", "--units", "--period",
                               "2026-11", "--format", "json"))
    rows = {r["domain"]: r for r in form["rows"]}
    assert rows["muck-transport"]["found"] == 4
    assert rows["other"]["regulations"] == 8
    table = desk.ctl("report", "units", "--period", "2026-11", "--format",
                     "csv")
    line = next(x for x in table.splitlines() if "渣土运输" in x)
    assert re.findall(r"-?\d+", line)[:3] == ["4", "0", "4"]
    assert "渣土管理所" in desk.ctl("units", "--period", "2026-11", status=1)
    kinds = [r["kind"] for r in desk.sql(
        "SELECT kind FROM event WHERE clue IS NULL ORDER BY id")]
    assert kinds.count("unit-report") == 2
    desk.ctl("audit", "verify")
    # The daily sheet tells who is missing, from the first reminder on.
    assert "单位月报" not in desk.ctl("today", **desk.clock(NOON))
    sheet = desk.ctl("today", **desk.clock("2026-11-20 12:00"))
    assert "【单位月报】2026-11 已报 2，未报 1" in sheet
    assert "环境卫生管理处：未报" in sheet and "渣土管理所：" not in sheet
    # A later one takes the place of the first.
    send(bed, fill(blank(desk), all_cells(2)))
    desk.at(NOON)
    assert {f["n"] for f in units(desk)["haulage"]["figures"]} == {2}


def strings(old, new):
    return lambda b: edit(fill(b, all_cells(0)), lambda n, d: d.replace(
        old.encode(), new.encode()) if n.endswith("sharedStrings.xml") else d)


def sheet(old, new):
    return lambda b: edit(fill(b, all_cells(0)), lambda n, d: d.replace(
        old, new) if n == SHEET else d)


WRONG = [
    (lambda b: fill(b, {**all_cells(0), "C7": "三件左右"}), "C7"),
    (lambda b: fill(b, {k: v for k, v in all_cells(0).items()
                        if k != "D9"}), "D9"),
    (lambda b: fill(b, all_cells(0), ""), "填表人"),
    (lambda b: fill(b, {**all_cells(0), "B5": "=HYPERLINK(1)"}), "B5"),
    (sheet(b"<worksheet",
           b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), "无法读取"),
    (sheet(b"<sheetData>", b"<sheetData>" + b" " * (20 << 20)), "内容过多"),
    (lambda b: b[:len(b) // 2], "无法读取"),
    (lambda b: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "密码"),
    (strings("haulage/2026-11", "patrol/2026-11"), "另一单位"),
    (strings("haulage/2026-11", "haulage/2031-11"), "2031-11"),
    (strings("2026年11月24日", "2026年11月30日"), "统计时段"),
]


def test_a_wrong_form_is_answered_and_changes_nothing(bed, desk):
    good = blank(desk)
    send(bed, fill(good, all_cells(1)))
    desk.at(NOON)
    before = units(desk)["haulage"]["figures"]
    for spoil, _ in WRONG:
        send(bed, spoil(good))
    desk.at(NOON)
    _, *answers = bed.wait_mail(HAULAGE, 1 + len(WRONG))
    texts = [text_of(m) for m in answers]
    for _, want in WRONG:  # mail servers deliver in any order
        assert any(want in t for t in texts), want
    for answer in answers:
        assert "月报退回" in answer.msg["Subject"]
        assert list(files_of(answer).values()) == [good]
    state = units(desk)["haulage"]
    assert state["figures"] == before and state["refused"] == len(WRONG)
    assert desk.list() == []
    assert desk.sql("SELECT 1 FROM message WHERE kind = 'quarantine'") == []


def test_a_form_in_a_units_name_that_nobody_vouches_for(bed, desk):
    """The unit hears of it at its own address."""
    desk.write_conf(mailbox_extra='authserv_id = "mx.example.com";')
    send(bed, fill(blank(desk), all_cells(9)))
    desk.at(NOON)
    answer, = bed.wait_mail(HAULAGE)
    assert "未能核实" in text_of(answer)
    assert not units(desk)["haulage"]["reported"]


def test_reports_of_other_kinds_are_filed_without_figures(bed, desk):
    send(bed, "渣土运输,3\n".encode("gb18030"), name="十一月月报.csv")
    desk.at(NOON)
    mail, = bed.wait_mail(HAULAGE)
    assert "未能自动读取" in text_of(mail)
    state = units(desk)["haulage"]
    assert state["reported"] and state["outcome"] == "filed"
    names = desk.sql("SELECT name FROM attachment")
    assert names == [{"name": "十一月月报.csv"}]


def test_the_subject_tells_a_late_or_early_period(bed, desk):
    send(bed, b"x", name="a.txt", subject="渣土所10月月报")
    send(bed, b"x", name="a.txt", subject="月报", sender=PATROL)
    desk.at("2026-11-26 12:00")  # of the period that has just ended
    assert units(desk, "2026-10")["haulage"]["reported"]
    assert units(desk, "2026-11")["patrol"]["reported"]


def test_words_without_a_file_go_to_the_office(bed, desk):
    """A clerk who answers 明天报 has not reported."""
    desk.at("2026-11-20 09:00")
    mail, = bed.wait_mail(PATROL)
    bed.deliver(TIPS, samples.tip(
        text="好的，明天报。", sender=PATROL,
        subject="回复：" + str(mail.msg["Subject"]),
        more=f"In-Reply-To: {mail.msg['Message-ID']}\r\n"))
    assert desk.at("2026-11-20 10:00") == [("unit-note", "", "office")]
    assert not units(desk)["patrol"]["reported"] and desk.list() == []
    note, = [m for m in bed.wait_mail(OFFICE, 2)
             if "单位来信" in m.msg["Subject"]]
    assert "明天报" in text_of(note)


def test_a_clerk_may_send_the_form_himself(bed, desk):
    send(bed, fill(blank(desk), all_cells(3)), sender="fang.zheng@example.org",
         subject="材料", name="附件.xlsx")
    told = desk.at(NOON)
    assert told == [("unit-received", "", "unit:haulage")]
    assert units(desk)["haulage"]["figures"][0]["n"] == 3


# -- days ------------------------------------------------------------------------

def test_reminders_and_drafts_go_out_on_their_days_once(bed, desk):
    send(bed, fill(blank(desk), all_cells(0)))
    kinds = [k for k, _, _ in desk.at("2026-11-19 12:00")]
    assert kinds == ["unit-received"]
    assert desk.at("2026-11-20 08:29") == []  # before the office opens
    # The 22nd is a Sunday: its draft comes on Friday.
    assert desk.at("2026-11-20 08:31") == [
        ("unit-reminder", "", "unit:patrol"),
        ("unit-reminder", "", "unit:sanitation"),
        ("form-draft", "", "office")]
    again = desk.at("2026-11-23 08:31")
    assert [t[2] for t in again] == ["unit:patrol", "unit:sanitation"]
    last = desk.at("2026-11-24 09:00")
    assert [k for k, _, _ in last] == ["form-reminder"]
    assert desk.at("2026-11-25 09:00") == []


def test_the_reminder_brings_the_form_that_is_wanted_back(bed, desk):
    desk.at("2026-11-20 09:00")
    mail, = bed.wait_mail(PATROL)
    (name, form), = files_of(mail).items()
    assert name == "城管执法大队月报表-2026-11.xlsx"
    assert form == blank(desk, "patrol")
    send(bed, fill(form, all_cells(4)), sender=PATROL,
         subject="回复：" + str(mail.msg["Subject"]))
    desk.at("2026-11-20 10:00")
    assert units(desk)["patrol"]["figures"][0]["n"] == 4


def test_the_office_gets_drafts_of_form_and_register(bed, desk):
    bed.deliver(TIPS, samples.tip())
    desk.at("2026-11-20 09:00")
    mails = bed.wait_mail(OFFICE)
    mail, = [m for m in mails if "月报草稿" in m.msg["Subject"]]
    files = files_of(mail)
    assert list(files) == ["月报表草稿-2026-11.xlsx",
                           "线索报送情况登记表-2026-11.xlsx"]
    assert all(zipfile.is_zipfile(io.BytesIO(f)) for f in files.values())
    assert "渣土管理所：未报" in text_of(mail)
    whole = "".join(
        zipfile.ZipFile(io.BytesIO(f)).read(n).decode("utf-8", "replace")
        for f in files.values()
        for n in zipfile.ZipFile(io.BytesIO(f)).namelist())
    assert "citizen@example.net" not in whole and "钱小川" not in whole


def test_after_an_outage_only_the_last_reminder_goes(bed, desk):
    told = desk.at("2026-11-24 10:00")
    kinds = [k for k, _, _ in told]
    assert kinds.count("unit-reminder") == 3  # one a unit, not two
    assert kinds.count("form-draft") == 1
    assert kinds.count("form-reminder") == 1
    assert desk.at("2026-11-24 11:00") == []


def test_a_filed_form_is_not_asked_for(bed, desk):
    desk.at("2026-11-19 09:00")
    desk.ctl("report", "monthly", "--period", "2026-11", "--file",
             **desk.clock("2026-11-19 10:00"))
    kinds = {k for k, _, _ in desk.at("2026-11-24 10:00")}
    assert kinds == {"unit-reminder"}


def test_wrong_words_are_refused(desk):
    desk.ctl("units", "--period", "2026", status=2)
    desk.ctl("units", "--form", "nobody", "-o", desk.dir / "x", status=2)
    desk.ctl("report", "units", "--all", status=2)
    desk.ctl("report", "monthly", "--units", "--file", status=2)


