#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Every form and book as pictures, to be looked at by a person.

    tests/demo/forms.py --build build

Fills a store, writes each report as xlsx, has LibreOffice print it, and leaves
the first pages as PNG in build/forms."""
import argparse
import datetime as dt
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/system"))

from test_reports import END, fill  # noqa: E402

REPORTS = {
    "monthly": ["monthly", "--period", "2026-11"],
    "monthly-filed": ["monthly", "--period", "2026-10", "--prove"],
    "monthly-empty": ["monthly", "--period", "2020-01"],
    "register": ["register", "--period", "2026-11"],
    "statistics": ["statistics", "--period", "2026-11"],
    "ledger": ["ledger", "--period", "2026-11"],
    "appraisal": ["appraisal", "--from", "2026-07-01", "--to", "2026-09-30"],
    "trend": ["trend"],
    "units": ["units", "--period", "2026-11"],
    "units-sum": ["monthly", "--period", "2026-11", "--units"],
}
# 宋体 is not free; its nearest kin stands in for it on the pictures.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>宋体</string></test>
<edit name="family" mode="assign" binding="strong">
<string>Noto Serif CJK SC</string></edit></match></fontconfig>"""


def render(path, out, folder):
    """The first three pages and the last, which may have the charts."""
    env = dict(os.environ, FONTCONFIG_FILE=str(folder / "fonts.conf"))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile",
         "--headless", "--convert-to", "pdf", "--outdir", folder, path],
        check=True, capture_output=True, env=env, timeout=300)
    pdf = folder / f"{path.stem}.pdf"
    info = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True,
                          text=True).stdout
    pages = int(info.split("Pages:")[1].split()[0])
    for page in sorted({*range(1, min(pages, 3) + 1), pages}):
        subprocess.run(
            ["pdftoppm", "-r", "80", "-png", "-singlefile", "-f", str(page),
             "-l", str(page), pdf, out / f"{path.stem}-{page}"], check=True)
    print(f"  {path.stem:<16} {pages:>3} pages", flush=True)


def show(name, folder, out):
    shutil.copy(folder / f"{name}.xlsx", out)
    render(folder / f"{name}.xlsx", out, folder)


def long_names(build, folder, out):
    """An office, people and receivers with long names, over an empty store."""
    where = folder / "long"
    where.mkdir()
    books = fill(build, where, 10)
    text = books.conf.read_text()
    books.conf.write_text(text.replace(
        "海湾区城市管理局", "海湾经济技术开发区城市管理行政执法局（综合行政执法支队）"
    ).replace("区委政法委、区扫黑办", "、".join(
        ["区委政法委", "区扫黑除恶专项斗争领导小组办公室", "区纪委监委"] * 3)))
    books.ctl("report", "monthly", "--period", "2026-11", "--file", "--by",
              "欧阳某某、司马某某、上官某某", "--phone",
              "0518-8000-0010-8001、138-0000-0000", "-o",
              folder / "long-names.xlsx")
    show("long-names", folder, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    out = build / "forms"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="clued-forms-") as name:
        folder = pathlib.Path(name)
        (folder / "fonts.conf").write_text(FONTS)
        books = fill(build, folder, 5000)
        books.when(dt.datetime(2026, 10, 24, 16, tzinfo=END.tzinfo))
        books.ctl("report", "monthly", "--period", "2026-10", "--file",
                  "--by", "某某", "--phone", "0518-8000-0010")
        books.when(END)
        for kind, args in REPORTS.items():
            books.ctl("report", *args, "-o", folder / f"{kind}.xlsx")
            show(kind, folder, out)
        books.ctl("units", "--period", "2026-11", "--form", "haulage", "-o",
                  folder / "unit-form.xlsx")
        show("unit-form", folder, out)
        (number,), = books.sql(
            "SELECT number FROM clue WHERE excluded <> ''"
            " ORDER BY length(text) DESC LIMIT 1")
        books.ctl("transfer-letter", number, "--to", "区公安分局", "-o",
                  folder / "transfer-letter.xlsx")
        show("transfer-letter", folder, out)
        long_names(build, folder, out)
    print(f"look at {out}/*.png")


if __name__ == "__main__":
    main()
