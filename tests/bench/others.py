# SPDX-License-Identifier: ISC
"""What bench.py measures beside the intake."""
import base64
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time

from bed import Bed
from measure import Run, cpu_s, memory_kib, tree
from office import TIPS, Office, office_users

CLUES = int(os.environ.get("BENCH_CLUES", "1000000"))
LETTERS = 4000


def slow_post(office):
    """One letter a minute at the most."""
    text = office.conf.read_text(encoding="utf-8")
    office.conf.write_text(text.replace("per_minute = 10000",
                                        "per_minute = 1"), encoding="utf-8")


def verdict(met):
    return "met" if met else "missed"


# -- letters ------------------------------------------------------------------
def postfix_tools(build):
    """smtp-source and smtp-sink: unpacked, not installed, because postfix and
    exim4 exclude each other."""
    folder = (build / "bench/postfix").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "usr/sbin/smtp-source").exists():
        subprocess.run(["apt-get", "download", "-qq", "postfix"], cwd=folder,
                       stderr=subprocess.DEVNULL, check=True)
        deb, = folder.glob("postfix_*.deb")
        subprocess.run(["dpkg", "-x", deb, folder], check=True)
    env = {"PATH": "/usr/bin:/bin",
           "LD_LIBRARY_PATH": str(folder / "usr/lib/postfix")}
    return folder / "usr/sbin", env


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Sink:
    """smtp-sink on loopback: takes everything, keeps nothing but, in a folder
    that is named, each letter as a file."""

    def __init__(self, tools, env, keep=None):
        self.port = free_port()
        me = os.environ.get("SUDO_USER") or "nobody"
        keeping = []
        if keep is not None:
            os.chmod(keep, 0o777)
            keeping = ["-d", f"{keep}/%s."]
        self.child = subprocess.Popen(
            [tools / "smtp-sink", "-u", me, *keeping,
             f"127.0.0.1:{self.port}", "100"],
            env=env, stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("smtp-sink does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()


def plain_post(office, port):
    """Letters go to the sink, as fast as they can."""
    text = office.conf.read_text(encoding="utf-8")
    at = text.index("smtp = {")
    text = text[:at] + re.sub(
        r"smtp = \{.*?\n\};", "smtp = {\n"
        f'    host = "127.0.0.1"; port = {port}; tls = "none";\n'
        f'    auth = "none"; helo = "clued.example.com";\n'
        f'    mail_from = "{TIPS}"; per_minute = 10000;\n}};',
        text[at:], count=1, flags=re.S)
    office.conf.write_text(text, encoding="utf-8")


def wait_sent(office, count):
    """Until all letters are sent: letters a second of the sending alone."""
    log = office.dir / "log"
    first = None
    end = time.monotonic() + 60
    while time.monotonic() < end:
        n = log.read_bytes().count(b" state=sent ")
        if first is None and n > 0:
            first = (time.monotonic(), n)
        if n >= count:
            return (count - first[1]) / (time.monotonic() - first[0])
        time.sleep(0.02)
    raise SystemExit("the letters are not sent:\n" +
                     log.read_text(errors="replace")[-2000:])


def letter_size(bed, build, tools, env, kept):
    """Mean bytes of the letters as they arrive."""
    with Office(bed, build) as office, Sink(tools, env, kept) as sink:
        plain_post(office, sink.port)
        office.once()
    sizes = [f.stat().st_size for f in pathlib.Path(kept).iterdir()]
    return sum(sizes) // len(sizes)


def full_outbox(office, build):
    """Takes the mail in and sends next to nothing: how many letters wait."""
    slow_post(office)
    subprocess.run([build / "clued", "-c", office.conf, "--once"],
                   env=office.env, stderr=subprocess.DEVNULL, check=False)
    office.write_conf()
    return office.status()["letters"]["ready"]


def post_all(office, build, count):
    """Sends the outbox as it was: rate, and CPU seconds by role."""
    state, kept = office.dir / "state", office.dir / "kept"
    if not kept.exists():
        shutil.copytree(state, kept)
    shutil.rmtree(state)
    shutil.copytree(kept, state)
    with open(office.dir / "log", "wb") as log:
        daemon = subprocess.Popen([build / "clued", "-c", office.conf],
                                  env=office.env, stderr=log)
    try:
        rate = wait_sent(office, count)
        return rate, {role: cpu_s(pid) for role, pid in tree(daemon.pid)}
    finally:
        daemon.terminate()
        daemon.wait()


def bench_letters(build):
    from bench import message  # the citizens' mail
    tools, env = postfix_tools(build)
    rng = random.Random(3)
    rates, peer, cpu = [], [], []
    with (Bed(users=office_users()) as bed, Sink(tools, env) as sink,
          Office(bed, build) as office,
          tempfile.TemporaryDirectory(prefix="clued-sink-") as kept):
        bed.fill(TIPS, [message(rng, n) for n in range(LETTERS)])
        size = letter_size(bed, build, tools, env, kept)
        waiting = full_outbox(office, build)
        plain_post(office, sink.port)
        for _ in range(3):
            rate, by_role = post_all(office, build, waiting)
            rates.append(rate)
            run = Run([tools / "smtp-source", "-d", "-s", "1", "-m",
                       str(waiting), "-l", str(size), "-f", TIPS, "-t",
                       "x@example.org", f"127.0.0.1:{sink.port}"], env=env)
            peer.append(waiting / run.wall_s)
            cpu.append((by_role.get("core", 0), by_role.get("send", 0),
                        run.cpu_s))
    ours, theirs = sorted(rates)[1], sorted(peer)[1]
    core, send, source = (sorted(c)[1] * 1e6 / waiting for c in zip(*cpu))
    print(f"letters: {waiting} of {size} bytes, results written back")
    print(f"  clued        {ours:8.0f}/s ({min(rates):.0f} to "
          f"{max(rates):.0f})   CPU a letter: core {core:.0f} us, send "
          f"{send:.0f} us")
    print(f"  smtp-source  {theirs:8.0f}/s ({min(peer):.0f} to "
          f"{max(peer):.0f})   CPU a letter: {source:.0f} us")
    print(f"  {ours / theirs:5.2f} × smtp-source   aim 0.8: "
          f"{verdict(ours >= 0.8 * theirs)}", flush=True)


# -- one large message --------------------------------------------------------
def large_mail(megabytes):
    data = base64.encodebytes(random.Random(4).randbytes(megabytes * 740000))
    head = (f"From: <c@mail.example.net>\r\nTo: <{TIPS}>\r\n"
            "Subject: muck\r\nMessage-ID: <large@mail.example.net>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n")
    return head.encode() + data.replace(b"\n", b"\r\n")


def bench_large(build):
    from bench import message
    peaks = []
    mails = [message(random.Random(5), n) for n in range(50)]
    for mail in (mails, [*mails, large_mail(60)]):
        with Bed(users=office_users()) as bed:
            bed.fill(TIPS, mail)
            with Office(bed, build) as office:
                slow_post(office)
                with open(office.dir / "log", "wb") as log:
                    run = Run([build / "clued", "-c", office.conf, "--once"],
                              env=office.env, stderr=log)
                if office.status()["messages"] != len(mail):
                    raise SystemExit("clued did not take them all")
                peaks.append({k: v / 1024 for k, v in run.peaks_kib.items()})
    more = peaks[1]["core"] - peaks[0]["core"]
    print(f"large: a message of {len(large_mail(60)) / 1e6:.0f} MB")
    print(f"  peak RSS in MB: core {peaks[0]['core']:.1f} without it, "
          f"{peaks[1]['core']:.1f} with it (fetch {peaks[1]['fetch']:.1f}, "
          f"parse {peaks[1]['parse']:.1f})")
    print(f"  core grows by {more:.1f} MB   aim 10: {verdict(more <= 10)}",
          flush=True)


# -- nothing to do ------------------------------------------------------------
def bench_idle(build, seconds=30):
    from bench import message
    with Bed(users=office_users()) as bed, Office(bed, build) as office:
        bed.fill(TIPS, [message(random.Random(6), n) for n in range(20)])
        daemon = office.start()
        office.wait(lambda: office.status()["letters"]["sent"] >= 20,
                    "letters", 60)
        # The sender ends a minute after the last letter, at the next look.
        office.wait(lambda: all(role != "send"
                                for role, _ in tree(daemon.pid)),
                    "rest", 180)
        before = {pid: cpu_s(pid) for _, pid in tree(daemon.pid)}
        time.sleep(seconds)
        used = sum(cpu_s(pid) - before.get(pid, 0)
                   for _, pid in tree(daemon.pid))
        found = [(role, memory_kib(pid, "VmRSS") / 1024,
                  memory_kib(pid, "Pss") / 1024,
                  memory_kib(pid, "Private_Dirty") / 1024)
                 for role, pid in tree(daemon.pid)]
    rss, pss, own = (sum(f[i] for f in found) for i in (1, 2, 3))
    print("idle: " + ", ".join(f"{role} {r:.1f} (PSS {p:.1f})"
                               for role, r, p, _ in found) + " MB")
    print(f"  RSS {rss:.1f} MB   aim 40: {verdict(rss < 40)};   PSS "
          f"{pss:.1f} MB   aim 20: {verdict(pss < 20)};   {own:.1f} MB of it "
          "nobody else's")
    print(f"  CPU {100 * used / seconds:.3f} % of a processor over {seconds} s"
          f"   aim 0.1: {verdict(used / seconds < 0.001)}", flush=True)


# -- a million clues ----------------------------------------------------------
def filled(build, count):
    """A store of so many clues, made once and kept under build/."""
    path = build / f"bench/clues-{count}/clued.db"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name("new.db")
        for old in path.parent.glob("new.db*"):
            old.unlink()
        subprocess.run([build / "bench/store_fill", new, str(count)],
                       check=True)
        for part in path.parent.glob("new.db*"):
            part.rename(path.parent / part.name.replace("new", "clued"))
    return path


QUESTIONS = (
    ("list, the newest 50", ("list", "--limit", "50")),
    ("list --overdue", ("list", "--overdue", "--limit", "50")),
    ("search", ("search", "--limit", "20", "强行拉土")),
    ("today", ("today",)),
    ("monthly form", ("report", "monthly", "--period", "2026-03")),
)


def bench_million(build):
    from bench import small_corpus
    corpus = small_corpus(random.Random(7))[:2000]
    times = {}
    with Bed(users=office_users()) as bed, Office(bed, build) as few, Office(
            bed, build) as many:
        for count, office in ((10000, few), (CLUES, many)):
            for part in filled(build, count).parent.iterdir():
                shutil.copy(part, office.dir / "state" / part.name)
        ask((few, many), times)
        for office in (few, many):
            stages(build, office, corpus, times)
    print(f"million: {CLUES} clues beside 10000")
    for name, (few, many) in times.items():
        print(f"  {name:22} {few * 1e3:9.2f} ms {many * 1e3:9.2f} ms   "
              f"{many / few:5.2f} ×   aim 1.2: {verdict(many <= 1.2 * few)}")


def ask(offices, times):
    """By turns, so that what else the machine does is shared."""
    for name, args in QUESTIONS:
        runs = [[] for _ in offices]
        for _ in range(11):
            for office, found in zip(offices, runs):
                found.append(Run(
                    [office.build / "cluectl", "-c", office.conf, *args],
                    env=office.env, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL).cpu_s)
        times[name] = [sorted(found)[5] for found in runs]


def stages(build, office, corpus, times):
    """Time of the intake a message, into the filled store."""
    path = office.dir / "corpus"
    with open(path, "wb") as out:
        for mail in corpus:
            out.write(b"%d\n" % len(mail) + mail)
    text = subprocess.run(
        [build / "bench/intake_stages", office.conf, path],
        capture_output=True, text=True, check=True).stdout
    cpu = dict(re.findall(r"(\S+) +([\d.]+) us CPU", text))
    times.setdefault("intake of a message", []).append(
        (float(cpu["take"]) + float(cpu["commit"])) / 1e6)
