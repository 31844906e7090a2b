# SPDX-License-Identifier: ISC
"""The network breaks at any byte of a session with the real servers: after it
all messages are in the store exactly once, every letter was delivered, and at
most once more under the same Message-ID.

By default a few places; CLUED_FAULTS=all (make faults) takes each byte of the
servers' and the client's commands, and hundreds of the letters'."""
import collections
import os
import random
import time

import pytest

import samples
from bed import Bed
from cut_proxy import CutProxy, Fault
from office import TIPS, Office, office_users

ALL = os.environ.get("CLUED_FAULTS") == "all"
SAMPLE = 1
MESSAGES = 2
# Longer ways (letters' texts) are sampled, with as many places as half this.
EACH = 3600
RUNS = 6


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        for n in range(MESSAGES):
            it.append(TIPS, samples.tip(message_id=f"f{n}@mail.example.net"))
        yield it


class Line:
    """Mailbox and officers, with a proxy in front of both servers."""

    def __init__(self, bed, build):
        self.bed, self.build = bed, build
        self.imap, self.smtp = CutProxy(bed.imap_at()), CutProxy(
            bed.submit_at())

    def __enter__(self):
        self.imap.__enter__()
        self.smtp.__enter__()
        return self

    def __exit__(self, *_):
        self.imap.__exit__()
        self.smtp.__exit__()

    def office(self, **kwargs):
        for user in office_users():
            if user != TIPS:
                self.bed.wipe(user)
        return Office(
            self.bed, self.build, imap_tls="none", smtp_tls="none",
            imap_to=self.imap.at, smtp_to=self.smtp.at,
            folders=(("INBOX", False),), mailbox_extra='idle = false;',
            timeouts="2s", **kwargs)

    def through(self, proxy, fault):
        """One office's life with that fault; what is wrong at its end."""
        happened = proxy.happened
        with self.office() as office:
            proxy.plan = fault
            for _ in range(RUNS):
                if office.once(check=False) == 0 and self.settled(office):
                    break
                if not self.settled(office):
                    time.sleep(1.1)  # a letter's second try
            else:
                return f"{fault}: never came to an end\n{office.log}"
            wrong = self.wrong(office)
            if wrong:
                return f"{fault}: {wrong}\n{office.log}"
        assert proxy.plan is None
        self.did = proxy.happened > happened
        return None

    @staticmethod
    def settled(office):
        letters = office.status()["letters"]
        return letters["ready"] == letters["sending"] == 0

    def wrong(self, office):
        found = [r["message_id"] for r in office.sql(
            "SELECT message_id FROM message ORDER BY 1")]
        if found != [f"f{n}@mail.example.net" for n in range(MESSAGES)]:
            return f"messages {found}"
        if len(office.list()) != MESSAGES:
            return "clues"
        letters = {(r["message_id"], r["rcpt_to"]) for r in office.sql(
            "SELECT message_id, rcpt_to FROM letter WHERE state = 2")}
        if len(letters) != MESSAGES:
            return f"letters {letters}"
        self.bed.wait_delivered()
        arrived = collections.Counter()
        for user in {rcpt for _, rcpt in letters}:
            for mail in self.bed.mailbox(user):
                arrived[mail.msg["Message-ID"].strip("<>"), user] += 1
        if set(arrived) != letters or max(arrived.values()) > 2:
            return f"arrived {arrived} of {letters}"
        return None


@pytest.fixture(scope="module")
def line(bed, build):
    with Line(bed, build) as it:
        yield it


@pytest.fixture(scope="module")
def lengths(line):
    """Bytes of an undisturbed session with each server."""
    with line.office() as office:
        office.once()
        assert line.wrong(office) is None
    print(f"sessions: IMAP {line.imap.bytes}, SMTP {line.smtp.bytes}")
    return {"imap": line.imap.bytes, "smtp": line.smtp.bytes}


def places(length, kind):
    """Every byte, or a sample spread over the session; faults that take
    their time are sampled more thinly."""
    if ALL and kind in ("cut", "reset") and length <= EACH:
        return range(1, length + 1)
    n = min(length, EACH) // (2 if kind in ("cut", "reset") else 16)
    n = n if ALL else SAMPLE
    seed = os.environ.get("CLUED_SEED", "1")
    rng = random.Random(f"{seed} {kind} {length // 100}")
    return sorted(rng.randrange(k * length // n, (k + 1) * length // n) + 1
                  for k in range(n))


CASES = [(s, w, k) for s in ("imap", "smtp") for w in ("down", "up")
         for k in ("cut", "reset", "garbage", "stall", "drip")]
SHORT = {("imap", "down", "cut"), ("smtp", "down", "reset"),
         ("smtp", "up", "cut")}


@pytest.mark.parametrize("server, way, kind", CASES if ALL else sorted(SHORT))
def test_broken_at_any_byte(line, lengths, server, way, kind):
    proxy = getattr(line, server)
    bad = [said for at in places(lengths[server][way], kind)
           if (said := line.through(proxy, Fault(kind, way, at, at)))]
    assert not bad, f"{len(bad)} faults:\n" + "\n".join(bad)[:8000]
    assert line.did
