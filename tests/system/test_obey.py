# SPDX-License-Identifier: ISC
"""Officers and the office do all of their work by mail: the ways of a clue,
each step written into a mailbox and answered there."""
import datetime

import pytest

import samples
from bed import Bed
from desk import CHINA, Desk
from office import ROOT, TIPS, office_users
from officers import Person, answer

LU, FANG = "lu.wenbo@example.org", "fang.zheng@example.org"
TANG, QIU = "tang.jia@example.org", "qiu.shan@example.org"
OFFICE = "office@example.org"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture(name="desk")
def _desk(bed, build):
    bed.clear(*office_users())
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

    evidence, = desk.show(number)["material"]
    assert (evidence["kind"], evidence["name"]) == ("reply", "现场.jpg")
    assert "责任人  现场.jpg" in desk.ctl("show", number)

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


def test_the_deputy_stands_in_for_who_is_away(bed, desk, lu):
    """What goes to the deputy may be answered by the deputy, and by nobody
    else who was only told."""
    number = dispatched(bed, desk)
    roster = desk.dir / "roster.conf"
    text = (ROOT / "etc/roster.conf").read_text(encoding="utf-8")
    roster.write_text(text.replace(
        'absent_from = "";', 'absent_from = "2026-10-13";', 1),
        encoding="utf-8")
    fang, leader = Person(bed, FANG), Person(bed, "yan.ruoxi@example.org")
    desk.write_conf(roster=roster)
    assert ("reminder", "accept", "fang-zheng") in desk.at("2026-10-13 11:30")
    fang.reply("签收", to=fang.last("预警"))
    desk.at("2026-10-13 14:30")
    assert state(desk, number) == "accepted"
    assert desk.show(number)["officer"] == "lu-wenbo"
    # The leader had a copy of the urging notice: to read, not to command.
    desk.at("2026-10-20 08:30")
    desk.at("2026-10-21 08:30")
    leader.reply("查否 算了", to=leader.last("催办"))
    desk.at("2026-10-21 09:30")
    assert state(desk, number) == "accepted"
    assert kinds(desk, number)[-1] == "reply-refused"
    # Back again, the officer goes on with what he was told at first.
    desk.write_conf(roster=ROOT / "etc/roster.conf")
    fang.reply("查否 也算了", to=fang.last("办理回执"))
    lu.reply("反馈 已回单位，正在核查", to=lu.mails()[0])
    desk.at("2026-10-21 10:00")
    assert state(desk, number) == "verifying"
    assert kinds(desk, number)[-3:] == ["reply-refused", "reply", "feedback"]


def test_a_notice_that_comes_back_goes_to_the_deputy(bed, desk):
    number = None
    gone = "bounces-lu@example.org"
    bed.add_user(gone)
    roster = desk.dir / "roster.conf"
    text = (ROOT / "etc/roster.conf").read_text(encoding="utf-8")
    roster.write_text(text.replace(LU, gone), encoding="utf-8")
    desk.write_conf(roster=roster)
    number = dispatched(bed, desk)
    bed.wait_mail(TIPS, 2)  # the tip and the bounce
    desk.at("2026-10-12 10:30")
    assert "undelivered" in kinds(desk, number)
    fang = Person(bed, FANG)
    notice = fang.last("线索交办")
    assert "责任人的邮箱无法收信" in notice.text()
    assert "发送失败" in str(Person(bed, OFFICE).last().msg["Subject"])
    fang.reply("反馈 已到现场", to=notice)
    desk.at("2026-10-12 11:00")
    assert state(desk, number) == "verifying"


def test_several_rulings_in_one_mail(bed, desk, office, lu):
    """Each has its line in the transcript; one that fails stops no other."""
    a = dispatched(bed, desk)
    b = dispatched(bed, desk)
    vague = dispatched(bed, desk, subject="你好", text="有点事想说")
    lu.reply("挂账 当事人在逃", to=lu.last(a))
    desk.at("2026-10-12 11:00")
    office.reply(f"您好：\n同意挂账 {a}\n重复 {b} {a}\n"
                 f"改域 户外广告\n分派 石清\n查询 {a}\n"
                 f"备注 {a} 已电话告知\n分派 LY-2026-009999 唐嘉\n"
                 "同意延期", to=office.last(vague))
    desk.at("2026-10-12 14:30")
    text = office.last("办理回执").text()
    assert state(desk, a) == "suspended"
    assert state(desk, b) == "duplicate"
    shown = desk.show(vague)
    assert (shown["officer"], shown["state"]) == ("shi-qing", "assigned")
    assert shown["domain"] == "outdoor-advertising"
    told = desk.sql("SELECT to_person FROM letter WHERE kind = 'notice'"
                    " AND clue = 3")
    assert [t["to_person"] for t in told] == ["shi-qing"]
    for line in (f"{a}　同意挂账：已同意挂账，期限暂停计算。",
                 f"{b}　重复：已登记为重复，并入{a}。",
                 f"{vague}　分派：已交石清承办。",
                 f"{a}　查询：目前状态：挂账", f"{a}　备注：已记入台账。",
                 "LY-2026-009999　分派：没有这个编号的线索",
                 f"{vague}　同意延期：没有等待批复的延期申请"):
        assert line in text, line
    assert desk.sql("SELECT domain_is FROM correction") == [
        {"domain_is": "outdoor-advertising"}]


