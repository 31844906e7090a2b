# SPDX-License-Identifier: ISC
"""The urging ladder from the clock to people's mailboxes: what is due goes
out once, in working time, to the right people, and never when it is moot."""
import re

import pytest

import samples
from bed import Bed
from desk import Desk
from office import ROOT, TIPS, office_users

HAULAGE = "lu.wenbo@example.org"
DEPUTY = "fang.zheng@example.org"
LEADER = "yan.ruoxi@example.org"
DESK = "office@example.org"
DISPATCH = "2026-10-12 10:00"  # a Monday


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture(name="desk")
def _desk(bed, build):
    bed.clear(*office_users())
    with Desk(bed, build) as it:
        yield it


def dispatched(bed, desk, **kwargs):
    """A clue of LU Wenbo's at DISPATCH: due on 10-13, 10-19 and 10-29."""
    bed.deliver(TIPS, samples.tip(**kwargs))
    assert [x[0] for x in desk.at(DISPATCH)] == ["notice"]
    clue, = desk.list()
    return clue


def text_of(mail):
    return mail.msg.get_body(("plain",)).get_content()


def test_each_step_goes_out_once_and_on_time(bed, desk):
    clue = dispatched(bed, desk)
    officer = "lu-wenbo"
    criticism = [("criticism", "accept", "yan-ruoxi"),
                 ("criticism", "accept", "office")]
    timetable = [
        ("2026-10-13 11:29", []),
        ("2026-10-13 11:30", [("reminder", "accept", officer)]),
        ("2026-10-13 11:31", []),
        ("2026-10-13 17:31", []),  # it has ended, and nobody is there
        ("2026-10-14 03:00", []),
        ("2026-10-14 08:30", [("expired", "accept", officer)]),
        ("2026-10-14 16:00", []),
        # The notice: LU heads his unit, so the duty's leader gets the copy.
        ("2026-10-15 08:30", [("urging", "accept", officer),
                              ("urging", "accept", "yan-ruoxi")]),
        ("2026-10-17 10:00", []),  # Saturday
        ("2026-10-19 11:30", [("reminder", "feedback", officer)]),
        ("2026-10-20 08:30", [("expired", "feedback", officer)]),
        ("2026-10-21 08:30", [*criticism,
                              ("urging", "feedback", officer),
                              ("urging", "feedback", "yan-ruoxi")]),
        ("2026-10-22 08:30", []),
    ]
    for when, want in timetable:
        assert sorted(desk.at(when)) == sorted(want), when
        assert desk.at(when) == [], when
    events = [(e["kind"], e["detail"]) for e in
              desk.show(clue["number"])["events"]]
    assert ("urging", "accept: lu-wenbo yan-ruoxi") in events
    assert ("criticism", "accept: yan-ruoxi office") in events
    assert all(x["state"] == "sent"
               for x in desk.show(clue["number"])["letters"])
    subjects = [m.msg["Subject"] for m in bed.wait_mail(HAULAGE, 7)]
    for word in ("预警", "到期", "催办通知书"):
        assert sum(word in s for s in subjects) == 2
    urging = [m for m in bed.wait_mail(LEADER, 3)
              if "催办" in m.msg["Subject"]][0]
    body = text_of(urging)
    assert f"文号：{clue['number']}-催办-签收" in body
    assert "陆文博：" in body and "抄送：严若溪" in body
    assert "到期时间：2026-10-13 17:30（周二）" in body
    assert "已经超期：1 个工作日" in body
    assert "交办时间：2026-10-12 10:00（周一）" in body
    assert "目前状态：已交办" in body
    criticism = text_of(bed.wait_mail(DESK, 1)[0])
    assert "已经超期：5 个工作日" in criticism
    assert "承办责任人：陆文博" in criticism
    for text in (body, criticism):
        assert "钱小川" not in text and "渣土外运" not in text


def test_after_an_outage_only_the_highest_step(bed, desk):
    dispatched(bed, desk)
    assert desk.at("2026-10-15 10:00") == [
        ("urging", "accept", "lu-wenbo"), ("urging", "accept", "yan-ruoxi")]
    letters = desk.at("2026-12-05 10:00")  # a Saturday
    assert letters == []
    letters = desk.at("2026-12-07 08:30")
    assert sorted(set(letters)) == sorted(
        ("criticism", kind, to) for kind in ("accept", "feedback", "conclude")
        for to in ("office", "yan-ruoxi"))
    assert len(letters) == 6


def test_a_deadline_that_was_met_is_never_urged(bed, desk):
    dispatched(bed, desk)
    desk.poke("UPDATE deadline SET met_s = 1 WHERE kind = 'accept'")
    assert desk.at("2026-10-15 10:00") == []
    desk.poke("UPDATE deadline SET met_s = 1")
    assert desk.at("2026-12-07 10:00") == []


@pytest.mark.parametrize("state", ["suspended", "substantiated"])
def test_a_clue_at_rest_is_never_urged(bed, desk, state):
    dispatched(bed, desk)
    desk.poke(f"UPDATE clue SET state = '{state}'")
    assert desk.at("2026-12-07 10:00") == []


