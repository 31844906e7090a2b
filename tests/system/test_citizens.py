# SPDX-License-Identifier: ISC
"""What citizens get by mail, and what becomes of what they write further."""
import contextlib
import re
import sqlite3
import subprocess

import pytest

import samples
from bed import Bed
from office import TIPS, Office, clock, office_users
from officers import Person

CITIZEN = "citizen@example.net"
ELSEWHERE = "elsewhere@example.net"
HAULAGE = "lu.wenbo@example.org"
OFFICE = "office@example.org"
DISCIPLINE = "discipline@example.org"
CODE = re.compile(r"[0-9HKMRWY]{4}(?:-[0-9HKMRWY]{4}){3}")
WRONG = "0000-HHHH-1111-KKKK"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=[*office_users(), CITIZEN, ELSEWHERE,
                    "noreply@example.net"]) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users(), CITIZEN, ELSEWHERE)
    with Office(bed, build, acknowledge=True) as it:
        yield it


def plain(mail):
    return mail.msg.get_body(("plain",)).get_content()


def acknowledged(bed, office, **tip):
    """A tip and its acknowledgement: (number, code, letter)."""
    bed.deliver(TIPS, samples.tip(**tip))
    office.once()
    letter = bed.wait_mail(CITIZEN)[-1]
    number = re.search(r"LY-20\d\d-\d{6}", plain(letter)).group()
    return number, CODE.search(plain(letter)).group(), letter


def poke(office, sql):
    """What a command would have written."""
    with contextlib.closing(sqlite3.connect(office.store)) as db, db:
        db.execute(sql)


def ask(bed, office, text, subject="查询", sender=ELSEWHERE, **more):
    """Mails it, runs clued, and gives what came back, newest last."""
    before = len(bed.mailbox(sender))
    bed.deliver(TIPS, samples.plain(text, subject=subject, sender=sender,
                                    **more))
    office.once()
    bed.wait_delivered()
    return bed.mailbox(sender)[before:]


def test_a_tip_is_acknowledged_once_and_says_nothing(bed, office):
    number, code, letter = acknowledged(
        bed, office, message_id="the-tip@mail.example.net")
    office.once()
    assert len(bed.mailbox(CITIZEN)) == 1
    assert letter.msg["In-Reply-To"] == "<the-tip@mail.example.net>"
    assert letter.msg["Auto-Submitted"] == "auto-replied"
    assert letter.msg["To"] == CITIZEN
    assert number in letter.msg["Subject"]
    text = plain(letter) + letter.msg.get_body(("html",)).get_content()
    for word in ("渣土", "强揽", "陆文博", "渣土运输", "lu.wenbo", "钱小川",
                 "citizen@", "the-tip"):
        assert word not in text, word
    # Only its slow hash is kept: not the code, nor the letter with it.
    hash_, = office.sql("SELECT hash FROM query_code")
    assert hash_["hash"].startswith("$argon2id$")
    kept = office.sql("SELECT hex(bytes) AS b FROM raw")
    assert all(code.encode().hex().upper() not in r["b"] for r in kept)
    for name in ("clued.db", "clued.db-wal"):
        path = office.dir / "state" / name
        assert not path.exists() or code.encode() not in path.read_bytes()
    assert code not in office.log
    kinds = [e["kind"] for e in office.show(number)["events"]]
    assert kinds.count("acknowledged") == 1


AUTOMATIC = [
    dict(more="Auto-Submitted: auto-generated\r\n"),
    dict(more="Precedence: bulk\r\n"),
    dict(more="List-Id: <news.example.net>\r\n"),
    dict(more="X-Auto-Response-Suppress: All\r\n"),
    dict(sender="noreply@example.net"),
    dict(sender=TIPS),
    dict(sender=OFFICE),
    dict(sender="MAILER-DAEMON@example.net"),
]


def test_automatic_and_own_mail_is_not_acknowledged(bed, office):
    bed.fill(TIPS, [samples.tip(**mail) for mail in AUTOMATIC])
    office.once()
    assert office.status()["messages"] == len(AUTOMATIC)
    assert office.list() != []  # some of them are tips all the same
    assert office.sql("SELECT * FROM letter WHERE to_person = ''") == []
    assert office.sql("SELECT * FROM answer") == []


