# SPDX-License-Identifier: ISC
"""The helpers of tests/system, and what a failed test tells."""
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

from share import pytest_runtest_protocol  # noqa: E402,F401
from tell import pytest_runtest_makereport  # noqa: E402,F401

os.umask(0o022)  # whatever it was
