# SPDX-License-Identifier: ISC
"""Major matters: the office and the unit's leader are told at once, at any
hour, before every other letter; the accused is not."""
import re

import pytest

import samples
from bed import Bed
from desk import Desk
from office import TIPS, office_users

NIGHT = "2026-10-03 02:30"  # in the National Day holidays
LATER = "2026-10-03 03:30"
OFFICER, LEADER = "lu.wenbo@example.org", "yan.ruoxi@example.org"
DESK, DISCIPLINE = "office@example.org", "discipline@example.org"
MAJOR = ("昨晚渣土车队强揽渣土外运，带了三十多个人拿着铁棍堵住工地大门，"
         "把门卫砍伤，已经送医院抢救。")


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture(name="desk")
def _desk(bed, build):
    bed.clear(*office_users())
    with Desk(bed, build) as it:
        yield it


def text_of(mail):
    return mail.msg.get_body(("plain",)).get_content()


def test_told_at_once_at_any_hour(bed, desk):
    bed.deliver(TIPS, samples.tip(text=MAJOR))
    assert sorted(desk.at(NIGHT)) == [
        ("major", "", "office"), ("major", "", "yan-ruoxi"),
        ("notice", "", "lu-wenbo")]
    clue, = desk.list()
    for user in (DESK, LEADER):
        mail, = bed.wait_mail(user)
        assert mail.msg["Subject"].startswith("【重大】【重大信息报送】")
        assert mail.msg["Importance"] == "high"
        body = text_of(mail)
        assert clue["number"] in body and "铁棍" in body
        assert "重大事项：" in body and "砍伤" in body
        assert "承办责任人：陆文博" in body and "目前状态：已交办" in body
        assert "钱小川" not in body
    notice, = bed.wait_mail(OFFICER)
    assert notice.msg["Subject"].startswith("【重大】【线索交办】")
    whole = desk.show(clue["number"])
    assert whole["class"] == "priority"
    assert [e["kind"] for e in whole["events"]].count("major") == 1
    assert desk.at("2026-10-03 02:31") == []


def test_goes_before_what_waits(bed, desk):
    """The last tip of four; when letters may be tried again, its own are the
    first."""
    desk.write_conf(smtp_to="127.0.0.1:1")
    for i in range(3):
        bed.deliver(TIPS, samples.tip(subject=f"渣土车 {i}"))
    bed.deliver(TIPS, samples.tip(text=MAJOR))
    assert len(desk.at(NIGHT, check=False)) == 6
    desk.at(LATER, check=False)
    tried = re.findall(r"event=letter letter=(\d+)", desk.log)
    first, = desk.sql("SELECT c.class_id FROM letter AS l JOIN clue AS c"
                      f" ON c.id = l.clue WHERE l.id = {tried[0]}")
    assert first == {"class_id": "priority"}


def test_what_nobody_has_is_told_once(bed, desk):
    """In triage the office has one letter about it, and one is enough."""
    bed.deliver(TIPS, samples.tip(
        subject="求助", text="昨天晚上一群人在楼下打架，有人被砍伤了。"))
    assert desk.at(NIGHT) == [("triage", "", "office")]
    mail, = bed.wait_mail(DESK)
    assert mail.msg["Subject"].startswith("【重大】【待分派】")
    assert desk.sql("SELECT count(*) AS n FROM major") == [{"n": 1}]


def test_the_head_of_the_unit_is_told_when_it_is_assigned(bed, desk):
    bed.deliver(TIPS, samples.tip(
        subject="求助", text="昨天晚上一群人在楼下打架，有人被砍伤了。"))
    desk.at(NIGHT)
    clue, = desk.list()
    before = len(desk.letters())
    desk.ctl("assign", clue["number"], "qiu-shan",
             **desk.clock("2026-10-03 02:40"))
    told = desk.letters()[before:]
    assert sorted(told) == [("major", "", "tang-jia"),
                            ("notice", "", "qiu-shan")]
    # Handed on inside the unit, to its head: one letter is enough.
    desk.ctl("assign", clue["number"], "tang-jia",
             **desk.clock("2026-10-03 02:50"))
    told = desk.letters()[before + 2:]
    assert ("notice", "", "tang-jia") in told
    assert ("major", "", "tang-jia") not in told


def test_the_accused_is_left_out(bed, desk):
    """YAN heads nobody's unit here; she is the duty's leader, and accused."""
    bed.deliver(TIPS, samples.tip(
        text=MAJOR + "副局长严若溪是他们的后台。"))
    told = desk.at(NIGHT)
    assert ("major", "", "office") in told
    assert all(who in ("office", "discipline") for _, _, who in told)
    body = text_of(bed.wait_mail(DESK)[0])
    assert "内容不在此列" in body
    assert "铁棍" not in body and "严若溪" not in body
    assert bed.mailbox(LEADER) == [] and bed.mailbox(OFFICER) == []
    assert "铁棍" in text_of(bed.wait_mail(DISCIPLINE)[0])


def test_what_is_none_stays_quiet(bed, desk):
    bed.deliver(TIPS, samples.tip())
    assert desk.at(NIGHT) == [("notice", "", "lu-wenbo")]
    assert desk.sql("SELECT count(*) AS n FROM major") == [{"n": 0}]
