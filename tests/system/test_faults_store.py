# SPDX-License-Identifier: ISC
"""The store cannot be written, read, opened: the daemon pauses or refuses with
what to do, the office is told through the network alone, and when the store is
back nothing is lost and nothing was done twice."""
import contextlib
import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest

import samples
from fake_smtp import FakeSmtp
from fault_page import FaultPage
from fault_run import ALL
from fault_world import World, bed, shim  # noqa: F401

DAY = 86400
REFUSED = 3


class Told(World):
    """A world that also knows what the office was told."""

    def alarms(self):
        self.arrived()
        return [mail for _, mail in self.notices.values()
                if "数据库无法读写" in str(mail.msg["Subject"])]

    def wait_alarms(self, n):
        self.wait(lambda: len(self.alarms()) >= n, f"{n} alarms", poke=True)
        return self.alarms()

    def refused(self, *words):
        """A start that is refused in these words."""
        self.start(wait=False)
        assert self.office.daemon.wait(30) == REFUSED
        self.office.daemon = None
        log = self.new_log().decode()
        for word in words:
            assert word in log, log

    def tip(self):
        """A tip that comes while nothing can be stored."""
        self.ids = [f"held-{self.number}@mail.example.net"]
        self.put(samples.tip(message_id=self.ids[0]))
        self.answered = self.expired = None

    def all_done(self):
        self.wait(lambda: not self.missing(), "the tip's end", poke=True)
        self.settle()

    def stop(self):
        self.office.stop()


@pytest.fixture
def sink():
    with FakeSmtp() as it:
        yield it


@pytest.fixture
def told(bed, build, sink):
    with Told(bed, build, sink=sink, smtp_to=sink.at, work="tips") as it:
        yield it


@pytest.fixture
def full(bed, build, shim, sink, tmp_path):
    with Told(bed, build, page=FaultPage(tmp_path), shim=shim, sink=sink,
              smtp_to=sink.at, work="tips") as it:
        yield it


def test_a_full_disk_is_told_once_a_day_and_called_off(full):
    full.page.arm("core", "pwrite", 1, errno.ENOSPC, onwards=True)
    full.tip()
    full.wait(lambda: b"full; make room" in full.new_log(), "the trouble",
              poke=True)
    full.looks()
    assert full.alarms() == []
    full.move(700)
    first, = full.wait_alarms(1)
    assert "报警" in str(first.msg["Subject"])
    assert "make room" in first.text() and "没有丢失" in first.text()
    full.move(3600)
    full.looks()
    assert len(full.alarms()) == 1
    full.move(DAY)
    full.wait_alarms(2)
    full.page.disarm()
    full.all_done()
    full.move(300)
    assert "解除" in str(full.wait_alarms(3)[2].msg["Subject"])
    full.move(3600)
    full.looks()
    assert len(full.alarms()) == 3
    assert full.books() is None


def test_the_other_account_tells_of_it_when_there_is_one(full, bed):
    with FakeSmtp(tls=bed.dir / "ca" / "good.pem") as other:
        full.office.write_conf(smtp_to="127.0.0.1:1", extra=(
            'watch = { calendar = "0d"; };\nalarm_smtp = { host = "smtp.test";'
            f' connect_to = "{other.at}"; ca_file = "{bed.ca_file}";'
            ' mail_from = "alarm@example.net";'
            f' secret = {{ file = "{full.office.dir}/secret"; }}; }};'))
        full.stop()
        full.start()
        full.page.arm("core", "pwrite", 1, errno.ENOSPC, onwards=True)
        full.tip()
        full.wait(lambda: b"make room" in full.new_log(), "the trouble",
                  poke=True)
        full.move(700)
        full.wait(lambda: other.accepted(), "the alarm", poke=True)
        assert other.letters[0].mail_from == "alarm@example.net"
        full.page.disarm()


@pytest.mark.skipif(not ALL, reason="waits for seconds; see make faults")
def test_once_does_not_wait_for_ever(full):
    """From cron it ends with 1, and the next one finishes the work."""
    full.stop()
    # It starts: there was room for that.
    full.page.arm("core", "pwrite", 20, errno.ENOSPC, onwards=True)
    full.tip()
    begin = time.monotonic()
    assert full.office.once(check=False, timeout=90,
                            **full.page.env(full.shim)) == 1
    assert time.monotonic() - begin < 60
    full.page.disarm()
    full.start()
    full.all_done()


def newer(office):
    with contextlib.closing(sqlite3.connect(office.store)) as db, db:
        db.execute("PRAGMA user_version = 99")


def damaged(office):
    with open(office.store, "r+b") as f:
        f.seek(4096)
        f.write(b"\xa5" * 4096 * 40)


def nothing_of_ours(office):
    office.store.write_bytes(b"not a store" * 1000)


@pytest.mark.parametrize("spoil, words", [
    (damaged, ("damaged", "backup")), (newer, ("newer",)),
    (nothing_of_ours, ("no store", "backup"))][:3 if ALL else 1])
