# SPDX-License-Identifier: ISC
"""The main job against real servers: mailbox → clue → officer's mailbox."""
import contextlib
import pathlib
import re
import signal
import sqlite3
import time

import pytest

import samples
from bed import JUNK, Bed
from office import FOLDERS, TIPS, Office, clock, office_users

SECOND = "hotline@example.com"
HAULAGE = "lu.wenbo@example.org"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=[*office_users(), SECOND]) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users())
    with Office(bed, build) as it:
        yield it


def told(bed, user=HAULAGE):
    return bed.mailbox(user)


def test_a_tip_becomes_a_clue_and_a_notice(bed, office):
    bed.deliver(TIPS, samples.tip())
    office.once()
    clue, = office.list()
    assert clue["domain"] == "muck-transport"
    assert clue["officer"] == "lu-wenbo"
    assert re.fullmatch(r"LY-20\d\d-000001", clue["number"])
    assert all(d["due"] for d in clue["deadlines"].values())
    mail, = bed.wait_mail(HAULAGE)
    assert clue["number"] in mail.msg["Subject"]
    assert mail.msg["Auto-Submitted"] == "auto-generated"
    text = mail.msg.get_body(("plain",)).get_content()
    assert "强揽渣土外运" in text
    for secret in ("钱小川", "citizen@example.net", "mail.example.net"):
        assert secret not in text
    whole = office.show(clue["number"])
    assert whole["letters"][0]["state"] == "sent"
    assert [e["kind"] for e in whole["events"]][:2] == ["received", "routed"]


def test_nothing_is_taken_twice(bed, office):
    for _ in range(3):
        bed.deliver(TIPS, samples.tip())
    office.once()
    office.once()
    numbers = [c["number"][-6:] for c in office.list()]
    assert numbers == ["000001", "000002", "000003"]
    assert len(bed.wait_mail(HAULAGE, 3)) == 3


def test_the_servers_copy_is_left_as_it_was(bed, office):
    bed.deliver(TIPS, samples.tip())
    before = [(m.uid, sorted(m.flags)) for m in bed.mailbox(TIPS)]
    office.once()
    assert [(m.uid, sorted(m.flags)) for m in bed.mailbox(TIPS)] == before


def test_mail_in_the_junk_folder_is_taken(bed, office):
    bed.deliver(TIPS, samples.tip())
    mail, = bed.mailbox(TIPS)
    bed.move(TIPS, mail.uid, JUNK)
    office.once()
    assert len(office.list()) == 1


def test_mail_read_and_moved_in_webmail_is_one_clue(bed, office):
    bed.deliver(TIPS, samples.tip())
    bed.deliver(TIPS, samples.tip())
    first, second = bed.mailbox(TIPS)
    bed.flag(TIPS, first.uid, ["\\Seen"])
    office.once()
    bed.move(TIPS, second.uid, JUNK)  # after it was taken
    bed.flag(TIPS, first.uid, ["\\Flagged"])
    office.once()
    assert len(office.list()) == 2
    assert office.status()["messages"] == 2


def test_uidvalidity_changes_and_nothing_doubles(bed, office):
    mails = [samples.tip() for _ in range(5)]
    for mail in mails:
        bed.deliver(TIPS, mail)
    office.once()
    before = bed.uidvalidity(TIPS)
    messages = [m.raw for m in bed.mailbox(TIPS)]
    bed.wipe(TIPS)
    for raw in messages:
        bed.append(TIPS, raw)
    bed.append(TIPS, samples.tip())
    assert bed.uidvalidity(TIPS) != before
    office.once()
    assert len(office.list()) == 6


def test_same_message_id_other_words_is_another_tip(bed, office):
    """A forged Message-ID must not swallow somebody's tip."""
    bed.deliver(TIPS, samples.tip(message_id="same@mail.example.net"))
    bed.deliver(TIPS, samples.tip(
        message_id="same@mail.example.net", text="渣土车强揽工程，又打人。"))
    office.once()
    assert len(office.list()) == 2


