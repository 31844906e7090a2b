# SPDX-License-Identifier: ISC
"""Silence is an alarm: told once, again every day while it lasts, and called
off; by the other account when there is one."""
import contextlib
import email
import email.policy
import json
import re
import signal
import sqlite3
import ssl
import subprocess
import time

import pytest

import samples
from bed import Bed
from notify import Notify
from office import TIPS, Office, office_users

DAY = 86400
# Neither the day of the test nor the age of its certificates is an alarm, nor
# are hours that the test lets pass, which are working time on some days only.
WATCH = 'watch = { calendar = "0d"; certificate = "0d"; silence = "7d"; };'
NOWHERE = "127.0.0.1:1"
# Working time passes in any fortnight, whatever the holidays.
FORTNIGHT = 14 * DAY


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


class Watch:
    """A daemon whose clock the test moves, and what it told."""

    def __init__(self, bed, build, smtp, notify, **kwargs):
        kwargs.setdefault("extra", WATCH)
        self.office = Office(bed, build, poll="1s", **kwargs)
        self.smtp, self.notify = smtp, notify
        self.at = self.starts = 0

    def __enter__(self):
        self.office.__enter__()
        self.clock = self.office.dir / "clock"
        self.clock.write_text("0")
        return self

    def __exit__(self, *args):
        self.office.__exit__(*args)

    def start(self):
        self.starts += 1
        self.office.start(CLUED_TEST_CLOCK=str(self.clock),
                          NOTIFY_SOCKET=self.notify.path)
        self.office.wait_log("event=started", self.starts)

    def move(self, at):
        """The clock stands at so many seconds from now; one look."""
        self.at = at
        self.clock.write_text(str(at))
        self.office.daemon.send_signal(signal.SIGUSR1)

    def pass_until(self, condition, what):
        """Time passes, three minutes at each look, until it is so."""
        def look():
            if condition():
                return True
            if time.monotonic() > self.last + 0.5:
                self.last = time.monotonic()
                self.move(self.at + 200)
            return False
        self.last = 0
        self.office.wait(look, what)

    def polled(self):
        """When the mailbox was read last; 0 = never."""
        return sum(int(r["value"]) for r in self.office.sql(
            "SELECT value FROM note WHERE key = 'polled.tips'"))

    def logged(self, pattern):
        return len(re.findall(pattern, self.office.read_log()))

    def subjects(self, smtp=None):
        return [str(email.message_from_bytes(
            x.data, policy=email.policy.default)["Subject"])
            for x in (smtp or self.smtp).letters if x.accepted]

    def wait_subjects(self, n, smtp=None):
        self.office.wait(lambda: len(self.subjects(smtp)) >= n,
                         f"{n} letters, {self.subjects(smtp)}")
        return self.subjects(smtp)

    def alarms(self):
        out = self.office.ctl("status", "--json", status=None,
                              CLUED_TEST_CLOCK=str(self.clock))
        return {x["alarm"]: x for x in json.loads(out)["alarms"]}


@pytest.fixture
def watch(bed, build, fake_smtp, tmp_path):
    bed.clear(TIPS)
    running = []

    def make(**kwargs):
        smtp = fake_smtp(tls=bed.dir / "ca" / "good.pem")
        kwargs.setdefault("smtp_to", smtp.at)
        it = Watch(bed, build, smtp, Notify(tmp_path), **kwargs)
        it.__enter__()
        running.append(it)
        return it

    yield make
    for it in running:
        it.__exit__(None, None, None)


