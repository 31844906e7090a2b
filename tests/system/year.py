# SPDX-License-Identifier: ISC
"""A simulated year: clues, officers, absences, extensions, pauses, outages,
kills and a clock that jumps, driven through the daemon's core (year_driver.c);
and beside it a checker that knows the rules of the trade and nothing of the
program: which step of which deadline must be decided when, for whom, and which
must not.

The checker reads what was decided from the store's tables.  It computes ends,
steps and recipients itself; working time comes from the sorted lists of
test_calendar.py, people from a reading of roster.conf of its own."""
import bisect
import collections
import datetime as dt
import heapq
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import time

from test_calendar import CHINA, CLASSES, CONF, DAY, Worktime, at

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = ("accept", "feedback", "conclude")
STEPS = ("reminder", "expired", "urging", "criticism")
OPEN = ("assigned", "accepted", "verifying", "returned", "reopened", "new")
ACCUSED = ("渣土管理所的陆文博和他们是一伙的。", "副局长严若溪收了他们的钱。",
           "听说何昀处长也有份。", "执法大队的唐嘉给他们通风报信。")
FIRST, LAST = dt.date(2025, 1, 2), dt.date(2025, 12, 20)
END = at(dt.date(2026, 2, 10), 12, 0)
WORK = Worktime()


def day_of(t):
    return dt.datetime.fromtimestamp(t, CHINA).date()


# -- people, read here and not by the program ------------------------------
class Roster:
    def __init__(self):
        self.text = (ROOT / "etc/roster.conf").read_text(encoding="utf-8")
        self.unit_leader = {}
        units, persons = re.search(
            r"units = \((.*?)\n\);.*?persons = \((.*?)\n\);", self.text,
            re.S).groups()
        for block in re.findall(r"\{(.*?)\}", units, re.S):
            self.unit_leader[self.key(block, "id")] = self.key(block, "leader")
        self.unit = {self.key(b, "id"): self.key(b, "unit")
                     for b in re.findall(r"\{(.*?)\}", persons, re.S)}
        self.officers = [p for p in self.unit
                         if p not in ("office", "discipline", "yan-ruoxi")]
        self.away = collections.defaultdict(list)  # as it will be
        self.told = {}  # as it stands in the file in force

    @staticmethod
    def key(block, name):
        found = re.search(rf'\b{name} = "([^"]*)"', block)
        return found.group(1) if found else ""

    def is_away(self, person, day):
        a, b = self.told.get(person, (day + DAY, day))
        return a <= day <= b

    def conf(self, day, digests):
        """The roster as the office has it on that day."""
        text = re.sub(r"\n\s*(absent_from|absent_to|digest) = [^;]*;", "",
                      self.text.partition("persons = (")[2])
        self.told = {}
        for person in self.unit:
            more = ""
            if person in digests:
                more += " digest = true;"
            for a, b in self.away[person]:
                if a <= day <= b:
                    more += f' absent_from = "{a}"; absent_to = "{b}";'
                    self.told[person] = (a, b)
                    break
            text = text.replace(f'id = "{person}";',
                                f'id = "{person}";{more}', 1)
        return self.text.partition("persons = (")[0] + "persons = (" + text


# -- what must be ----------------------------------------------------------
class End:
    """One deadline as it should stand."""

    def __init__(self, clue, kind, start, days, minutes, warn_before):
        self.clue, self.kind, self.start = clue, kind, start
        self.warn_before = warn_before
        self.due = WORK.due(start, days, minutes)
        self.met, self.version, self.sent = 0, 0, set()
        self.plan()

    def plan(self):
        warn = WORK.warn(self.start, self.due, self.warn_before)
        self.at = [WORK.next(warn) if warn < self.due else None,
                   WORK.next(self.due), WORK.over(self.due, 1),
                   WORK.over(self.due, 5)]

    @property
    def high(self):
        """The highest step taken; it covers the lower ones."""
        return max(self.sent, default=-1)

    def moved(self, due, now):
        """Steps whose new time is still to come are taken anew."""
        self.due = due
        self.plan()
        self.sent = {s for s in self.sent
                     if self.at[s] is not None and self.at[s] <= now}

    def step(self, now):
        """The one that must be decided now; -1 = none."""
        found = -1
        for s in range(self.high + 1, 4):
            if self.at[s] is not None and self.at[s] <= now:
                found = s
        return found if found >= 0 and WORK.inside(now) else -1

    def next(self, now):
        times = [WORK.next(max(t, now)) for s, t in enumerate(self.at)
                 if t is not None and s > self.high]
        return min(times, default=None)


