#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A daemon under load while everything around it fails, for as long as one
likes; ends with an account of every message and every letter.

    tests/soak/soak.py --build build/test --seconds 3600 [--rate 20] [--seed 1]

Mail of the test corpus and sample tips arrive in a real Dovecot; a proxy cuts,
tears, stalls and garbles the IMAP connection; the SMTP sink refuses, puts off
and closes after DATA; core, fetch, parser and send are killed; the clock
steps.  Then the faults end, the daemon works everything off, and it must hold:
every message is in the store exactly once, each letter that is `sent` arrived,
none more than twice, the numbers have no gaps, fsck finds nothing, memory and
descriptors of every process stayed flat, the log has no word of a tip."""
import argparse
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import signal
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "system"))

import samples  # noqa: E402
from bed import Bed  # noqa: E402
from cut_proxy import CutProxy, Fault  # noqa: E402
from fake_smtp import FakeSmtp  # noqa: E402
from office import TIPS, Office, office_users  # noqa: E402

SECRET_WORD = "绿豆糕暗号"  # stands in tips and must stand in no log
# Working memory settles in the first seconds; what grows after that leaks.
WARM_S = 30
RSS_SLACK_KB = 6 * 1024
FD_SLACK = 12


def corpus():
    """Raw messages that differ in everything but their Message-ID."""
    return [p.read_bytes() for p in sorted(
        (ROOT / "tests/data/mail").glob("*.eml"))]


def with_id(raw, number):
    """The message under an identity of its own; lines end in CRLF and NUL is
    0x80, as Dovecot gives them out."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw).replace(b"\0", b"\x80")
    head, sep, body = raw.partition(b"\r\n\r\n")
    head = re.sub(rb"(?im)^message-id:.*(\r\n[ \t].*)*\r\n", b"",
                  head + b"\r\n")
    return (f"Message-ID: <soak-{number}@mail.example.net>\r\n".encode() +
            head.rstrip(b"\r\n") + (sep or b"\r\n\r\n") + body)


class Feeder(threading.Thread):
    """Puts mail into the mailbox at the rate; knows what it put there."""

    def __init__(self, bed, rate, rng):
        super().__init__(daemon=True)
        self.bed, self.rate, self.rng = bed, rate, rng
        self.sent = set()
        self.end = threading.Event()
        self.files = corpus()

    def message(self, number):
        if self.rng.random() < 0.5:
            return with_id(self.rng.choice(self.files), number)
        text = samples.TIP_TEXT + SECRET_WORD * self.rng.randrange(1, 40)
        if self.rng.random() < 0.2:
            raw = samples.with_file(self.rng.randbytes(
                self.rng.randrange(1, 200000)), text=text)
        else:
            raw = samples.tip(text=text)
        return with_id(raw, number)

    def deliver(self, raw):
        """Into the Maildir while Dovecot works on it."""
        name = f"{time.time_ns()}.M{self.rng.randrange(1 << 40)}.soak"
        top = self.bed._maildir(TIPS, "INBOX")
        (top / "tmp" / name).write_bytes(raw)
        os.chown(top / "tmp" / name, self.bed.uid, self.bed.gid)
        (top / "tmp" / name).rename(top / "new" / name)

    def run(self):
        number = 0
        start = time.monotonic()
        while not self.end.is_set():
            due = int((time.monotonic() - start) * self.rate) - number
            batch = [self.message(number + n) for n in range(due)]
            number += len(batch)
            self.sent.update(hashlib.sha256(raw).digest() for raw in batch)
            for raw in batch:
                self.deliver(raw)
            self.end.wait(0.25)


