# SPDX-License-Identifier: ISC
"""What a whole run writes and shows beside the store: no password, no word of
a tip, nothing of a citizen, in the log, on command lines, in environments, in
files of any kind; files for their owner only, no core dumps, and no process
that holds open what is not its own.  (Letters have tests of their own.)"""
import os
import pathlib
import random
import re
import signal
import threading

import pytest

import samples
from bed import Bed
from notify import Notify
from office import TIPS, Office, office_users

# Of this run alone: they stand in no file that others have, so that what is
# found anywhere on this machine comes from the program.
_CHANCE = random.SystemRandom()


def letters(n):
    return "".join(_CHANCE.choices("abcdefghijkmnpqrstuvwxyz", k=n))


RARE = "米糕豆绿莲藕茄椒蒜葱姜菇笋藤蔓萍荷菱芡荠蕨薯芋"
CITIZEN = f"{letters(8)}@example.net"
NAME = "周" + "".join(_CHANCE.sample(RARE, 2))
WORD = "".join(_CHANCE.sample(RARE, 6))  # in tips
FILE = letters(10)  # name of an attachment
PHONE = "159" + "".join(_CHANCE.choices("0123456789", k=8))
PASSWORD = f"Auth-{letters(12)}-2026!"
WRONG = f"Wrong-{letters(12)}!"


@pytest.fixture(scope="module")
def bed():
    with Bed(users=office_users(), password=PASSWORD) as it:
        yield it


def mail():
    kwargs = {"sender": CITIZEN, "name": NAME}
    text = f"{WORD}渣土车队强揽渣土外运，电话{PHONE}。"
    yield samples.tip(text=text, subject=f"举报{WORD}", **kwargs)
    yield samples.with_file(f"{WORD}{NAME}".encode() * 99,
                            name=f"{FILE}.bin", text=text, sender=CITIZEN)
    yield samples.tip(text=text, more="X-Clued-Test: crash\r\n", **kwargs)
    yield samples.tip(text=text, subject=f"\r\n {WORD}\r\n", **kwargs)
    # Structures that a message in an error would quote.
    yield (f"From: {NAME} <{CITIZEN}>\r\nContent-Type: multipart/{WORD};"
           f" boundary={FILE}\r\nSubject: {WORD}\r\n\r\n--{FILE}\r\n"
           f"Content-Type: text/plain; charset={WORD}\r\n\r\n{WORD}\r\n"
           ).encode()


ROLES = {"core", "fetch", "parse", "send"}


