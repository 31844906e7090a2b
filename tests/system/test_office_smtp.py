# SPDX-License-Identifier: ISC
"""What happens to letters when the SMTP server misbehaves."""
import os
import pathlib
import re
import signal
import sqlite3

import pytest

import samples
from bed import Bed
from office import TIPS, Office, clock, office_users


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture
def world(bed, build, fake_smtp):
    """An office whose letters go to a scripted server."""
    bed.clear(TIPS)
    smtp = fake_smtp(tls=bed.dir / "ca" / "good.pem")
    with Office(bed, build, smtp_to=smtp.at) as office:
        yield bed, office, smtp


def letters(office):
    clue = office.list()[0]["number"]
    return {x["kind"]: x for x in office.show(clue)["letters"]}


def tip_and_run(bed, office):
    bed.deliver(TIPS, samples.tip())
    return office.once(check=False)


def again(office, times=1):
    """Runs when the next try is due (retry_first is one second)."""
    for n in range(1, times + 1):
        with clock(office, 10 * n) as env:
            office.once(check=False, **env)


@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
def test_4xx_is_tried_again(world, step):
    bed, office, smtp = world
    smtp.on(step, b"450 4.7.1 MI:CEL try later", times=1)
    assert tip_and_run(bed, office) == 1
    assert letters(office)["notice"]["state"] == "ready"
    again(office)
    notice = letters(office)["notice"]
    if notice["state"] != "sent":  # a throttle pauses for two minutes
        pytest.fail(f"not sent: {notice}")
    assert len([x for x in smtp.letters if x.accepted]) == 1


@pytest.mark.parametrize("step", ["rcpt", "data", "dot"])
def test_5xx_is_final_and_the_office_hears_of_it(world, step):
    bed, office, smtp = world
    smtp.on(step, b"550 5.1.1 no such user", times=1)
    assert tip_and_run(bed, office) == 1
    office.once(check=False)
    clue, = office.list()
    first, *rest = office.show(clue["number"])["letters"]
    assert (first["kind"], first["state"]) == ("notice", "failed")
    assert first["code"] == 550
    # The office hears of it, and the deputy gets the notice.
    assert sorted((x["kind"], x["state"]) for x in rest) == [
        ("letter-failed", "sent"), ("notice", "sent")]
    accepted = [x for x in smtp.letters if x.accepted]
    assert sorted(x.rcpts[0] for x in accepted) == [
        "fang.zheng@example.org", "office@example.org"]


def test_the_office_hears_of_a_unit_that_cannot_be_reached(world):
    bed, office, smtp = world
    smtp.on("rcpt", b"550 5.1.1 no such user", times=1)
    bed.deliver(TIPS, samples.tip(subject="渣土所月报",
                                  sender="haulage-report@example.org"))
    office.once(check=False)
    office.once(check=False)
    rows = office.sql("SELECT kind, to_person FROM letter ORDER BY id")
    assert rows == [{"kind": "unit-received", "to_person": "unit:haulage"},
                    {"kind": "alarm", "to_person": "office"}]


def test_cut_after_data_is_repeated_once_under_one_message_id(world):
    bed, office, smtp = world
    smtp.on("dot", cut=True, times=1)
    tip_and_run(bed, office)
    again(office)
    assert letters(office)["notice"]["state"] == "sent"
    ids = {x.data.split(b"Message-ID: ")[1].split(b"\r\n")[0]
           for x in smtp.letters if x.data}
    assert len(ids) == 1
    assert len([x for x in smtp.letters if x.data]) == 2


def test_cut_twice_is_unknown_and_a_person_is_asked(world):
    bed, office, smtp = world
    smtp.on("dot", cut=True, match=None, times=2)
    tip_and_run(bed, office)
    again(office, 2)
    assert letters(office)["notice"]["state"] == "unknown"
    assert "letter-failed" in letters(office)


