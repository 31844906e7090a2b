#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Measures clued beside a peer in the same run and prints ratios.

    tests/bench/bench.py --build build [intake-small|intake-mixed|programs] …

intake-*   from Dovecot over TLS into the store (parser's isolation on, every
           group committed to disk), beside `mbsync` pulling the same mailbox
           into a Maildir with its default fsync.  Both run in turn; the
           ratio is of the medians; peak memory is of each process.
programs   the small C programs of this folder, each beside its own peer."""
import argparse
import base64
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

from bed import Bed  # noqa: E402
from office import TIPS, Office, office_users  # noqa: E402

ROUNDS = 3


def letters():
    """What citizens write: the texts of the rules' cases."""
    found = []
    for path in sorted((HERE.parent / "data/rules").glob("*.case")):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = [p.strip() for p in re.split(r"[|｜]", line)]
            if len(parts) == 3 and not line.startswith("#"):
                found.append((parts[1], parts[2]))
    return found


LETTERS = letters()


def message(rng, number, attachment=b""):
    """A citizen's mail of the usual size, with something in it to route."""
    subject, text = rng.choice(LETTERS)
    text += f"\n时间地点：{rng.randrange(1, 29)}日，{rng.randrange(1, 999)}号附近。"
    head = (f"Return-Path: <c{number}@mail.example.net>\r\n"
            "Received: from mail.example.net (mail.example.net [192.0.2.1])\r\n"
            "\tby mx.example.com with ESMTPS; Mon, 23 Nov 2026 09:00:00 +0800"
            f"\r\nFrom: <c{number}@mail.example.net>\r\nTo: <{TIPS}>\r\n"
            f"Subject: =?utf-8?B?{base64.b64encode(subject.encode()).decode()}?=\r\n"
            "Date: Mon, 23 Nov 2026 09:00:00 +0800\r\n"
            f"Message-ID: <{number}.{rng.random()}@mail.example.net>\r\n"
            "MIME-Version: 1.0\r\n").encode()
    body = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
    part = (b"Content-Type: text/plain; charset=utf-8\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + body)
    if not attachment:
        return head + part
    b = b"=_bench"
    return (head + b'Content-Type: multipart/mixed; boundary="' + b +
            b'"\r\n\r\n--' + b + b"\r\n" + part + b"\r\n--" + b +
            b"\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" +
            base64.encodebytes(attachment).replace(b"\n", b"\r\n") +
            b"--" + b + b"--\r\n")


def small_corpus(rng):
    return [message(rng, n) for n in range(10000)]


def mixed_corpus(rng):
    """Most mail is small, most bytes are in attachments up to 5 MB."""
    sizes = [0] * 1400 + [60_000] * 350 + [400_000] * 200 + [
        1_500_000] * 40 + [3_700_000] * 10
    rng.shuffle(sizes)
    return [message(rng, n, rng.randbytes(rng.randrange(s // 2, s))
                    if s else b"") for n, s in enumerate(sizes)]


class Peaks(threading.Thread):
    """Peak resident memory of a process and its children, by role."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peaks, self.over = pid, {}, False

    def look(self, pid, name):
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            kids = pathlib.Path(
                f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return
        role = re.search(rb"--role=(\w+)", line)
        name = role.group(1).decode() if role else name
        peak = re.search(r"VmHWM:\s+(\d+)", status)
        if peak:
            self.peaks[name] = max(self.peaks.get(name, 0),
                                   int(peak.group(1)))
        for kid in kids:
            self.look(kid, name)

    def run(self):
        while not self.over:
            self.look(self.pid, "core")
            time.sleep(0.02)


def timed(argv, **kwargs):
    """Wall seconds and peak memory by process in KiB."""
    start = time.monotonic()
    child = subprocess.Popen([str(a) for a in argv], **kwargs)
    peaks = Peaks(child.pid)
    peaks.start()
    child.wait()
    seconds = time.monotonic() - start
    peaks.over = True
    peaks.join()
    return child.returncode, seconds, peaks.peaks


def run_clued(bed, build, count):
    # One letter a minute at the most: the intake is what is measured.
    with Office(bed, build, smtp_extra="") as office:
        text = office.conf.read_text(encoding="utf-8")
        office.conf.write_text(
            text.replace("per_minute = 10000", "per_minute = 1"),
            encoding="utf-8")
        with open(office.dir / "log", "wb") as log:
            code, seconds, peaks = timed(
                [build / "clued", "-c", office.conf, "--once"],
                env=office.env, stderr=log)
        taken = office.status()["messages"]
        if taken != count:
            raise SystemExit(f"clued took {taken} of {count} (exit {code})")
    return seconds, peaks


MBSYNC = """
IMAPStore far
Host localhost
Port {port}
User {user}
Pass "{password}"
SSLType IMAPS
CertificateFile {ca}

MaildirStore near
Path {dir}/mail/
Inbox {dir}/mail/inbox

Channel all
Far :far:
Near :near:
Patterns INBOX
Create Near
SyncState {dir}/state/
"""


def run_mbsync(bed, count):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clued-mbsync-"))
    try:
        (folder / "mail").mkdir()
        (folder / "state").mkdir()
        (folder / "rc").write_text(MBSYNC.format(
            port=bed.imaps_at().split(":")[1], user=TIPS,
            password=bed.password, ca=bed.ca_file, dir=folder))
        code, seconds, peaks = timed(
            ["mbsync", "-q", "-c", folder / "rc", "all"],
            env={"PATH": "/usr/bin:/bin", "HOME": str(folder)})
        taken = sum(len(files) for _, _, files in os.walk(folder / "mail")
                    if _ is not None)
        if code != 0 or taken < count:
            raise SystemExit(f"mbsync took {taken} of {count} (exit {code})")
        return seconds, {"mbsync": peaks.get("core", 0)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bench_intake(build, name, corpus):
    megabytes = sum(map(len, corpus)) / 1e6
    ours, theirs, peaks = [], [], {}
    with Bed(users=office_users()) as bed:
        bed.fill(TIPS, corpus)
        for _ in range(ROUNDS):
            seconds, peak = run_clued(bed, build, len(corpus))
            ours.append(seconds)
            for role, kib in peak.items():
                peaks[role] = max(peaks.get(role, 0), kib)
            seconds, peak = run_mbsync(bed, len(corpus))
            theirs.append(seconds)
            peaks.update(peak)
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"{name}: {len(corpus)} messages, {megabytes:.0f} MB")
    print(f"  clued   {len(corpus) / a:8.0f} messages/s {megabytes / a:7.1f} "
          f"MB/s  ({min(ours):.2f} to {max(ours):.2f} s)")
    print(f"  mbsync  {len(corpus) / b:8.0f} messages/s {megabytes / b:7.1f} "
          f"MB/s  ({min(theirs):.2f} to {max(theirs):.2f} s)")
    print(f"  clued is {b / a:.2f} × mbsync (fsync on)")
    print("  peak RSS: " + ", ".join(
        f"{role} {kib / 1024:.1f} MB" for role, kib in sorted(peaks.items())),
        flush=True)


def bench_programs(build):
    """Each prints its own table with its own peer."""
    for program in sorted((build / "bench").glob("bench_*")):
        if program.suffix:
            continue
        print(f"{program.name}:", flush=True)
        subprocess.run([program], check=True)


BENCHES = {
    "intake-small": lambda b: bench_intake(
        b, "small mail", small_corpus(random.Random(1))),
    "intake-mixed": lambda b: bench_intake(
        b, "mixed corpus", mixed_corpus(random.Random(2))),
    "programs": bench_programs,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    for name in args.names:
        if name not in BENCHES:
            parser.error(f"no bench {name}; there are {', '.join(BENCHES)}")
    for name in args.names or BENCHES:
        BENCHES[name](args.build.resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