def test_a_silent_mailbox_is_told_once_a_day_and_called_off(watch):
    w = watch(extra=WATCH.replace("7d", "30m"))
    w.start()
    w.office.wait(w.polled, "first poll")
    assert w.alarms() == {}
    w.office.write_conf(imap_to=NOWHERE)
    w.office.daemon.send_signal(signal.SIGHUP)
    w.office.wait_log("event=reloaded")
    w.move(FORTNIGHT)
    subject, = w.wait_subjects(1)
    assert "报警" in subject and TIPS in subject
    assert w.smtp.letters[0].rcpts == ["office@example.org"]
    alarm = w.alarms()["silence.tips"]
    assert alarm["since"] and "上次成功收取" in alarm["cause"]
    w.office.ctl("status", status=1, CLUED_TEST_CLOCK=str(w.clock))
    w.office.wait(lambda: "1 alarms" in w.notify.status(), "STATUS")
    # Neither a look nor a restart tells it again on the same day.
    w.move(FORTNIGHT + 3600)
    w.office.stop()
    told = len(w.notify.lines)
    w.start()
    w.move(FORTNIGHT + 7200)
    w.office.wait(lambda: any("1 alarms" in x for x in
                              w.notify.lines[told:]), "STATUS")
    assert len(w.subjects()) == 1
    w.move(FORTNIGHT + DAY + 1)
    assert w.wait_subjects(2)[1] == subject
    # It reads again.
    w.office.write_conf(imap_to=None)
    w.office.daemon.send_signal(signal.SIGHUP)
    w.office.wait_log("event=reloaded", 2)
    w.office.wait(lambda: w.alarms() == {}, "a poll")
    w.move(FORTNIGHT + DAY + 600)
    assert "解除" in w.wait_subjects(3)[2]
    before = w.polled()
    w.move(FORTNIGHT + DAY + 1200)
    w.office.wait(lambda: w.polled() > before, "a poll")
    w.office.wait(lambda: "alarms" not in w.notify.status(), "STATUS")
    assert len(w.subjects()) == 3


def test_everything_that_is_watched(watch):
    w = watch(extra='watch = { calendar = "365d"; disk = "1000000G"; '
              'unreadable = 2; certificate = "40d"; };')  # the bed's: 30
    for _ in range(2):
        w.office.bed.append(TIPS, samples.tip(more="X-Clued-Test: crash\r\n"))
    w.start()
    w.office.wait(lambda: w.office.status()["kinds"]["quarantine"] == 2,
                  "quarantine")
    with contextlib.closing(sqlite3.connect(w.office.store)) as db, db:
        db.execute("INSERT INTO counter VALUES ('LY', 2026, 7)")
    note, = w.office.sql(
        "SELECT value FROM note WHERE key = 'certificate.tips'")
    end = subprocess.run(
        ["openssl", "x509", "-noout", "-enddate", "-in",
         w.office.bed.dir / "ca" / "good.pem"], capture_output=True,
        text=True, check=True).stdout.strip().partition("=")[2]
    assert int(note["value"]) == ssl.cert_time_to_seconds(end)
    before = len(w.wait_subjects(1))  # the first unreadable message
    w.move(400)
    wanted = {"calendar", "disk", "parser", "books", "certificate.tips",
              "certificate.@smtp"}
    subjects = w.wait_subjects(before + len(wanted))[before:]
    assert len(subjects) == len(wanted), subjects
    assert set(w.alarms()) == wanted
    assert all("报警" in s for s in subjects)
    said = w.office.ctl("doctor", "--json", status=1,
                        CLUED_TEST_CLOCK=str(w.clock))
    bad = {x["check"] for x in map(json.loads, said.splitlines())
           if x["verdict"] == "bad"}
    assert wanted <= bad


@pytest.fixture
def second(fake_smtp, bed):
    return fake_smtp(tls=bed.dir / "ca" / "good.pem", password="二号")


def account(bed, office_dir, smtp, password="二号"):
    secret = office_dir / "alarm-secret"
    secret.write_text(password + "\n")
    secret.chmod(0o600)
    return (f'alarm_smtp = {{ host = "smtp.test"; connect_to = "{smtp.at}"; '
            f'ca_file = "{bed.ca_file}"; mail_from = "alarm@example.net"; '
            f'secret = {{ file = "{secret}"; }}; timeout = "5s"; }};\n'
            f'{WATCH}')