def test_keyword_is_set_after_the_commit(bed, build):
    bed.clear(TIPS)
    with Office(bed, build,
                mailbox_extra='mark = "keyword"; mark_with = "clued";') as o:
        bed.deliver(TIPS, samples.tip())
        o.once()
        mail, = bed.mailbox(TIPS)
        assert "clued" in mail.flags


def test_moved_to_a_folder_after_the_commit(bed, build):
    bed.clear(TIPS)
    bed.create(TIPS, "已处理")
    with Office(bed, build,
                mailbox_extra='mark = "move"; mark_with = "已处理";') as o:
        bed.deliver(TIPS, samples.tip())
        o.once()
        assert bed.mailbox(TIPS) == []
        assert len(bed.mailbox(TIPS, "已处理")) == 1
        assert len(o.list()) == 1


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_is_verified(bed, build, tls):
    bed.clear(TIPS)
    bed.deliver(TIPS, samples.tip())
    with Office(bed, build, imap_tls=tls, smtp_tls=tls) as office:
        office.once()
        assert office.list()[0]["number"]
        office.ctl("doctor", status=None)


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("cert", ["wrong", "expired", "unknown"])
def test_bad_certificates_are_refused(bed, build, cert, tls):
    bed.clear(TIPS)
    bed.deliver(TIPS, samples.tip())
    with Office(bed, build, cert=cert, imap_tls=tls) as office:
        assert office.once(check=False) == 1
        assert "certificate" in office.log
        assert office.list() == []
        out = office.ctl("doctor", status=1)
        assert "BAD   log-in to mailbox tips" in out
        assert "BAD   SMTP log-in" in out


def test_a_wrong_password_is_told_and_not_hammered(bed, build):
    with Office(bed, build, password="not-the-code") as office:
        before = bed.log("dovecot").count("auth failed")
        assert office.once(check=False) == 1
        assert bed.log("dovecot").count("auth failed") == before + 1
        assert re.search(r"kind=configuration.*授权码|authori[sz]ation code",
                         office.log)
        assert "not-the-code" not in office.log


def test_the_imap_server_goes_away_and_comes_back(bed, build):
    bed.clear(TIPS, HAULAGE)
    with Office(bed, build, poll="1s", mailbox_extra="idle = false;") as o:
        o.start()
        bed.deliver(TIPS, samples.tip())
        o.wait(lambda: len(o.list()) == 1, "first clue")
        bed.kill_dovecot()
        o.wait_log("event=mailbox-trouble")
        bed.start_dovecot()
        bed.deliver(TIPS, samples.tip())
        o.wait(lambda: len(o.list()) == 2, "second clue")
        o.wait(lambda: o.status()["letters"]["sent"] == 2, "second letter")
        assert o.stop() == 0
    bed.flush()  # what the SMTP server could not deliver meanwhile
    assert len(bed.wait_mail(HAULAGE, 2)) == 2


def test_idle_brings_a_tip_at_once(bed, build):
    bed.clear(TIPS)
    with Office(bed, build, poll="1h",
                extra='watch = { silence = "2h"; };') as office:
        office.start()
        office.wait(lambda: office.status()["mailboxes"][0]["polled"],
                    "first round")
        bed.deliver(TIPS, samples.tip())
        office.wait(lambda: len(office.list()) == 1, "clue by IDLE")


def test_reload_swaps_or_keeps(bed, build):
    bed.clear(TIPS)
    with Office(bed, build) as office:
        daemon = office.start()
        good = office.conf.read_text(encoding="utf-8")
        office.conf.write_text(good + "\nunknown_key = 1;\n",
                               encoding="utf-8")
        daemon.send_signal(1)
        office.wait_log("event=reload-refused")
        assert "unknown_key" in office.read_log()
        office.conf.write_text(good, encoding="utf-8")
        daemon.send_signal(1)
        office.wait_log("event=reloaded")
        bed.deliver(TIPS, samples.tip())
        daemon.send_signal(10)
        office.wait(lambda: len(office.list()) == 1, "clue after reload")


