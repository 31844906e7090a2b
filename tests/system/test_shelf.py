# SPDX-License-Identifier: ISC
"""What lies beside the clues: the quarantine and the shelf, taken up by hand."""
import contextlib
import json
import sqlite3
import subprocess

import pytest

import samples
from bed import JUNK, Bed
from office import TIPS, Office, office_users

HAULAGE = "lu.wenbo@example.org"
SPAM = "代开发票，欢迎来电。"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users())
    with Office(bed, build) as it:
        yield it


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def events(office, kind):
    return office.sql(f"SELECT actor, detail FROM event WHERE kind = '{kind}'")


def test_quarantine_is_retried_like_new_mail(bed, office):
    """What failed in the store is taken once the store takes it."""
    office.once()
    with contextlib.closing(sqlite3.connect(office.store)) as db:
        db.execute(
            "CREATE TRIGGER refused BEFORE INSERT ON deadline"
            " BEGIN SELECT RAISE(ABORT, 'refused'); END")
        db.commit()
    bed.deliver(TIPS, samples.tip())
    office.once(check=False)
    assert office.list() == []
    held, = lines(office.ctl("quarantine", "--json", "list"))
    assert held["kind"] == "quarantine" and "refused" in held["why"]
    assert f"{held['id']} " in office.ctl("quarantine", "list")
    with contextlib.closing(sqlite3.connect(office.store)) as db:
        db.execute("DROP TRIGGER refused")
        db.commit()
    done, = lines(office.ctl("quarantine", "--json", "retry", "--all"))
    clue, = office.list()
    assert done == {
        "id": held["id"], "kind": "tip", "number": clue["number"]}
    assert clue["officer"] == "lu-wenbo"
    office.ctl("quarantine", "list", status=1)
    office.ctl("quarantine", "retry", held["id"], status=1)
    office.once()
    assert len(bed.wait_mail(HAULAGE)) == 1
    assert office.status()["kinds"]["quarantine"] == 0
    assert len(events(office, "unquarantined")) == 1
    office.ctl("audit", "verify")


def test_what_no_parser_reads_is_written_by_hand(bed, office, tmp_path):
    bed.deliver(TIPS, samples.tip(more="X-Clued-Test: crash\r\n"))
    office.once()
    held, = lines(office.ctl("quarantine", "--json", "list"))
    office.ctl("quarantine", "retry", held["id"], status=1)
    office.ctl("quarantine", "release", held["id"], status=1)
    shown = json.loads(
        office.ctl("quarantine", "--json", "show", held["id"]))
    assert shown["readable"] is False
    assert "X-Clued-Test" in office.ctl(
        "quarantine", "show", "--raw", held["id"])
    assert len(events(office, "raw-seen")) == 1
    empty = tmp_path / "empty"
    empty.write_text(" \n")
    office.ctl("quarantine", "release", "--text", empty, held["id"],
               status=4)
    words = tmp_path / "words"
    words.write_text("建设路工地强揽渣土外运，阻挠施工。", encoding="utf-8")
    office.ctl("quarantine", "release", "--subject", "群众来信", "--text",
               words, held["id"])
    clue, = office.list()
    assert clue["subject"] == "群众来信"
    assert clue["domain"] == "muck-transport"
    office.once()
    assert len(bed.wait_mail(HAULAGE)) == 1
    office.ctl("fsck", "--reparse")


def test_the_shelf_gives_up_a_tip(bed, office):
    bed.deliver(TIPS, samples.tip(subject="开票", text=SPAM))
    bed.move(TIPS, bed.wait_mail(TIPS)[0].uid, JUNK)
    bed.deliver(TIPS, b"From: a@example.net\r\nSubject: none\r\n\r\n \r\n")
    office.once()
    assert office.list() == []
    rows = lines(office.ctl("shelf", "--json", "list"))
    assert {r["kind"]: r["subject"] for r in rows} == {
        "suspected-spam": "开票", "empty": "none"}
    spam, = lines(office.ctl(
        "shelf", "--json", "list", "--kind", "suspected-spam"))
    shown = json.loads(office.ctl("shelf", "--json", "show", spam["id"]))
    assert shown["text"].startswith(SPAM) and "from" not in shown
    assert "代开发票" in office.ctl("shelf", "show", spam["id"])
    done, = lines(office.ctl("shelf", "--json", "release", spam["id"]))
    clue, = office.list()
    assert done["number"] == clue["number"] and clue["triage"]
    office.ctl("shelf", "release", spam["id"], status=1)
    office.ctl("quarantine", "show", spam["id"], status=1)
    assert len(lines(office.ctl("shelf", "--json", "list"))) == 1
    event, = events(office, "unshelved")
    assert "suspected-spam" in event["detail"]
    assert event["actor"].startswith("unix:")
    # The citizen may be answered, and is known to the store only.
    assert office.sql("SELECT count(*) AS n FROM reporter")[0]["n"] == 1
    office.once()
    assert len(bed.wait_mail("office@example.org")) == 1


def test_wrong_words(office):
    office.once()
    for command in ("shelf", "quarantine"):
        done = subprocess.run(
            [office.build / "cluectl", "-c", office.conf, command, "list"],
            env=office.env, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines()[-1] == "cluectl: nothing waits here"
    for args in (("shelf",), ("shelf", "retry", "1"), ("shelf", "show"),
                 ("quarantine", "list", "--kind", "auto"),
                 ("quarantine", "show", "--text", "x", "1")):
        office.ctl(*args, status=2)
    for number in ("0", "-1", "x", "99"):
        office.ctl("shelf", "show", "--", number, status=1)