def test_old_mail_is_not_acknowledged(bed, office):
    bed.append(TIPS, samples.tip(), date=1764000000)  # a year before
    office.once()
    assert len(office.list()) == 1
    assert office.sql("SELECT * FROM letter WHERE to_person = ''") == []


def test_acknowledgements_are_limited(bed, build):
    bed.clear(TIPS, CITIZEN)
    for _ in range(4):
        bed.append(TIPS, samples.tip())
    with Office(bed, build, acknowledge=True,
                citizens="acks_address_day = 2; acks_hour = 4;") as office:
        office.once()
        for i in range(3):
            bed.append(TIPS, samples.tip(sender=f"c{i}@example.com"))
        office.once(check=False)  # those addresses are nobody's
        kept = office.sql("SELECT rcpt_to FROM letter WHERE to_person = ''")
        assert [r["rcpt_to"] for r in kept].count(CITIZEN) == 2
        assert len(kept) == 4
        assert len(office.sql("SELECT * FROM answer")) == 1
        assert len(office.sql(
            "SELECT id FROM event WHERE kind = 'ack-withheld'")) == 2


def test_a_citizen_asks_from_any_address(bed, office):
    number, code, _ = acknowledged(bed, office)
    full = f"{number} {code}".translate(
        {c: c + 0xfee0 for c in range(0x21, 0x7f)}).lower()
    for text in (full, f"编号{number}，查询码{code.replace('-', '')}，谢谢"):
        answer, = ask(bed, office, text)
        assert "已收到" in plain(answer) and number in plain(answer)
    assert len(office.list()) == 1
    for state, word in (("suspended", "核查中"), ("transferred", "已移送"),
                        ("unsubstantiated", "已办结")):
        poke(office, f"UPDATE clue SET state = '{state}'")
        answer, = ask(bed, office, f"{number} {code}")
        assert word in plain(answer)
        assert "陆文博" not in plain(answer) and "渣土" not in plain(answer)


def test_a_reply_to_our_letter_may_ask_with_a_word(bed, office):
    _, _, letter = acknowledged(bed, office)
    own = letter.msg["Message-ID"]
    answer, = ask(bed, office, "查询进度", subject="Re: 来信收悉",
                  more=f"In-Reply-To: {own}\r\n")
    assert "已收到" in plain(answer)
    assert len(office.list()) == 1


def test_wrong_codes_and_unknown_numbers_are_answered_alike(bed, office):
    number, code, _ = acknowledged(bed, office)
    unknown = number[:-6] + "999999"
    texts = []
    for text in (f"{number} {WRONG}", f"{unknown} {code}", number):
        answer, = ask(bed, office, text)
        texts.append((answer.msg["Subject"], plain(answer)))
    assert len(set(texts)) == 1
    assert number not in texts[0][0] + texts[0][1]
    assert len(office.list()) == 1


def test_questions_are_limited_by_clue_and_by_address(bed, build):
    bed.clear(TIPS, CITIZEN, ELSEWHERE)
    with Office(bed, build, acknowledge=True,
                citizens="answers_address_day = 3; wrong_clue_day = 2;"
                ) as office:
        number, code, _ = acknowledged(bed, office)
        assert len(ask(bed, office, f"{number} {WRONG}")) == 1
        assert len(ask(bed, office, f"{number} {WRONG}")) == 1
        assert ask(bed, office, f"{number} {WRONG}") == []  # of the clue
        assert len(ask(bed, office, f"{number} {code}")) == 1
        assert ask(bed, office, f"{number} {code}") == []  # of the address
        refused = office.sql(
            "SELECT id FROM event WHERE kind = 'query-refused'")
        assert len(refused) == 2