def test_what_was_sent_before_is_not_obeyed_again(bed, desk, lu):
    """The same words under another Message-ID, as who reads along sends
    them."""
    number = dispatched(bed, desk)
    raw = lu.reply("反馈 已到现场")
    desk.at("2026-10-12 11:00")
    bed.deliver(TIPS, raw.replace(b"Message-ID: <reply-",
                                  b"Message-ID: <again-"))
    bed.deliver(TIPS, raw)
    desk.at("2026-10-12 14:30")
    assert kinds(desk, number)[-1] == "reply-refused"
    assert kinds(desk, number).count("feedback") == 1
    assert "没有再次执行" in lu.last("未执行").text()
    # Told once, however often it comes.
    for name in (b"x", b"y", b"z"):
        bed.deliver(TIPS, raw.replace(b"<reply-", b"<" + name))
    desk.at("2026-10-12 15:00")
    assert len([m for m in lu.mails() if "未执行" in m.msg["Subject"]]) == 1
    assert kinds(desk, number).count("reply-refused") == 4


def test_the_provider_must_vouch_where_it_is_asked(bed, desk, lu):
    desk.write_conf(mailbox_extra='authserv_id = "mx.example.com";')
    number = dispatched(bed, desk)
    ours = "Authentication-Results: mx.example.com; "
    good = "dmarc=pass header.from=example.org\r\n"
    for head in ("", ours + "dmarc=fail header.from=example.org\r\n",
                 "Authentication-Results: mx.evil.example; " + good,
                 ours + "spf=pass smtp.mailfrom=x@evil.example\r\n"):
        raw = answer(LU, lu.mails()[0], "签收")
        bed.append(TIPS, head.encode() + raw)
    desk.at("2026-10-12 11:00")
    assert state(desk, number) == "assigned"
    assert kinds(desk, number).count("reply-refused") == 4
    assert "发件人验证" in lu.last("未执行").text()
    bed.append(TIPS, (ours + good).encode() + answer(
        LU, lu.mails()[0], "签收"))
    desk.at("2026-10-12 11:30")
    assert state(desk, number) == "accepted"


def test_a_stranger_who_answers_a_notice_is_told_of(bed, desk, lu, office):
    """The notice was passed on: its code is right, its sender is not."""
    number = dispatched(bed, desk)
    for i in range(3):
        bed.deliver(TIPS, answer("friend@example.net", lu.last(),
                                 f"查实 全部属实{i}"))
    desk.at("2026-10-12 11:00")
    assert state(desk, number) == "assigned"
    assert kinds(desk, number)[-3:] == ["reply-refused"] * 3
    told = [m for m in office.mails() if "系统报警" in m.msg["Subject"]]
    assert len(told) == 1 and "发给陆文博的邮件" in told[0].text()
    assert number in told[0].text()
    assert "friend@example.net" not in told[0].text()


def test_what_discipline_writes_is_not_the_offices_to_read(bed, desk, office):
    discipline = Person(bed, "discipline@example.org")
    number = dispatched(bed, desk, text="渣土管理所所长陆文博收渣土老板的钱，"
                        "充当保护伞，检查之前通风报信。")
    discipline.reply("延期 3天 需调取账户流水")
    desk.at("2026-10-12 11:00")
    discipline.reply("查实 陆文博收受红包属实")
    desk.at("2026-10-12 14:30")
    assert state(desk, number) == "substantiated"
    asked, concluded = [m for m in office.mails() if number in m.text()][-2:]
    assert "申请延期3个工作日" in asked.text()
    assert "查实办结" in concluded.text()
    for mail in office.mails():
        for word in ("账户流水", "收受红包", "通风报信"):
            assert word not in mail.text()


def test_what_arrived_in_time_is_in_time(bed, desk, lu):
    """The program was down over the end; the officer's mail was not late."""
    number = dispatched(bed, desk)
    at = datetime.datetime(2026, 10, 13, 17, 20, tzinfo=CHINA)
    bed.append(TIPS, answer(LU, lu.last(), "签收"), date=at.timestamp())
    desk.at("2026-10-15 09:00")
    met = due(desk, number, "accept")
    assert met["met"] == "2026-10-13T09:20:00Z" < met["due"]
    # What claims to be months old is not believed.
    at = datetime.datetime(2026, 8, 1, 12, 0, tzinfo=CHINA)
    bed.append(TIPS, answer(LU, lu.last(), "反馈 到现场"), date=at.timestamp())
    desk.at("2026-10-16 09:00")
    assert due(desk, number, "feedback")["met"] > "2026-10-16"
