# SPDX-License-Identifier: ISC
"""Officers and the office do all of their work by mail: the ways of a clue,
each step written into a mailbox and answered there."""
import pytest

import samples
from bed import Bed
from desk import Desk
from office import TIPS, office_users
from officers import Person

LU, FANG = "lu.wenbo@example.org", "fang.zheng@example.org"
TANG, QIU = "tang.jia@example.org", "qiu.shan@example.org"
OFFICE = "office@example.org"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture(name="desk")
def _desk(bed, build):
    for user in office_users():
        bed.wipe(user)
    with Desk(bed, build) as it:
        yield it


@pytest.fixture
def lu(bed):
    return Person(bed, LU)


@pytest.fixture
def office(bed):
    return Person(bed, OFFICE)


def dispatched(bed, desk, when="2026-10-12 10:00", **kwargs):
    bed.deliver(TIPS, samples.tip(**kwargs))
    desk.at(when)
    clue = desk.list()[-1]
    return clue["number"]


def state(desk, number):
    return desk.show(number)["state"]


def kinds(desk, number):
    return [e["kind"] for e in desk.show(number)["events"]]


def due(desk, number, kind):
    return [d for d in desk.list() if d["number"] == number][0][
        "deadlines"][kind]


def test_a_clue_from_acceptance_to_transfer(bed, desk, lu, office):
    """签收 → 反馈 → 延期 → the office grants it → 移送."""
    number = dispatched(bed, desk)
    lu.reply("签收")
    assert desk.at("2026-10-12 11:00") == [("transcript", "", "lu-wenbo")]
    assert state(desk, number) == "accepted"
    mail = lu.last("办理回执")
    text = mail.text()
    assert "签收：已签收。" in text
    assert "目前状态：已签收" in text
    assert "下一期限：反馈 2026-10-19 17:30（周一）" in text
    assert "可以回复：反馈、退回、转办、延期" in text
    assert mail.msg["Auto-Submitted"] == "auto-replied"
    assert "reply-" in mail.msg["In-Reply-To"]
    assert mail.msg["In-Reply-To"] in mail.msg["References"]

    lu.reply("反馈：今日到现场核查，已调取监控。", files=[
        ("现场.jpg", b"\xff\xd8\xff\xe0 not a real photo")])
    desk.at("2026-10-13 09:00")
    assert state(desk, number) == "verifying"
    assert "下一期限：办结 2026-10-29 17:30" in lu.last("办理回执").text()
    assert due(desk, number, "feedback")["met"]

    lu.reply("延期 5天 需调取施工合同")
    assert ("request", "", "office") in desk.at("2026-10-14 09:00")
    assert "转专班批复" in lu.last("办理回执").text()
    assert due(desk, number, "conclude")["due"] == "2026-10-29T09:30:00Z"
    ask = office.last("待批")
    assert "陆文博申请延期5个工作日。" in ask.text()
    assert "理由：需调取施工合同" in ask.text()

    office.reply("同意延期", to=ask)
    desk.at("2026-10-14 15:00")
    assert due(desk, number, "conclude")["due"] == "2026-11-05T09:30:00Z"
    assert "专班同意延期5个工作日，办结期限延至2026-11-05 17:30" in \
        lu.last("专班意见").text()
    assert "已同意延期5个工作日" in office.last("办理回执").text()

    lu.reply("移送 公安机关 海公〔2026〕12号\n材料三份随函附上。")
    desk.at("2026-10-20 10:00")
    assert state(desk, number) == "transferred"
    assert all(d["met"] for d in desk.list()[0]["deadlines"].values())
    assert "已登记移送：公安机关 海公〔2026〕12号" in \
        lu.last("办理回执").text()
    assert kinds(desk, number) == [
        "received", "routed", "assigned", "reply", "accepted", "reply",
        "feedback", "reply", "extend-asked", "reply", "extended",
        "deadline-moved", "reply", "transferred"]
    office.reply("办结复核 通过", to=office.last("办结待核"))
    desk.at("2026-10-20 11:00")
    assert kinds(desk, number)[-1] == "reviewed"
    # Nothing is urged any more.
    assert desk.at("2026-12-01 10:00") == []


