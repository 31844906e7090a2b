# SPDX-License-Identifier: ISC
"""Every call that can fail is made to fail while cluectl works: what it was to
do is done or not, never half of it; it says so with its exit status and, when
it failed, in words; a store that it left is whole.  What it shows is all of
it, or it says that it is not.

By default a few calls; CLUED_FAULTS=all (make faults) takes each place from
which a command makes a call that can fail, and of malloc() each that no other
command had before."""
import collections
import contextlib
import errno
import os
import random
import shutil
import sqlite3
import subprocess
import time
import zlib

import pytest

import samples
from bed import Bed
from desk import Desk
from fault_page import FaultPage
from fault_run import ALL, MOST_FINDINGS, note, seed, tally
from fault_world import shim  # noqa: F401
from office import office_users

E = errno
CAME, DAY = "2026-10-12 10:00", "2026-10-12 11:00"
IOERR, FULL = 10, 13
KINDS = [
    ("vfs_write", FULL), ("vfs_write", IOERR | 3 << 8),
    ("vfs_torn", IOERR | 3 << 8), ("vfs_sync", IOERR | 4 << 8),
    ("vfs_read", IOERR | 1 << 8), ("vfs_open", 14),
    ("vfs_truncate", IOERR | 6 << 8), ("vfs_delete", IOERR | 10 << 8),
    ("vfs_lock", IOERR | 15 << 8), ("vfs_shm_map", IOERR | 21 << 8),
    ("vfs_shm_lock", IOERR | 20 << 8), ("write", E.ENOSPC),
    ("fsync", E.EIO), ("rename", E.EIO), ("unlink", E.EIO),
    ("mkdir", E.ENOSPC), ("open", E.EMFILE), ("read", E.EIO),
    ("ftruncate", E.ENOSPC), ("memfd_create", E.EMFILE), ("fork", E.EAGAIN),
    ("socket", E.EMFILE), ("sendmsg", E.ENOBUFS), ("recvmsg", E.ENOMEM),
    ("poll", E.ENOMEM), ("link", E.EIO), ("mkostemp", E.ENOSPC),
    ("mkdtemp", E.ENOSPC), ("opendir", E.EMFILE), ("fcntl", E.EMFILE),
    ("fcntl_lock", E.ENOLCK),
    ("stat", E.EIO), ("lstat", E.EIO), ("fstat", E.EIO), ("fopen", E.EMFILE),
    ("fdopen", E.ENOMEM), ("fclose", E.ENOSPC), ("fflush", E.ENOSPC),
    ("fchmod", E.EIO), ("flock", E.ENOLCK), ("pidfd_open", E.EMFILE),
    ("malloc", E.ENOMEM)]
# (arguments, what of it, for the few that are taken by default)
SHORT = [("accept", "vfs_write"), ("assign", "vfs_sync"), ("add", "malloc"),
         ("add from a form", "read"), ("shelf", "malloc"),
         ("backup", "vfs_write"), ("restore", "rename"), ("today", "malloc"),
         ("list", "vfs_read"), ("retry", "vfs_write")]
SHORT_PLACES = 2
# Before the store is opened, all commands read the same files by the same code:
# that is swept with these.
EARLY = {"open", "read", "fopen", "fclose", "stat", "lstat", "fstat",
         "opendir", "fcntl", "fdopen"}
WHOLE = {"accept", "add from a form", "list", "today", "backup", "restore"}
OWN = "kind <> 'related'"


# What changes something, and what does not; words() makes commands of them.
ACTS = {
    "accept": ["accept", "CLUE"], "feedback": ["feedback", "CLUE", "已到现场"],
    "note": ["note", "CLUE", "已电话告知"],
    "return": ["return", "CLUE", "不归口"],
    "reassign": ["reassign", "CLUE", "唐嘉", "手续问题"],
    "recuse": ["recuse", "CLUE", "陆文博", "亲属"],
    "extend": ["extend", "--days", "5", "CLUE", "材料多"],
    "suspend": ["suspend", "CLUE", "当事人在逃"],
    "transfer": ["transfer", "CLUE", "公安机关", "海公〔2026〕1号", "三份"],
    "close": ["close", "--as", "查实", "CLUE", "属实，已拆除"],
    "assign": ["assign", "--domain", "outdoor-advertising", "CLUE", "石清"],
    "assign back": ["assign", "BACK", "邱山"],
    "add": ["add", "--channel", "hotline", "--subject", "渣土车", "--text",
            "海棠路工地的渣土车队强揽渣土外运。"],
    "add from a form": ["add", "-"],
    "ingest": ["ingest", "MORE"],
    "release": ["release", "HELD"],
    "shelf": ["shelf", "release", "SHELVED"],
    "retry": ["quarantine", "retry", "UNREAD"],
    "regulation": ["regulation", "add", "--domain", "muck-transport",
                   "--date", "2026-10-12", "渣土运输管理办法"],
    "monthly": ["report", "monthly", "--period", "2026-10", "--file", "--by",
                "王芳", "--phone", "010-55550100"],
}
SHOWS = {
    "list": ["list"], "show": ["show", "CLUE"], "today": ["today"],
    "status": ["status"], "search": ["search", "渣土"],
    "register": ["report", "register", "--period", "2026-10"],
    "audit": ["audit", "verify"], "fsck": ["fsck"],
    "related": ["related", "CLUE"], "metrics": ["metrics"],
}
# In these tests what failed in one command fails in no other.
MEMORY_PARTS = 4
MEMORY = [f"malloc {n + 1} of {MEMORY_PARTS}" for n in range(MEMORY_PARTS)]


