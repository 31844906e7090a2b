# SPDX-License-Identifier: ISC
"""Letters that come round: the office's sheet, officers' digests, leaders'
summaries; once for each working day and week, whatever happens meanwhile."""
import io
import json
import re
import zipfile

import pytest

import samples
from bed import Bed
from desk import Desk
from office import ROOT, TIPS, office_users

DESK, OFFICER = "office@example.org", "lu.wenbo@example.org"
HEAD = "tang.jia@example.org"
SHEET = [("daily-sheet", "", "office")]
NO_SUMMARY = '"; summary_day = "never'  # and the sheet at the opening
MAJOR = ("渣土车队强揽渣土外运，带了三十多个人拿着铁棍堵住工地大门，"
         "把门卫砍伤，送医院抢救。")


class Morning(Desk):
    """An office that gets its sheet."""
    sheet = NO_SUMMARY


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture(name="desk")
def _desk(bed, build):
    bed.clear(*office_users())
    with Morning(bed, build) as it:
        yield it


def text_of(mail):
    return mail.msg.get_body(("plain",)).get_content().replace("\r", "")


def sheets(desk, when, **env):
    return [x for x in desk.at(when, **env) if x[0] == "daily-sheet"]


def test_each_working_morning_once(desk):
    timetable = [
        ("2026-09-30 08:29", []), ("2026-09-30 08:30", SHEET),
        ("2026-09-30 08:31", []), ("2026-09-30 17:29", []),
        ("2026-10-01 08:30", []),  # the holidays
        ("2026-10-07 11:00", []),
        ("2026-10-08 12:30", SHEET),  # off at eight; the noon break is fine
        ("2026-10-09 17:30", []),  # too late to be of use
        ("2026-10-10 08:30", SHEET),  # a Saturday that is worked
        ("2026-10-11 08:30", []),
        ("2026-10-19 09:00", SHEET),  # a week off: one, not six
        ("2026-10-19 09:01", []),
        # The clock went wrong, a day ahead and back.
        ("2026-10-20 09:00", SHEET), ("2026-10-19 10:00", []),
        ("2026-10-20 10:00", []), ("2026-10-21 08:30", SHEET),
    ]
    for when, want in timetable:
        assert desk.at(when) == want, when
    kinds = [r["detail"] for r in desk.sql(
        "SELECT detail FROM event WHERE kind = 'daily-sheet'")]
    assert kinds == ["office"] * 6


def test_at_a_time_of_ones_own(desk):
    desk.write_conf(sheet='07:45"; summary_day = "never')
    assert desk.at("2026-10-12 07:44") == []
    assert desk.at("2026-10-12 07:45") == SHEET
    desk.write_conf(sheet='20:00"; summary_day = "never')
    assert desk.at("2026-10-13 19:59") == []
    assert desk.at("2026-10-13 23:00") == SHEET
    desk.write_conf(sheet="off")
    assert desk.at("2026-10-14 23:00") == []


def test_killed_on_the_way(desk):
    """The first steps of a run are those of the start."""
    seen, names = set(), desk.dir / "steps"
    assert desk.at("2026-10-09 09:00") == SHEET
    for day, number in enumerate(range(2, 8), 12):
        names.write_text("")
        day += 2 * (day > 16)
        desk.at(f"2026-10-{day} 09:00", check=False,
                CLUED_TEST_DIE_AT=str(number), CLUED_TEST_STEPS=str(names))
        seen.add(names.read_text().split()[-1])
        desk.at(f"2026-10-{day} 10:00")
    assert {"rounds-before-commit", "rounds-after-commit"} <= seen, seen
    assert desk.letters() == SHEET * 7


def a_day(bed, desk):
    """A Monday's mail, looked at on Tuesday and the Monday after."""
    assert desk.at("2026-10-12 08:30") == SHEET
    bed.deliver(TIPS, samples.tip())
    bed.deliver(TIPS, samples.tip(text=MAJOR))
    bed.deliver(TIPS, samples.tip(
        subject="求助", text="楼道里的灯坏了，请帮忙反映。"))
    bed.deliver(TIPS, b"From: a@example.net\r\nSubject: \r\n\r\n\r\n")
    desk.at("2026-10-12 10:00")


def numbers(desk, *kinds):
    """Of the clue of each kind; those of one round have any order."""
    triage = {c["number"] for c in desk.list("--triage")}
    found = {"triage" if c["number"] in triage else c["class"]: c["number"]
             for c in desk.list()}
    return [found[kind] for kind in kinds]


def test_nothing_is_reported_briefly(bed, desk):
    assert desk.at("2026-10-12 08:30") == SHEET
    mail, = bed.wait_mail(DESK)
    body = text_of(mail)
    assert mail.msg["Subject"].startswith("【每日情况】无新收，一切正常")
    assert "一切正常" in body and "本期没有新收线索" in body
    assert len(body.splitlines()) < 20


