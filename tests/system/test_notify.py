# SPDX-License-Identifier: ISC
"""What systemd is told, and when; and what cluectl doctor tells a person."""
import json
import os
import pathlib
import signal
import time

import pytest

import samples
from bed import Bed
from notify import Notify
from office import TIPS, Office, office_users

NOWHERE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users()) as it:
        yield it


def state_of(pid):
    """Its letter in proc(5)."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(
        ")")[2].split()[0]


def test_ready_watchdog_reload_and_stop(bed, build, tmp_path):
    notify = Notify(tmp_path)
    with Office(bed, build, poll="1s") as office:
        office.start(NOTIFY_SOCKET=notify.path, WATCHDOG_USEC="600000")
        office.wait(lambda: notify.count("READY=1") == 1, "READY")
        office.wait(lambda: notify.count("WATCHDOG=1") >= 3, "WATCHDOG")
        # A core that hangs says nothing: that is what systemd waits for.
        office.daemon.send_signal(signal.SIGSTOP)
        office.wait(lambda: state_of(office.daemon.pid) == "T", "the stop")
        notify.settle()
        before = notify.count("WATCHDOG=1")
        time.sleep(0.7)  # it speaks every 0.3 s
        notify.settle()
        assert notify.count("WATCHDOG=1") == before
        office.daemon.send_signal(signal.SIGCONT)
        office.wait(lambda: notify.count("WATCHDOG=1") > before, "WATCHDOG")
        office.daemon.send_signal(signal.SIGHUP)
        office.wait(lambda: notify.count("READY=1") == 2, "READY again")
        assert notify.lines.index("RELOADING=1") < len(notify.lines) - (
            notify.lines[::-1].index("READY=1"))
        # A refused configuration ends the reload as well.
        office.conf.write_text("nonsense")
        office.daemon.send_signal(signal.SIGHUP)
        office.wait(lambda: notify.count("READY=1") == 3, "READY again")
        office.wait_log("event=reload-refused")
        bed.append(TIPS, samples.tip())
        office.wait(lambda: notify.status().startswith("1 messages"),
                    "STATUS")
        assert office.stop() == 0
        notify.settle()
        assert notify.lines.count("STOPPING=1") == 1
        # The roles are not given systemd's socket.
        assert not [x for x in notify.lines if "role" in x]


def doctor(office, **kwargs):
    out = office.ctl("doctor", "--json", status=None, **kwargs)
    return {x["check"]: x for x in map(json.loads, out.splitlines())}


def test_doctor_names_the_trouble_and_the_remedy(bed, build):
    with Office(bed, build) as office:
        assert doctor(office)["store"]["verdict"] == "soon"  # not there yet
        office.once()
        said = doctor(office)
        assert said["store"]["verdict"] == "good"
        # The clock is the machine's affair, the calendar the day's.
        assert {k for k, x in said.items() if x["verdict"] == "bad"} <= {
            "clock", "calendar"}, said
        login, smtp = "log-in to mailbox tips", "SMTP log-in"
        assert {"configuration", "store", "parsing", login, smtp, "calendar",
                "silence.tips", "disk", "books"} <= set(said)
        for change, check, word in [
                ({"imap_to": NOWHERE}, login, "connect"),
                ({"smtp_to": NOWHERE}, smtp, "onnect"),
                ({"imap_to": bed.imaps_at("expired")}, login, "expired"),
                ({"smtp_to": bed.submits_at("unknown")}, smtp, "ertificate"),
        ]:
            office.write_conf(**{"imap_to": None, "smtp_to": None, **change})
            said = doctor(office)
            assert said[check]["verdict"] == "bad", change
            assert word in said[check]["trouble"], said[check]
            others = {login, smtp} - {check}
            assert all(said[x]["verdict"] == "good" for x in others)
            office.ctl("doctor", status=1)
        office.write_conf(imap_to=None, smtp_to=None)
        (office.dir / "secret").write_text("wrong\n")
        said = doctor(office)
        for check in (login, smtp):
            assert said[check]["verdict"] == "bad"
            assert len(said[check]["trouble"]) > 30, said[check]
            assert "wrong" not in said[check]["trouble"].split()
        os.truncate(office.store, 100)
        said = doctor(office)
        assert said["store"]["verdict"] == "bad"
        assert "backup" in said["store"]["trouble"]
        office.conf.write_text("nonsense")
        office.ctl("doctor", status=2)