def test_guesses_open_nothing(bed, build):
    """tests/unit/test_core_citizen.c has ten thousand of them."""
    bed.clear(TIPS, CITIZEN, ELSEWHERE)
    with Office(bed, build, acknowledge=True) as office:
        number, code, _ = acknowledged(bed, office)
        mails = []
        for i in range(40):
            guess = "-".join(f"{i * 7 + k:04d}" for k in range(4))
            if i % 2:
                mails.append(samples.plain(f"{number} {guess}",
                                           subject="查询", sender=ELSEWHERE))
            else:
                mails.append(samples.plain(
                    f"{number} {guess} 我补充一点：他们昨天夜里又来了，把工地的"
                    f"大门堵住不让车辆出入，第{i}次。", subject="补充",
                    sender=ELSEWHERE))
        for mail in mails:
            bed.append(TIPS, mail)
        office.once()
        assert len(office.sql("SELECT * FROM letter WHERE kind ="
                              " 'ack-state'")) == 0
        assert len(bed.mailbox(ELSEWHERE)) <= 20
        kinds = [e["kind"] for e in office.show(number)["events"]]
        assert "followup" not in kinds
        assert len(office.list()) == 21


def test_a_reply_joins_the_clue_and_the_officer_is_told(bed, office):
    number, _, letter = acknowledged(bed, office)
    bed.deliver(TIPS, samples.with_file(
        b"%PDF-1.4\n" + b"x" * 900, name="钱小川的证据.pdf",
        kind="application/pdf", subject="Re: 来信收悉",
        text="补充：我是钱小川，电话13812340000，昨晚渣土车又来堵门。",
        more=f"In-Reply-To: {letter.msg['Message-ID']}\r\n"))
    office.once()
    clue, = office.list()
    told = bed.wait_mail(HAULAGE, 2)[-1]
    assert "补充材料" in told.msg["Subject"]
    assert number in told.msg["Subject"]
    assert "昨晚渣土车又来堵门" in plain(told)
    assert "附件1：PDF" in plain(told)
    for secret in ("钱小川", "13812340000", "citizen@"):
        assert secret not in plain(told)
    whole = office.show(clue["number"])
    assert "followup" in [e["kind"] for e in whole["events"]]
    assert len(bed.mailbox(CITIZEN)) == 1  # not acknowledged again
    office.ctl("release", number)
    office.once()
    released = bed.wait_mail(HAULAGE, 3)[-1]
    part, = released.msg.iter_attachments()
    assert part.get_filename() == "attachment-1.pdf"


def test_number_and_code_join_from_another_address(bed, office):
    number, code, _ = acknowledged(
        bed, office, text="我叫钱小川。渣土车队强揽渣土外运，工地都被他们把持。",
        more="Sender: qxc-desk@mail.example.net\r\n")
    bed.deliver(TIPS, samples.plain(
        f"编号 {number.lower()} 查询码 {code.lower()}，补充：带头的外号叫"
        "黑皮，钱小川知道他住处，他还带人夜里强行倾倒渣土。问 qxc-desk 即可。",
        subject="补充", sender=ELSEWHERE))
    office.once()
    assert len(office.list()) == 1
    told = bed.wait_mail(HAULAGE, 2)[-1]
    assert "黑皮" in plain(told)
    # The name is known from the first letter; the code is the citizen's.
    assert "钱小川" not in plain(told)
    # So is the address that it was sent with.
    assert "qxc-desk" not in plain(told)
    assert "elsewhere" not in plain(told)
    assert code.lower() not in plain(told).lower()


def test_a_number_alone_never_joins(bed, office):
    number, _, _ = acknowledged(bed, office)
    bed.deliver(TIPS, samples.tip(
        text=f"关于{number}，渣土车队强揽渣土外运，老板叫孙大勇。",
        sender=ELSEWHERE, subject=f"Re: 来信收悉（{number}）"))
    office.once()
    first, second = office.list()
    events = office.show(second["number"])["events"]
    assert [e["detail"] for e in events if e["kind"] == "mentions"] == [
        number]
    assert "followup" not in [
        e["kind"] for e in office.show(first["number"])["events"]]