class Sink(threading.Thread):
    """Counts the copies of each letter that the SMTP sink got, and forgets
    their texts."""

    def __init__(self, smtp):
        super().__init__(daemon=True)
        self.smtp = smtp
        self.copies, self.undone = collections.Counter(), collections.Counter()
        self.end = threading.Event()

    def take(self):
        for letter in list(self.smtp.letters):
            if letter.done_at is None:
                # One that a dead client left behind is never done.
                self.undone[id(letter)] += 1
                if self.undone[id(letter)] > 60:
                    self.forget(letter)
                continue
            self.forget(letter)
            if letter.data is None or letter.reply[:1] in (b"4", b"5"):
                continue
            found = re.search(rb"(?im)^message-id: <(.*)>", letter.data)
            self.copies[found.group(1).decode(), letter.rcpts[0]] += 1
        del self.smtp.sessions[:-20]

    def settle(self, sent):
        """What was answered may not be written down here yet."""
        end = time.monotonic() + 30
        self.take()
        while sent - set(self.copies) and time.monotonic() < end:
            time.sleep(0.05)
            self.take()

    def forget(self, letter):
        self.undone.pop(id(letter), None)
        self.smtp.letters.remove(letter)

    def run(self):
        while not self.end.wait(0.5):
            self.take()


def children(pid):
    """Process ids of the daemon's processes by role."""
    found = {"core": [pid], "fetch": [], "parse": [], "send": []}
    todo = [pid]
    while todo:
        parent = todo.pop()
        try:
            kids = pathlib.Path(
                f"/proc/{parent}/task/{parent}/children").read_text().split()
        except OSError:
            continue
        for kid in map(int, kids):
            try:
                line = pathlib.Path(f"/proc/{kid}/cmdline").read_bytes()
            except OSError:
                continue
            role = re.search(rb"--role=([a-z]+)", line)
            if role:
                found[role.group(1).decode()].append(kid)
            todo.append(kid)
    return found


