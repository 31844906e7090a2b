# SPDX-License-Identifier: ISC
"""Fixtures for tests/system; run by `make check` with Debian's pytest."""
import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from bed import Bed  # noqa: E402
from fake_smtp import FakeSmtp  # noqa: E402
from share import pytest_runtest_protocol  # noqa: E402,F401
from tell import pytest_runtest_makereport  # noqa: E402,F401

os.umask(0o022)  # whatever it was


@pytest.fixture(scope="session")
def build():
    """The folder of the programs under test: $B of the Makefile."""
    return pathlib.Path(
        os.environ.get("CLUED_BUILD", HERE.parent.parent / "build")).resolve()


@pytest.fixture(scope="module")
def bed():
    """One Dovecot and one Exim for all tests of a file."""
    users = [f"{name}@example.{top}" for top in ("com", "org", "net")
             for name in ("tips", "office", "li", "wang", "zhao", "chen",
                          "citizen")]
    with Bed(users=users) as it:
        yield it


@pytest.fixture
def fake_smtp():
    """A factory of fake servers: fake_smtp(starttls=…), ended by the test."""
    running = []

    def start(**kwargs):
        server = FakeSmtp(**kwargs)
        server.__enter__()
        running.append(server)
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)
