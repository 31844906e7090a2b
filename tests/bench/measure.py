# SPDX-License-Identifier: ISC
"""What a process and its children cost: wall time, CPU time, memory."""
import os
import pathlib
import re
import statistics
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid, name="core"):
    """(role, pid) of a process and all below it, by what /proc tells now."""
    try:
        line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        kids = pathlib.Path(
            f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    role = re.search(rb"--role=(\w+)", line)
    name = role.group(1).decode() if role else name
    yield name, int(pid)
    for kid in kids:
        yield from tree(kid, name)


def children(pid):
    """(role, pid) of those that a process itself started and are there."""
    return [(name, kid) for name, kid in tree(pid) if parent(kid) == int(pid)]


def parent(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rsplit(")", 1)[1].split()[1])


def memory_kib(pid, key):
    """VmHWM or VmRSS of status, Pss or Private_Dirty of smaps_rollup; 0 when it
    is gone."""
    file = "status" if key.startswith("Vm") else "smaps_rollup"
    try:
        text = pathlib.Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return 0
    found = re.search(rf"^{key}:\s+(\d+)", text, re.M)
    return int(found.group(1)) if found else 0


def cpu_s(pid):
    """CPU seconds of a live process, without its children."""
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
    fields = stat.split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def spent_s(pid):
    """CPU seconds of a process, and of its children that were waited for."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0, 0.0
    fields = [int(f) / TICKS for f in stat.rsplit(")", 1)[1].split()[11:15]]
    return fields[0] + fields[1], fields[2] + fields[3]


class Peaks(threading.Thread):
    """Peak resident memory and CPU time by role, while it runs."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peaks, self.over = pid, {}, False
        self.spent = {}  # pid -> (role, CPU seconds)

    def look(self):
        for name, pid in tree(self.pid):
            self.peaks[name] = max(self.peaks.get(name, 0),
                                   memory_kib(pid, "VmHWM"))
        self.note("core", self.pid, spent_s(self.pid)[0])
        # Whatever a role's process starts counts as the role's.
        for name, pid in children(self.pid):
            self.note(name, pid, sum(spent_s(pid)))

    def note(self, name, pid, spent):
        # One that has just begun has no name yet, and one that has ended has
        # none any more, and soon no time.
        known, before = self.spent.get(pid, (name, 0))
        self.spent[pid] = (name if known == "core" else known,
                           max(before, spent))

    def run(self):
        while not self.over:
            self.look()
            time.sleep(0.02)

    def cpu_by_role(self):
        sums = {}
        for name, spent in self.spent.values():
            sums[name] = sums.get(name, 0) + spent
        return sums


class Run:
    """One run of a program to its end."""

    def __init__(self, argv, **kwargs):
        start = time.monotonic()
        child = subprocess.Popen([str(a) for a in argv], **kwargs)
        peaks = Peaks(child.pid)
        peaks.start()
        _, status, usage = os.wait4(child.pid, 0)
        self.wall_s = time.monotonic() - start
        peaks.over = True
        peaks.join()
        child.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.peaks_kib = peaks.peaks
        self.cpu_by_role = peaks.cpu_by_role()


class Side:
    """The runs of one program; rounds of several take turns, so that a noisy
    machine is noisy for all of them."""

    def __init__(self, name):
        self.name, self.runs, self.peaks_kib = name, [], {}

    def add(self, run):
        self.runs.append(run)
        for role, kib in run.peaks_kib.items():
            self.peaks_kib[role] = max(self.peaks_kib.get(role, 0), kib)

    @property
    def wall_s(self):
        return statistics.median(r.wall_s for r in self.runs)

    @property
    def cpu_s(self):
        return statistics.median(r.cpu_s for r in self.runs)

    def row(self, count, megabytes):
        walls = [r.wall_s for r in self.runs]
        return (f"  {self.name:12} {count / self.wall_s:8.0f}/s "
                f"{megabytes / self.wall_s:7.1f} MB/s   wall "
                f"{self.wall_s:6.2f} s ({min(walls):.2f} to "
                f"{max(walls):.2f})   CPU {self.cpu_s:6.2f} s")

    def cpu_by_role(self):
        """Of the run with the median CPU time; a role that ended within the
        last look has a little more."""
        run = sorted(self.runs, key=lambda r: r.cpu_s)[len(self.runs) // 2]
        return ", ".join(f"{role} {spent:.2f}" for role, spent in
                         sorted(run.cpu_by_role.items()))

    def memory(self):
        return ", ".join(f"{role} {kib / 1024:.1f}"
                         for role, kib in sorted(self.peaks_kib.items()))


def ratio(ours, theirs, aim, what="wall"):
    """"1.52 × mbsync (aim 3)", by wall or CPU time."""
    key = f"{what}_s"
    value = getattr(theirs, key) / getattr(ours, key)
    mark = "" if aim is None else (
        f"   aim {aim}: " + ("met" if value >= aim else "missed"))
    return f"  {value:5.2f} × {theirs.name} by {what} time{mark}"
