# SPDX-License-Identifier: ISC
"""cluectl add: what came by telephone goes the way of mail."""
import json
import os
import pty
import re
import subprocess

import pytest

from bed import Bed
from office import TIPS, Office, office_users
import samples

CITIZEN = "citizen@example.net"
HAULAGE = "lu.wenbo@example.org"
FORM = {"channel": "hotline", "subject": "渣土车夜间倾倒",
        "text": "海棠路工地的渣土车队强揽渣土外运，不同意就堵门。本人姓钱。",
        "name": "钱小川", "phone": "13812340000"}


@pytest.fixture(scope="module")
def bed():
    with Bed(users=[*office_users(), CITIZEN]) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users(), CITIZEN)
    with Office(bed, build, acknowledge=True) as it:
        yield it


def add(office, *args, text=b"", check=0):
    done = subprocess.run(
        [office.build / "cluectl", "-c", office.conf, "add", *args],
        env=office.env, input=text, capture_output=True, timeout=900,
        check=False)
    assert done.returncode == check, done.stderr.decode()
    return done.stdout.decode()


def plain(mail):
    return mail.msg.get_body(("plain",)).get_content()


def test_a_call_is_routed_told_and_can_be_asked_about(bed, office):
    out = json.loads(add(office, "--json", "-",
                         text=json.dumps(FORM).encode()))
    office.once()
    clue, = office.list()
    assert clue["number"] == out["number"]
    assert clue["domain"] == "muck-transport"
    whole = office.show(clue["number"])
    assert whole["channel"] == "hotline"
    kinds = [e["kind"] for e in whole["events"]]
    assert kinds[:2] == ["received", "routed"] and "registered" in kinds
    notice, = bed.wait_mail(HAULAGE)
    assert "强揽渣土外运" in plain(notice)
    for secret in ("钱小川", "13812340000"):
        assert secret not in plain(notice)
    kept, = office.sql("SELECT name, signature FROM reporter")
    assert kept == {"name": "钱小川", "signature": "13812340000"}
    # The material itself does not name the caller.
    assert office.sql("SELECT 1 FROM raw WHERE instr(bytes,"
                      " '钱小川') > 0") == []
    bed.deliver(TIPS, samples.plain(f"{out['number']} {out['code']}",
                                    subject="查询", sender=CITIZEN))
    office.once()
    answer, = bed.wait_mail(CITIZEN)
    assert "已收到" in plain(answer)


def test_a_caller_is_told_by_number_and_code(office):
    out = json.loads(add(office, "--json", "-",
                         text=json.dumps(FORM).encode()))

    def call(text):
        return subprocess.run(
            [office.build / "cluectl", "-c", office.conf, "query"],
            env=office.env, input=text.encode(), capture_output=True,
            timeout=900, check=False)
    heard = out["code"].lower().replace("-", " ")
    told = call(f"{out['number'].lower()}\n{heard}\n")
    assert told.returncode == 0 and "已收到" in told.stdout.decode()
    for wrong in (f"{out['number']} 0000-1111-2222-3333", "x",
                  f"LY-2026-999999 {out['code']}"):
        told = call(wrong)
        assert told.returncode == 1 and "已收到" not in told.stdout.decode()
    kinds = [e["kind"] for e in office.show(out["number"])["events"]]
    assert kinds.count("citizen-told") == 1
    assert kinds.count("query-refused") == 1


def test_with_an_address_the_code_goes_by_mail(bed, office):
    out = json.loads(add(office, "--json", "-", text=json.dumps(
        {**FORM, "address": CITIZEN}).encode()))
    assert out["code"] is None and out["acknowledged"]
    office.once()
    letter, = bed.wait_mail(CITIZEN)
    assert out["number"] in plain(letter) and letter.msg["In-Reply-To"] is None


def test_words_from_a_pipe_and_options(bed, office):
    out = add(office, "--channel", "letter", "--received",
              "2026-11-20 09:30", text="渣土车强揽工程，堵门。".encode())
    number = re.search(r"LY-20\d\d-\d{6}", out).group()
    assert "查询码" in out
    assert office.show(number)["received"].startswith("2026-11-20T01:30")


def test_asked_on_a_terminal(office):
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [office.build / "cluectl", "-c", office.conf, "add"],
        env=office.env, stdin=slave, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    os.close(slave)
    os.write(master, "visit\n来访\n渣土车强揽工程\n堵门打人\n.\n王大妈\n"
                     "\n\n".encode())
    out, err = child.communicate(timeout=900)
    os.close(master)
    assert child.returncode == 0, err.decode()
    number = re.search(r"LY-20\d\d-\d{6}", out.decode()).group()
    assert office.show(number)["channel"] == "visit"


REFUSED = [
    ({**FORM, "channel": "mail"}, "channel"),
    ({**FORM, "channel": ""}, "channel"),
    ({**FORM, "text": "  "}, "text"),
    ({**FORM, "address": "a b@c"}, "address"),
    ({**FORM, "name": "a\nb"}, "one line"),
    ({**FORM, "received": "tomorrow"}, "time"),
    ({**FORM, "received": "2096-01-01 00:00"}, "future"),
    ({**FORM, "secret": "x"}, "member"),
    (["x"], "object"),
]


def test_what_cannot_be_registered(office):
    for form, why in REFUSED:
        done = subprocess.run(
            [office.build / "cluectl", "-c", office.conf, "add", "-"],
            env=office.env, input=json.dumps(form).encode(),
            capture_output=True, timeout=900, check=False)
        assert done.returncode == 2, form
        assert why in done.stderr.decode()
    assert office.list() == []
