# SPDX-License-Identifier: ISC
"""线索移送函: the covering sheet of a transfer, printed and signed."""
import hashlib
import io
import zipfile

import pytest

import samples
from bed import Bed
from office import TIPS, Office, office_users
from test_reports import MAIN, Xlsx

OFFICE = "office@example.org"
DATA = b"%PDF-1.4 a contract\n"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


@pytest.fixture
def office(bed, build):
    bed.clear(*office_users())
    with Office(bed, build) as it:
        yield it


def text_of(path):
    return "\n".join(str(v) for v in Xlsx(path).sheets["移送函"].values())


def files_of(mail):
    return {p.get_filename(): p.get_payload(decode=True)
            for p in mail.msg.walk() if p.get_filename()}


def test_a_transfer_writes_its_covering_sheet(bed, office):
    tip = samples.with_file(DATA, name="钱小川的合同.pdf",
                            kind="application/pdf",
                            text="我是钱小川，电话13812340000。"
                                 "=HYPERLINK(1) 渣土车队强揽工程。")
    bed.deliver(TIPS, tip)
    office.once()
    number, = [c["number"] for c in office.list()]
    sheet = office.dir / "letter.xlsx"
    office.ctl("transfer-letter", number, "-o", sheet, status=1)
    assert not sheet.exists()
    office.ctl("transfer-letter", number, "--to", "公安机关", "-o", sheet)
    assert "公安机关：" in text_of(sheet)
    office.ctl("transfer", number, "区公安分局", "海公〔2026〕12号")
    office.ctl("transfer-letter", number, "-o", sheet)
    text = text_of(sheet)
    kept, *_ = office.sql("SELECT hex(sha256) AS hash FROM message")
    for want in (number, "区公安分局：", "海公〔2026〕12号", "渣土运输",
                 hashlib.sha256(DATA).hexdigest(),
                 kept["hash"].lower(), "附件1（PDF 文档）",
                 "移送单位（盖章）", "接收人（签字）", "渣土车队强揽工程",
                 "依规保密"):
        assert want in text, want
    for secret in ("钱小川", "citizen@example.net", "13812340000"):
        assert secret not in text, secret
    # One upright A4 page; what a stranger wrote is text.
    tree = Xlsx(sheet).trees["移送函"]
    assert tree.find(f"{MAIN}pageSetup").get("paperSize") == "9"
    assert tree.find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr").get(
        "fitToPage") == "1"
    assert not list(tree.iter(f"{MAIN}f"))

    # The office's copy came by mail, without the citizen.
    office.once()
    mail, = [m for m in bed.wait_mail(OFFICE)
             if "移送函" in m.msg["Subject"]]
    data, = files_of(mail).values()
    whole = "".join(zipfile.ZipFile(io.BytesIO(data)).read(n).decode(
        "utf-8", "replace") for n in zipfile.ZipFile(
            io.BytesIO(data)).namelist())
    assert number in whole and "钱小川" not in whole

    # Who told it only where it is asked for, and that is entered.
    def looks():
        return [e["actor"] for e in office.show(number)["events"]
                if e["kind"] == "reporter-seen"]
    assert looks() == []
    office.ctl("transfer-letter", number, "--with-reporter", "-o", sheet)
    assert "citizen@example.net" in text_of(sheet)
    actor, = looks()
    assert actor.startswith("unix:")
    # A look that gave nothing leaves no entry, and no file is left behind.
    office.ctl("transfer-letter", number, "--with-reporter", "-o",
               office.dir / "no/such/place.xlsx", status=None)
    assert len(looks()) == 1