def test_a_clue_returned_assigned_handed_on_and_unfounded(
        bed, desk, lu, office):
    """退回 → 分派 → 转办 → 查否; the clocks run on."""
    number = dispatched(bed, desk)
    ends = {k: d["due"] for k, d in desk.list()[0]["deadlines"].items()}
    first = lu.last()
    lu.reply("退回 该地点属违法建设，请交执法大队。")
    assert ("triage", "", "office") in desk.at("2026-10-12 11:00")
    assert state(desk, number) == "returned"
    gone = lu.last("办理回执").text()
    assert "已退回专班" in gone and "可以回复" not in gone

    triage = office.last("待分派")
    assert "陆文博第1次退回：该地点属违法建设" in triage.text()
    assert "强揽渣土外运" in triage.text() and "钱小川" not in triage.text()
    office.reply("分派 唐嘉 请核查建设手续", to=triage)
    desk.at("2026-10-12 14:30")
    tang = Person(bed, TANG)
    notice = tang.last("线索交办")
    assert "签收期限：2026-10-13 17:30" in notice.text()
    assert "强揽渣土外运" in notice.text() and "钱小川" not in notice.text()
    assert "扫黑除恶办公室分派：请核查建设手续" in notice.text()

    # What the first officer was told is worth nothing now.
    lu.reply("查实 已处理", to=first)
    desk.at("2026-10-12 15:00")
    assert state(desk, number) == "assigned"
    assert "通知已经失效" in lu.last("未执行").text()

    tang.reply("转办给邱山，熟悉该片区", to=notice)
    desk.at("2026-10-12 16:00")
    qiu = Person(bed, QIU)
    qiu.reply("查否：经三次现场核查，未发现所反映的问题。",
              to=qiu.last("线索交办"))
    desk.at("2026-10-13 10:00")
    shown = desk.show(number)
    assert shown["state"] == "unsubstantiated"
    assert shown["officer"] == "qiu-shan"
    assert {k: d["due"] for k, d in
            desk.list()[0]["deadlines"].items()} == ends
    assert [k for k in kinds(desk, number) if k != "reply"] == [
        "received", "routed", "assigned", "returned", "assigned",
        "reply-refused", "reassigned", "unsubstantiated"]
    assert "经三次现场核查" in office.last("办结待核").text()


def test_who_stands_aside_hears_nothing_more(bed, desk, lu):
    """回避: the deputy has it, and the officer is out of it for good."""
    number = dispatched(bed, desk)
    lu.reply("回避")
    desk.at("2026-10-12 11:00")
    shown = desk.show(number)
    assert shown["officer"] == "fang-zheng"
    assert "lu-wenbo" in shown["excluded"]
    answer = lu.last()
    assert "陆文博已回避" in answer.text()
    assert "[" not in answer.msg["Subject"]
    assert "方正" not in answer.text() and "期限" not in answer.text()
    count = len(lu.mails())
    fang = Person(bed, FANG)
    fang.reply("签收", to=fang.last("线索交办"))
    desk.at("2026-10-12 15:00")
    assert state(desk, number) == "accepted"
    lu.reply("反馈 我来说两句", to=lu.mails()[0])
    desk.at("2026-10-12 16:00")
    assert state(desk, number) == "accepted"
    assert "失效" not in lu.last().text()
    # Every step of the ladder, and a return to the office.
    for when in ("2026-10-19 11:30", "2026-10-20 09:00", "2026-10-21 09:00"):
        desk.at(when)
    fang.reply("退回 不熟悉", to=fang.last("线索交办"))
    desk.at("2026-10-21 10:00")
    assert "没有与您有关" in lu.last().text()
    assert len(lu.mails()) == count + 1


def test_the_third_return_stays_with_the_office(bed, desk, lu, office):
    number = dispatched(bed, desk)
    lu.reply("退回 不是渣土")
    desk.at("2026-10-12 11:00")
    for i, address in enumerate((TANG, QIU)):
        person = Person(bed, address)
        office.reply(f"分派 {'唐嘉邱山'[2 * i:2 * i + 2]}",
                     to=office.last("待分派"))
        desk.at(f"2026-10-1{3 + i} 09:00")
        person.reply("退回 也不归我", to=person.last("线索交办"))
        desk.at(f"2026-10-1{3 + i} 10:00")
    assert "已退回三次" in office.last("待分派").text()
    office.reply("分派 陆文博", to=office.last("待分派"))
    desk.at("2026-10-15 09:00")
    lu.reply("退回 真的不归我", to=lu.last("线索交办"))
    desk.at("2026-10-15 10:00")
    assert state(desk, number) == "assigned"
    assert "不能再退回" in lu.last("办理回执").text()