class Clue:
    def __init__(self, row):
        self.row, self.number = row["id"], row["number"]
        self.ends = {}
        self.paused = None
        self.refresh(row)

    def refresh(self, row):
        self.state, self.class_id = row["state"], row["class_id"]
        self.officer, self.deputy = row["officer"], row["deputy"]
        self.leader, self.excluded = row["leader"], row["excluded"]
        self.discipline = row["discipline"]

    def rests(self):
        return self.state not in OPEN

    def accuses(self, person):
        return person != "" and any(
            part.strip().partition(":")[0] == person
            for part in self.excluded.split(";"))


class Failure(AssertionError):
    pass


class Checker:
    """Compares each turn with what the rules say."""

    def __init__(self, roster, digests):
        self.roster, self.digests = roster, digests
        self.clues, self.by_row = {}, {}
        self.heap = []
        self.counts = collections.Counter()
        self.days, self.weeks = set(), set()
        self.deadlines = {}  # row -> End
        self.pending = {}    # ladder letters not sent yet
        self.newest = {}

    def fail(self, what, **facts):
        raise Failure(f"{what}: " + ", ".join(
            f"{k}={v!r}" for k, v in facts.items()))

    def arm(self, end, now):
        end.version += 1
        t = end.next(now)
        if t is not None and not end.met:
            heapq.heappush(self.heap, (t, id(end), end.version, end))

    # -- ends ---------------------------------------------------------------
    def plan(self, clue, now, rows):
        terms, warn = CLASSES[clue.class_id]
        for kind in KINDS:
            end = End(clue, kind, now, *terms[kind], warn)
            clue.ends[kind] = end
            row = next(r for r in reversed(rows) if r["kind"] == kind)
            self.deadlines[row["id"]] = end
            self.arm(end, now)

    def compare(self, clue, rows, now, why):
        """The stored ends are the computed ones."""
        for row in rows:
            end = self.deadlines.get(row["id"])
            if end is None:
                self.fail("a deadline nobody asked for", clue=clue.number,
                          row=dict(row), why=why)
            if bool(row["met_s"]) != bool(end.met):
                self.fail("met or not", clue=clue.number, kind=end.kind,
                          row=dict(row), why=why)
            if not end.met and row["due_s"] != end.due:
                self.fail("another end", clue=clue.number, kind=end.kind,
                          got=row["due_s"], want=end.due, now=now, why=why)

    def acting(self, clue, day):
        if clue.state in ("new", "returned"):
            return "office"
        if clue.discipline:
            return "discipline"
        if clue.accuses(clue.officer):
            return "office"
        for person in (clue.officer, clue.deputy, clue.leader):
            if (person and not clue.accuses(person) and
                    not self.roster.is_away(person, day)):
                return person
        return "office"

    def recipients(self, end, step, now):
        clue, day = end.clue, day_of(now)
        acting = self.acting(clue, day)
        if step == "criticism":
            out = ["office"] if clue.discipline else ["yan-ruoxi", "office"]
        else:
            out = [acting]
        if step == "urging" and not clue.discipline:
            head = self.roster.unit_leader.get(
                self.roster.unit.get(clue.officer, ""), "")
            if not head or head == clue.officer:
                head = clue.leader
            out.append(head)
        told = []
        for person in out:
            person = "office" if clue.accuses(person) else person
            if person and person not in told:
                told.append(person)
        if step in ("reminder", "expired") and clue.class_id == "normal":
            told = [p for p in told if p not in self.digests]
        return sorted(told)

    # -- a turn of the clock ------------------------------------------------
    def turn(self, now, events, letters):
        """What was decided at now is what had to be, each thing once."""
        want = {}
        while self.heap and self.heap[0][0] <= now:
            _, _, version, end = heapq.heappop(self.heap)
            if version != end.version or end.met or end.clue.rests():
                continue
            step = end.step(now)
            if step >= 0:
                want[(end.clue.row, end.kind)] = (end, step)
            else:
                self.arm(end, now)
        got = {}
        for e in events:
            if e["kind"] not in STEPS:
                continue
            key = (e["clue"], e["detail"].partition(":")[0])
            if key in got:
                self.fail("decided twice", event=dict(e), now=now)
            got[key] = (e["kind"], e["at_s"])
        for key in want.keys() | got.keys():
            end, step = want.get(key, (None, None))
            if key not in got:
                self.fail("not decided", clue=end.clue.number, kind=end.kind,
                          step=STEPS[step], now=now, due=end.due)
            if end is None or got[key][0] != STEPS[step]:
                self.fail("decided wrongly", key=key, got=got[key],
                          want=step is not None and STEPS[step], now=now)
            self.decided(end, step, now, letters)
        for l in letters:
            if l["deadline"] is not None and (
                    l["clue"], self.deadlines[l["deadline"]].kind) not in want:
                self.fail("a letter of no step", letter=dict(l))

    def decided(self, end, step, now, letters):
        if not WORK.inside(now):
            self.fail("out of hours", clue=end.clue.number, now=now)
        mine = [l for l in letters if l["deadline"] is not None
                and self.deadlines[l["deadline"]] is end]
        told = sorted(l["to_person"] for l in mine)
        want = self.recipients(end, STEPS[step], now)
        if told != want or any(l["kind"] != STEPS[step] for l in mine):
            self.fail("wrong people", clue=end.clue.number, kind=end.kind,
                      step=STEPS[step], told=told, want=want, now=now)
        for person in told:
            if end.clue.accuses(person):
                self.fail("the accused is told", clue=end.clue.number)
        end.sent.add(step)
        self.counts[STEPS[step]] += 1
        for l in mine:
            self.pending[l["id"]] = (end, step, l["to_person"])
            self.newest[(id(end), step, l["to_person"])] = l["id"]
        self.arm(end, now)

    def posted(self, now, states, blind_until):
        """Letters that went, or were given up, at now.  A process that was
        killed does not know that the clock stood ahead before; what waits for
        a time of that clock waits on."""
        for row, state, next_try in states:
            if state == 0 and now < next_try <= blind_until:
                continue
            end, step, person = self.pending[row]
            moot = (end.met or end.clue.rests() or end.high != step or
                    end.at[step] is None or row != self.newest[
                        (id(end), step, person)])
            want = (5 if moot else 0 if end.at[step] > now
                    else 2 if WORK.inside(now) else 0)
            if want == 5 and state == 0 and next_try > now:
                continue  # it is asked about again when it may go
            if state != want:
                self.fail("letter at the post", row=row, got=state, want=want,
                          met=end.met, high=end.high, at=end.at,
                          state=end.clue.state, next=next_try,
                          clue=end.clue.number, step=STEPS[step], now=now)
            if state != 0:
                del self.pending[row]
            self.counts["sent" if state == 2 else
                        "cancelled" if state == 5 else "held"] += 1

    def rounds(self, now, letters):
        sheets = [l for l in letters if l["kind"] == "daily-sheet"]
        day = day_of(now)
        want = (WORK.inside(now) or self.noon(now)) and day not in self.days
        if len(sheets) != int(want):
            self.fail("daily sheet", n=len(sheets), want=want, now=now)
        if sheets:
            self.days.add(day)
            self.counts["daily-sheet"] += 1
            week = day - DAY * (day.isoweekday() - 1)
            n = len([l for l in letters if l["kind"] == "summary"])
            if n != (0 if week in self.weeks else 4):
                self.fail("weekly summary", n=n, now=now)
            self.weeks.add(week)
        elif any(l["kind"] in ("summary", "digest") for l in letters):
            self.fail("regular letters out of turn", now=now)

    @staticmethod
    def noon(now):
        """Between the spans of a working day."""
        moment = dt.datetime.fromtimestamp(now, CHINA)
        return (WORK.inside(at(moment.date(), 9, 0)) and
                (8, 30) <= (moment.hour, moment.minute) < (17, 30))


