# SPDX-License-Identifier: ISC
"""Figures for Prometheus: complete, well formed, and about nobody."""
import re
import signal

import pytest

import samples
from bed import Bed
from office import TIPS, Office, office_users, roster_addresses

LINE = re.compile(
    r'^(clued_[a-z_]+)(\{([a-z]+="[-a-z@.0-9]+")(,[a-z]+="[^"]*")*\})? '
    r"(-?\d+(\.\d+)?)$")


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


def parse(text):
    """name{labels} -> value; every line must be what a scraper takes."""
    values, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split()
            assert name not in types, line
            types[name] = kind
        elif not line.startswith("# HELP "):
            assert LINE.match(line), line
            name, value = line.rsplit(" ", 1)
            assert name not in values, line
            values[name] = float(value)
            base = re.sub(r"\{.*|_(sum|count)(?=\{)", "", name)
            assert base in types or name in types, line
    return values


def test_the_daemon_writes_what_cluectl_prints(bed, build, tmp_path):
    path = tmp_path / "clued.prom"
    tmp_path.chmod(0o755)
    with Office(bed, build, poll="1s",
                extra=f'watch = {{ metrics = "{path}"; }};') as office:
        bed.append(TIPS, samples.tip(text="秘密的话，渣土车强揽。"))
        bed.append(TIPS, samples.tip(more="X-Clued-Test: crash\r\n"))
        bed.append(TIPS, samples.tip())
        office.start()
        office.wait(path.exists, "the first file")
        assert parse(path.read_text())['clued_messages_total{kind="tip"}'] \
            in (0, 1, 2)
        office.wait(lambda: office.status()["letters"]["sent"] == 3, "sent")
        # A reader that looks all the time never sees half a file.
        office.daemon.send_signal(signal.SIGUSR1)
        office.stop()
        text = path.read_text()
        values = parse(text)
        assert values['clued_messages_total{kind="tip"}'] == 2
        assert values["clued_quarantine"] == 1
        assert values['clued_letters{state="sent"}'] == 3
        assert values["clued_clues_total"] == values["clued_clues_open"] == 2
        assert values["clued_polls_total"] >= 1
        assert values['clued_stage_seconds_count{stage="parse"}'] == 3
        assert values['clued_stage_seconds_count{stage="post"}'] == 3
        assert values['clued_stage_seconds_count{stage="commit"}'] >= 1
        assert values['clued_stage_seconds_sum{stage="parse"}'] > 0
        assert values["clued_store_bytes"] == office.status()["size_bytes"]
        assert 0 <= values['clued_poll_age_seconds{mailbox="tips"}'] < 600
        assert values['clued_alarm{alarm="silence.tips"}'] == 0
        assert oct(path.stat().st_mode & 0o777) == "0o644"
        assert not list(tmp_path.glob("*.new"))
        printed = office.ctl("metrics")
        same = {k: v for k, v in parse(printed).items() if "age" not in k}
        assert same == {k: v for k, v in values.items() if "age" not in k}
        for word in ["秘密", "citizen", "钱小川", TIPS, *roster_addresses()]:
            assert word not in text
        # The counters go on from where they were.
        office.once()
        assert parse(path.read_text())["clued_polls_total"] == \
            values["clued_polls_total"] + 1
        # A place where nothing can be written stops nothing.
        office.write_conf(extra='watch = { metrics = "/proc/x/y.prom"; };')
        office.once()
        assert "event=metrics" in office.log