def measure(pid):
    """RSS in KB and open descriptors."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        fds = len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return None
    rss = re.search(r"VmRSS:\s+(\d+)", status)
    return (int(rss.group(1)), fds) if rss else None


class Life:
    """What one process measured from its start to its end."""

    def __init__(self, role):
        self.role, self.points = role, []

    def add(self, now, point):
        self.points.append((now, *point))

    def verdict(self):
        """(seconds, RSS at the start, in the end, least squares per hour,
        descriptors, grew)."""
        warm = [p for p in self.points if p[0] - self.points[0][0] >= WARM_S]
        if len(warm) < 6:
            return None
        third = max(1, len(warm) // 3)
        first = sum(p[1] for p in warm[:third]) / third
        last = sum(p[1] for p in warm[-third:]) / third
        mid_t = sum(p[0] for p in warm) / len(warm)
        mid_r = sum(p[1] for p in warm) / len(warm)
        var = sum((p[0] - mid_t) ** 2 for p in warm)
        slope = sum((p[0] - mid_t) * (p[1] - mid_r) for p in warm) / var
        fds = [p[2] for p in warm]
        # Messages in flight hold descriptors while the machine is busy: only
        # what stays open raises the least.
        grew = (last - first > RSS_SLACK_KB or
                min(fds[-third:]) - min(fds[:third]) > FD_SLACK)
        return (warm[-1][0] - self.points[0][0], first, last, slope * 3600,
                max(fds), grew)


class Soak:
    def __init__(self, args, bed, office, proxy, smtp):
        self.args, self.bed, self.office = args, bed, office
        self.proxy, self.smtp = proxy, smtp
        self.rng = random.Random(args.seed)
        self.feeder = Feeder(bed, args.rate, random.Random(args.seed + 1))
        self.sink = Sink(smtp)
        self.lives, self.done = {}, collections.Counter()
        self.clock = office.dir / "clock"
        self.clock.write_text("0")
        self.starts = 0
        # A core that is killed every few seconds never gets old enough to
        # show what it leaks.
        self.core_kills = max(1, args.seconds // 300)

    def start(self):
        self.starts += 1
        self.office.start(CLUED_TEST_CLOCK=str(self.clock))
        self.office.wait(lambda: len(re.findall(
            "event=started", self.office.read_log())) >= self.starts,
            "the start", 60)

    # -- faults --------------------------------------------------------------
    def network(self):
        kind = self.rng.choice(["cut", "reset", "garbage", "stall", "drip"])
        way = self.rng.choice(["up", "down"])
        self.proxy.plan = Fault(kind, way, self.rng.choice(
            [self.rng.randrange(1, 4000), self.rng.randrange(1, 400000)]),
            self.rng.randrange(1 << 30))
        self.done[f"network {kind}"] += 1

    def servers(self):
        step = self.rng.choice(["mail", "rcpt", "data", "dot"])
        if self.rng.random() < 0.5:
            self.smtp.on(step, cut=True, times=1)
            self.done["SMTP cut"] += 1
        else:
            self.smtp.on(step, b"452 4.2.2 mailbox full", times=1)
            self.done["SMTP 452"] += 1
        del self.smtp._rules[20:]

    def kill(self):
        role = self.rng.choice(["fetch", "parse", "send"])
        pids = children(self.office.daemon.pid)[role]
        if pids:
            try:
                os.kill(self.rng.choice(pids), signal.SIGKILL)
                self.done[f"killed {role}"] += 1
            except ProcessLookupError:
                pass

    def step_clock(self):
        self.clock.write_text(str(self.rng.choice(
            [0, 0, 60, -60, 600, -600, 1800, -1800])))
        self.done["clock steps"] += 1

    def kill_core(self):
        self.office.daemon.send_signal(signal.SIGKILL)
        self.office.daemon.wait()
        self.office.daemon = None
        self.done["killed core"] += 1
        self.start()

    # -- the run -------------------------------------------------------------
    def look(self):
        now = time.monotonic()
        for role, pids in children(self.office.daemon.pid).items():
            for pid in pids:
                point = measure(pid)
                if point:
                    self.lives.setdefault(pid, Life(role)).add(now, point)

    def run(self):
        self.start()
        self.feeder.start()
        self.sink.start()
        begin = time.monotonic()
        end = begin + self.args.seconds
        kills = [begin + (k + 0.5) * self.args.seconds / self.core_kills
                 for k in range(self.core_kills)]
        shown = begin
        while (now := time.monotonic()) < end:
            if self.office.daemon.poll() is not None:
                raise AssertionError("the daemon ended by itself:\n" +
                                     self.office.read_log()[-3000:])
            self.look()
            if kills and now >= kills[0]:
                kills.pop(0)
                self.kill_core()
            # A letter that was cut holds the others for half a minute.
            self.rng.choice([self.network] * 4 + [self.kill] * 3 +
                            [self.step_clock] * 2 + [self.servers])()
            if now - shown >= 60:
                shown = now
                self.say(f"{now - begin:.0f} s, {len(self.feeder.sent)} sent,"
                         f" {self.store('SELECT count(*) n FROM message')}"
                         " stored")
            time.sleep(min(self.args.every, max(0, end - now)))

    def store(self, query):
        return self.office.sql(query)[0]["n"]

    def say(self, text):
        print(text, flush=True)

    def calm(self):
        """No more faults; everything is worked off."""
        self.feeder.end.set()
        self.feeder.join()
        self.proxy.plan = None
        self.smtp.clear()
        self.clock.write_text("0")
        begin = time.monotonic()
        wanted = len(self.feeder.sent)
        limit = 120 + wanted / 20
        self.office.wait(
            lambda: self.poke() and self.journaled() >= wanted,
            f"all of {wanted} messages", limit)
        self.office.wait(
            lambda: self.poke() and self.waiting() == 0, "the last letter",
            limit)
        self.look()
        self.say(f"worked off {time.monotonic() - begin:.0f} s after the end")

    def poke(self):
        self.office.daemon.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        return True

    def journaled(self):
        return self.store("SELECT count(*) n FROM journal"
                          " WHERE outcome IN (0, 1)")

    def waiting(self):
        return self.store("SELECT count(*) n FROM letter WHERE state < 2")

    # -- the account ----------------------------------------------------------
    def account(self):
        bad = []
        stored = {bytes.fromhex(r["h"]) for r in self.office.sql(
            "SELECT hex(sha256) AS h FROM message")}
        taken, repeats = self.store(
            "SELECT count(*) n FROM journal WHERE outcome = 0"), self.store(
            "SELECT count(*) n FROM journal WHERE outcome = 1")
        missing = self.feeder.sent - stored
        if len(stored - self.feeder.sent) or len(missing) > repeats:
            bad.append(f"messages: {len(missing)} missing, {repeats} "
                       f"repeats, {len(stored - self.feeder.sent)} strange")
        if taken != len(stored):
            bad.append(f"{taken} taken, {len(stored)} stored")
        letters = self.office.sql(
            "SELECT message_id, rcpt_to, state FROM letter")
        states = collections.Counter(r["state"] for r in letters)
        self.sink.end.set()
        self.sink.join()
        sent = {(r["message_id"], r["rcpt_to"]) for r in letters
                if r["state"] == 2}
        self.sink.settle(sent)
        lost = sent - set(self.sink.copies)
        known = {(r["message_id"], r["rcpt_to"]) for r in letters}
        copies = collections.Counter(self.sink.copies.values())
        if lost:
            bad.append(f"{len(lost)} letters sent that never arrived")
        if set(self.sink.copies) - known:
            bad.append("letters that nobody wrote")
        if max(copies, default=0) > 2:
            bad.append(f"copies of letters: {dict(copies)}")
        self.say(f"messages {len(self.feeder.sent)}: taken {taken}, repeats "
                 f"{repeats}; letters {len(letters)}: sent {states[2]}, "
                 f"failed {states[3]}, unknown {states[4]}, cancelled "
                 f"{states[5]}; twice at the sink {copies[2]}")
        return bad + self.account_store() + self.account_processes()

    def account_store(self):
        bad = []
        out = self.office.ctl("fsck", "--reparse", "--json", status=None)
        *found, whole = map(json.loads, out.splitlines())
        if found or whole["findings"]:
            bad.append(f"fsck: {found[:5]}")
        log = self.office.read_log()
        if SECRET_WORD in log or "citizen@example.net" in log:
            bad.append("a tip or a citizen stands in the log")
        errors = collections.Counter(
            re.findall(r" error event=(\S+)", log))
        self.say(f"fsck: {whole['messages']} messages, {whole['letters']} "
                 f"letters read, {whole['reparsed']} decoded again; store "
                 f"{self.office.store.stat().st_size / 1e6:.0f} MB; errors "
                 f"logged {dict(errors)}")
        return bad

    def account_processes(self):
        bad = []
        self.say("faults: " + ", ".join(
            f"{k} {n}" for k, n in sorted(self.done.items())))
        for role in ("core", "fetch", "parse", "send"):
            verdicts = [v for life in self.lives.values()
                        if life.role == role and (v := life.verdict())]
            if not verdicts:
                continue
            longest = max(verdicts)
            self.say(f"{role:<6} longest {longest[0]:.0f} s: RSS "
                     f"{longest[1] / 1024:.1f} to {longest[2] / 1024:.1f} MB"
                     f" ({longest[3] / 1024:+.1f} MB/h), at most "
                     f"{longest[4]} descriptors")
            bad += [f"{role} grew: {v}" for v in verdicts if v[5]]
        return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--every", type=float, default=2,
                        help="seconds between faults")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    args = parser.parse_args()
    print(f"soak: {args.seconds} s at {args.rate} messages/s, seed "
          f"{args.seed}", flush=True)
    with Bed(users=office_users(), smtp=False) as bed:
        bed.append(TIPS, with_id(samples.tip(), "first"))
        with CutProxy(bed.imaps_at()) as proxy, FakeSmtp(
                tls=bed.dir / "ca" / "good.pem") as smtp, Office(
                bed, args.build.resolve(), imap_to=proxy.at,
                smtp_to=smtp.at, poll="1s", timeouts="3s",
                folders=(("INBOX", False),)) as office:
            soak = Soak(args, bed, office, proxy, smtp)
            first, = bed.mailbox(TIPS)
            soak.feeder.sent.add(hashlib.sha256(first.raw).digest())
            try:
                soak.run()
                soak.calm()
                bad = soak.account()
            except AssertionError as failed:
                bad = [str(failed)[:200]]
            if bad:
                (pathlib.Path("/tmp") / "clued-soak.log").write_text(
                    office.read_log())
    for what in bad:
        print(f"BAD: {what}")
    if bad:
        print("the log is /tmp/clued-soak.log")
    print("soak: " + ("failed" if bad else "all accounted for"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
