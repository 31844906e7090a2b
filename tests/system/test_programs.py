# SPDX-License-Identifier: ISC
"""The daemon's programs: what is in each, how they find each other, what they
take when there is nothing to do."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys

import pytest

import samples
from bed import Bed
from office import ROOT, TIPS, Office, office_users

sys.path.insert(0, str(ROOT / "tests/bench"))
from measure import memory_kib, tree  # noqa: E402

CORE, CTL = "sbin/clued", "bin/cluectl"
ROLES = {role: f"libexec/clued/{role}" for role in ("fetch", "parse", "send")}
# All that speaks with servers, and what only comes along with it.
NETWORK = {"libcurl", "libcurl-gnutls", "libetpan", "libgnutls", "libssl",
           "libssh2", "libldap", "libgssapi_krb5", "libkrb5", "libnghttp2",
           "librtmp", "libsasl2", "libresolv", "libidn2", "libpsl"}
STORE = {"libsqlite3", "libsystemd", "libxlsxwriter", "libopencc"}
DECODERS = {"libxml2", "libzip", "libmagic", "libytnef", "libuchardet"}
NEEDED = {"fetch": {"libcurl-gnutls", "libetpan"}, "send": {"libcurl-gnutls"},
          "parse": DECODERS, "clued": STORE, "cluectl": STORE}
# Of what is written to nobody else has a share, whoever else runs.
LIMITS_MB = {"VmRSS": 40, "Pss": 20, "Private_Dirty": 18}


def libraries(program):
    """Of a program, with all that they want in turn."""
    out = subprocess.run(["ldd", program], capture_output=True, text=True,
                         check=True).stdout
    return {m.group(1) for m in re.finditer(
        r"^\s*(?:\S*/)?(lib[^/\s]*?)(?:-[\d.]+)?\.so", out, re.M)}


def imported(program):
    """What it calls of them."""
    out = subprocess.run(["readelf", "-W", "--dyn-syms", program],
                         capture_output=True, text=True, check=True).stdout
    return set(re.findall(r" UND (\w+)", out))


@pytest.mark.parametrize("program, never", [
    (CORE, NETWORK | DECODERS), (CTL, NETWORK | DECODERS),
    (ROLES["parse"], NETWORK | STORE), (ROLES["fetch"], DECODERS | STORE),
    (ROLES["send"], DECODERS | STORE | {"libetpan"})])
def test_no_program_has_what_it_may_not_do(build, program, never):
    found = libraries(build / program)
    assert NEEDED[program.rsplit("/", 1)[1]] <= found
    assert not found & never
    called = imported(build / program)
    reaches_out = program in (ROLES["fetch"], ROLES["send"])
    assert any(c.startswith("curl_") for c in called) == reaches_out
    if not reaches_out:
        # (clued announces itself to systemd by libsystemd.)
        assert not called & {"connect", "getaddrinfo", "listen", "accept"}
    if program == ROLES["parse"]:
        assert not called & {"execve", "execveat", "posix_spawn", "bind",
                             "sendto", "unlink", "rename"}


@pytest.fixture(name="tree_of_ours")
def a_tree_of_ours(build, tmp_path):
    """The programs once more, as they would be installed."""
    for program in (CORE, CTL, *ROLES.values()):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(build / program, tmp_path / program)
    (tmp_path / "clued").symlink_to(CORE)
    (tmp_path / "cluectl").symlink_to(CTL)
    return tmp_path


def pid_of(daemon, role):
    return next((pid for name, pid in tree(daemon.pid) if name == role), None)


def open_files(pid):
    return {os.readlink(fd) for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir()}


def test_a_running_daemon_keeps_its_programs(tree_of_ours):
    """An upgrade replaces the files under it: whatever it starts anew is of the
    build that it is of itself."""
    with Bed(users=office_users()) as bed, Office(bed, tree_of_ours) as office:
        daemon = office.start()
        for program in ROLES.values():
            (tree_of_ours / program).unlink()
            (tree_of_ours / program).write_text("#!/bin/sh\nexit 7\n")
            (tree_of_ours / program).chmod(0o755)
        office.wait(lambda: pid_of(daemon, "parse"), "parser")
        old = pid_of(daemon, "parse")
        os.kill(old, signal.SIGKILL)
        os.kill(pid_of(daemon, "fetch"), signal.SIGKILL)
        bed.append(TIPS, samples.tip())
        daemon.send_signal(signal.SIGUSR1)
        office.wait(lambda: office.status()["letters"].get("sent", 0) >= 1,
                    "letter")
        assert pid_of(daemon, "parse") not in (None, old)
        comm = pathlib.Path(f"/proc/{pid_of(daemon, 'parse')}/comm")
        assert comm.read_text() == "clued-parse\n"
        # The programs stay with the core.
        for role, pid in tree(daemon.pid):
            held = [f for f in open_files(pid) if "/libexec/" in f]
            assert len(held) == (len(ROLES) if role == "core" else 0), held


def test_a_missing_program_is_named(tree_of_ours, bed):
    with Office(bed, tree_of_ours) as office:
        (tree_of_ours / ROLES["parse"]).unlink()
        assert office.once(check=False) == 2
        assert "libexec/clued/parse" in office.log
        # What needs none works on.
        office.ctl("deadline", "--from", "2026-09-30 20:00",
                   "--class", "normal")
        done = subprocess.run(
            [tree_of_ours / CTL, "-c", office.conf, "parse", office.conf],
            capture_output=True, text=True, check=False)
        assert done.returncode not in (0, 1), done
        assert "libexec/clued/parse" in done.stderr
        said = office.ctl("doctor", status=1)
        assert re.search(r"BAD .*parsing: .*libexec/clued/parse", said), said


def run_role(program, role, given):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        return subprocess.run(
            ["bash", "-c", f'exec 3<&{theirs.fileno()}; exec "$@"', "-",
             program, f"--role={role}", *given],
            pass_fds=[theirs.fileno()], capture_output=True, text=True,
            check=False, timeout=60)


@pytest.mark.parametrize("role", ROLES)
def test_a_program_works_for_its_own_daemon_only(build, role):
    program = build / ROLES[role]
    alone = subprocess.run([program], capture_output=True, text=True,
                           check=False)
    assert alone.returncode == 2 and "clued(8)" in alone.stderr
    other = run_role(program, role, ["--build=0123456789abcdef"])
    assert other.returncode == 2 and "of another build" in other.stderr
    wrong = run_role(program, "nobody", ["--build=0123456789abcdef"])
    assert wrong.returncode == 2 and "clued(8)" in wrong.stderr


def test_all_are_of_one_build(tree_of_ours, bed):
    """One program of a later installation beside the others: refused, and said
    in words."""
    parse = tree_of_ours / ROLES["parse"]
    data = parse.read_bytes()
    own = re.search(rb"--build=([0-9a-f]{16})\0", data).group(1)
    parse.write_bytes(data.replace(own, own[::-1]))
    with Office(bed, tree_of_ours) as office:
        # 4: systemd tries again, and then all may be installed.
        assert office.once(check=False) == 4
        assert "libexec/clued/parse is of another build" in office.log
        said = office.ctl("doctor", status=1)
        assert re.search(r"BAD .*parsing: .*of another build", said), said


def test_idle_processes_are_small(build):
    """After work, when the parser and the mailbox's process have rested.  (The
    sender ends by itself.)"""
    if build.name == "san":
        pytest.skip("AddressSanitizer's shadow is memory, too")
    with Bed(users=office_users()) as bed, Office(bed, build) as office:
        bed.append(TIPS, samples.tip())
        daemon = office.start()
        office.wait(lambda: office.status()["letters"].get("sent", 0) >= 1,
                    "letter")
        found = {}

        def small():
            found.clear()
            for role, pid in tree(daemon.pid):
                if role != "send":
                    found[role] = {key: memory_kib(pid, key) / 1024
                                   for key in LIMITS_MB}
            return all(sum(f[key] for f in found.values()) < limit
                       for key, limit in LIMITS_MB.items())
        try:
            office.wait(small, "rest", 60)
        except AssertionError as e:
            raise AssertionError(found) from e
        assert found.keys() == {"core", "fetch", "parse"}