def test_a_store_that_is_refused_is_told_once(told, spoil, words):
    office = told.office
    told.stop()
    with contextlib.closing(sqlite3.connect(office.store)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = office.store.read_bytes()
    spoil(office)
    for name in ("-wal", "-shm"):
        office.store.with_name(office.store.name + name).unlink(
            missing_ok=True)
    told.tip()
    for _ in range(3):
        told.refused(*words)
    alarm, = told.alarms()
    assert "报警" in str(alarm.msg["Subject"])
    assert words[0] in alarm.text()
    # Another day.
    told.move(DAY + 60)
    told.refused(*words)
    assert len(told.alarms()) == 2
    # What was there before comes back: nothing was touched meanwhile.
    office.store.write_bytes(whole)
    told.start()
    told.all_done()
    told.move(300)
    assert "解除" in str(told.wait_alarms(3)[2].msg["Subject"])
    assert told.books() is None
    assert not list(office.dir.glob("state/*.refused"))


def bound(office):
    """clued as root that obeys the modes of files; None where that cannot
    be."""
    if os.getuid() != 0:
        return []
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search",
            "--inh-caps", "-dac_override,-dac_read_search"]
    if shutil.which("setpriv") is None or subprocess.run(
            [*drop, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no setpriv")
    return drop


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_store_that_may_not_be_written(told, what):
    office = told.office
    told.stop()
    told.tip()
    place = office.store if what == "file" else office.store.parent
    mode = place.stat().st_mode
    place.chmod(0o400 if what == "file" else 0o500)
    told.wrapper = bound(office)
    try:
        told.refused("owner and mode")
        told.refused("owner and mode")
    finally:
        place.chmod(mode)
    # Where nothing can be made nobody can count the letters: none is sent.
    assert len(told.alarms()) == (1 if what == "file" else 0)
    told.start()
    told.all_done()
    assert told.books() is None


@pytest.mark.skipif(not ALL, reason="waits for seconds; see make faults")
def test_a_lock_that_stays_is_told_and_waited_for(told):
    """Another program holds the store for ten minutes."""
    assert told.place("no fault", lambda: None, lambda: None,
                      lambda: True) is None
    db = sqlite3.connect(told.office.store, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    told.tip()
    told.poke()
    told.wait(lambda: b"keeps the store locked" in told.new_log(), "the lock")
    told.move(700)
    told.wait_alarms(1)
    db.execute("ROLLBACK")
    db.close()
    told.all_done()
    assert told.books() is None


def test_a_second_daemon_tells_nobody(told):
    first = told.office.daemon
    other = told.office
    log_from = told.log_from
    other.daemon = None
    told.refused("another clued")
    assert told.alarms() == []
    other.daemon, told.log_from = first, log_from
    first.send_signal(signal.SIGUSR1)


@pytest.mark.parametrize("how", ["moved", "deleted"][:2 if ALL else 1])
def test_a_store_that_is_taken_away_is_missed(told, how):
    """SQLite would go on in a file that nobody finds any more."""
    office = told.office
    assert told.place("no fault", lambda: None, lambda: None,
                      lambda: True) is None
    away = office.dir / "away"
    if how == "moved":
        office.store.parent.rename(away)
        office.store.parent.mkdir(0o700)
    else:
        away.mkdir()
        for path in office.store.parent.iterdir():
            os.link(path, away / path.name)  # what a rescuer would do
            path.unlink()
    told.tip()
    told.wait(lambda: b"event=intake" in told.new_log(), "trouble", poke=True)
    assert b"moved, deleted or replaced" in told.new_log()
    told.move(700)
    alarm, = told.wait_alarms(1)
    assert "put it back" in alarm.text()
    assert not office.store.exists()
    shutil.rmtree(office.store.parent)
    away.rename(office.store.parent)
    told.all_done()
    assert told.books() is None


def test_without_a_reader_of_its_log_it_works(told):
    """Journald ends, or whoever read the pipe: systemd would take a death by
    SIGPIPE for an orderly end, and not start it again."""
    told.stop()
    reader, writer = os.pipe()
    os.close(reader)
    told.tip()
    daemon = subprocess.Popen(
        [told.office.build / "clued", "-c", told.office.conf],
        env={**told.office.env, "CLUED_TEST_CLOCK": str(told.clock)},
        stderr=writer, stdin=subprocess.DEVNULL)
    os.close(writer)
    try:
        told.office.wait(lambda: daemon.poll() is not None or
                         told.office.store.exists() and not told.missing(),
                         "the tip's end")
    finally:
        daemon.terminate()
        assert daemon.wait(30) == 0


@pytest.mark.parametrize("closed", ["0<&- 1>&- 2>&-", "2>&-"][:2 if ALL
                                                             else 1])
def test_nothing_is_written_where_the_log_would_be(told, closed):
    """Started without standard files: no log line goes into the lock, the
    store or to a server, under the number that they got."""
    told.stop()
    told.tip()
    daemon = subprocess.Popen(
        ["/bin/sh", "-c", f'exec "$0" "$@" {closed}',
         told.office.build / "clued", "-c", told.office.conf],
        env={**told.office.env, "CLUED_TEST_CLOCK": str(told.clock)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        told.office.wait(lambda: daemon.poll() is not None or
                         told.office.store.exists() and not told.missing(),
                         "the tip's end")
        for fd in (0, 1, 2):
            path = os.readlink(f"/proc/{daemon.pid}/fd/{fd}")
            assert path.startswith("/dev/"), (fd, path)
    finally:
        daemon.terminate()
        assert daemon.wait(30) == 0
    lock = told.office.store.with_name(told.office.store.name + ".lock")
    assert lock.read_bytes() == b""
    told.office.ctl("fsck")