def test_a_follow_up_that_accuses_the_officer_goes_to_discipline(bed, office):
    number, _, letter = acknowledged(bed, office)
    bed.wait_mail(HAULAGE)
    bed.deliver(TIPS, samples.tip(
        subject="Re: 来信收悉", text="补充：渣土管理所的陆文博收了他们的钱。",
        more=f"In-Reply-To: {letter.msg['Message-ID']}\r\n"))
    office.once()
    clue, = office.list()
    assert clue["discipline"] and clue["officer"] == "discipline"
    told = bed.wait_mail(DISCIPLINE)[-1]
    assert "陆文博收了他们的钱" in plain(told)
    assert "强揽渣土外运" in plain(told)  # the tip's own words
    assert len(bed.mailbox(HAULAGE)) == 1
    assert "lu-wenbo" in office.show(number)["excluded"]


def test_an_ended_clues_follow_up_goes_to_the_office(bed, office):
    _, _, letter = acknowledged(bed, office)
    bed.wait_mail(HAULAGE)
    poke(office, "UPDATE clue SET state = 'unsubstantiated'")
    bed.deliver(TIPS, samples.tip(
        subject="Re: 来信收悉", text="他们昨晚又来强揽渣土，我有录像。",
        more=f"In-Reply-To: {letter.msg['Message-ID']}\r\n"))
    office.once()
    told, = bed.wait_mail(OFFICE)
    assert "查否办结" in plain(told) and "我有录像" in plain(told)
    assert len(bed.mailbox(HAULAGE)) == 1


def test_a_bouncing_citizen_is_no_alarm(bed, office):
    bed.deliver(TIPS, samples.tip(sender="nobody@example.net"))
    office.once(check=False)
    clue, = office.list()
    assert bed.mailbox(OFFICE) == []
    assert "citizen-missed" in [
        e["kind"] for e in office.show(clue["number"])["events"]]


def test_an_officer_asks_and_neither_learns_who_the_other_is(bed, office):
    acknowledged(bed, office)
    lu = Person(bed, HAULAGE)
    bed.wait_mail(HAULAGE)
    lu.reply("问举报人 您好，我是陆文博，您看到的车牌是多少？"
             "请打 lu.wenbo@example.org 告诉我。")
    office.once()
    question = bed.wait_mail(CITIZEN, 2)[-1]
    assert "您看到的车牌是多少" in plain(question)
    assert question.msg["From"].addresses[0].addr_spec == TIPS
    for secret in ("陆文博", "lu.wenbo", "渣土运输"):
        assert secret.encode() not in question.raw
        assert secret not in plain(question)
    bed.deliver(TIPS, samples.tip(
        subject="Re: 请补充情况", text="车牌是苏GA1234。我叫钱小川，别说是我。",
        more=f"In-Reply-To: {question.msg['Message-ID']}\r\n"))
    office.once()
    told = lu.last("补充材料")
    assert "苏GA1234" in plain(told) and "您看到的车牌是多少" in plain(told)
    assert "钱小川" not in plain(told) and "citizen" not in plain(told)


def test_nobody_is_asked_who_left_no_address(bed, office):
    out = subprocess.run(
        [office.build / "cluectl", "-c", office.conf, "add", "--channel",
         "hotline"], env=office.env, input="渣土车强揽工程，堵门。".encode(),
        capture_output=True, timeout=900, check=True).stdout.decode()
    number = re.search(r"LY-20\d\d-\d{6}", out).group()
    assert "没有留下" in office.ctl("ask", number, "几点？", status=None)


def test_the_citizen_hears_of_the_end_when_it_lasts(bed, build):
    bed.clear(*office_users(), CITIZEN)
    with Office(bed, build, acknowledge=True,
                citizens="closing_notice = true;") as office:
        number, _, _ = acknowledged(bed, office)
        office.ctl("transfer", number, "公安机关", "海公〔2026〕12号")
        office.once()
        assert len(bed.wait_mail(CITIZEN)) == 1
        with clock(office, 3 * 86400) as env:
            office.once(check=False, **env)
            office.once(check=False, **env)
        closed = bed.wait_mail(CITIZEN, 2)[-1]
        assert "已移送" in plain(closed) and number in plain(closed)
        assert "公安" not in plain(closed)