class Watcher(threading.Thread):
    """Keeps what /proc shows of the daemon's processes while they live."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.end = pid, threading.Event()
        self.seen, self.fds, self.cores, self.roles = set(), {}, {}, {}

    def family(self):
        found, todo = [], [self.pid]
        while todo:
            pid = todo.pop()
            found.append(pid)
            try:
                todo += map(int, pathlib.Path(
                    f"/proc/{pid}/task/{pid}/children").read_text().split())
            except OSError:
                pass
        return found

    def run(self):
        while not self.end.wait(0.02):
            for pid in self.family():
                self.look(pathlib.Path(f"/proc/{pid}"), pid)

    def look(self, proc, pid):
        try:
            line = (proc / "cmdline").read_bytes()
            self.seen.add(line)
            role = re.search(rb"--role=(\w+)", line)
            self.roles[pid] = role.group(1).decode() if role else "core"
            # Only root may look further into who has shut himself in.
            self.seen.add((proc / "environ").read_bytes())
            self.cores[pid] = re.search(
                r"core file size\s+(\S+)\s+(\S+)",
                (proc / "limits").read_text()).groups()
            links = {os.readlink(fd) for fd in (proc / "fd").iterdir()}
            # Between fork and exec a role still is the core.
            if (proc / "cmdline").read_bytes() == line:
                self.fds.setdefault(self.roles[pid], set()).update(links)
        except OSError:
            pass  # it has just ended


def files_of(*tops):
    """Regular files; what vanishes meanwhile is passed over."""
    for top in tops:
        for folder, _, names in os.walk(top):
            for name in names:
                path = pathlib.Path(folder) / name
                if not path.is_symlink() and path.is_file():
                    yield path


def secrets_of(bed):
    return {"password": bed.password, "wrong password": WRONG,
            "address": CITIZEN, "name": NAME,
            "word": WORD, "file": FILE, "phone": PHONE}


def check(where, data, secrets):
    for what, value in secrets.items():
        assert value.encode() not in data, f"{what} in {where}"
        assert value.encode("gb18030") not in data, f"{what} in {where}"


def fresh_files(before, *ours):
    """(path, bytes) of what appeared in places for temporary files, but what
    other beds and tests put there."""
    for path in set(files_of("/tmp", "/dev/shm", "/var/tmp")) - before:
        if re.match(r"/tmp/(clued-|pytest-)", str(path)) and not any(
                str(path).startswith(str(top)) for top in ours):
            continue
        try:
            yield path, path.read_bytes()
        except OSError:
            pass  # somebody else's, gone


def is_store(path):
    return path.name.startswith("clued.db")


def test_nothing_leaks_beside_the_store(bed, build, tmp_path):
    notify = Notify(tmp_path)
    secrets = secrets_of(bed)
    before = set(files_of("/tmp", "/dev/shm", "/var/tmp"))
    old = os.umask(0)  # the daemon must not rely on it
    with Office(bed, build, poll="1s", extra='watch = { metrics = "'
                f'{tmp_path}/clued.prom"; }};') as office:
        try:
            office.start(NOTIFY_SOCKET=notify.path)
        finally:
            os.umask(old)
        watcher = Watcher(office.daemon.pid)
        watcher.start()
        for raw in mail():
            bed.append(TIPS, raw)
        office.wait(lambda: office.status()["messages"] == 5, "messages")
        office.wait(lambda: office.status()["letters"]["ready"] == 0,
                    "letters")
        office.wait(lambda: ROLES <= set(watcher.roles.values()),
                    "a look at every role")
        # Roles that die in the middle, and a wrong password.
        for pid, role in list(watcher.roles.items()):
            if role != "core":
                try:
                    os.kill(pid, signal.SIGSEGV)
                except OSError:
                    pass
        office.daemon.send_signal(signal.SIGUSR1)
        (office.dir / "secret").write_text(WRONG + "\n")
        office.daemon.send_signal(signal.SIGHUP)
        office.wait_log("mailbox-trouble")
        (office.dir / "secret").write_text(bed.password + "\n")
        core = office.daemon.pid
        memory = memory_of(core)
        office.ctl("backup", office.dir / "backup")
        for words in (["status"], ["doctor"], ["metrics"], ["fsck"],
                      ["status", "--json"]):
            check(words, office.ctl(*words, status=None).encode(), secrets)
        office.stop()
        watcher.end.set()
        watcher.join()
        check("the log", office.log_path.read_bytes(), secrets)
        notify.settle()
        check("what systemd was told", "\n".join(notify.lines).encode(),
              secrets)
        for line in watcher.seen:
            check("/proc", line, secrets)
        for path, data in fresh_files(before, office.dir, tmp_path):
            if not is_store(path) and path.name not in (
                    "secret", "clued.conf"):
                check(path, data, secrets)
        for path in files_of(office.dir / "state", office.dir / "backup"):
            assert oct(path.stat().st_mode & 0o777) == "0o600", path
        for path in (office.dir / "state", office.dir / "backup"):
            assert oct(path.stat().st_mode & 0o777) == "0o700", path
    assert set(watcher.cores.values()) == {("0", "0")}
    for role, links in watcher.fds.items():
        if role != "core":
            assert not [x for x in links if "clued.db" in x], (role, links)
    if memory is not None and build.name != "san":
        # The core hands the password over and forgets it.
        assert TIPS.encode() in memory
        assert bed.password.encode() not in memory


def memory_of(pid):
    """What is in a process's writable memory; None when we may not look."""
    found = []
    try:
        with open(f"/proc/{pid}/mem", "rb") as mem:
            for line in pathlib.Path(f"/proc/{pid}/maps").read_text(
                    ).splitlines():
                m = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                if m is None or "[v" in line:
                    continue
                low, high = (int(x, 16) for x in m.groups())
                if high - low > 1 << 32:
                    continue  # a sanitizer's map of the whole space
                try:
                    mem.seek(low)
                    found.append(mem.read(high - low))
                except OSError:
                    continue
    except OSError:
        return None
    return b"".join(found)