def test_older_mail_than_since_is_only_journaled(bed, build):
    bed.clear(TIPS)
    bed.append(TIPS, samples.tip(), date=1583024400)
    bed.append(TIPS, samples.tip())
    with Office(bed, build, mailbox_extra='since = "2026-01-01";') as office:
        office.once()
        office.once()
        assert len(office.list()) == 1
        assert office.status()["messages"] == 1


def test_the_accused_is_never_told(bed, office):
    bed.deliver(TIPS, samples.tip(
        text="渣土管理所的陆文博和车队是一伙的，强揽渣土外运，渣土车都听他的。"))
    office.once()
    clue, = office.list()
    assert clue["discipline"] and clue["officer"] == "discipline"
    assert len(bed.wait_mail("discipline@example.org")) == 1
    for user in office_users():
        if user not in (TIPS, "discipline@example.org"):
            assert bed.mailbox(user) == []
    assert "lu-wenbo" in office.show(clue["number"])["excluded"]


def test_headers_cannot_be_injected(bed, office):
    bed.deliver(TIPS, samples.tip(
        subject="渣土车强揽\r\nBcc: evil@example.net\r\n\r\nhello",
        name="A\r\nX-Evil: 1"))
    office.once()
    mail, = bed.wait_mail(HAULAGE)
    assert mail.msg["Bcc"] is None and mail.msg["X-Evil"] is None


def test_folder_that_is_missing_does_not_stop_the_others(bed, build):
    bed.clear(TIPS)
    bed.deliver(TIPS, samples.tip())
    with Office(bed, build,
                folders=(*FOLDERS, ("没有的文件夹", False))) as office:
        assert office.once(check=False) == 1
        assert len(office.list()) == 1
        assert "没有的文件夹" in office.log


def test_mailboxes_are_polled_side_by_side(bed, build):
    """A tip sent to both is one clue."""
    bed.clear(TIPS, SECOND, HAULAGE)
    both = samples.tip()
    for user in (TIPS, SECOND):
        bed.append(user, both)
        bed.append(user, samples.tip())
        bed.append(user, samples.tip(), "垃圾邮件")
    with Office(bed, build, mailboxes={"second": SECOND}) as office:
        office.once()
        assert len(office.list()) == 5
        rows = office.sql(
            "SELECT f.mailbox, f.name, count(*) AS n, sum(j.outcome = 1)"
            " AS again FROM journal j JOIN folder f ON j.folder = f.id"
            " GROUP BY f.mailbox, f.name ORDER BY 1, 2")
        assert [(r["mailbox"], r["n"]) for r in rows] == [
            ("second", 2), ("second", 1), ("tips", 2), ("tips", 1)]
        assert sum(r["again"] for r in rows) == 1
        assert {m["id"] for m in office.status()["mailboxes"]} == {
            "tips", "second"}


@pytest.mark.parametrize("word, why", (
    ("crash", "parser"), ("slander", "parser's answer was malformed")))
def test_quarantine_loses_nothing(bed, office, word, why):
    """A message that kills its parser, or makes it tell what cannot be told,
    is kept whole; the others pass."""
    bad = samples.tip(more=f"X-Clued-Test: {word}\r\n")
    bed.deliver(TIPS, samples.tip())
    bed.deliver(TIPS, bad)
    bed.deliver(TIPS, samples.tip())
    office.once()
    assert len(office.list()) == 2
    assert office.status()["kinds"]["quarantine"] == 1
    kept, = office.sql("SELECT why FROM message WHERE kind = 'quarantine'")
    assert why in kept["why"]
    alarm, = bed.wait_mail("office@example.org")
    assert "报警" in alarm.msg["Subject"] or "告警" in alarm.msg["Subject"]