def test_what_the_sheet_tells(bed, desk):
    a_day(bed, desk)
    assert sheets(desk, "2026-10-13 08:30") == SHEET
    mail = bed.wait_mail(DESK)[-1]
    body = text_of(mail)
    assert mail.msg["Subject"].startswith(
        "【每日情况】重大未签收1 新收3 待分派1 今日到期1 超期1")
    assert mail.msg["Importance"] == "high"
    one, major, lamp = numbers(desk, "normal", "priority", "triage")
    for want in (
            f"【重大事项未签收】1 条\n{major} 渣土运输 陆文博\n",
            "【新收线索】3 条\n渣土运输 2，其他 1\n",
            f"【待分派】1 条\n{lamp} 10-12 10:00 收到\n",
            f"【今天到期】1 项\n{one} 签收 17:30 陆文博\n",
            f"【三个工作日内到期】1 项\n{major} 反馈 10-14 17:30 陆文博\n",
            "【已超期】1 项\n◆ 渣土管理所\n陆文博 1 项\n"
            f"　{major} 签收 超期不足 1 个工作日\n",
            "已交办未签收 2 条\n",
            "【督办已发】1 次\n预警 0，到期 1，催办 0，通报 0\n"
            f"到期 {major} 签收\n",
            "疑似垃圾、空白邮件 1 封（新增 1）\n",
            "本期收到 4 封 ＝ 线索 3 ＋ 空白邮件 1，相符\n"):
        assert want in body, body
    for stranger in ("钱小川", "铁棍", "citizen@"):
        assert stranger not in body
    assert max(map(len, body.splitlines())) <= 60
    table, = [p for p in mail.msg.iter_attachments()]
    assert table.get_filename() == "每日情况.xlsx"
    book = zipfile.ZipFile(io.BytesIO(table.get_content()))
    cells = book.read("xl/worksheets/sheet1.xml").decode()
    shared = "xl/sharedStrings.xml"
    cells += book.read(shared).decode() if shared in book.namelist() else ""
    assert major in cells and "陆文博" in cells and "铁棍" not in cells
    # Nothing of it is told twice.
    assert sheets(desk, "2026-10-14 08:30") == SHEET
    body = text_of(bed.wait_mail(DESK)[-1])
    assert "本期没有新收线索" in body
    assert "预警 0，到期 1，催办 1，通报 0" in body
    assert "新增 0" in body


def test_today_is_the_same_as_json(bed, desk, tmp_path):
    a_day(bed, desk)
    now = desk.clock("2026-10-15 15:00")
    text = desk.ctl("today", **now)
    told = json.loads(desk.ctl(
        "today", "--json", "-o", tmp_path / "t.xlsx", **now))
    assert zipfile.is_zipfile(tmp_path / "t.xlsx")
    assert told["new"] == {"total": 3, "muck-transport": 2, "other": 1}
    assert [x["deadline"] for x in told["overdue"]] == [
        "accept", "accept", "feedback"]
    assert told["overdue_clues"] == 2 and told["quiet"] is False
    assert told["mail"]["all"]["difference"] == 0
    assert told["mail"]["period"]["tip"] == 3
    assert "【已超期】3 项\n涉及线索 2 条" in text
    assert json.loads(desk.ctl("today", "--json", "--since",
                               "2026-10-13 00:00", **now))["new"] == {
                                   "total": 0}
    desk.ctl("today", "--since", "yesterday", status=2)
    # Suspended is not overdue, here and in the list.
    desk.poke("UPDATE clue SET state = 'suspended'")
    told = json.loads(desk.ctl("today", "--json", **now))
    assert told["overdue"] == [] and told["triage"] == []
    assert desk.list("--overdue") == []


def test_a_difference_is_shouted(bed, desk):
    a_day(bed, desk)
    now = desk.clock("2026-10-12 15:00")
    desk.ctl("today", **now)
    for sql, back in (
            ("UPDATE journal SET outcome = 2 WHERE uid = 2",
             "UPDATE journal SET outcome = 0 WHERE uid = 2"),
            ("UPDATE message SET kind = 'riddle' WHERE id = 1",
             "UPDATE message SET kind = 'tip' WHERE id = 1"),
            ("UPDATE message SET clue = NULL WHERE id = 1",
             "UPDATE message SET clue = 1 WHERE id = 1")):
        desk.poke(sql)
        assert desk.ctl("today", status=1, **now).startswith("！！"), sql
        desk.poke(back)
        desk.ctl("today", **now)
    desk.poke("UPDATE message SET kind = 'riddle' WHERE id = 1")
    assert sheets(desk, "2026-10-13 09:00") == SHEET
    mail = bed.wait_mail(DESK)[-1]
    assert "邮箱核对不符！" in mail.msg["Subject"]
    assert "！！" in text_of(mail)


def test_a_missing_calendar_is_told(bed, desk):
    assert desk.at("2026-10-30 09:00") == SHEET
    assert "日历" not in text_of(bed.wait_mail(DESK)[-1])
    assert desk.at("2026-11-02 09:00") == SHEET
    assert "缺 2027 年日历文件" in text_of(bed.wait_mail(DESK)[-1])