def stuck(w):
    """A letter that has waited for hours."""
    w.office.wait(lambda: w.office.sql(
        "SELECT 1 FROM letter WHERE result <> ''"), "a letter put off")
    w.move(3 * 3600)


def test_the_other_account_tells_when_the_first_is_the_trouble(
        watch, second, bed):
    w = watch(smtp_to=NOWHERE)
    bed.append(TIPS, samples.tip())
    w.office.write_conf(extra=account(bed, w.office.dir, second))
    w.start()
    stuck(w)
    subject, = w.wait_subjects(1, second)
    assert "报警" in subject and "发不出去" in subject
    assert second.letters[0].mail_from == "alarm@example.net"
    assert b"From: " in second.letters[0].data
    assert b"alarm@example.net" in second.letters[0].data
    assert w.office.sql("SELECT 1 FROM letter WHERE kind = 'alarm'") == []
    w.move(3 * 3600 + 600)
    w.office.wait_log("event=letter ", 2)
    assert len(w.subjects(second)) == 1


def test_a_second_account_that_fails_too_gives_way_to_the_first(
        watch, second, bed):
    w = watch(smtp_to=NOWHERE)
    bed.append(TIPS, samples.tip())
    w.office.write_conf(extra=account(bed, w.office.dir, second, "wrong"))
    said = w.office.ctl("doctor", status=1)
    assert "BAD   SMTP log-in for alarms" in said
    w.start()
    stuck(w)
    for turn in range(1, 4):
        w.pass_until(lambda: w.logged(
            "event=alarm-letter .*sent=0") >= turn, f"try {turn}")
    w.pass_until(lambda: w.office.sql(
        "SELECT 1 FROM letter WHERE kind = 'alarm'"), "alarm in the outbox")


PROBE = WATCH + ' probe = { every = "1d"; };'
TABLES = ("message", "raw", "clue", "event", "letter", "reporter", "journal",
          "counter", "tally", "deadline")


def traces(office):
    return {t: office.sql(f"SELECT count(*) AS n FROM {t}")[0]["n"]
            for t in TABLES}


def test_a_probe_comes_back_and_leaves_no_trace(watch):
    w = watch(smtp_to=None, extra=PROBE)
    w.office.once()  # makes the store; sends no probe
    before = traces(w.office)
    w.start()
    w.office.wait_log("kind=probe")
    note, = w.office.sql("SELECT value FROM note WHERE key = 'probe'")
    sent, back, placed = map(int, note["value"].split())
    assert 0 < sent <= back and placed == 1
    mail, = w.office.bed.mailbox(TIPS)
    assert "系统自检" in str(mail.msg["Subject"])
    # The next round does not take it again, nor does a start.
    w.office.stop()
    w.start()
    round_ = w.polled()
    w.move(60)
    w.office.wait(lambda: w.polled() > round_, "a poll")
    assert traces(w.office) == before
    assert w.alarms() == {}
    assert len(w.office.bed.mailbox(TIPS)) == 1
    w.move(DAY + 60)
    w.office.wait_log("kind=probe", 2)
    assert traces(w.office) == before
    # Somebody else's is a message like any other.
    forged = str(mail.msg["Subject"])
    w.office.bed.append(TIPS, samples.tip(
        subject=forged[:-4] + ("AAAA" if forged[-4:] != "AAAA" else "BBBB")))
    w.office.wait(lambda: len(w.office.list()) == 1, "the forged one")


def test_a_probe_that_does_not_come_back_is_an_alarm(watch):
    w = watch(extra=PROBE)  # the sink keeps it
    w.start()
    w.office.wait(lambda: any("系统自检" in s for s in w.subjects()), "probe")
    w.move(1700)
    assert w.alarms() == {}
    w.move(1900)
    w.office.wait(lambda: any("报警" in s and "自检" in s
                              for s in w.subjects()), "alarm")
    assert set(w.alarms()) == {"probe"}
