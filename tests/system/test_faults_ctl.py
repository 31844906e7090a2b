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
import functools
import os
import random
import shutil
import sqlite3
import subprocess
import zlib

import pytest

import samples
from bed import Bed
from desk import Desk
from fault_page import FaultPage
from fault_run import ALL, note, seed
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
    ("poll", E.ENOMEM), ("malloc", E.ENOMEM)]
# (arguments, what of it, for the few that are taken by default)
SHORT = [("accept", "vfs_write"), ("assign", "vfs_sync"), ("add", "malloc"),
         ("backup", "vfs_write"), ("restore", "rename"), ("today", "malloc"),
         ("list", "vfs_read"), ("retry", "vfs_write")]
SHORT_PLACES = 2
OWN = "kind <> 'related'"


def acts(desk):
    """name -> (arguments, does it write)"""
    clue, back = desk.clue, desk.back
    it = {
        "accept": ["accept", clue], "feedback": ["feedback", clue, "已到现场"],
        "note": ["note", clue, "已电话告知"],
        "return": ["return", clue, "不归口"],
        "reassign": ["reassign", clue, "唐嘉", "手续问题"],
        "extend": ["extend", "--days", "5", clue, "材料多"],
        "suspend": ["suspend", clue, "当事人在逃"],
        "transfer": ["transfer", clue, "公安机关", "海公〔2026〕1号", "三份"],
        "close": ["close", "--as", "查实", clue, "属实，已拆除"],
        "assign": ["assign", "--domain", "outdoor-advertising", clue, "石清"],
        "assign back": ["assign", back, "邱山"],
        "add": ["add", "--channel", "hotline", "--subject", "渣土车", "--text",
                "海棠路工地的渣土车队强揽渣土外运。"],
        "ingest": ["ingest", desk.dir / "more.eml"],
        "release": ["release", desk.held],
        "shelf": ["shelf", "release", desk.shelved],
        "retry": ["quarantine", "retry", desk.unread],
        "regulation": ["regulation", "add", "--domain", "muck-transport",
                       "--date", "2026-10-12", "渣土运输管理办法"],
        "monthly": ["report", "monthly", "--period", "2026-10", "--file",
                    "--by", "王芳", "--phone", "010-55550100"],
    }
    shows = {
        "list": ["list"], "show": ["show", clue], "today": ["today"],
        "status": ["status"], "search": ["search", "渣土"],
        "register": ["report", "register", "--period", "2026-10"],
        "audit": ["audit", "verify"], "fsck": ["fsck"],
        "related": ["related", clue], "metrics": ["metrics"],
    }
    return {**{k: (v, True) for k, v in it.items()},
            **{k: (v, False) for k, v in shows.items()}}


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


def put_back(desk, name="whole"):
    shutil.rmtree(desk.store.parent)
    shutil.copytree(desk.dir / name, desk.store.parent)


