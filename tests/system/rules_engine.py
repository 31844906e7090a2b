# SPDX-License-Identifier: ISC
"""A second engine for the rules, written from the contracts and not from the
C: it reads the rule files itself, looks for every word in the text by find()
and for every pattern by PCRE2 without literals in front of it, and decides.
Slow on purpose.

    engine = Engine("etc/rules.conf", "etc/areas.conf")
    engine.decide("主题", "正文")  → what `cluectl route` says of it
"""
import ctypes
import ctypes.util
import functools
import math
import pathlib
import re
import unicodedata

# -- libconfig ---------------------------------------------------------------
TOKEN = re.compile(
    r'\s+|\#[^\n]*|//[^\n]*|/\*.*?\*/|(?P<str>"(?:\\.|[^"\\])*")'
    r'|(?P<num>[-+]?\d+(?:\.\d*)?)L*|(?P<word>[A-Za-z*][-\w*]*)'
    r"|(?P<sign>[][{}()=:;,])", re.S)
INCLUDE = re.compile(r'^\s*@include\s+"([^"]+)"\s*$', re.M)


def read_conf(path):
    """A libconfig file as dictionaries and lists; numbers in thousandths."""
    def include(at):
        text = at.read_text(encoding="utf-8")
        return INCLUDE.sub(lambda m: include(at.parent / m.group(1)), text)

    tokens = []
    text, i = include(pathlib.Path(path)), 0
    while i < len(text):
        m = TOKEN.match(text, i)
        assert m, text[i:i + 60]
        i = m.end()
        if m.lastgroup:
            tokens.append((m.lastgroup, m.group(m.lastgroup)))
    value, rest = _group(tokens, 0, None)
    assert rest == len(tokens)
    return value


def _group(t, i, end):
    out = {}
    while i < len(t) and t[i][1] != end:
        name = t[i][1]
        assert t[i + 1][1] in "=:"
        out[name], i = _value(t, i + 2)
        while i < len(t) and t[i][1] in ";,":
            i += 1
    return out, i


def _value(t, i):
    kind, text = t[i]
    if text in ("(", "["):
        out, i = [], i + 1
        while t[i][1] not in (")", "]"):
            value, i = _value(t, i)
            out.append(value)
            if t[i][1] == ",":
                i += 1
        return out, i + 1
    if text == "{":
        value, i = _group(t, i + 1, "}")
        return value, i + 1
    if kind == "str":
        out = ""
        while i < len(t) and t[i][0] == "str":
            out += re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(
                m.group(1), m.group(1)), t[i][1][1:-1])
            i += 1
        return out, i
    if kind == "num":
        sign = -1 if text.startswith("-") else 1
        whole, _, part = text.lstrip("+-").partition(".")
        return sign * (int(whole) * 1000 + int((part + "000")[:3])), i + 1
    return text.lower() == "true", i + 1


# -- PCRE2 and OpenCC by their C interfaces ----------------------------------
def _library(name):
    return ctypes.CDLL(ctypes.util.find_library(name))


class Pattern:
    """One PCRE2 pattern, interpreted."""
    UTF, CASELESS, NEVER_C = 0x00080000, 0x00000008, 0x00100000
    NOTEMPTY = 0x00000004
    lib = None

    def __init__(self, pattern):
        if Pattern.lib is None:
            Pattern.lib = lib = _library("pcre2-8")
            for name in ("compile", "match_data_create_from_pattern",
                         "get_ovector_pointer"):
                getattr(lib, f"pcre2_{name}_8").restype = ctypes.c_void_p
        raw = pattern.encode()
        code, at = ctypes.c_int(), ctypes.c_size_t()
        self.code = ctypes.c_void_p(self.lib.pcre2_compile_8(
            raw, ctypes.c_size_t(len(raw)),
            self.UTF | self.CASELESS | self.NEVER_C, ctypes.byref(code),
            ctypes.byref(at), None))
        assert self.code, pattern
        self.data = ctypes.c_void_p(
            self.lib.pcre2_match_data_create_from_pattern_8(self.code, None))

    def find(self, raw, start):
        """(from, to) of the first place at or behind start; None."""
        n = self.lib.pcre2_match_8(
            self.code, raw, ctypes.c_size_t(len(raw)),
            ctypes.c_size_t(start), self.NOTEMPTY, self.data, None)
        if n < 0:
            return None
        place = ctypes.cast(
            self.lib.pcre2_get_ovector_pointer_8(self.data),
            ctypes.POINTER(ctypes.c_size_t))
        return (place[0], place[1]) if place[0] < place[1] else None


