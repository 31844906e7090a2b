# SPDX-License-Identifier: ISC
"""`cluectl parse`: the daemon's parser on files, one JSON object each."""
import json
import os
import pathlib
import re
import subprocess

import pytest

import samples

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "data/mail"
KINDS = {"tip", "followup", "reply", "unit-report", "bounce", "auto", "list",
         "suspected-spam", "empty", ""}
FIELDS = {
    "file": str, "from": str, "from_name": str, "to": list, "subject": str,
    "date": (str, type(None)), "message_id": str, "in_reply_to": str,
    "references": list, "text": str, "text_from": str, "attachments": list,
    "kind": str, "bounce": bool, "auto": bool, "bounce_status": str,
    "bounce_recipient": str, "charset": str, "charset_fallback": bool,
    "lost": str, "quarantined": (str, type(None))}


@pytest.fixture
def parse(build, tmp_path):
    def run(*args, given=None, status=0):
        done = subprocess.run(
            [build / "cluectl", "-c", tmp_path / "none.conf", "parse",
             *map(str, args)],
            input=given, capture_output=True, timeout=900, check=False)
        assert done.returncode == status, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]
    return run


def check(o):
    assert set(o) == set(FIELDS)
    for name, kind in FIELDS.items():
        assert isinstance(o[name], kind), (name, o[name])
    assert o["kind"] in KINDS
    for a in o["attachments"]:
        assert set(a) == {"name", "type", "bytes", "sha256"}
        assert isinstance(a["bytes"], int) and len(a["sha256"]) == 64


def test_every_sample_has_exactly_the_fields(parse):
    files = sorted(SAMPLES.glob("*.eml"))
    out = parse("--json", *files)
    assert [o["file"] for o in out] == [str(f) for f in files]
    for o in out:
        check(o)
        assert o["quarantined"] is None
    by = {pathlib.Path(o["file"]).stem: o for o in out}
    assert by["bounce-qmail"]["kind"] == "bounce"
    assert by["bounce-qmail"]["bounce_recipient"] == "li.si@example.org"
    assert by["bounce-qmail"]["bounce_status"] == "5.7.1"
    for name in ("person-forwards-bounce", "person-web-form",
                 "postmaster-writes"):
        assert not by[name]["bounce"], name
    assert by["person-forwards-bounce"]["kind"] == "tip"
    assert {o["kind"] for o in out} >= {
        "tip", "bounce", "auto", "list", "empty"}
    more, = parse("--json", "--more", SAMPLES / "reply-with-quote.eml")
    assert set(more) == {*FIELDS, "quoted", "signature"}


def test_lists_of_files(parse, tmp_path):
    good = SAMPLES / "alternative.eml"
    odd = tmp_path / "two\nlines.eml"
    odd.write_bytes(good.read_bytes())
    lines = parse("--files-from", "-", given=f"{good}\n\n{good}".encode())
    assert [o["file"] for o in lines] == [str(good)] * 2
    nuls = parse("--files-from", "-", given=os.fsencode(f"{odd}\0{good}\0"))
    assert [o["file"] for o in nuls] == [str(odd), str(good)]
    assert nuls[0]["subject"] == nuls[1]["subject"]


def test_what_cannot_be_read_has_its_object(parse, tmp_path):
    bad = tmp_path / "bad.eml"
    bad.write_bytes(samples.tip(more="X-Clued-Test: crash\r\n"))
    good = SAMPLES / "alternative.eml"
    out = parse(tmp_path / "none", good, tmp_path, bad, good)
    for o in out:
        check(o)
    assert [o["quarantined"] is None for o in out] == [
        False, True, False, False, True]
    # AddressSanitizer ends a crashed process with a status of its own.
    assert re.search("killed|ended with status", out[3]["quarantined"])


def test_oversize_mail_gives_its_beginning(parse, tmp_path):
    big = tmp_path / "big.eml"
    with big.open("wb") as f:
        f.write(b"From: a@example.com\r\nSubject: big\r\n\r\nfirst words ")
        for _ in range(100):
            f.write(b"x" * (1 << 20))
    o, = parse(big)
    assert o["subject"] == "big" and o["text"].startswith("first words xxx")
    assert "oversize" in o["lost"]


def test_thousands_on_one_call(parse, tmp_path):
    """Many more than are under way at a time, in the order given."""
    names = []
    for i in range(3000):
        f = tmp_path / f"{i}.eml"
        f.write_bytes(samples.tip(subject=f"第{i}件"))
        names.append(str(f))
    out = parse("--files-from", "-", given="\n".join(names).encode())
    assert [o["subject"] for o in out] == [f"第{i}件" for i in range(3000)]


def test_nothing_raw_reaches_a_terminal(parse, tmp_path):
    f = tmp_path / "x.eml"
    f.write_bytes(
        b'From: "\x1b[31mred\x07" <a@example.com>\r\n'
        b"Subject: \x1b]0;title\x07 %s%n =?utf-8?B?G1szMW0N?=\r\n"
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: application/x; name="a\x1b[2J\r\n b.exe"\r\n\r\n'
        b"\x1b[2J\x9b31m")
    o, = parse(f)
    shown = json.dumps(o, ensure_ascii=False)
    assert not any(ord(c) < 32 or 0x7f <= ord(c) < 0xa0 for c in shown)
    name = o["attachments"][0]["name"]
    assert name.endswith("b.exe") and "\r" not in name
