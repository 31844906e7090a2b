# SPDX-License-Identifier: ISC
"""One office whose daemon lives through many faults, one after the other.

    with World(bed, build, page=page, sink=sink, smtp_to=sink.at) as world:
        said = world.place("fsync 3", lambda: page.arm("core", "fsync", 3, 5),
                           page.disarm, lambda: page.happened)

A place is a small day of work during which one fault happens: tips come, the
officer answers the last notice, one deadline runs out.  When the fault is
over (the daemon may have ended with an error meanwhile, and is started again)
the place must come to its end: each message is in the store once, with one
clue, one notice and one urging letter, the answer was obeyed once, and the
server has each letter at most twice under one Message-ID.  So every place
costs a fraction of what a fresh office would, and later places find a store
in which many faults have been."""
import collections
import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import time

import pytest

import officers
import samples
from bed import Bed, Mail
from office import TIPS, Office, office_users

# Monday morning, in working time and before any deadline of that day.
BEGIN = 1796004000  # 2026-11-30 10:00 in Shanghai
DAY_S = 5400
NOON, NOON_ENDS = BEGIN + 2 * 3600, BEGIN + 4 * 3600 + 300  # nobody is urged
WATCH = 'watch = { calendar = "0d"; disk = "1M"; };'
PATIENCE_S = 30
# Exit statuses of a daemon that says why.  Not 2: the configuration is good,
# and systemd would not start it again.
ENDED = {1, 3, 4}
KILLED = -9
# A letter that is tried again so soon is of this place: were the next one's fault
# to find it, that would be its second.
RETRY_S = 3
STARTS = 20  # in one place, each with a fault


# For the files of these tests to import.
@pytest.fixture(scope="module")
def shim(build):
    if build.name == "san":
        pytest.skip("AddressSanitizer has its own malloc")
    return build / "fail.so"


@pytest.fixture(scope="module")
def bed():
    """The letters go to a sink."""
    with Bed(users=office_users(), smtp=False) as it:
        yield it


class Finding(Exception):
    pass