@functools.lru_cache(maxsize=None)
def simplified(c):
    """One character by OpenCC's t2s."""
    lib = simplified.lib
    out = lib.opencc_convert_utf8(simplified.cc, c.encode(), -1)
    text = ctypes.string_at(out).decode()
    return text if len(text) == 1 else c


simplified.lib = _library("opencc")
simplified.lib.opencc_open.restype = ctypes.c_void_p
simplified.lib.opencc_convert_utf8.restype = ctypes.c_void_p
simplified.lib.opencc_convert_utf8.argtypes = [
    ctypes.c_void_p, ctypes.c_char_p, ctypes.c_ssize_t]
simplified.cc = simplified.lib.opencc_open(b"t2s.json")

# -- the normal form -----------------------------------------------------------
LETTER, ALNUM, BLANK, NEWLINE, NOISE, WEAK, STRONG, IGNORED = range(8)
DIGITS = {}
for row, kind in (("〇一二三四五六七八九", LETTER), ("零壹贰叁肆伍陆柒捌玖", LETTER),
                  ("⓿❶❷❸❹❺❻❼❽❾", ALNUM), ("⓪➀➁➂➃➄➅➆➇➈", ALNUM),
                  ("⓪➊➋➌➍➎➏➐➑➒", ALNUM)):
    DIGITS.update({c: (str(i), kind) for i, c in enumerate(row)})
SAME = dict(("著着", "彷仿", "甯宁", "弌1", "弍2", "弎3", "幺1", "俱具", "覆复"))
WEAK_MARKS, STRONG_MARKS = ",，、:：﹐﹑︰", "!;?。！？；｡"
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")


def kind_of(c):
    if "0" <= c <= "9" or "a" <= c <= "z":
        return ALNUM
    if c in "\n\x0b\x0c\x85\u2028\u2029":
        return NEWLINE
    if c in "\t\r":
        return BLANK
    category = unicodedata.category(c)
    if category[0] in "LN":
        return LETTER
    if category == "Zs":
        return BLANK
    if category[0] == "M" or category in ("Cc", "Cf", "Cs"):
        return IGNORED
    return NOISE


def decompose(c):
    """Compatibility decomposition, case folded, without marks."""
    if IGNORABLE.match(c) or unicodedata.category(c)[0] == "M":
        return ""
    if c.casefold() != c:
        return "".join(decompose(x) for x in c.casefold())
    parts = unicodedata.normalize("NFKD", c)
    return c if parts == c else "".join(decompose(x) for x in parts)


def first_look(c):
    """(character, kind), or None where there are several."""
    if c in STRONG_MARKS + WEAK_MARKS:
        parts = decompose(c)
        return (parts if len(parts) == 1 else c,
                STRONG if c in STRONG_MARKS else WEAK)
    if c in SAME:
        return SAME[c], LETTER
    if c in DIGITS:
        return DIGITS[c]
    if kind_of(c) in (NEWLINE, BLANK):
        return c, kind_of(c)
    if ("\u3400" <= c <= "\u4dbf" or "\u4e00" <= c <= "\u9fff") and \
            simplified(c) != c:
        return simplified(c), LETTER
    parts = decompose(c)
    if not parts:
        return c, IGNORED
    return (parts, kind_of(parts)) if len(parts) == 1 else None


@functools.lru_cache(maxsize=None)
def look(c):
    if ord(c) >= 0x10000:
        return None
    seen = first_look(c)
    if seen is None or seen[0] == c or ord(seen[0]) >= 0x10000:
        return seen
    return first_look(seen[0]) or seen


@functools.lru_cache(maxsize=None)
def looks(c):
    """All that a character stands for."""
    seen = look(c)
    if seen is not None:
        return [seen]
    return [look(p) or (p, kind_of(p)) for p in decompose(c)]


