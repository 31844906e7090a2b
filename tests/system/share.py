# SPDX-License-Identifier: ISC
"""Several processes of pytest share the tests of one file.  For conftest.py.

With CLUED_SHARE=FOLDER each test is run by the process that first makes its
claim there; to the others it is as if it were not there.  So long sweeps use
all processors, whichever of them turns out to be long."""
import hashlib
import os
import pathlib

import pytest


def is_ours(nodeid):
    folder = os.environ.get("CLUED_SHARE")
    if not folder:
        return True
    name = hashlib.sha256(nodeid.encode()).hexdigest()
    try:
        (pathlib.Path(folder) / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    return None if is_ours(item.nodeid) else True
