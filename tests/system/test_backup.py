# SPDX-License-Identifier: ISC
"""Backups of a store that is being written to, their way back, and the look
through a store for damage."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import pytest

import samples
from bed import Bed
from office import TIPS, Office, office_users


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users())
    with Office(bed, build, poll="1s") as it:
        yield it


def ids(office):
    return [r["message_id"] for r in office.sql(
        "SELECT message_id FROM message ORDER BY message_id")]


def modes(folder):
    return {oct(p.stat().st_mode & 0o777)
            for p in pathlib.Path(folder).iterdir()}


def test_backup_under_load_and_polling_on_from_it(bed, office):
    sent, enough = [], threading.Event()

    def come_in():
        """Ten at a time, until some are in a backup, and then ten more."""
        last = False
        while not last:
            last = enough.is_set()
            ten = [f"load-{len(sent) + n}@mail.example.net"
                   for n in range(10)]
            bed.fill(TIPS, [samples.tip(message_id=m) for m in ten])
            sent.extend(ten)
            time.sleep(0.1)

    office.once()
    office.start()
    feeder = threading.Thread(target=come_in)
    feeder.start()
    middle = {"messages": 0}
    for n in range(100):
        folder = office.dir / f"backup-{n}"
        middle = json.loads(office.ctl("backup", "--json", folder))
        assert oct(folder.stat().st_mode & 0o777) == "0o700"
        assert modes(folder) == {"0o600"}
        if middle["messages"] > 0:
            break
    enough.set()
    feeder.join()
    office.wait(lambda: len(ids(office)) == len(sent), "all messages")
    office.wait(lambda: office.status()["letters"]["sent"] == len(sent),
                "all letters")
    assert 0 < middle["messages"] < len(sent), middle
    assert middle["clues"] == middle["messages"]
    # The daemon holds the store: no restore under its feet.
    office.ctl("restore", "--force", middle["backup"], status=2)
    office.stop()
    office.ctl("restore", middle["backup"], status=2)
    back = json.loads(office.ctl("restore", "--force", "--json",
                                 middle["backup"]))
    assert back["messages"] == middle["messages"]
    assert pathlib.Path(back["kept"]).exists()
    assert office.status()["messages"] == middle["messages"]
    office.once()
    assert ids(office) == sorted(sent)
    numbers = [c["number"] for c in office.list()]
    assert [int(n[-6:]) for n in numbers] == list(range(1, len(sent) + 1))
    assert json.loads(office.ctl("fsck", "--json").splitlines()[-1])[
        "findings"] == 0
    # What was kept is a whole store, with its own key.
    kept = pathlib.Path(back["kept"])
    with contextlib.closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT count(*) FROM message").fetchone() == (
            len(sent),)
    assert pathlib.Path(f"{kept}.key").exists()
    assert not list(office.dir.glob("state/clued.db.new-*"))


def spoiled_page(folder):
    with open(folder / "clued.db", "r+b") as f:
        f.seek(9000)
        f.write(b"\xff" * 64)


def spoiled_manifest(folder):
    path = folder / "MANIFEST"
    path.write_text(path.read_text().replace("clued.db.key", "clued.db.kez"))


def foreign_key(folder):
    """Even a MANIFEST that was made to fit does not help."""
    import hashlib
    key = os.urandom(32)
    (folder / "clued.db.key").write_bytes(key)
    lines = (folder / "MANIFEST").read_text().splitlines()
    lines = [f"file {hashlib.sha256(key).hexdigest()} 32 clued.db.key"
             if x.endswith(".key") else x for x in lines]
    (folder / "MANIFEST").write_text("\n".join(lines) + "\n")


def escaping_name(folder):
    with open(folder / "MANIFEST", "a", encoding="ascii") as f:
        f.write(f"file {'0' * 64} 0 ../clued.db\n")


SPOILS = [
    spoiled_page, spoiled_manifest, foreign_key, escaping_name,
    lambda f: (f / "MANIFEST").unlink(),
    lambda f: (f / "clued.db.key").unlink(),
    lambda f: os.truncate(f / "clued.db", 8192)]


def test_a_backup_that_is_not_whole_is_refused(bed, office):
    bed.append(TIPS, samples.tip())
    office.once()
    whole = office.dir / "backup"
    office.ctl("backup", whole)
    office.ctl("backup", "--check", whole)
    for n, spoil in enumerate(SPOILS):
        folder = office.dir / f"spoiled-{n}"
        shutil.copytree(whole, folder)
        spoil(folder)
        done = subprocess.run(
            [office.build / "cluectl", "-c", office.conf, "restore",
             "--force", folder], capture_output=True, text=True, check=False)
        assert done.returncode in (1, 2, 4) and done.stderr, (n, done)
    # Nothing was touched.
    assert office.status()["clues"] == 1
    assert not list(office.dir.glob("state/*before*"))
    assert not [p for p in office.dir.glob("*/clued.db.*") if p.is_dir()]


def test_a_backup_goes_to_a_new_place_only(bed, office):
    bed.append(TIPS, samples.tip())
    office.once()
    empty, full = office.dir / "empty", office.dir / "full"
    empty.mkdir()
    full.mkdir()
    (full / "x").write_text("mine")
    office.ctl("backup", empty)
    office.ctl("backup", empty, status=2)
    office.ctl("backup", full, status=2)
    office.ctl("backup", full / "x", status=2)
    assert [p.name for p in full.iterdir()] == ["x"]
    assert not [p for p in office.dir.iterdir() if "full." in p.name]
    # A machine that never had a store.
    shutil.rmtree(office.dir / "state")
    (office.dir / "state").mkdir(mode=0o700)
    office.ctl("restore", empty)
    assert office.status()["clues"] == 1
    # The file system takes no more: nothing is left that looks like a backup.
    done = subprocess.run(
        ["prlimit", "--fsize=65536", office.build / "cluectl", "-c",
         office.conf, "backup", office.dir / "large"],
        capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert not (office.dir / "large").exists()


def test_fsck(bed, office):
    for more in ("", "X-Clued-Test: crash\r\n"):
        bed.append(TIPS, samples.tip(more=more))
    bed.append(TIPS, samples.with_file(b"\0" * 90000, name="x.zip"))
    office.once()
    *found, whole = map(json.loads, office.ctl(
        "fsck", "--reparse", "--json").splitlines())
    assert not found
    assert whole["messages"] == whole["reparsed"] == 3
    assert whole["letters"] >= 3 and whole["findings"] == 0
    # The one that crashes its parser comes behind those that do not.
    with contextlib.closing(sqlite3.connect(office.store)) as db, db:
        (zipped,), = db.execute("SELECT message FROM attachment").fetchall()
        (crashed,), = db.execute(
            "SELECT id FROM message WHERE kind = 'quarantine'").fetchall()
        plain = 6 - zipped - crashed
        db.execute("UPDATE attachment SET name = 'y.zip'")
        db.execute("UPDATE message SET content_key = randomblob(32)"
                   " WHERE id = ?", (plain,))
        db.execute("UPDATE raw SET bytes = x'00' WHERE id ="
                   " (SELECT raw FROM message WHERE id = ?)", (crashed,))
    *found, whole = map(json.loads, office.ctl(
        "fsck", "--reparse", "--json", status=1).splitlines())
    said = "\n".join(x["finding"] for x in found)
    assert f"messages {crashed}: " in said
    assert f"message {plain} " in said and "正文" in said
    assert f"message {zipped} " in said and "附件" in said
    assert whole["findings"] == len(found) == 3


def test_unclean_end_and_damage(bed, office):
    bed.append(TIPS, samples.tip())
    office.once()
    office.once()
    assert "unclean" not in office.log
    office.start()
    # A second one on the same store would send everything twice.
    assert office.once(check=False) == 3
    assert f"process {office.daemon.pid})" in office.log
    office.daemon.send_signal(signal.SIGKILL)
    office.daemon.wait()
    office.daemon = None
    office.once()
    assert "unclean-end" in office.log
    office.once()
    assert "unclean-end" not in office.log
    # After the next one the disk has lost a page.
    office.start()
    office.wait_log("event=started", 2)
    office.daemon.send_signal(signal.SIGKILL)
    office.daemon.wait()
    office.daemon = None
    with contextlib.closing(sqlite3.connect(office.store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root, = db.execute("SELECT rootpage FROM sqlite_schema"
                           " WHERE name = 'clue_match'").fetchone()
    with open(office.store, "r+b") as f:
        f.seek((root - 1) * 4096)
        f.write(b"\xa5" * 4096)
    for _ in range(2):
        assert office.once(check=False) == 3
        assert "damaged" in office.log and "backup" in office.log
    office.ctl("fsck", status=1)


@pytest.mark.parametrize("spoil, word", [
    (lambda db: db.execute("PRAGMA user_version = 99"), "newer"),
    (lambda db: db.execute("PRAGMA application_id = 7"), "another program"),
])
def test_stores_that_are_refused(bed, office, spoil, word):
    office.once()
    with contextlib.closing(sqlite3.connect(office.store)) as db, db:
        spoil(db)
    assert office.once(check=False) == 3
    assert word in office.log