def lone(text, i):
    """A separator follows, with nothing but blanks and noise between."""
    for c in text[i:]:
        seen = look(c)
        if seen is not None and seen[1] in (WEAK, STRONG):
            return True
        if seen is None or seen[1] not in (BLANK, IGNORED, NOISE):
            return False
    return False


def normal(text):
    """[(character, index in text)], the normal form."""
    out, gap, marks = [], [], []
    after_alnum = after_sep = False
    cell = 0
    for i, raw in enumerate(text):
        for c, kind in looks(raw):
            if kind == IGNORED:
                continue
            if kind not in (LETTER, ALNUM):
                gap.append(kind)
                if kind not in (BLANK, NEWLINE):
                    marks.append((c, i))
                continue
            strong = STRONG in gap or gap.count(NEWLINE) > 1
            sep = strong or WEAK in gap
            evasion = gap.count(NEWLINE) <= 1 and (
                (cell == 1 and after_sep and not after_alnum) or
                (kind != ALNUM and lone(text, i + 1)))
            if out and after_alnum and kind == ALNUM and len(marks) == 1 \
                    and NEWLINE not in gap and marks[0][0] in ".:-/,":
                out.append(marks[0])
            elif out and sep and not evasion:
                out.append(("\n" if strong else ",",
                            marks[0][1] if marks else 0))
            if sep:
                after_sep, cell = True, 0
            gap, marks = [], []
            out.append((c, i))
            after_alnum = kind == ALNUM
            cell = min(cell + 1, 2)
    return out


def normal_pattern(pattern):
    out = ""
    for c in pattern:
        if c < "\x80":
            out += c
            continue
        for p, kind in looks(c):
            out += "\n" if kind == STRONG else "," if kind == WEAK else p
    return out


def word(text):
    return "".join(c for c, _ in normal(text))


# -- wording ---------------------------------------------------------------------
TABLE = pathlib.Path(__file__).parents[2] / "src/route/wording_weights.inc"