def test_what_cannot_be_stored_costs_only_itself(bed, office):
    """One message of a group fails among its last rows: it is quarantined
    whole, the others keep their place and no number is lost."""
    office.once()
    with contextlib.closing(sqlite3.connect(office.store)) as db:
        db.execute(
            "CREATE TRIGGER refused BEFORE INSERT ON deadline"
            " WHEN (SELECT subject FROM clue WHERE id = NEW.clue) LIKE '坏%'"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END")
        db.commit()
    for i in range(5):
        bed.deliver(TIPS, samples.tip(subject=f"{'坏好'[i != 2]}消息{i}"))
    office.once(check=False)
    assert sorted(c["subject"] for c in office.list()) == [
        "好消息0", "好消息1", "好消息3", "好消息4"]
    assert [c["number"][-1] for c in office.list()] == list("1234")
    status = office.status()
    assert status["messages"] == 5 and status["kinds"]["quarantine"] == 1
    assert office.sql("SELECT count(*) AS n FROM journal")[0]["n"] == 5
    office.ctl("audit", "verify")


def test_deadline_letters_go_out_once(bed, office):
    """Months later every deadline is long past: the highest step of each,
    once, to those whom it is for."""
    bed.deliver(TIPS, samples.tip())
    now = int(time.time())
    # Mondays at 10:00 at the office: 2026-11-23, and 2027-03-01 twice.
    for when in (1795399200, 1803866400, 1803866400):
        with clock(office, when - now) as env:
            office.once(**env)
    clue, = office.list()
    assert len(bed.wait_mail("yan.ruoxi@example.org", 3)) == 3
    assert len(bed.wait_mail("office@example.org", 3)) == 3
    assert len(bed.wait_mail(HAULAGE, 1)) == 1
    kinds = [x["kind"] for x in office.show(clue["number"])["letters"]]
    assert sorted(kinds) == ["criticism"] * 6 + ["notice"]


def test_held_attachments_go_when_the_office_releases_them(bed, office):
    pdf = b"%PDF-1.4\n" + bytes(range(256)) * 40
    bed.deliver(TIPS, samples.with_file(
        pdf, name="wang-xiaohong-complaint.pdf", kind="application/pdf"))
    office.once()
    clue, = office.list()
    notice, = bed.wait_mail(HAULAGE)
    assert not list(notice.msg.iter_attachments())
    text = notice.msg.get_body(("plain",)).get_content()
    assert "附件1：PDF" in text and "xiaohong" not in text
    office.ctl("release", clue["number"])
    office.once()
    released = bed.wait_mail(HAULAGE, 2)[1]
    part, = released.msg.iter_attachments()
    assert part.get_payload(decode=True) == pdf
    assert part.get_filename() == "attachment-1.pdf"
    assert b"xiaohong" not in released.raw
    assert "released" in [e["kind"] for e in
                          office.show(clue["number"])["events"]]
    assert office.show(clue["number"])["attachments"][0]["released"]


def roles_of(office):
    """Which of the daemon's processes are there."""
    pid = office.daemon.pid
    kids = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    lines = [pathlib.Path(f"/proc/{k}/cmdline") for k in kids.split()]
    return {m.group(1) for m in (re.search(rb"--role=(\w+)", x.read_bytes())
                                 for x in lines if x.exists()) if m}


def test_the_sender_rests_when_there_is_nothing_to_send(bed, office):
    """It ends a minute after the last letter, and the next one starts it."""
    with clock(office, 0) as env:
        bed.deliver(TIPS, samples.tip())
        office.start(**env)
        office.wait_log("state=sent", 1)
        assert b"send" in roles_of(office)
        (office.dir / "clock").write_text("120")
        office.ctl("note", office.list()[0]["number"], "看一眼", **env)
        office.wait(lambda: b"send" not in roles_of(office), "rest")
        bed.deliver(TIPS, samples.tip(subject="又一件"))
        office.daemon.send_signal(signal.SIGUSR1)
        office.wait_log("state=sent", 2)
    assert office.stop() == 0
    assert " error " not in office.read_log()
