# SPDX-License-Identifier: ISC
"""What a test that failed shows beside its assertion: the end of the logs of
the offices and the beds that it used.  For conftest.py."""
import pytest

import bed
import office

LAST = 6000


def told(thing):
    """(title, end of its log) of an Office or a Bed."""
    if isinstance(thing, office.Office):
        yield f"clued of {thing.dir.name}", thing.last_words()
    else:
        for name in ("exim", "dovecot"):
            yield f"{name} of {thing.dir.name}", thing.last_words(name)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Offices that ended with the test have kept their words."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for thing in [*office.Office.used, *bed.Bed.running]:
            report.sections += [(title, words[-LAST:])
                                for title, words in told(thing) if words]
    if call.when == "teardown":
        office.Office.used.clear()