class Wording:
    """The learnt odds of a letter; see src/route/wording.h."""
    SLOTS, CHARS, RUN, LEAST, MOST = 32768, 400, 2, -1000, 1500

    def __init__(self, table=TABLE):
        text = table.read_text()
        text = text[text.index("*/"):]
        bias, unit, *self.slots = map(int, re.findall(r"-?\d+", text))
        self.bias, self.unit = bias, unit
        assert len(self.slots) == self.SLOTS

    @classmethod
    def slot(cls, run):
        h = 0x811c9dc5
        for byte in run.encode():
            h = (h ^ byte) * 0x01000193 & 0xffffffff
        return (h ^ h >> 15) % cls.SLOTS

    def judge(self, line):
        """(odds, from, to) of a letter's normal form."""
        seen, lines = set(), {}
        for end in range(1, min(len(line), self.CHARS) + 1):
            at = line.count("\n", 0, end)
            for begin in range(end - 1, max(end - self.RUN, 0) - 1, -1):
                slot = self.slot(line[begin:end])
                if slot not in seen:
                    seen.add(slot)
                    lines[at] = lines.get(at, 0) + self.slots[slot]
        total = sum(lines.values()) * self.unit * 100
        by = math.isqrt((len(seen) + 32) * 10000)
        odds = self.bias + (abs(total) // by if total > 0
                            else -(abs(total) // by))
        odds = max(self.LEAST, min(self.MOST, odds))
        sign = -1 if odds < 0 else 1
        pieces = line.split("\n")
        best = max((i for i in lines if pieces[i]),
                   key=lambda i: (sign * lines[i], -i))
        begin = sum(len(p) + 1 for p in pieces[:best])
        most = pieces[best].encode()[:300].decode(errors="ignore")
        return odds, begin, begin + len(most)


# -- rules -----------------------------------------------------------------------
class Term:
    def __init__(self, raw, domain, lists):
        self.domain, self.weight = domain, raw.get("w", 1000)
        self.cancels, self.repeat = raw.get("not", False), \
            raw.get("repeat", False)
        if self.cancels:
            self.weight = 0
        self.within = raw.get("within", 0) // 1000
        words = raw.get("all") or ([raw["t"]] if "t" in raw else [])
        self.wording = raw.get("wording", False)
        self.label = "（措辞）" if self.wording else \
            raw["re"] if "re" in raw else " + ".join(words)
        self.pattern = Pattern(normal_pattern(raw["re"])) \
            if "re" in raw else None
        self.slots = [
            {word(x) for x in lists[w[1:]]} if w[0] == "@" and w[1:]
            else {word(w)} for w in words]

    def find(self, text, raw):
        """[(from, to)] in characters of the normal form."""
        if self.pattern is not None:
            return self.find_pattern(text, raw)
        if len(self.slots) == 1:
            return self.find_single(text)
        return self.find_all(text)

    def find_pattern(self, text, raw):
        out, start = [], 0
        while (place := self.pattern.find(raw, start)) is not None:
            out.append(tuple(len(raw[:x].decode()) for x in place))
            start = place[1]
            if not self.repeat:
                break
        return out

    @staticmethod
    def places(text, words):
        for w in words:
            at = text.find(w)
            while at >= 0:
                yield at, at + len(w)
                at = text.find(w, at + 1)

    def find_single(self, text):
        out, end = [], 0
        order = sorted(self.places(text, self.slots[0]),
                       key=lambda p: (p[0], -len(text[p[0]:p[1]].encode())))
        for at, to in order:
            if out and at < end:
                continue
            out.append((at, to))
            end = to
            if not self.repeat:
                break
        return out

    def find_all(self, text):
        claims = sorted(
            ((at, -len(text[at:to].encode()), s, to)
             for s, words in enumerate(self.slots)
             for at, to in self.places(text, words)))
        out, begin = [], 0
        for i, (at, _, slot, to) in enumerate(claims):
            picked = self.pick(claims[begin:i], slot, at, to)
            if picked is None:
                continue
            first = min(picked)
            last = max(picked, key=lambda p: p[0])
            if self.within and last[0] > first[1] + self.within:
                continue
            end = last[1]
            if len(text[first[0]:end].encode()) > 300:
                end = first[1]
            out.append((first[0], end))
            begin = i + 1
            if not self.repeat:
                break
        return out

    def pick(self, before, slot, at, to):
        """For every other slot the latest word that is clear of this one."""
        picked = []
        for s in range(len(self.slots)):
            mine = (at, to) if s == slot else next(
                ((a, b) for a, _, k, b in reversed(before)
                 if k == s and (b <= at or to <= a)), None)
            if mine is None or any(
                    mine[0] < b and a < mine[1] for a, b in picked):
                return None
            picked.append(mine)
        return picked


class Engine:
    def __init__(self, rules, areas):
        conf = read_conf(rules)
        lists = {s["name"]: s["words"] for s in conf.get("synonyms", [])}
        self.domains = conf["domains"]
        self.ids = [d["id"] for d in self.domains]
        self.conf = conf
        self.wording = Wording()
        self.terms = [Term(t, i, lists) for i, d in enumerate(self.domains)
                      for t in self.all_terms(d)]
        for key, index in (("priority", -1), ("major", -2)):
            self.terms += [Term(t, index, lists) for t in conf.get(key, [])]
        self.areas = [
            (a["id"], {word(x) for x in [a["name"], *a.get("aliases", [])]})
            for a in read_conf(areas)["areas"]]

    def all_terms(self, domain):
        more = [t for a in self.conf.get("additions", [])
                if a["domain"] == domain["id"] for t in a["terms"]]
        return domain.get("terms", []) + more

    def decide(self, subject, text):
        head, body = normal(subject), normal(text)
        chars = head + [("\n", 0)] * bool(head and text) + body
        split = len(head)
        begin = split + bool(head and text)
        line = "".join(c for c, _ in chars)
        hits = []
        for t in self.terms:
            if t.wording:
                continue
            for at, to in t.find(line, line.encode()):
                hits.append(self.hit(t, at, to, chars, split, begin,
                                     subject, text))
        for t in self.terms if line else []:
            if not t.wording:
                continue
            odds, at, to = self.wording.judge(line)
            if odds > 0 or odds < 0 and any(
                    h["domain"] == t.domain for h in hits):
                hits.append(self.hit(t, at, to, chars, split, begin,
                                     subject, text, odds))
        return self.judge(hits, line, chars, split, begin, subject, text)

    def hit(self, t, at, to, chars, split, begin, subject, text,
            times=None):
        in_subject = at < split and to <= split + 1
        factor = 1000
        if in_subject:
            factor = self.conf.get("subject_weight", 1500)
        else:
            for step in self.conf.get("late", []):
                if at >= begin + step["after"] // 1000:
                    factor = step["weight"]
        if times is not None:
            factor = times
        weight = abs(t.weight) * abs(factor) // 1000
        if factor < 0:
            weight = -weight
        source = subject if in_subject else text
        if in_subject:
            to = min(to, split)
        elif split > 0:
            at = max(at, begin)
        first, last = chars[at][1], chars[to - 1][1]
        return {"domain": t.domain, "term": t.label,
                "weight": weight if t.weight > 0 else -weight,
                "field": 0 if in_subject else 1,
                "at": len(source[:first].encode()),
                "found": source[first:last + 1], "cancels": t.cancels}

    def judge(self, hits, line, chars, split, begin, subject, text):
        sums = {i: 0 for i in range(-2, len(self.ids))}
        for h in hits:
            sums[h["domain"]] += h["weight"]
        for h in hits:
            if h["cancels"]:
                h["weight"], sums[h["domain"]] = -sums[h["domain"]], 0
        scores = [sums[i] for i in range(len(self.ids))]
        out = self.choose(scores)
        domain = self.domains[out["domain"]]
        hits.sort(key=lambda h: (h["field"], h["at"], h["domain"],
                                 len(h["found"].encode()),
                                 h["term"].encode(), h["weight"]))
        names = {-1: "priority", -2: "major"}
        return {
            "domain": domain["id"], "score": out["score"],
            "margin": out["margin"],
            "runner_up": None if out["next"] is None
            else self.ids[out["next"]],
            "scores": dict(zip(self.ids, scores)),
            "area": self.area(line),
            "triage": out["triage"],
            "priority": sums[-1] > 0 or sums[-2] > 0 or
            domain.get("priority", False),
            "major": sums[-2] > 0,
            "terms": [{
                "term": h["term"],
                "domain": names.get(h["domain"]) or self.ids[h["domain"]],
                "weight": h["weight"],
                "field": ("subject", "text")[h["field"]],
                "at": h["at"], "found": h["found"]} for h in hits]}

    def threshold(self, i):
        return self.domains[i].get("threshold", 0) or \
            self.conf.get("threshold", 3000)

    def choose(self, scores):
        def best(without=None):
            good = [i for i, s in enumerate(scores)
                    if s > 0 and i != without]
            return max(good, key=lambda i: (scores[i], -i), default=None)

        def overrides(i):
            rival = best(i)
            least = 0 if rival is None else scores[rival]
            return self.domains[i].get("overriding", False) and \
                scores[i] >= max(self.threshold(i), 1) and \
                scores[i] >= self.domains[i].get("override_from", 0) and \
                scores[i] * 1000 >= least * self.conf.get(
                    "override_share", 0) and \
                scores[i] * 1000 >= scores[self.ids.index("other")] * \
                self.conf.get("override_other", 0)

        over = [i for i in range(len(scores)) if overrides(i)]
        first = max(over, default=None, key=lambda i: (
            self.domains[i].get("discipline", False), scores[i], -i))
        triage = False
        if first is None:
            first = best()
            second = best(first) if first is not None else None
            if first is None or scores[first] < self.threshold(first) or (
                    second is not None and scores[first] - scores[second] <
                    self.conf.get("margin", 1000)):
                first, triage = self.ids.index("other"), True
        second = best(first)
        return {"domain": first, "triage": triage, "next": second,
                "score": scores[first],
                "margin": scores[first] - (
                    0 if second is None else scores[second])}

    def area(self, line):
        """Longest names, counted; the most frequent, then the first."""
        found = sorted(
            (at, -len(line[at:to].encode()), i, to)
            for i, (_, names) in enumerate(self.areas)
            for at, to in Term.places(line, names))
        counts, end = {}, 0
        for at, _, i, to in found:
            if at < end:
                continue
            end = to
            n, first = counts.get(i, (0, at))
            counts[i] = (n + 1, first)
        if not counts:
            return None
        best = min(counts, key=lambda i: (-counts[i][0], counts[i][1]))
        return self.areas[best][0]
