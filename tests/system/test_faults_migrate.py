# SPDX-License-Identifier: ISC
"""A store of the first release is brought up to date while the disk is full,
does not write, or the process is killed: it stays what it was or is the new
one, and the next start finishes it.  Likewise a new store is made or not."""
import contextlib
import pathlib
import random
import shutil
import sqlite3
import tempfile
import time

import pytest

from bed import Bed
from fault_page import FaultPage
from fault_run import ALL, seed, tally
from fault_world import shim  # noqa: F401
from office import ROOT, Office, office_users

FULL, IOERR_WRITE, IOERR_SYNC, KILL = 13, 10 | 3 << 8, 10 | 4 << 8, -9
FAULTS = [("vfs_write", FULL), ("vfs_write", IOERR_WRITE),
          ("vfs_write", KILL), ("vfs_sync", IOERR_SYNC), ("vfs_sync", KILL),
          ("vfs_truncate", KILL), ("vfs_shm_map", KILL)]
CASES = [(w, *f) for w in ("old", "new") for f in FAULTS]
SHORT = [("old", "vfs_write", FULL), ("old", "vfs_write", KILL)]
APPLICATION = 0x636c7565
FEW = 2
# All of the first, then one of so many.
FIRST, STEP = 10, 8


@pytest.fixture(scope="module")
def office(build):
    with Bed(users=office_users(), smtp=False) as bed, Office(
            bed, build, imap_tls="none", smtp_tls="none") as it:
        it.once()
        it.newest = version(it)
        make_old(it)
        yield it


def version(office):
    """Of a copy: who opens a store that was left in the middle mends it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(
            sqlite3.connect(pathlib.Path(shutil.copytree(
                office.store.parent, folder, dirs_exist_ok=True)) /
                office.store.name)) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return db.execute("PRAGMA user_version").fetchone()[0]


def make_old(office):
    """A store as the first release made it, with the key that is there."""
    old = office.dir / "old.db"
    with contextlib.closing(sqlite3.connect(old)) as db:
        db.executescript((ROOT / "tests/data/store/v1.sql").read_text())
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute("PRAGMA user_version = 1")
        db.execute("ATTACH ? AS new", (str(office.store),))
        db.execute("INSERT INTO chain SELECT * FROM new.chain")
        db.commit()
    office.old = old.read_bytes()


def put(office, raw):
    for end in ("", "-wal", "-shm"):
        office.store.with_name(office.store.name + end).unlink(
            missing_ok=True)
    if raw is not None:
        office.store.write_bytes(raw)
        office.store.chmod(0o600)


def finished(office, page):
    page.disarm()
    assert office.once(check=False) == 0, office.log
    assert version(office) == office.newest
    office.ctl("fsck")


@pytest.mark.parametrize("what, call, code", CASES if ALL else SHORT)
def test_a_start_that_makes_a_store_is_whole_or_nothing(
        office, shim, tmp_path, what, call, code):
    page, n, most = FaultPage(tmp_path), 0, 1
    rng = random.Random(f"{seed()} {call} {code} {what}")
    done, begin = 0, time.monotonic()
    while ALL or done < FEW:
        n = (n + (1 if n < FIRST else STEP) if ALL
             else rng.randrange(1, most + 1))
        put(office, office.old if what == "old" else None)
        if code == KILL:
            page.kill("core", call, n)
        else:
            page.arm("core", call, n, code, onwards=code == FULL)
        status = office.once(check=False, **page.env(shim))
        most = max(most, page.seen)
        if not page.happened:
            assert status == 0
            assert ALL or most == 1, "the fault did not happen"
            break
        done += 1
        if code == KILL:
            assert status == -9, office.log
        else:
            assert status in (0, 1, 3, 4), office.log
            assert status == 0 or office.log.strip()
        if office.store.exists() and office.store.stat().st_size:
            assert version(office) in (0, 1, office.newest)
        finished(office, page)
    tally("a store made or brought up to date", done, 0, begin)