# -- the year --------------------------------------------------------------
class Year:
    """trouble: how often people are away and machines fail; 1 is much."""

    def __init__(self, build, folder, n_clues, seed, trouble=1.0):
        self.rng = random.Random(seed)
        # Of its own, so that another text more changes nothing but texts.
        self.text_rng = random.Random(seed + 1)
        self.build, self.dir = pathlib.Path(build), pathlib.Path(folder)
        self.n_clues, self.trouble = n_clues, trouble
        self.roster = Roster()
        self.digests = {"qiu-shan", "jiang-mo"}
        self.check = Checker(self.roster, self.digests)
        self.texts = self.read_texts()
        self.agenda, self.serial = [], 0
        self.ahead_until = self.blind_until = 0
        self.down_until = 0   # the daemon is not there
        self.smtp_until = 0   # the SMTP server is not there
        self.last_event = self.last_letter = 0
        self.n = collections.Counter()
        self.store = self.dir / "clued.db"
        self.driver = self.db = None

    @staticmethod
    def read_texts():
        out = []
        for path in sorted((ROOT / "tests/data/rules").glob("*.case")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.startswith("#") or line.count("|") < 2:
                    continue
                _, subject, text = line.split("|", 2)
                out.append((subject.strip(), text.strip()))
        return out

    # -- the driver ---------------------------------------------------------
    def start(self, **env):
        self.driver = subprocess.Popen(
            [self.build / "year_driver", self.store], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, **env})

    def say(self, *fields):
        """The answer; None when the driver died."""
        line = "\t".join(str(f).replace("\t", " ").replace("\n", " ")
                         for f in fields)
        try:
            self.driver.stdin.write(line + "\n")
            self.driver.stdin.flush()
        except BrokenPipeError:
            return None
        answer = self.driver.stdout.readline()
        return answer.rstrip("\n") if answer else None

    def must(self, *fields):
        answer = self.say(*fields)
        if answer is None:
            raise Failure(f"the driver died at {fields}")
        return answer

    def write_conf(self, day):
        (self.dir / "roster.conf").write_text(
            self.roster.conf(day, self.digests), encoding="utf-8")

    def first_conf(self, day):
        self.write_conf(day)
        path = self.dir / "clued.conf"
        text = CONF.format(
            good=ROOT / "etc", root=ROOT, calendar=ROOT / "etc/calendar",
            more=f'store = {{ path = "{self.store}"; }};')
        path.write_text(text.replace(str(ROOT / "etc/roster.conf"),
                                     str(self.dir / "roster.conf")),
                        encoding="utf-8")
        return path

    # -- reading what was decided -------------------------------------------
    def query(self, sql, *args):
        return self.db.execute(sql, args).fetchall()

    def news(self):
        events = self.query("SELECT id, clue, at_s, kind, detail FROM event"
                            " WHERE id > ? ORDER BY id", self.last_event)
        letters = self.query(
            "SELECT id, clue, deadline, kind, to_person FROM letter"
            " WHERE id > ? ORDER BY id", self.last_letter)
        if events:
            self.last_event = events[-1]["id"]
        if letters:
            self.last_letter = letters[-1]["id"]
        return events, letters

    def clue_row(self, number):
        return self.query("SELECT id, number, state, class_id, officer,"
                          " deputy, leader, excluded, discipline FROM clue"
                          " WHERE number = ?", number)[0]

    def ends(self, row):
        return self.query("SELECT id, kind, due_s, met_s FROM deadline"
                          " WHERE clue = ? ORDER BY id", row)

    # -- the agenda ---------------------------------------------------------
    def later(self, t, what, *args):
        self.serial += 1
        heapq.heappush(self.agenda, (t, self.serial, what, args))

    def random_time(self, day, night=0.25):
        if self.rng.random() < night:
            return at(day, 0, 0) + self.rng.randrange(86400)
        return at(day, 8, 0) + self.rng.randrange(11 * 3600)

    def times(self, n):
        return max(1, round(n * self.trouble))

    def make_agenda(self):
        days = (LAST - FIRST).days
        for _ in range(self.n_clues):
            day = FIRST + DAY * self.rng.randrange(days)
            self.later(self.random_time(day), self.tip)
        for person in self.roster.officers:
            for _ in range(self.times(self.rng.randrange(2, 6))):
                a = FIRST + DAY * self.rng.randrange(days)
                self.roster.away[person].append(
                    (a, a + DAY * self.rng.randrange(1, 14)))
        changes = {d for spans in self.roster.away.values()
                   for a, b in spans for d in (a, b + DAY)}
        for day in changes:
            self.later(at(day, 0, 0), self.new_roster)
        for _ in range(self.times(25)):
            t = self.random_time(FIRST + DAY * self.rng.randrange(days))
            self.later(t, self.outage, self.rng.choice(
                [600, 7200, 86400, 3 * 86400, 8 * 86400]))
        for _ in range(self.times(30)):
            t = self.random_time(FIRST + DAY * self.rng.randrange(days))
            self.later(t, self.no_smtp, self.rng.choice(
                [3600, 86400, 6 * 86400]))
        for _ in range(self.times(40)):
            t = self.random_time(FIRST + DAY * self.rng.randrange(days))
            self.later(t, self.jump, self.rng.choice(
                [-86400, -3600, 3600, 7200, 86400, 9 * 86400]))
        for _ in range(self.times(60)):
            t = self.random_time(FIRST + DAY * self.rng.randrange(days))
            self.later(t, self.restart)
        for _ in range(self.times(60)):
            t = self.random_time(FIRST + DAY * self.rng.randrange(days), 0)
            self.later(t, self.kill)

    # -- what happens -------------------------------------------------------
    def tip(self, now):
        subject, text = self.text_rng.choice(self.texts)
        if self.rng.random() < 0.1:
            text += self.rng.choice(ACCUSED)
        answer = self.must("tip", now, subject, text)
        self.n["tips"] += 1
        kind, _, number = answer.partition(" ")
        events, letters = self.news()
        if kind != "tip":
            return
        clue = Clue(self.clue_row(number))
        self.check.clues[number] = self.check.by_row[clue.row] = clue
        self.n["accusing"] += clue.excluded != ""
        self.n["discipline"] += clue.discipline
        rows = self.ends(clue.row)
        if rows:
            self.check.plan(clue, now, rows)
        self.check.compare(clue, rows, now, "tip")
        if any(e["kind"] in STEPS for e in events):
            raise Failure(f"a step with the tip {number}")
        self.plan_life(number, now)

    def soon(self, now, days):
        """Some time within so many days, mostly in working time."""
        t = now + 60 + int(self.rng.expovariate(1) * days * 86400)
        return WORK.next(t) if self.rng.random() < 0.7 else t

    def plan_life(self, number, now):
        kind = self.rng.random()
        clue = self.check.clues[number]
        if clue.state == "new":
            self.later(self.soon(now, 1), self.act, number, "office",
                       f"分派 {self.name_of(self.rng.choice(self.roster.officers))}")
        t = now
        if kind < 0.06:
            return  # nobody ever answers
        if kind < 0.16:
            t = self.soon(t, 1)
            self.later(t, self.act, number, None, "退回 不属于本单位职责")
            t = self.soon(t, 2)
            self.later(t, self.act, number, "office", "分派 " + self.name_of(
                self.rng.choice(self.roster.officers)))
        t = self.soon(t, self.rng.choice([0.3, 1, 4]))
        self.later(t, self.act, number, None, "签收")
        t = self.soon(t, self.rng.choice([1, 4, 9]))
        self.later(t, self.act, number, None, "反馈 已到现场核查")
        if self.rng.random() < 0.25:
            t = self.soon(t, 2)
            self.later(t, self.act, number, None, "延期 %d天 需调取合同" %
                       self.rng.randrange(1, 12))
            self.later(self.soon(t, 1), self.act, number, "office",
                       self.rng.choice(["同意延期", "同意延期",
                                        "不同意延期 理由不充分"]))
        if self.rng.random() < 0.15:
            t = self.soon(t, 2)
            self.later(t, self.act, number, None, "挂账 等待鉴定结论")
            t = self.soon(t, 1)
            self.later(t, self.act, number, "office", "同意挂账")
            t = self.soon(t, self.rng.choice([3, 20]))
            self.later(t, self.act, number, "office", "重新办理 鉴定已出")
        t = self.soon(t, self.rng.choice([3, 12, 30]))
        self.later(t, self.act, number, None, self.rng.choice(
            ["查实 已立案处罚", "查否 经查不属实", "不属于 邻里纠纷",
             "移送 公安机关 海公〔2025〕12号"]))
        if self.rng.random() < 0.08:
            t = self.soon(t, 5)
            self.later(t, self.act, number, "office",
                       "重新办理 反映人有新的材料")
            if self.rng.random() < 0.6:
                t = self.soon(t, 1)
                self.later(t, self.act, number, None, "签收")
                t = self.soon(t, 8)
                self.later(t, self.act, number, None, "查实 已办结")

    def name_of(self, person):
        return re.search(rf'id = "{person}";.*?name = "([^"]+)"',
                         self.roster.text, re.S).group(1)

    def act(self, now, number, who, text):
        clue = self.check.clues[number]
        if who is None:
            who = self.check.acting(clue, day_of(now))
        if who != "office" and now < self.down_until:
            # A mail waits in the mailbox.
            self.later(self.down_until + 60, self.act, number, None, text)
            return
        before, had = clue.state, clue.officer
        answer = self.must("act", now, number, who, text)
        self.n["acts"] += 1
        clue.refresh(self.clue_row(number))
        events, letters = self.news()
        if answer.startswith("done"):
            self.obeyed(clue, text, before, now, events)
            if clue.officer != had:
                self.given_up(clue, had)
        else:
            self.n["refused"] += 1
        self.check.compare(clue, self.ends(clue.row), now, text)
        if any(e["kind"] in STEPS for e in events):
            raise Failure(f"a step with {text} of {number}")
        if any(l["deadline"] is not None for l in letters):
            raise Failure(f"a ladder letter with {text} of {number}")

    def given_up(self, clue, person):
        """Who has it no more gets nothing that still waits."""
        for row, (end, _, to) in list(self.check.pending.items()):
            if end.clue is clue and to == person:
                state, = self.query("SELECT state FROM letter WHERE id = ?",
                                    row)[0]
                if state != 5:
                    raise Failure(f"letter {row} to {person}: {state}")
                del self.check.pending[row]
                self.check.counts["cancelled"] += 1

    def meet(self, clue, kinds, now):
        for kind in kinds:
            end = clue.ends.get(kind)
            if end is not None and not end.met:
                end.met = now

    def obeyed(self, clue, text, before, now, events):
        verb = text.split()[0]
        rows = self.ends(clue.row)
        if verb == "签收":
            self.meet(clue, ["accept"], now)
        elif verb == "反馈":
            self.meet(clue, ["accept", "feedback"], now)
        elif verb in ("查实", "查否", "不属于", "移送"):
            self.meet(clue, KINDS, now)
        elif verb == "同意延期":
            days = int(re.search(r"(\d+) days", next(
                e["detail"] for e in events if e["kind"] == "extended"))[1])
            end = clue.ends["conclude"]
            end.moved(self.same_time(end.due, days), now)
            self.check.arm(end, now)
            self.n["extended"] += 1
        elif verb == "同意挂账":
            clue.paused = now
            self.n["suspended"] += 1
        elif verb == "重新办理" and before == "suspended":
            self.resume(clue, now)
        elif verb == "重新办理" or (verb == "分派" and not clue.ends):
            self.meet(clue, KINDS, now)
            self.check.plan(clue, now, rows)
            self.n["reopened" if verb == "重新办理" else "assigned"] += 1

    @staticmethod
    def same_time(due, days):
        """So many working days later at the same time of day."""
        moment = dt.datetime.fromtimestamp(due, CHINA)
        day = WORK.days[bisect.bisect_right(WORK.days, moment.date())
                        + days - 1]
        return at(day, moment.hour, moment.minute) + moment.second

    @staticmethod
    def is_close(t):
        moment = dt.datetime.fromtimestamp(t, CHINA)
        return (moment.hour, moment.minute, moment.second) == (17, 30, 0)

    def resume(self, clue, now):
        """The end lies as much working time ahead as when the pause began; an
        end at the close stays at a close."""
        minutes = (WORK.position(now) - WORK.position(clue.paused)) // 60
        for end in clue.ends.values():
            if end.met:
                continue
            due = WORK.reached(WORK.position(end.due) + minutes * 60) \
                if minutes else end.due
            if self.is_close(end.due):
                due = at(day_of(due), 17, 30)
            end.moved(due, now)
            self.check.arm(end, now)
        clue.paused = None
        self.n["resumed"] += 1

    def new_roster(self, now):
        self.write_conf(day_of(now))
        self.must("conf", self.conf, now)

    def outage(self, now, seconds):
        self.down_until = max(self.down_until, now + seconds)
        self.n["outages"] += 1

    def no_smtp(self, now, seconds):
        self.smtp_until = max(self.smtp_until, now + seconds)

    def jump(self, now, seconds):
        """The clock stands wrong for one look, and is put right."""
        if now < self.down_until:
            return
        self.n["jumps"] += 1
        self.look(now + seconds)
        # The longest that a letter may be put off by that clock.
        self.ahead_until = max(self.ahead_until,
                               WORK.next(now + seconds) + 1)

    def restart(self, now):
        self.must("open")
        self.n["restarts"] += 1

    def kill(self, now):
        """The next look dies at some durable step, and the one after it."""
        if now < self.down_until:
            return
        self.driver.stdin.close()
        self.driver.wait()
        for _ in range(2):
            self.start(CLUED_TEST_DIE_AT=str(self.rng.randrange(1, 14)))
            if self.say("conf", self.conf, now) is not None:
                if (self.say("tick", now) is not None and
                        now >= self.smtp_until):
                    self.say("post", now)
            self.driver.stdin.close()
            self.driver.wait()
        self.start()
        self.must("conf", self.conf, now)
        self.n["kills"] += 1
        self.blind_until = self.ahead_until
        self.look(now)

    def look(self, now):
        """The daemon looks at its clock; what follows is checked."""
        answer = self.must("tick", now)
        events, letters = self.news()
        self.check.turn(now, events, letters)
        self.check.rounds(now, letters)
        self.n["looks"] += 1
        if now >= self.smtp_until:
            waiting = list(self.check.pending)
            self.must("post", now)
            if waiting:
                marks = ",".join("?" * len(waiting))
                self.check.posted(now, [tuple(r) for r in self.query(
                    f"SELECT id, state, next_try_s FROM letter"
                    f" WHERE id IN ({marks})", *waiting)], self.blind_until)
        return int(answer.split()[1])

    def run(self):
        began = time.monotonic()
        self.make_agenda()
        now = at(FIRST, 0, 0)
        self.conf = self.first_conf(day_of(now))
        self.start()
        self.must("conf", self.conf, now)
        self.db = sqlite3.connect(self.store)
        self.db.row_factory = sqlite3.Row
        wake = self.look(now)
        while now < END:
            t = self.agenda[0][0] if self.agenda else END
            if wake and wake < t and max(wake, self.down_until) < t:
                now = max(wake, self.down_until, now)
                wake = self.look(now)
                continue
            now = max(t, now)
            if self.agenda and self.agenda[0][0] <= now:
                _, _, what, args = heapq.heappop(self.agenda)
                if what == self.tip and now < self.down_until:
                    self.later(self.down_until + 1, what, *args)
                    continue
                what(now, *args)
            if now >= self.down_until:
                wake = self.look(now)
        self.finish()
        self.n["seconds"] = int(time.monotonic() - began)
        return {**self.n, **self.check.counts}

    def finish(self):
        """All that stands in the store was checked on the way."""
        self.driver.stdin.close()
        if self.driver.wait() != 0:
            raise Failure("the driver failed at its end")
        for kind in STEPS:
            n, = self.query("SELECT count(*) FROM event WHERE kind = ?",
                            kind)[0]
            if n != self.check.counts[kind]:
                raise Failure(f"{n} events {kind}, {self.check.counts[kind]}"
                              " were looked at")
        worked = {FIRST + DAY * i for i in range((day_of(END) - FIRST).days)
                  if WORK.inside(at(FIRST + DAY * i, 9, 0))}
        missing = worked - self.check.days
        if len(missing) > 60:
            raise Failure(f"{len(missing)} working days without a sheet")


if __name__ == "__main__":
    import argparse
    import tempfile
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--build", required=True)
    options.add_argument("--clues", type=int, default=5000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    shm = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="clued-year-", dir=shm) as made:
        print(json.dumps(Year(chosen.build, made, chosen.clues,
                              chosen.seed).run(), indent=1))