def test_wrong_smtp_password_pauses_and_loses_nothing(world):
    bed, office, smtp = world
    smtp.on("auth", b"535 Error: authentication failed", times=1)
    assert tip_and_run(bed, office) == 1
    assert letters(office)["notice"]["state"] == "ready"
    assert "posting-paused" in office.log
    assert smtp.letters == []


def test_sender_is_the_account_itself(world):
    bed, office, smtp = world
    tip_and_run(bed, office)
    assert smtp.letters[0].mail_from == TIPS
    assert smtp.sessions[0].tls and smtp.sessions[0].auth


def senders(pid):
    """Process ids of the daemon's send processes."""
    kids = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(kid) for kid in kids.split() if b"--role=send" in
            pathlib.Path(f"/proc/{kid}/cmdline").read_bytes()]


def test_a_sender_that_is_killed_puts_no_letter_off(world):
    """It is no letter's fault: the others wait for seconds, not for the
    minutes and hours of a letter that a server does not take."""
    bed, office, smtp = world
    backlog(bed, office, smtp)
    for pid in senders(office.daemon.pid):
        os.kill(pid, signal.SIGKILL)
    smtp.clear()
    office.wait(lambda: office.status()["letters"]["sent"] == 20, "letters")
    late = re.findall("event=letter-put-off", office.read_log())
    assert len(late) <= 2, office.read_log()
    copies = [x for x in smtp.letters if x.accepted]
    assert 20 <= len(copies) <= 21


def backlog(bed, office, smtp, count=20):
    """Tips whose letters leave slowly; returns when some have, and the others
    will not have until the rule is cleared, however slow the test is."""
    smtp.on("dot", stall_s=1)
    for n in (1, 2):
        smtp.on("dot", nth=n)
    office.write_conf(poll="1s")
    for _ in range(count):
        bed.append(TIPS, samples.tip())
    office.start()
    office.wait(lambda: len(smtp.letters) > 2, "letters")


def copies(smtp):
    """Message-ID -> how often the server took it."""
    found = {}
    for letter in smtp.letters:
        if letter.accepted:
            key = letter.data.split(b"Message-ID: ")[1].split(b"\r\n")[0]
            found[key] = found.get(key, 0) + 1
    return found


def test_a_stop_in_a_backlog_repeats_nothing(world):
    bed, office, smtp = world
    backlog(bed, office, smtp)
    office.stop()
    left = office.status()["letters"]
    assert left["sending"] == 0 and left["ready"] > 0, left
    assert len(copies(smtp)) == left["sent"]
    smtp.clear()
    office.start()
    office.wait(lambda: office.status()["letters"]["sent"] == 20, "letters")
    assert sorted(copies(smtp).values()) == [1] * 20


def test_a_death_in_a_backlog_repeats_each_letter_at_most_once(world):
    bed, office, smtp = world
    backlog(bed, office, smtp)
    os.kill(office.daemon.pid, signal.SIGKILL)
    office.daemon.wait()
    smtp.clear()
    office.start()
    office.wait(lambda: office.status()["letters"]["sent"] == 20, "letters")
    found = copies(smtp)
    assert len(found) == 20 and max(found.values()) <= 2
    assert office.sql("SELECT max(repeats) AS n FROM letter") == [{"n": 1}]


def test_a_damaged_letter_holds_no_other(world):
    bed, office, smtp = world
    smtp.on("connect", b"421 not now")
    for _ in range(3):
        bed.append(TIPS, samples.tip())
    office.once(check=False)
    with sqlite3.connect(office.store) as db:
        db.execute("UPDATE raw SET bytes = x'7a', coding = 0, size_bytes = 1"
                   " WHERE id = (SELECT raw FROM letter ORDER BY id LIMIT 1)")
    db.close()
    smtp.clear()
    office.write_conf(poll="1s")
    office.start()  # whose pause is forgotten
    office.wait(lambda: office.status()["letters"]["sent"] == 2, "letters")
    office.wait_log("event=letter-put-off")
    assert office.status()["letters"]["ready"] == 1