class World:
    """See the head of this file.

    proxy      the CutProxy that the daemon's connections run through, dropped
               before each place so that sessions begin anew
    page       a FaultPage, and shim its library, for faults in the processes
    sink       the FakeSmtp that gets the letters; None: the bed's Exim does
    work       "all", or "tips" for tips and notices alone
    may_fail   what passes on the way to the server is garbled: a letter may
               be refused for it, if somebody else is told
    hung_ms    after how long a role's silence means that it hangs
    """

    def __init__(self, bed, build, page=None, shim=None, sink=None,
                 work="all", tips=1, proxies=(), may_fail=False,
                 hung_ms=None, **kwargs):
        self.bed, self.build, self.page, self.shim = bed, build, page, shim
        self.sink, self.work, self.tips = sink, work, tips
        self.proxies, self.kwargs = proxies, kwargs
        self.may_fail, self.hung_ms = may_fail, hung_ms
        self.number = 0
        self.done = collections.Counter()
        self.last = None       # (clue's row, its notice) to be answered
        self.before_last = None
        self.wrapper = []      # what clued is started by
        self.copies = collections.Counter()
        self.notices = {}
        self.where = ""
        self.log_from = 0

    # -- life ---------------------------------------------------------------
    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.bed.wipe(TIPS)
            self.office = stack.enter_context(Office(self.bed, self.build, **{
                "imap_tls": "none", "smtp_tls": "none",
                "folders": (("INBOX", False),),
                "mailbox_extra": "idle = false;", "timeouts": "2s",
                "poll": "10m", "extra": WATCH, **self.kwargs}))
            self.clock = self.office.dir / "clock"
            self.at = int(BEGIN - time.time())
            self.clock.write_text(str(self.at))
            self.start()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *args):
        if self.page:
            self.page.disarm()
        self.stack.__exit__(*args)

    @property
    def over(self):
        """Whether the working day is; another world is due."""
        return self.at + time.time() > BEGIN + DAY_S

    def now(self):
        return int(time.time()) + self.at

    def start(self, wait=True):
        office = self.office
        office.log_path = office.dir / "clued.log"
        env = {**office.env, "CLUED_TEST_CLOCK": str(self.clock)}
        if self.page:
            env.update(self.page.env(self.shim))
        if self.hung_ms:
            env["CLUED_TEST_HUNG_MS"] = str(self.hung_ms)
        with open(office.log_path, "ab") as log:
            self.log_from = log.tell()
            self.pauses = 0
            office.daemon = subprocess.Popen(
                [*self.wrapper, office.build / "clued", "-c", office.conf],
                env=env, stderr=log, stdin=subprocess.DEVNULL)
        if wait:
            self.wait(lambda: b"event=started" in self.new_log(), "a start")

    def new_log(self):
        with open(self.office.log_path, "rb") as log:
            log.seek(self.log_from)
            return log.read()

    def wait(self, condition, what, poke=False):
        """poke: the daemon is called meanwhile."""
        begin = time.monotonic()
        end, poked = begin + PATIENCE_S, begin - 1
        while not condition():
            if poke and time.monotonic() - poked > 0.2:
                poked = time.monotonic()
                self.poke()
            if time.monotonic() > end or self.office.daemon.poll() is not None:
                raise Finding(f"no {what}\n{self.new_log()[-2000:]}")
            time.sleep(0.01)

    def move(self, seconds):
        """At once: a file that is being written would set the clock back."""
        self.at += seconds
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(str(self.at))
        fresh.rename(self.clock)

    def poke(self):
        """Not before it listens: the signal would end it."""
        if b"event=started" not in self.new_log():
            return
        with contextlib.suppress(ProcessLookupError):
            self.office.daemon.send_signal(signal.SIGUSR1)

    def looks(self):
        """A few that should change nothing."""
        for _ in range(3):
            self.poke()
            time.sleep(0.1)

    def quiet(self, seconds):
        """A while in which nothing is asked of it."""
        time.sleep(seconds)

    def look_after(self):
        """Starts the daemon again when it ended, if it ended well."""
        status = self.office.daemon.poll()
        if status is None:
            return False
        if status == KILLED and self.page and self.page.kills:
            self.office.daemon = None
            self.done["killed"] += 1
            self.await_roles()
            return True
        log = self.new_log().decode(errors="replace")
        self.office.daemon = None
        self.done[f"ended with {status}"] += 1
        said = [x for x in log.splitlines() if " event=started" not in x and
                "2027.conf" not in x]
        if status not in ENDED or not said:
            if self.page:
                self.page.disarm()
            try:
                self.start()
            except Finding:
                pass
            raise Finding(f"the daemon ended with {status}:\n{log[-3000:]}")
        return True

    def await_roles(self):
        """None of the processes outlives the daemon that was killed."""
        end = time.monotonic() + PATIENCE_S
        while self.page.holders():
            if time.monotonic() > end:
                raise Finding(f"still there: {self.page.holders()}")
            time.sleep(0.01)

    # -- mail ---------------------------------------------------------------
    def put(self, raw):
        top = self.bed._maildir(TIPS, "INBOX")
        self.number += 1
        name = f"{time.time_ns()}.M{self.number}.world"
        for folder in (top, top / "tmp", top / "new", top / "cur"):
            if not folder.exists():
                folder.mkdir(parents=True)
                os.chown(folder, self.bed.uid, self.bed.gid)
        os.chown(top.parent, self.bed.uid, self.bed.gid)
        (top / "tmp" / name).write_bytes(raw)
        os.chown(top / "tmp" / name, self.bed.uid, self.bed.gid)
        (top / "tmp" / name).rename(top / "new" / name)

    def clear_mail(self):
        """What was taken may go from the server's folder."""
        top = self.bed._maildir(TIPS, "INBOX")
        for mail in (*(top / "cur").iterdir(), *(top / "new").iterdir()):
            mail.unlink()

    def arrived(self):
        """Counts what the server took since the last call."""
        if self.sink is None:
            found = re.findall(r" <= .* id=(\S+)", self.bed.log("exim"))
            self.copies = collections.Counter(found)
            return
        for letter in list(self.sink.letters):
            if letter.done_at is None:
                continue
            self.sink.letters.remove(letter)
            if letter.data is None or not letter.accepted:
                continue
            mail = Mail(0, set(), 0, letter.data)
            key = mail.msg["Message-ID"].strip("<>")
            self.copies[key] += 1
            self.notices[key] = (letter.rcpts[0], mail)
        del self.sink.sessions[:-5]

    # -- the store ----------------------------------------------------------
    def sql(self, query, *args):
        with contextlib.closing(sqlite3.connect(
                f"file:{self.office.store}?mode=ro", uri=True,
                timeout=10)) as db:
            return db.execute(query, args).fetchall()

    def write(self, query, *args):
        with contextlib.closing(sqlite3.connect(
                self.office.store, timeout=10)) as db, db:
            db.execute(query, args)

    def begin(self):
        """The mail and the deadline of this place."""
        self.ids = [f"w{self.number}.{n}@mail.example.net"
                    for n in range(self.tips)]
        for message_id in self.ids:
            self.put(samples.tip(message_id=message_id))
        self.answered = self.expired = None
        if self.work != "all" or self.last is None:
            return
        self.answered, (who, mail) = self.last
        now = int(time.time()) + self.at
        self.put(officers.answer(who, mail, "签收"))
        if self.before_last:
            self.expired = self.before_last
            self.write("UPDATE deadline SET due_s = ?, warn_s = ?, ask_s = ?"
                       " WHERE clue = ? AND kind = 'feedback'",
                       now - 60, now - 7200, now - 60, self.expired)

    def missing(self):
        """What has not come to its end yet; "" = all has."""
        rows = self.sql(
            "SELECT c.id, l.state, l.message_id FROM message m"
            " LEFT JOIN clue c ON c.message = m.id"
            " LEFT JOIN letter l ON l.clue = c.id AND l.kind = 'notice'"
            f" WHERE m.message_id IN ({','.join('?' * len(self.ids))})",
            *self.ids)
        if len(rows) < len(self.ids) or any(r[1] in (0, 1) for r in rows):
            return f"notices: {rows}"
        if not self.may_fail and (
                len(rows) > len(self.ids) or any(r[1] != 2 for r in rows)):
            raise Finding(f"notices: {rows}")
        if len({r[0] for r in rows}) != len(self.ids):
            raise Finding(f"clues: {rows}")
        self.rows = rows
        if self.answered and not self.count_events(self.answered, "accepted"):
            return "the answer"
        if self.expired and not self.urged():
            return "the urging"
        if self.sql("SELECT 1 FROM letter WHERE state IN (0, 1)"
                    " AND next_try_s <= ?", self.now() + RETRY_S):
            return "letters"
        return ""

    def count_events(self, clue, kind):
        return self.sql("SELECT count(*) FROM event WHERE clue = ?"
                        " AND kind = ?", clue, kind)[0][0]

    def urged(self):
        return self.sql(
            "SELECT l.state FROM letter l JOIN deadline d ON d.id ="
            " l.deadline WHERE d.clue = ? AND d.kind = 'feedback'"
            " AND l.to_person = (SELECT officer FROM clue WHERE id = ?)",
            self.expired, self.expired)

    def settle(self):
        """What must hold now that all came to its end."""
        if self.answered and self.count_events(
                self.answered, "accepted") != 1:
            raise Finding("obeyed twice")
        if self.expired and len(self.urged()) != 1:
            raise Finding(f"urged: {self.urged()}")
        bad = self.sql(
            "SELECT id, kind, state, result FROM letter AS l"
            " WHERE state IN (3, 4) AND NOT (? AND state = 3 AND EXISTS"
            " (SELECT 1 FROM letter AS o WHERE o.clue = l.clue AND"
            " o.id > l.id AND o.state = 2))", self.may_fail)
        if bad:
            raise Finding(f"letters: {bad}")
        self.arrived()
        if self.may_fail:
            self.clear_mail()
            return
        ids = [r[2] for r in self.rows]
        for _ in range(100):  # the sink's own account may lag behind
            if all(self.copies[i] for i in ids):
                break
            time.sleep(0.02)
            self.arrived()
        if any(not 1 <= self.copies[i] <= 2 for i in ids):
            raise Finding(f"copies: {[(i, self.copies[i]) for i in ids]}")
        self.done["twice"] += sum(self.copies[i] == 2 for i in ids)
        if self.work == "all":
            self.before_last = self.answered
            self.last = (self.rows[0][0], self.notices[ids[0]])
        self.clear_mail()

    # -- a place ------------------------------------------------------------
    def work_off(self, happened, disarm):
        begin = time.monotonic()
        pokes = 0
        while True:
            if happened() and not self.kept:
                disarm()
            if self.look_after():
                if self.starts and happened():
                    self.starts -= 1
                    self.done["places"] += 1
                    self.more = True
                    self.arm()
                    self.start(wait=False)
                    continue
                disarm()
                self.kept = False
                self.start()
            what = self.missing() if self.office.store.exists() else "store"
            if not what:
                return
            took = time.monotonic() - begin
            if self.kept and took > self.kept:
                disarm()
                self.kept = False
            if took > PATIENCE_S / 2 and NOON <= self.now() < NOON_ENDS:
                self.move(NOON_ENDS - self.now())
                self.poke()
            if took > PATIENCE_S:
                raise Finding(f"not in time: {what}")
            if took * 5 >= pokes:
                pokes += 1
                if pokes > 15:
                    self.move(60)
                if pokes == 20:  # garbled, it may be somebody else's mailbox
                    for proxy in self.proxies:
                        proxy.drop()
                self.poke()
            elif happened() and self.hasten():
                self.poke()
            time.sleep(0.02)

    def hasten(self):
        """Until a letter's next try, or the end of a pause of all."""
        now = int(time.time()) + self.at
        pauses = re.findall(rb"pause_s=(\d+)", self.new_log())
        if len(pauses) > self.pauses:
            self.pauses = len(pauses)
            self.move(int(pauses[-1]) + 1)
            return True
        (wait,), = self.sql("SELECT min(next_try_s) - ? FROM letter"
                            " WHERE state = 0", now)
        if wait is None or not 0 < wait < 4000:
            return False
        self.move(wait)
        return True

    def place(self, where, arm, disarm, happened, keep_s=0.0,
              at_start=False):
        """One fault; what was wrong, or None.  A fault that stays (keep_s)
        is taken away after so many seconds; it happens while the daemon
        works, or while it starts: then as often as it ends for it."""
        self.where, self.kept = where, keep_s
        self.arm, self.starts = arm, STARTS if at_start else 0
        self.more = False  # the fault happened before, and ended the daemon
        for proxy in () if at_start else self.proxies:
            proxy.drop()
        try:
            if at_start:
                self.office.stop()
            self.begin()
            arm()
            if at_start:
                self.start(wait=False)
            self.work_off(happened, disarm)
            disarm()
            self.settle()
        except Finding as said:
            disarm()
            self.last = self.before_last = None
            self.done["findings"] += 1
            log = self.new_log().decode(errors="replace")
            if self.office.daemon is None:
                self.start()
            return f"{where}: {said}\n{log[-3000:]}"
        if happened():
            self.done["places"] += 1
        elif not self.more:
            self.done["past the end"] += 1
        return None

    def books(self):
        """What is wrong with the whole store in the end, or None."""
        self.office.stop()
        self.arrived()
        self.office.ctl("fsck")
        copies = max(self.copies.values(), default=0)
        if copies > 2:
            return f"{copies} copies of a letter"
        sent = {r[0] for r in self.sql(
            "SELECT message_id FROM letter WHERE state = 2")}
        lost = sent - set(self.copies)
        if lost and not self.may_fail:
            return f"{len(lost)} letters sent that never arrived"
        return None
