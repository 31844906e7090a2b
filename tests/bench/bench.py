#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Measures clued beside a peer in the same run and prints ratios.

    tests/bench/bench.py --build build [NAME] …

intake-small   from Dovecot over TLS into the store (parser's isolation on,
intake-mixed   every group committed to disk), beside `mbsync` pulling the same
               mailbox into a Maildir with its default fsync, and beside a bare
               read of it that keeps nothing.  All run in turn; ratios are of
               medians.
intake-disks   the same on disks that take 1 and 4 ms to say that bytes are safe
               (preloaded into both; this disk's own time is printed)
letters        a full outbox to a local sink, each result written back, beside
               `smtp-source` on one connection
large          how much memory a message of 60 MB takes in core
idle           memory and CPU time of all processes with nothing to do
million        intake and questions with a million clues beside ten thousand
programs       the small C programs of this folder, each beside its own peer"""
import argparse
import base64
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

import others  # noqa: E402
from bed import Bed  # noqa: E402
from measure import Run, Side, ratio  # noqa: E402
from office import TIPS, Office, office_users  # noqa: E402
from others import slow_post  # noqa: E402

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


def run_clued(bed, build, count, disk=None):
    # One letter a minute at the most: the intake is what is measured.
    with Office(bed, build, smtp_extra="") as office:
        slow_post(office)
        with open(office.dir / "log", "wb") as log:
            run = Run([build / "clued", "-c", office.conf, "--once"],
                      env={**office.env, **(disk or {})}, stderr=log)
        taken = office.status()["messages"]
        if taken != count:
            raise SystemExit(
                f"clued took {taken} of {count} (exit {run.code})")
    return run


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


def run_mbsync(bed, count, disk=None):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="clued-mbsync-"))
    try:
        (folder / "mail").mkdir()
        (folder / "state").mkdir()
        (folder / "rc").write_text(MBSYNC.format(
            port=bed.imaps_at().split(":")[1], user=TIPS,
            password=bed.password, ca=bed.ca_file, dir=folder))
        run = Run(["mbsync", "-q", "-c", folder / "rc", "all"],
                  env={"PATH": "/usr/bin:/bin", "HOME": str(folder),
                       **(disk or {})})
        taken = sum(len(files) for _, _, files in os.walk(folder / "mail"))
        if run.code != 0 or taken < count:
            raise SystemExit(f"mbsync took {taken} of {count} "
                             f"(exit {run.code})")
        run.peaks_kib = {"mbsync": max(run.peaks_kib.values(), default=0)}
        return run
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_read(bed, build, count):
    """A bare pipelined read of the mailbox, kept nowhere."""
    with tempfile.TemporaryFile() as out:
        run = Run([build / "bench/imap_read", bed.imaps_at(), TIPS,
                   bed.password, bed.ca_file], stdout=out)
        out.seek(0)
        taken = int((out.read().split() or [b"0"])[0])
    if run.code != 0 or taken != count:
        raise SystemExit(f"imap_read saw {taken} of {count}")
    return run


def bench_stages(build, corpus):
    """CPU time a message by stage, in one process."""
    with Bed(users=office_users()) as bed, Office(bed, build) as office:
        path = office.dir / "corpus"
        with open(path, "wb") as out:
            for mail in corpus:
                out.write(b"%d\n" % len(mail) + mail)
        subprocess.run([build / "bench/intake_stages", office.conf, path],
                       stderr=subprocess.DEVNULL, check=True)


def bench_intake(build, name, corpus, aims):
    megabytes = sum(map(len, corpus)) / 1e6
    clued, mbsync = Side("clued"), Side("mbsync")
    read = Side("bare read")
    with Bed(users=office_users()) as bed:
        bed.fill(TIPS, corpus)
        run_read(bed, build, len(corpus))  # Dovecot makes its index
        for _ in range(ROUNDS):
            clued.add(run_clued(bed, build, len(corpus)))
            mbsync.add(run_mbsync(bed, len(corpus)))
            read.add(run_read(bed, build, len(corpus)))
    print(f"{name}: {len(corpus)} messages, {megabytes:.0f} MB, {ROUNDS} "
          "rounds, medians; Dovecot's own work is in nobody's CPU time")
    for side in (clued, mbsync, read):
        print(side.row(len(corpus), megabytes))
    print(ratio(clued, mbsync, aims[0]))
    print(ratio(clued, mbsync, None, "cpu"))
    print(ratio(clued, read, aims[1]))
    print(f"  CPU in s by process: {clued.cpu_by_role()}")
    print(f"  peak RSS in MB: {clued.memory()}, {mbsync.memory()}   aim core "
          f"64: {'met' if clued.peaks_kib['core'] < 64 << 10 else 'missed'}")
    print("  by stage, in one process:", flush=True)
    bench_stages(build, corpus)


def sync_us(times=200):
    """What one small write costs here until it is safe."""
    with tempfile.NamedTemporaryFile(dir=tempfile.gettempdir()) as file:
        begun = time.monotonic()
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
    return (time.monotonic() - begun) / times * 1e6


def on_disk(bed, build, corpus, more_ms):
    """clued and mbsync by turns, each with a disk that takes so much longer."""
    disk = {"LD_PRELOAD": str(build / "bench/slow_disk.so"),
            "SLOW_DISK_US": str(1000 * more_ms)}
    clued, mbsync = Side("clued"), Side("mbsync")
    for _ in range(ROUNDS):
        clued.add(run_clued(bed, build, len(corpus), disk))
        mbsync.add(run_mbsync(bed, len(corpus), disk))
    return clued, mbsync


def bench_disks(build):
    """mbsync makes each message safe, clued a group of them: what the ratio
    is depends on the disk."""
    print(f"disks: a write of 4 KB is safe here after {sync_us():.0f} us")
    for name, corpus, aim in (
            ("small mail", small_corpus(random.Random(1))[:3000], 5),
            ("mixed corpus", mixed_corpus(random.Random(2))[:600], 3)):
        with Bed(users=office_users()) as bed:
            bed.fill(TIPS, corpus)
            run_read(bed, build, len(corpus))
            for more_ms in (0, 1, 4):
                clued, mbsync = on_disk(bed, build, corpus, more_ms)
                print(f" {name}, {len(corpus)} messages, {more_ms} ms more "
                      "for each fsync")
                for side in (clued, mbsync):
                    print(side.row(len(corpus), sum(map(len, corpus)) / 1e6))
                print(ratio(clued, mbsync, aim), flush=True)


def bench_programs(build):
    """Each prints its own table with its own peer."""
    for program in sorted((build / "bench").glob("bench_*")):
        if program.suffix:
            continue
        print(f"{program.name}:", flush=True)
        subprocess.run([program], check=True)


BENCHES = {
    "intake-small": lambda b: bench_intake(
        b, "small mail", small_corpus(random.Random(1)), (5, None)),
    "intake-mixed": lambda b: bench_intake(
        b, "mixed corpus", mixed_corpus(random.Random(2)), (3, 0.6)),
    "intake-disks": bench_disks,
    "letters": others.bench_letters,
    "large": others.bench_large,
    "idle": others.bench_idle,
    "million": others.bench_million,
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