def run(desk, args, env=(), out=subprocess.PIPE):
    return subprocess.run(
        [desk.build / "cluectl", "-c", desk.conf, *map(str, args)],
        env={**desk.env, **dict(env)}, stdout=out, stderr=subprocess.PIPE,
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
        self.count = collections.Counter()

    def arm(self, first):
        """malloc() from when the store is opened: before, it is all alike."""
        if self.call == "malloc":
            self.page.mark("core", "vfs_open")
            self.page.arm_new_then("core", "malloc", self.code, depth=6,
                                   skip=0 if ALL else self.skip(),
                                   go_on=not first)
        else:
            if not ALL:
                self.page.forget()
            self.page.arm_new("core", self.call, self.code,
                              skip=0 if ALL else self.skip(),
                              depth=4 if self.call == "read" else 10)

    def happened(self):
        return (self.page.happened_then if self.call == "malloc"
                else self.page.happened)

    def all(self, once):
        """once() until no place is left."""
        if self.call != "malloc":
            self.page.forget()
        n, first = 0, True
        while ALL or n < SHORT_PLACES:
            self.arm(first)
            first = False
            try:
                once()
            except AssertionError as e:
                text = (f"== {self.name}: {self.call} answers {self.code}: "
                        f"{e}\n{self.trace()}")
                note("findings", text)
                raise AssertionError(text) from e
            finally:
                self.page.disarm()
            if not self.happened():
                break
            n += 1
        self.count["places"] = n
        note("figures", f"{self.name} {self.call} {self.code}: "
             + ", ".join(f"{k} {v}" for k, v in sorted(self.count.items())))
        return n

    def trace(self):
        return self.page.traces(self.desk.build / "cluectl")

    def said(self, done):
        """A failure ends with a status of ours, and says something."""
        status = done.returncode
        # getpwuid() of glibc does not survive it; nothing was begun then.
        if status in (-11, -6) and "ctl_actor" in self.trace():
            return
        self.count[f"status {status}"] += 1
        assert status in (0, 1, 3, 4), (status, done.stdout, done.stderr)
        assert status == 0 or done.stderr.strip() or (
            status == 1 and done.stdout.strip()), (status, "not a word")


def kinds(name):
    for call, code in KINDS:
        if ALL or (name, call) in SHORT:
            yield call, code
            if not ALL:
                return


def sweep_kinds(desk, page, shim, name, once, found, kept="whole"):
    """once(sweep) in every place of each kind of call of the command; what it
    finds goes to found, and the desk back to what was kept.  Returns how many
    places there were."""
    n = 0
    for call, code in kinds(name):
        sweep = Sweep(desk, page, shim, name, call, code)
        try:
            n += sweep.all(functools.partial(once, sweep))
        except AssertionError as e:
            found.append(str(e))
            put_back(desk, kept)
    return n


def names(desk, writes):
    return [n for n, (_, w) in acts(desk).items()
            if w == writes and (ALL or any(n == s for s, _ in SHORT))]


def test_an_act_under_faults_is_whole_or_nothing(desk, page, shim):
    found, n = [], 0
    for name in names(desk, True):
        args, _ = acts(desk)[name]
        put_back(desk)
        before = picture(desk)
        assert run(desk, args).returncode == 0, name
        whole = picture(desk)
        put_back(desk)
        assert whole != before

        def once(sweep, args=args, before=before, whole=whole):
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
        n += sweep_kinds(desk, page, shim, name, once, found)
    assert not found, "\n".join(found)
    assert n > 0


def test_what_is_shown_under_faults_is_whole(desk, page, shim):
    found, n = [], 0
    put_back(desk)
    for name in names(desk, False):
        args, _ = acts(desk)[name]
        plain = run(desk, args)
        plain = run(desk, args)
        before = picture(desk)

        def once(sweep, args=args, plain=plain, before=before):
            done = run(desk, args, sweep.env)
            page.disarm()
            sweep.said(done)
            # The test's own clock may fail as well.
            if done.returncode == plain.returncode and not (
                    done.stderr or "test_offset_s" in sweep.trace()):
                assert done.stdout == plain.stdout, done.stdout
            assert picture(desk) == before
        n += sweep_kinds(desk, page, shim, name, once, found)
    assert not found, "\n".join(found)
    assert n > 0


def looks_whole(folder):
    return folder.exists() and (folder / "MANIFEST").exists()


def test_a_backup_under_faults_is_whole_or_none(desk, page, shim):
    put_back(desk)
    folder, found = desk.dir / "copy", []

    def once(sweep):
        shutil.rmtree(folder, ignore_errors=True)
        done = run(desk, ["backup", folder], sweep.env)
        page.disarm()
        sweep.said(done)
        assert done.returncode != 0 or looks_whole(folder)
        if looks_whole(folder):
            back = run(desk, ["restore", "--force", folder])
            assert back.returncode == 0, (done.stderr, back.stderr)
            desk.ctl("fsck")
            put_back(desk)
        assert picture(desk)
    n = sweep_kinds(desk, page, shim, "backup", once, found)
    assert not found, "\n".join(found)
    assert n > 0


def test_a_restore_under_faults_is_whole_or_nothing(desk, page, shim):
    """Its store is the old one or the new one, and in the end neither of them
    is lost."""
    put_back(desk)
    folder, found = desk.dir / "kept", []
    desk.ctl("backup", folder)
    old = picture(desk)
    desk.ctl("accept", desk.clue)
    keep(desk, "later")
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
        put_back(desk, "later")
    n = sweep_kinds(desk, page, shim, "restore", once, found, "later")
    assert not found, "\n".join(found)
    assert n > 0


@pytest.mark.parametrize("call", ["rename", "fsync", "unlink", "write",
                                  "open"][:5 if ALL else 1])
def test_a_restore_that_is_killed_is_whole_or_nothing(
        desk, page, shim, call):
    """Also after the machine went down: what was renamed was synced."""
    put_back(desk)
    folder, n = desk.dir / f"backup-{call}", 0
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


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("name", ["list", "show", "today", "accept"])
def test_output_that_cannot_be_written_is_told(desk, name):
    put_back(desk)
    args, writes = acts(desk)[name]
    before = picture(desk)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = run(desk, args, out=full)
    assert done.returncode == 4 and "cannot write" in done.stderr
    assert (picture(desk) != before) == writes
