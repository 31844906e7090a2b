# SPDX-License-Identifier: ISC
"""Same incident, many reporters: linked, shown to those who may know, and
never dropped."""
import json

import pytest

import samples
from bed import Bed
from office import TIPS, Office, office_users

HAULAGE = "lu.wenbo@example.org"
DISCIPLINE = "discipline@example.org"

FIRST = """我要举报东港路工地的渣土车队。每天晚上十点以后出来强揽渣土，
不盖篷布一路撒漏。带头的叫赵大奎，外号“黑皮”，强迫施工老板把土方交给他们，
不给就堵门打人。车牌苏G·8K123，停在盐河路38号的院子里。
"""
COPY = FIRST.replace("每天晚上十点", "每天夜里十一点").replace(
    "的渣土车队", "那边的渣土车队") + "请尽快处理。\n"
SAME_PLATE = """渣土车苏G8K123昨天又在海宁路撒漏，强揽渣土生意，没人管。
"""
OTHER = """有人在人民路夜市占道经营，强收摊位费，每个摊位每月五百块。
"""
ACCUSING = FIRST + """渣土管理所所长陆文博收了他们的钱，是保护伞。
"""


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users())
    with Office(bed, build) as it:
        yield it


def take(bed, office, *texts):
    """The numbers of the clues that these tips became."""
    before = {c["number"] for c in office.list()}
    for i, text in enumerate(texts):
        bed.deliver(TIPS, samples.tip(
            text=text, subject="举报渣土车强揽工程",
            sender=f"citizen{i}@example.net"))
        office.once()
    return [c["number"] for c in office.list() if c["number"] not in before]


def related(office, number):
    out = office.ctl("related", "--json", number, status=None)
    return {r["number"]: r for r in map(json.loads, out.splitlines())}


def notice(bed, user, number):
    mails = [m.msg for m in bed.wait_mail(user)
             if number in str(m.msg["Subject"])]
    return mails[0].get_body(("plain",)).get_content()


def test_repeats_are_linked_and_each_is_a_clue(bed, office):
    first, copy, plate, other = take(
        bed, office, FIRST, COPY, SAME_PLATE, OTHER)
    why = related(office, copy)
    assert set(why) == {first, plate}
    assert "文字相近" in why[first]["why"]
    assert "同一车牌" in why[first]["why"]
    assert "同一车牌" in why[plate]["why"]
    assert set(related(office, first)) == {copy, plate}
    assert related(office, other) == {}
    office.ctl("related", other, status=1)
    table = office.ctl("related", first)
    assert copy in table and "（本件）" in table
    kinds = [e["kind"] for e in office.show(copy)["events"]]
    assert kinds.count("related") == 1
    assert "related" not in [
        e["kind"] for e in office.show(first)["events"]]


def test_the_officer_reads_of_them_in_his_notice(bed, office):
    first, copy = take(bed, office, FIRST, COPY)
    bed.wait_mail(HAULAGE, 2)
    assert "相关线索" not in notice(bed, HAULAGE, first)
    line, = [x for x in notice(bed, HAULAGE, copy).splitlines()
             if x.startswith("相关线索")]
    assert first in line and "文字相近" in line
    assert "citizen" not in line and "8K123" not in line


def test_an_accused_officer_never_hears_of_the_clue(bed, office):
    first, accusing, later = take(bed, office, FIRST, ACCUSING, COPY)
    assert set(related(office, later)) == {first, accusing}
    assert office.show(accusing)["discipline"]
    bed.wait_mail(HAULAGE, 2)
    told = notice(bed, HAULAGE, later)
    assert first in told and accusing not in told
    for mail in bed.mailbox(HAULAGE):
        assert accusing not in mail.msg.as_string()
    # Discipline may know of all.
    assert first in notice(bed, DISCIPLINE, accusing)
    # Nor does the book that is printed for his unit.
    assert accusing not in office.ctl(
        "report", "ledger", "--all", "--unit", "haulage")


def test_the_citizens_own_number_links_nothing(bed, office):
    text = "我是附近住户，我的电话13812340000。"
    one, two = take(bed, office, text + "渣土车强揽渣土，夜里扰民。",
                    text + "有人在夜市占道经营强收保护费。")
    assert related(office, one) == {} and related(office, two) == {}


def test_repeats_are_merged_and_stay_linked(bed, office):
    first, copy, plate = take(bed, office, FIRST, COPY, SAME_PLATE)
    office.ctl("merge", first, copy, plate, "LY-2026-999999", status=1)
    states = {c["number"]: c["state"] for c in office.list()}
    assert states[first] == "assigned"
    assert states[copy] == states[plate] == "duplicate"
    assert {r["why"] for r in related(office, first).values()} == {"重复并案"}
    shown = office.show(copy)["related"]
    assert shown[0]["number"] == first and shown[0]["weight"] == 1000
    assert "相关线索" in office.ctl("show", copy)
    office.ctl("merge", copy, copy, status=1)
    office.ctl("merge", first, status=2)
