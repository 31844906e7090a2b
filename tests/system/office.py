# SPDX-License-Identifier: ISC
"""An office on a test-bed: the shipped configuration with the bed's servers,
and clued and cluectl run on it.

    with Bed(users=office_users()) as bed, Office(bed, build) as office:
        bed.deliver(TIPS, mail)
        office.once()
        clue, = office.list()
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from bed import PATIENCE_S

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIPS = "tips@example.com"
FOLDERS = (("INBOX", False), ("垃圾邮件", True))

# No test sends so much that it must wait, unless it is about that.
MANY = ("hour = 100000; day = 100000; person_hour = 100000;"
        " person_day = 100000; citizen_hour = 100000; citizen_day = 100000;")
# No letters because of the day on which a test happens to run.
NO_FORMS = 'remind_units = ""; remind_office = ""; draft_day = 0;'

CLUED_CONF = """
time_zone = "Asia/Shanghai";
office = {{
    name = "海湾区城市管理局";
    message_id_domain = "{domain}";
}};
mailboxes = ( {mailboxes} );
smtp = {{
    host = "{smtp_host}"; port = {smtp_port}; tls = "{smtp_tls}";
    ca_file = "{ca}"; connect_to = "{smtp_to}";
    user = "{tips}"; secret = {{ file = "{dir}/secret" }};
    auth = "plain"; helo = "clued.example.com"; timeout = "{timeout}";
    mail_from = "{tips}"; from_name = "海湾区城市管理局线索邮箱";
    per_minute = 10000; retry_first = "1s"; retry_most = "2s";
    {smtp_extra}
}};
store = {{ path = "{dir}/state/clued.db"; }};
files = {{
    rules = "{etc}/rules.conf"; areas = "{etc}/areas.conf";
    roster = "{roster}"; calendar = "{etc}/calendar";
    templates = "{etc}/templates";
}};
sheet = {{ at = "{sheet}"; }};
citizens = {{ acknowledge = {acknowledge}; {citizens} }};
caps = {{ {caps} }};
report = {{ {report} }};
{extra}
"""

MAILBOX = """{{
    id = "{id}"; address = "{user}"; host = "{host}"; port = {port};
    tls = "{tls}"; ca_file = "{ca}"; connect_to = "{to}"; user = "{user}";
    secret = {{ file = "{dir}/secret" }}; timeout = "{timeout}"; poll = "{poll}";
    folders = ( {folders} );
    {more}
}}"""


def roster_addresses(roster=ROOT / "etc/roster.conf"):
    """Every mail address of the shipped roster."""
    text = pathlib.Path(roster).read_text(encoding="utf-8")
    return sorted(set(re.findall(r'address\s*=\s*"([^"]+)"', text)))


def office_users():
    """Users that a Bed needs for an Office."""
    return [TIPS, *roster_addresses()]


class Office:
    """See the head of this file.

    cert           which certificate the servers show: good, wrong, …
    imap_tls       "implicit" or "starttls"; smtp_tls likewise
    mailbox_extra  lines for the mailbox, e.g. 'mark = "keyword";'
    extra          lines for clued.conf
    address        of its mailbox; domain: of its Message-IDs
    acknowledge    whether tips are acknowledged; citizens, caps: lines for
                   those groups
    report         keys of its group report; without, no letters about forms
    smtp_to        "host:port" of another SMTP server (a fake one)
    imap_to        likewise for IMAP
    mailboxes      more of them beside "tips": id -> user
    """

    used = []  # by the test that runs; see tell.py
    # When the daily sheet goes out; off, so that no test depends on the day on
    # which it runs.
    sheet = "off"

    def __init__(self, bed, build, cert="good", imap_tls="implicit",
                 smtp_tls="implicit", mailbox_extra="", extra="",
                 smtp_extra="", smtp_to=None, imap_to=None, folders=FOLDERS,
                 roster=None, password=None, poll="60s",
                 timeouts="60s", acknowledge=False, citizens="", caps=MANY,
                 address=TIPS, domain="clue.example.com", keep=False,
                 mailboxes=None, report=NO_FORMS):
        self.mailboxes = mailboxes or {}
        self.bed, self.build = bed, pathlib.Path(build)
        self.cert, self.imap_tls, self.smtp_tls = cert, imap_tls, smtp_tls
        self.mailbox_extra, self.extra = mailbox_extra, extra
        self.smtp_extra, self.folders = smtp_extra, folders
        self.smtp_to, self.imap_to = smtp_to, imap_to
        self.roster = roster or ROOT / "etc/roster.conf"
        self.password = password or bed.password
        self.poll, self.keep, self.timeouts = poll, keep, timeouts
        self.acknowledge, self.citizens, self.caps = (
            acknowledge, citizens, caps)
        self.address, self.domain = address, domain
        self.report = report
        self.daemon = None
        self.log, self.log_path, self._kept = "", None, None
        self.env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def __enter__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="clued-office-"))
        self.conf = self.dir / "clued.conf"
        (self.dir / "state").mkdir(mode=0o700)
        secret = self.dir / "secret"
        secret.write_text(self.password + "\n")
        secret.chmod(0o600)
        self.write_conf()
        self.used.append(self)
        return self

    def __exit__(self, *_):
        if self.daemon is not None:
            self.stop()
        self._kept = self.last_words()
        if not self.keep:
            shutil.rmtree(self.dir, ignore_errors=True)

    # -- configuration ------------------------------------------------------
    def write_conf(self, **changes):
        """Writes clued.conf anew; attributes may be changed on the way."""
        for name, value in changes.items():
            setattr(self, name, value)
        imaps = self.imap_tls == "implicit"
        at = self.bed.imaps_at if imaps else self.bed.imap_at
        folders = ", ".join(
            f'{{ name = "{n}"; junk = {str(j).lower()}; }}'
            for n, j in self.folders)
        mailbox = ",".join(MAILBOX.format(
            id=name, user=user, host="imap.test",
            port=993 if imaps else 143, tls=self.imap_tls,
            ca=self.bed.ca_file, to=self.imap_to or at(self.cert),
            dir=self.dir, folders=folders, poll=self.poll,
            timeout=self.timeouts, more=self.mailbox_extra)
            for name, user in {"tips": self.address,
                               **self.mailboxes}.items())
        submits = self.smtp_tls == "implicit"
        at = self.bed.submits_at if submits else self.bed.submit_at
        self.conf.write_text(CLUED_CONF.format(
            mailboxes=mailbox, smtp_host="smtp.test",
            smtp_port=465 if submits else 587, smtp_tls=self.smtp_tls,
            smtp_to=self.smtp_to or at(self.cert), ca=self.bed.ca_file,
            tips=self.address, domain=self.domain, dir=self.dir,
            etc=ROOT / "etc", roster=self.roster,
            smtp_extra=self.smtp_extra, sheet=self.sheet, extra=self.extra,
            timeout=self.timeouts, acknowledge=str(self.acknowledge).lower(),
            report=self.report,
            citizens=self.citizens, caps=self.caps), encoding="utf-8")

    @property
    def store(self):
        return self.dir / "state/clued.db"

    # -- the daemon ---------------------------------------------------------
    def once(self, check=True, timeout=600, **env):
        """`clued --once`; its exit status and log are kept."""
        done = subprocess.run(
            [self.build / "clued", "-c", self.conf, "--once"],
            env={**self.env, **env}, capture_output=True, text=True,
            errors="replace", timeout=timeout, check=False)
        self.log = done.stderr
        if check and done.returncode != 0:
            raise AssertionError(
                f"clued --once ended with {done.returncode}:\n{self.log}")
        return done.returncode

    def start(self, **env):
        """The daemon in the background; returns when it says it started."""
        self.log_path = self.dir / "clued.log"
        with open(self.log_path, "ab") as log:
            self.daemon = subprocess.Popen(
                [self.build / "clued", "-c", self.conf],
                env={**self.env, **env}, stderr=log,
                stdin=subprocess.DEVNULL)
        self.wait_log("event=started")
        return self.daemon

    def stop(self, timeout=PATIENCE_S):
        """SIGTERM; returns the exit status."""
        self.daemon.terminate()
        try:
            return self.daemon.wait(timeout)
        except subprocess.TimeoutExpired:
            self.daemon.kill()
            self.daemon.wait()
            raise
        finally:
            self.daemon = None

    def last_words(self):
        """The daemon's log and that of the last `clued --once`."""
        if self._kept is not None:
            return self._kept
        daemon = ""
        if self.log_path is not None and self.log_path.exists():
            daemon = self.read_log()
        return daemon + self.log

    def read_log(self):
        return self.log_path.read_text(errors="replace")

    def wait_log(self, pattern, count=1, timeout=PATIENCE_S):
        self.wait(lambda: len(re.findall(pattern, self.read_log())) >= count,
                  f"log line {pattern!r}", timeout)

    def wait(self, condition, what="condition", timeout=PATIENCE_S):
        end = time.monotonic() + timeout
        while True:
            over = time.monotonic() > end or (
                self.daemon is not None and self.daemon.poll() is not None)
            begin = time.monotonic()
            if condition():
                return
            if over:
                break
            # A look costs what the daemon could use.
            time.sleep(max(0.05, time.monotonic() - begin))
        log = self.read_log() if self.daemon is not None else ""
        raise AssertionError(f"no {what} in time\n{log[-6000:]}")

    # -- cluectl ------------------------------------------------------------
    def ctl(self, *args, status=0, **env):
        """Runs cluectl; returns its standard output."""
        done = subprocess.run(
            [self.build / "cluectl", "-c", self.conf, *map(str, args)],
            env={**self.env, **env}, capture_output=True, text=True,
            timeout=600, check=False)
        if status is not None and done.returncode != status:
            raise AssertionError(
                f"cluectl {args} ended with {done.returncode}:\n"
                f"{done.stdout}\n{done.stderr}")
        return done.stdout

    def list(self, *args):
        """Clues as dictionaries; [] when none matches."""
        out = self.ctl("list", "--json", *args, status=None)
        return [json.loads(line) for line in out.splitlines()]

    def show(self, number):
        return json.loads(self.ctl("show", "--json", number))

    def status(self):
        return json.loads(self.ctl("status", "--json", status=None))

    def sql(self, query):
        """A look into the store with Debian's sqlite3, for tests only."""
        out = subprocess.run(
            ["sqlite3", "-json", f"file:{self.store}?mode=ro", query],
            capture_output=True, text=True, check=True).stdout
        return json.loads(out) if out.strip() else []


@contextlib.contextmanager
def clock(office, offset_s):
    """The environment that moves the clock of a HOOKS build."""
    path = office.dir / "clock"
    path.write_text(str(offset_s))
    yield {"CLUED_TEST_CLOCK": str(path)}