@pytest.fixture(name="late")
def _late(bed, build):
    """A letter that was due while the SMTP server was away."""
    bed.clear(*office_users())
    with Desk(bed, build) as desk:
        dispatched(bed, desk)
        desk.write_conf(smtp_to="127.0.0.1:1")
        assert desk.at("2026-10-14 16:00", check=False) == [
            ("expired", "accept", "lu-wenbo")]
        assert desk.states() == [0]
        desk.write_conf(smtp_to=None)
        yield desk


def test_a_late_letter_is_checked_again_when_it_goes(late, bed):
    late.at("2026-10-14 17:00")
    assert late.states() == [2]
    assert "到期" in bed.wait_mail(HAULAGE, 2)[1].msg["Subject"]


def test_a_late_letter_waits_for_working_time(late):
    late.at("2026-10-14 20:00")
    assert late.states() == [0]
    late.at("2026-10-15 08:29")
    assert late.states() == [0]


def test_a_late_letter_is_dropped_for_the_higher_step(late, bed):
    late.at("2026-10-15 09:00")
    assert late.states() == [5, 2, 2]  # cancelled; notice and copy sent
    assert "催办" in bed.wait_mail(HAULAGE, 2)[1].msg["Subject"]


@pytest.mark.parametrize("sql", [
    "UPDATE deadline SET met_s = 1",
    "UPDATE clue SET state = 'suspended'",
    "UPDATE deadline SET due_s = due_s + 864000, steps_sent = 0"])
def test_a_late_letter_is_dropped_when_it_is_moot(late, bed, sql):
    late.poke(sql)
    late.at("2026-10-14 17:00")
    assert late.states() == [5]
    assert len(bed.mailbox(HAULAGE)) == 1


def test_who_acts_for_an_absent_officer_gets_it(bed, desk, tmp_path):
    dispatched(bed, desk)
    roster = (ROOT / "etc/roster.conf").read_text(encoding="utf-8")
    away = tmp_path / "roster.conf"
    away.write_text(re.sub(
        r'absent_from = "";\s*absent_to = "";', 'absent_from = "2026-10-13"; '
        'absent_to = "2026-10-14";', roster, count=1), encoding="utf-8")
    desk.write_conf(roster=away)
    assert desk.at("2026-10-13 11:30") == [
        ("reminder", "accept", "fang-zheng")]
    assert "方正：" in text_of(bed.wait_mail(DEPUTY)[0])
    assert desk.at("2026-10-14 08:30") == [("expired", "accept", "fang-zheng")]
    assert desk.at("2026-10-15 08:30")[0] == ("urging", "accept", "lu-wenbo")


def test_the_accused_gets_no_copy(bed, desk):
    dispatched(bed, desk)
    desk.poke("UPDATE clue SET excluded = 'yan-ruoxi: 正文“严若溪” (?)'")
    assert desk.at("2026-10-15 08:30") == [
        ("urging", "accept", "lu-wenbo"), ("urging", "accept", "office")]
    letters = desk.at("2026-12-07 08:30")
    assert sorted(letters) == [("criticism", kind, "office")
                               for kind in ("accept", "conclude", "feedback")]
    assert bed.mailbox(LEADER) == []


def test_a_clue_with_discipline_stays_there(bed, desk):
    bed.deliver(TIPS, samples.tip(
        text="渣土管理所的陆文博和车队是一伙的，强揽渣土外运。"))
    assert desk.at(DISPATCH) == [("accused-to-discipline", "", "discipline")]
    told = {x[2] for when in ("2026-10-13 11:30", "2026-10-15 09:00")
            for x in desk.at(when)}
    assert told == {"discipline"}
    assert {x[2] for x in desk.at("2026-12-07 08:30")} == {"office"}
    for user in (HAULAGE, DEPUTY, LEADER):
        assert bed.mailbox(user) == []


def test_steps_and_texts_of_a_class_are_configured(bed, build, tmp_path):
    bed.clear(*office_users())
    templates = tmp_path / "templates"
    templates.mkdir()
    for path in (ROOT / "etc/templates").glob("*.txt"):
        (templates / path.name).write_bytes(path.read_bytes())
    (templates / "expired-normal.txt").write_text(
        "Subject: 只给一般线索 {number}\n\n{officer}：{over}\n",
        encoding="utf-8")
    extra = ('deadlines = { normal = { warn_to = ""; expired_to = '
             '"officer office"; urge_to = ""; criticise_after = "2d"; '
             'criticise_to = "leader"; }; };')
    with Desk(bed, build, extra=extra) as desk:
        desk.conf.write_text(desk.conf.read_text(encoding="utf-8").replace(
            str(ROOT / "etc/templates"), str(templates)), encoding="utf-8")
        dispatched(bed, desk)
        assert desk.at("2026-10-13 15:00") == []
        assert desk.at("2026-10-14 08:30") == [
            ("expired", "accept", "lu-wenbo"), ("expired", "accept", "office")]
        assert bed.wait_mail(DESK)[0].msg["Subject"].startswith("只给一般线索")
        assert desk.at("2026-10-15 17:00") == []
        assert desk.at("2026-10-16 08:30") == [
            ("criticism", "accept", "yan-ruoxi")]
