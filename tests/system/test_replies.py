# SPDX-License-Identifier: ISC
"""tests/data/replies: what officers and others write back, clumsy or hostile,
and what may come of it.  Every line is a clue of its own; all of them go
through one run of clued."""
import re

import pytest

import samples
from bed import Bed
from desk import Desk
from office import ROOT, TIPS, office_users
from officers import PROGRAMS, answer, by_program, letter

LU, TANG = "lu.wenbo@example.org", "tang.jia@example.org"
LEADER = "yan.ruoxi@example.org"
CODE = re.compile(r"\[([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})\]")


def read_cases():
    out = []
    for path in sorted((ROOT / "tests/data/replies").glob("*.case")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            if line and not line.startswith("#"):
                how, text, state, said = [
                    x.strip(" ") for x in line.split(" | ")]
                out.append((f"{path.name}:{number}", how,
                            text.replace("\\n", "\n"), state, said))
    return out


def subject_of(mail):
    return str(mail.msg["Subject"])


def write(how, text, mail, other):
    """The reply as (bytes, envelope sender); `other` is another notice."""
    old = subject_of(mail)
    code = CODE.search(old).group(1)
    bare = CODE.sub("", old).strip()
    last = code[-1]
    forged = code[:-1] + ("0" if last != "0" else "1")
    ours = {"In-Reply-To": other.msg["Message-ID"]}
    fwd = ("---------- 转发的邮件 ----------\n发件人: 方正 "
           "<fang.zheng@example.org>\n主题: 意见\n\n签收\n")
    auto = "Auto-Submitted: auto-replied\r\n"
    ways = {
        "直接回复": lambda: answer(LU, mail, text),
        "带附件": lambda: answer(LU, mail, text, files=[
            ("现场.jpg", b"\xff\xd8\xff\xe0 photo")]),
        "主题只有编码": lambda: answer(LU, mail, text, thread=False),
        "只有回复关系": lambda: answer(LU, mail, text, subject="答复"),
        "主题改短": lambda: answer(
            LU, mail, text, thread=False,
            subject=f"回复 {bare.split('】')[1].split()[0]} {code}"),
        "主题小写": lambda: answer(
            LU, mail, text, thread=False,
            subject=old.replace(code, code.lower())),
        "没有编码": lambda: answer(LU, mail, text, thread=False,
                               subject="Re: " + bare),
        "改动编码": lambda: answer(LU, mail, text, thread=False,
                               subject="Re: " + old.replace(code, forged)),
        "别人的编码": lambda: answer(TANG, mail, text),
        "另一线索的编码": lambda: letter(
            LU, "Re: " + bare, text,
            more="".join(f"{k}: {v[:-20]}x{v[-19:]}\r\n"
                         for k, v in ours.items())),
        "同事冒用": lambda: answer(TANG, mail, text, thread=False),
        "同事转发后回复": lambda: answer(TANG, mail, text,
                                  prefix="回复：转发："),
        "上级抄收": lambda: answer(LEADER, mail, text),
        "外人回复": lambda: answer("someone@example.net", mail, text),
        "外人只有编码": lambda: answer("someone@example.net", mail, text,
                                 thread=False),
        "自动回复": lambda: answer(LU, mail, text, more=auto),
        "自动转发": lambda: answer(
            LU, mail, text, more="Auto-Submitted: auto-generated\r\n"),
        "邮件列表": lambda: answer(
            LU, mail, text, more="Precedence: bulk\r\n"
            "List-Id: <all.example.org>\r\n"),
        "休假回复": lambda: answer(LU, mail, text, prefix="自动回复: ",
                               more=auto),
        "已读回执": lambda: answer(LU, mail, text, prefix="已读: ", more=(
            auto + "X-Auto-Response-Suppress: All\r\n")),
        "引用里的指令": lambda: answer(LU, mail, text),
        "转发给系统": lambda: answer(LU, mail, text + "\n\n" + fwd,
                                prefix="转发："),
        "名字像责任人": lambda: answer(
            LU, mail, text).replace(
                b"From: <lu.wenbo@example.org>",
                b'From: "lu.wenbo@example.org" <someone@example.net>'),
    }
    if how in PROGRAMS:
        return by_program(how, LU, mail, text)
    return ways[how]()


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


def test_every_reply_of_the_table(bed, build):
    cases = read_cases()
    assert len(cases) >= 60
    with Desk(bed, build) as desk:
        bed.fill(TIPS, [samples.tip() for _ in cases])
        desk.once(**desk.clock("2026-10-12 10:00"))
        bed.wait_delivered(60)
        numbers = [c["number"] for c in desk.list()]
        notices = {subject_of(m).split("】")[1].split()[0]: m
                   for m in bed.mailbox(LU)}
        mails = [notices[n] for n in numbers]
        bed.fill(TIPS, [
            write(how, text, mails[i], mails[i - 1])
            for i, (_, how, text, _, _) in enumerate(cases)])
        desk.once(**desk.clock("2026-10-12 11:00"))
        bed.wait_delivered(60)
        wrong = list(judge(bed, desk, cases, numbers))
    assert not wrong, "\n".join(wrong)


def judge(bed, desk, cases, numbers):
    states = {c["number"]: c for c in desk.list()}
    said = {}
    for user in (LU, TANG, LEADER):
        for mail in bed.mailbox(user):
            if "办理回执" in subject_of(mail):
                number = subject_of(mail).split("】")[1].split()[0]
                said.setdefault(number, []).append(mail.text())
    rows = desk.sql(
        "SELECT c.number, e.kind FROM event AS e JOIN clue AS c"
        " ON c.id = e.clue WHERE e.kind = 'reply-refused'")
    refused = [r["number"] for r in rows]
    for (where, how, text, state, want), number in zip(cases, numbers):
        title = TITLES[states[number]["state"]]
        heard = said.get(number, [])
        got = f"{where} {how} | {text!r}: {title} {heard}"
        if title != state:
            yield got
        elif want in ("不采纳", "不理会"):
            if heard or (number in refused) != (want == "不采纳"):
                yield f"{got} refused: {number in refused}"
        elif len(heard) != 1 or want not in heard[0]:
            yield got


TITLES = {"new": "待分派", "assigned": "已交办", "accepted": "已签收",
          "verifying": "核查中", "transferred": "已移送",
          "substantiated": "查实办结", "unsubstantiated": "查否办结",
          "not-applicable": "不属于涉黑涉恶", "duplicate": "重复",
          "returned": "退回", "suspended": "挂账", "reopened": "重新办理"}