def test_what_accuses_the_office_is_not_for_it(bed, desk):
    a_day(bed, desk)
    desk.poke("UPDATE clue SET excluded = 'office: 正文“扫黑办”'")
    told = json.loads(desk.ctl(
        "today", "--json", **desk.clock("2026-10-15 15:00")))
    for key in ("overdue", "due_today", "due_soon", "triage", "majors"):
        assert told[key] == [], key


def with_digest(desk, *people):
    roster = (ROOT / "etc/roster.conf").read_text(encoding="utf-8").replace(
        "digest = false;", "")
    for person in people:
        roster = roster.replace(f'id = "{person}";',
                                f'id = "{person}"; digest = true;', 1)
    path = desk.dir / "roster.conf"
    path.write_text(roster, encoding="utf-8")
    desk.write_conf(roster=path)


def test_a_digest_instead_of_single_reminders(bed, desk):
    with_digest(desk, "lu-wenbo")
    bed.deliver(TIPS, samples.tip())
    bed.deliver(TIPS, samples.tip(text=MAJOR))
    told = desk.at("2026-10-12 10:00")
    assert told.count(("notice", "", "lu-wenbo")) == 2  # those come singly
    assert ("digest", "", "lu-wenbo") not in told  # all was read before them
    # The major one is a priority clue: reminded of at once as ever.
    assert ("reminder", "accept", "lu-wenbo") in desk.at("2026-10-12 15:01")
    told = desk.at("2026-10-13 08:30")
    assert ("digest", "", "lu-wenbo") in told
    plain, major = numbers(desk, "normal", "priority")
    body = text_of(bed.wait_mail(OFFICER)[-1])
    assert f"【今天到期】1 项\n{plain} 渣土运输\n　签收：10-13 17:30\n" in body
    assert f"【已超期，请立即办理】1 项\n{major}" in body
    assert desk.at("2026-10-13 11:30") == []  # the reminder of the plain one
    assert [e["kind"] for e in desk.show(plain)["events"]][-1] == "reminder"
    told = desk.at("2026-10-14 08:30")  # it ended: in the digest
    assert ("expired", "accept", "lu-wenbo") not in told
    assert ("digest", "", "lu-wenbo") in told
    told = desk.at("2026-10-15 08:30")  # the notice comes singly
    assert ("urging", "accept", "lu-wenbo") in told
    body = text_of([m for m in bed.wait_mail(OFFICER)
                    if "每日提醒" in m.msg["Subject"]][-1])
    assert f"{plain} 渣土运输\n　签收：10-13 17:30，已超 1 个工作日" in body
    assert "钱小川" not in body and "铁棍" not in body


def test_the_deputy_gets_the_digest_of_one_who_is_away(bed, desk):
    with_digest(desk, "lu-wenbo", "fang-zheng")
    bed.deliver(TIPS, samples.tip())
    desk.at("2026-10-12 10:00")
    path = desk.dir / "roster.conf"
    path.write_text(re.sub(
        r'absent_from = "";\s*absent_to = "";', 'absent_from = "2026-10-13"; '
        'absent_to = "2026-10-13";', path.read_text(encoding="utf-8"),
        count=1), encoding="utf-8")
    told = [x for x in desk.at("2026-10-13 08:30") if x[0] == "digest"]
    assert told == [("digest", "", "fang-zheng")]
    told = [x for x in desk.at("2026-10-14 08:30") if x[0] == "digest"]
    assert told == [("digest", "", "lu-wenbo")]


def test_the_leaders_week(bed, desk):
    desk.write_conf(sheet='"; summary_day = "tuesday')
    bed.deliver(TIPS, samples.tip(subject="占道", text=(
        "夜市烧烤摊占道经营，收保护费，大家不敢说。")))
    bed.deliver(TIPS, samples.tip(text=(
        "渣土管理所的陆文博和车队是一伙的，强揽渣土外运。")))
    assert "summary" not in {x[0] for x in desk.at("2026-10-12 10:00")}
    leaders = ["lu-wenbo", "tang-jia", "he-yun", "yan-ruoxi"]
    told = [x[2] for x in desk.at("2026-10-13 09:00") if x[0] == "summary"]
    assert told == leaders
    body = text_of(bed.wait_mail(HEAD)[-1])
    assert ("城管执法大队线索办理情况如下" in body and
            "邱山\n　新收 1，未办结 1，五个工作日内到期事项 2\n" in body)
    # Of what accuses him and lies with discipline he hears nothing.
    body = text_of([m for m in bed.wait_mail(OFFICER)
                    if "小结" in m.msg["Subject"]][0])
    assert "没有新收线索" in body
    for day in (14, 15, 16):
        assert "summary" not in {
            x[0] for x in desk.at(f"2026-10-{day} 09:00")}
    # Tuesday was missed: the next working day of the week; a week of holidays
    # has none.
    told = [x[2] for x in desk.at("2026-10-22 09:00") if x[0] == "summary"]
    assert told == leaders
