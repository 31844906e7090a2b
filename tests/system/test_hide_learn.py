# SPDX-License-Identifier: ISC
"""The table of the judge of hiding is what its letters teach."""
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
LETTERS = TOP / "tests/data/hide"
# HIDE_MENDED of the Makefile.
MENDED = "first second third fourth fifth sixth seventh eighth".split()
TABLE = TOP / "src/hide/weights.inc"


def test_table_is_what_the_letters_teach(build):
    mended = [*(LETTERS / f"{name}.case" for name in MENDED),
              LETTERS / "author.own", LETTERS / "author.own"]
    files = sorted({*LETTERS.glob("*.case"), *LETTERS.glob("*.letters")}
                   - set(mended))
    out = subprocess.run(
        [build / "hide_learn", *mended, "--", *files],
        stdout=subprocess.PIPE, check=True).stdout
    assert len(files) > 10
    assert out == TABLE.read_bytes(), "run make hide-weights"