def words(desk, args):
    return [{"CLUE": desk.clue, "BACK": desk.back, "HELD": desk.held,
             "SHELVED": desk.shelved, "UNREAD": desk.unread,
             "MORE": desk.dir / "more.eml"}.get(x, x) for x in args]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return FaultPage(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def desk(build):
    with Bed(users=office_users(), smtp=False) as bed, Desk(bed, build) as it:
        it.clock(DAY)
        it.env["CLUED_TEST_CLOCK"] = str(it.dir / "clock")
        fill(it)
        yield it


def ingest(desk, raw, **env):
    path = desk.dir / "mail.eml"
    path.write_bytes(raw)
    desk.ctl("ingest", path, status=None, **env)


def fill(desk):
    """A store with something for every command to do."""
    for _ in range(2):
        ingest(desk, samples.tip())
    ingest(desk, samples.with_file(b"\0" * 9000, name="x.zip"))
    ingest(desk, samples.plain("", subject="none"))
    desk.poke("CREATE TRIGGER refused BEFORE INSERT ON deadline"
              " BEGIN SELECT RAISE(ABORT, 'refused'); END")
    ingest(desk, samples.tip())
    desk.poke("DROP TRIGGER refused")
    (desk.dir / "more.eml").write_bytes(samples.tip())
    numbers = [r["number"] for r in desk.sql(
        "SELECT number FROM clue ORDER BY id")]
    desk.clue, desk.back, desk.held = numbers[:3]
    desk.ctl("return", desk.back, "不归口")
    desk.shelved = desk.sql(
        "SELECT id FROM message WHERE kind = 'empty'")[0]["id"]
    desk.unread = desk.sql(
        "SELECT id FROM message WHERE kind = 'quarantine'")[0]["id"]
    keep(desk, "whole")


def keep(desk, name):
    with contextlib.closing(sqlite3.connect(desk.store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(desk.store.parent, desk.dir / name)


# Glibc's getpwuid() and libxlsxwriter do not survive want of memory: what was
# begun is undone by the end of the process, and that is seen to.
MORTAL = ("ctl_actor", "libxlsxwrite")


def put_back(desk, name="whole"):
    shutil.rmtree(desk.store.parent)
    shutil.copytree(desk.dir / name, desk.store.parent)


FORM = ('{"channel": "visit", "subject": "渣土车", "name": "王建国",'
        ' "text": "海棠路工地的渣土车队强揽渣土外运。"}')


def run(desk, args, env=(), out=subprocess.PIPE):
    return subprocess.run(
        [desk.build / "cluectl", "-c", desk.conf, *map(str, args)],
        env={**desk.env, **dict(env)}, stdout=out, stderr=subprocess.PIPE,
        input=FORM if args[-1] == "-" else "",
        text=True, errors="replace", timeout=60, check=False)


def picture(desk):
    """How much there is of everything, and how all clues stand."""
    with contextlib.closing(sqlite3.connect(
            f"file:{desk.store}?mode=ro", uri=True)) as db:
        tables = [t for t, in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND"
            " sql LIKE '%STRICT%' ORDER BY name") if t != "event"]
        found = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()
                 for t in tables}
        found["event"] = db.execute(
            f"SELECT count(*) FROM event WHERE {OWN}").fetchone()
        found["clues"] = db.execute(
            "SELECT number, state, officer, domain FROM clue ORDER BY id"
        ).fetchall()
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        return found


def few(call, name):
    rng = random.Random(zlib.crc32(f"{seed()} {call} {name}".encode()))
    return lambda: rng.randrange(
        {"malloc": 25, "vfs_write": 6, "vfs_read": 12}.get(call, 1))


class Sweep:
    """One command under one kind of fault."""

    def __init__(self, desk, page, shim, name, call, code):
        self.desk, self.page, self.call, self.code = desk, page, call, code
        self.name, self.env = name, page.env(shim)
        self.skip = few(call, name)
        self.late = call == "malloc" or call in EARLY and name not in WHOLE
        self.count = collections.Counter()

    def arm(self, first):
        """late: from when the store is opened."""
        skip = 0 if ALL else self.skip()
        depth = {"malloc": 6, "read": 4}.get(self.call, 10)
        if not ALL and self.call != "malloc":
            self.page.forget()
        if self.late:
            self.page.mark("core", "vfs_open")
            self.page.arm_new_then(
                "core", self.call, self.code, depth=depth, skip=skip,
                go_on=self.call == "malloc" and not first)
        else:
            self.page.arm_new("core", self.call, self.code, skip=skip,
                              depth=depth)

    def happened(self):
        return (self.page.happened_then if self.late
                else self.page.happened)

    def all(self, once, mend):
        """once() until no place is left, and mend() after a finding; returns
        what was found."""
        found, first = [], True
        if self.call != "malloc":
            self.page.forget()
        while ALL or self.count["places"] < SHORT_PLACES:
            self.arm(first)
            first = False
            try:
                once(self)
            except AssertionError as e:
                found.append(f"== {self.name}: {self.call} answers "
                             f"{self.code}: {e}\n{self.trace()}")
                note("findings", found[-1])
                mend()
            finally:
                self.page.disarm()
            if not self.happened() or len(found) >= MOST_FINDINGS:
                break
            self.count["places"] += 1
        note("figures", f"{self.name} {self.call} {self.code}: "
             + ", ".join(f"{k} {v}" for k, v in sorted(self.count.items())))
        return found

    def trace(self):
        return self.page.traces(self.desk.build / "cluectl")

    def said(self, done):
        """A failure ends with a status of ours, and says something."""
        status = done.returncode
        if status in (-11, -6) and any(x in self.trace() for x in MORTAL):
            self.count["crash of a library"] += 1
            return
        self.count[f"status {status}"] += 1
        if "test_offset_s" in self.trace():
            return  # a clock that is the test's alone
        assert status in (0, 1, 3, 4), (status, done.stdout, done.stderr)
        assert status == 0 or done.stderr.strip() or (
            status == 1 and done.stdout.strip()), (status, "not a word")


def kinds(name, case):
    """Those that the case is about: malloc() or the others."""
    found = [k for k in KINDS if (k[0] == "malloc") == (case in MEMORY) and
             (ALL or (name, k[0]) in SHORT)]
    return found if ALL else found[:1]


def cases(commands):
    memory = [m for m in MEMORY if any(kinds(n, m) for n in commands)]
    return memory[:None if ALL else 1] + [n for n in commands if kinds(n, n)]


def sweep(desk, page, shim, what, commands, case, make, kept="whole"):
    """make(arguments) prepares for a command and returns what is done in every
    place of each kind of call of it."""
    found, places, begin = [], 0, time.monotonic()
    page.forget()
    page.part = (MEMORY.index(case), MEMORY_PARTS) if (
        ALL and case in MEMORY) else (0, 0)
    for name in commands if case in MEMORY else [case]:
        put_back(desk, kept)
        once = make(words(desk, commands[name]))
        for call, code in kinds(name, case):
            one = Sweep(desk, page, shim, name, call, code)
            found += one.all(once, lambda: put_back(desk, kept))
            places += one.count["places"]
    tally(f"calls failing in cluectl that {what}", places, len(found), begin)
    assert not found, f"{len(found)} findings\n" + "\n".join(found)[:12000]
    assert places > 0


@pytest.mark.parametrize("case", cases(ACTS))
def test_an_act_under_faults_is_whole_or_nothing(desk, page, shim, case):
    def make(args):
        before = picture(desk)
        assert run(desk, args).returncode == 0, args
        whole = picture(desk)
        put_back(desk)
        assert whole != before

        def once(sweep):
            done = run(desk, args, sweep.env)
            page.disarm()
            after = picture(desk)
            sweep.said(done)
            assert after in (before, whole), (done.stderr, after, before,
                                              whole)
            if done.returncode == 0:
                assert after == whole, "said to be done"
            if after != before:
                if done.returncode:
                    sweep.count["done all the same"] += 1
                desk.ctl("fsck")
                put_back(desk)
        return once
    sweep(desk, page, shim, "acts", ACTS, case, make)


@pytest.mark.parametrize("case", cases(SHOWS))
def test_what_is_shown_under_faults_is_whole(desk, page, shim, case):
    def make(args):
        run(desk, args)
        plain = run(desk, args)
        before = picture(desk)

        def once(sweep):
            done = run(desk, args, sweep.env)
            page.disarm()
            sweep.said(done)
            # The test's own clock may fail as well.
            if done.returncode == plain.returncode and not (
                    done.stderr or "test_offset_s" in sweep.trace()):
                # Some of it says what time it is.
                assert done.stdout == plain.stdout or (
                    done.stdout == run(desk, args).stdout), done.stdout
            assert picture(desk) == before
        return once
    sweep(desk, page, shim, "shows", SHOWS, case, make)


def looks_whole(folder):
    return folder.exists() and (folder / "MANIFEST").exists()


BACKUP, RESTORE = {"backup": ["backup"]}, {"restore": ["restore", "--force"]}


@pytest.mark.parametrize("case", cases(BACKUP))
def test_a_backup_under_faults_is_whole_or_none(desk, page, shim, case):
    folder = desk.dir / "copy"

    def once(sweep):
        shutil.rmtree(folder, ignore_errors=True)
        done = run(desk, [*BACKUP["backup"], folder], sweep.env)
        page.disarm()
        sweep.said(done)
        assert done.returncode != 0 or looks_whole(folder)
        if looks_whole(folder):
            back = run(desk, ["restore", "--force", folder])
            assert back.returncode == 0, (done.stderr, back.stderr)
            desk.ctl("fsck")
            put_back(desk)
        assert picture(desk)
    sweep(desk, page, shim, "backs up", BACKUP, case, lambda _: once)


@pytest.mark.parametrize("case", cases(RESTORE))
def test_a_restore_under_faults_is_whole_or_nothing(desk, page, shim, case):
    """Its store is the old one or the new one, and in the end neither of them
    is lost."""
    put_back(desk)
    folder = desk.dir / f"kept {case}"
    desk.ctl("backup", folder)
    old = picture(desk)
    desk.ctl("accept", desk.clue)
    keep(desk, f"later {case}")
    new = picture(desk)

    def once(sweep):
        done = run(desk, ["restore", "--force", folder], sweep.env)
        page.disarm()
        sweep.said(done)
        left = [p.name for p in desk.store.parent.iterdir()
                if ".new-" in p.name]
        after = picture(desk)
        assert after in (old, new), (done.stderr, after)
        if done.returncode == 0:
            assert after == old
        check = run(desk, ["fsck"])
        assert check.returncode == 0, (done.stderr, check.stderr,
                                       check.stdout)
        again = run(desk, ["restore", "--force", folder])
        assert again.returncode == 0, (done.stderr, left, again.stderr)
        assert picture(desk) == old
        put_back(desk, f"later {case}")
    sweep(desk, page, shim, "restores", RESTORE, case, lambda _: once,
          f"later {case}")


@pytest.mark.parametrize("call", ["rename", "fsync", "unlink", "write",
                                  "open"][:5 if ALL else 1])
def test_a_restore_that_is_killed_is_whole_or_nothing(
        desk, page, shim, call):
    """Also after the machine went down: what was renamed was synced."""
    put_back(desk)
    folder, n = desk.dir / f"backup-{call}", 0
    begin = time.monotonic()
    desk.ctl("backup", folder)
    old = picture(desk)
    desk.ctl("accept", desk.clue)
    keep(desk, f"after-{call}")
    new = picture(desk)
    while ALL or n < 2:
        n += 1
        page.kill("core", call, n)
        done = run(desk, ["restore", "--force", folder], page.env(shim))
        page.disarm()
        if not page.happened:
            assert done.returncode == 0 and n > 1
            break
        assert done.returncode == -9
        assert desk.store.exists() and picture(desk) in (old, new), n
        check = run(desk, ["fsck"])
        assert check.returncode == 0, (n, check.stdout, check.stderr)
        desk.ctl("restore", "--force", folder)
        assert picture(desk) == old
        put_back(desk, f"after-{call}")
    tally("cluectl killed while it restores", n - 1, 0, begin)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("name", ["list", "show", "today", "accept"])
def test_output_that_cannot_be_written_is_told(desk, name):
    put_back(desk)
    args = words(desk, {**ACTS, **SHOWS}[name])
    before = picture(desk)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = run(desk, args, out=full)
    assert done.returncode == 4 and "cannot write" in done.stderr
    assert (picture(desk) != before) == (name in ACTS)
