#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The rules between rooms, checked: who may include what, which functions are
banned, how long a file may grow.  Prints every breach as file:line: text."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# room -> rooms whose headers it may include (besides base and itself).
ROOMS = {
    "base": set(),
    "conf": {"fetch", "send", "letter"},
    "core": {"conf", "fetch", "parse", "hide", "intake", "route", "follow",
             "letter", "send", "store", "report"},
    "fetch": set(),
    "parse": set(),
    "hide": {"parse"},
    "intake": {"parse", "hide"},
    "route": {"conf"},
    "follow": {"conf"},
    "letter": {"conf", "follow"},
    "send": set(),
    "role": {"fetch", "parse", "send", "intake"},
    "store": {"intake", "follow"},  # names of kinds and states
    "report": {"conf", "store", "follow"},
    "ctl": {"conf", "core", "fetch", "parse", "intake", "route", "follow",
            "letter", "send", "store", "report"},
}
# outside header -> rooms whose door it stops at.
LIBRARIES = {
    r"libetpan/": {"fetch"},
    r"curl/": {"fetch", "send"},
    r"sqlite3\.h": {"store"},
    r"libconfig\.h": {"conf"},
    r"gmime/": set(),  # a second opinion in tests only
    r"libxml/": {"parse"},
    r"zip\.h": {"parse"},
    r"magic\.h": {"parse"},
    r"ytnef|libytnef": {"parse"},
    r"uchardet": {"parse"},
    r"pcre2\.h": {"route"},
    r"opencc": {"route"},
    r"zstd\.h": {"store"},
    r"xlsxwriter": {"report"},
    r"systemd/": {"core"},
    r"seccomp\.h": {"base", "fetch", "parse", "send"},
    r"glib": {"base", "parse"},
    r"nettle/": {"base"},
    r"jansson": {"ctl"},
    r"iconv\.h": {"parse", "send", "fetch"},
}
# Pure rooms never ask the time, touch a file or write anywhere.
PURE = {"hide", "intake", "route", "follow"}
PURE_BANNED = re.compile(
    r"\b(time|clock_now_s|clock_mono_ms|fopen|open|printf|fprintf|getenv|"
    r"log_line|log_err|socket)\s*\(")
# route_new() may read OpenCC's tables and the like at load time.
BANNED = re.compile(
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|system|popen|"
    r"tmpnam|mktemp|alloca|localtime|gmtime|ctime)\s*\(")
LIBRARY_ROOMS = set(ROOMS) - {"core", "ctl", "base"}
LOGGING = re.compile(r"\blog_(line|err)\s*\(")
MAX_LINES = 700


def strip_comments(text):
    """The text with comments and strings blanked, line breaks kept."""
    pattern = re.compile(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', re.S)
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def includes(path, text, room):
    for number, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not m:
            continue
        name = m.group(2)
        other = name.split("/")[0]
        if m.group(1) == '"' and other in ROOMS and other not in (
                room, "base") and other not in ROOMS[room]:
            yield number, f"room {room} may not include {name}"
        for pattern, rooms in LIBRARIES.items():
            if m.group(1) == "<" and re.match(pattern, name) and (
                    room not in rooms):
                yield number, f"<{name}> stops at {'/'.join(sorted(rooms))}"


def calls(path, text, room):
    for number, line in enumerate(strip_comments(text).splitlines(), 1):
        m = BANNED.search(line)
        if m and path.name != "step.c":
            yield number, f"{m.group(1)}() is banned"
        if room in PURE and PURE_BANNED.search(line):
            yield number, f"room {room} is pure"
        if room in LIBRARY_ROOMS and LOGGING.search(line):
            yield number, "library rooms never log"
        if len(line.expandtabs(8)) > 80:
            yield number, "longer than 80 columns"


def check(path):
    text = path.read_text(encoding="utf-8")
    room = path.relative_to(ROOT / "src").parts[0]
    found = list(includes(path, text, room)) + list(calls(path, text, room))
    if text.count("\n") > MAX_LINES:
        found.append((MAX_LINES, f"file longer than {MAX_LINES} lines"))
    if not text.startswith("/* SPDX-License-Identifier: ISC */"):
        found.append((1, "no SPDX line"))
    return found


def main():
    names = subprocess.run(
        ["find", "src", "-name", "*.[ch]"], cwd=ROOT, check=True,
        capture_output=True, text=True).stdout.split()
    breaches = 0
    for name in sorted(names):
        for number, what in check(ROOT / name):
            print(f"{name}:{number}: {what}")
            breaches += 1
    print(f"rooms: {len(names)} files, {breaches} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
