# SPDX-License-Identifier: ISC
"""cluectl route beside a second, naive engine (rules_engine.py) over letters,
mutated letters and noise: the same decisions, scores, words and places.

CLUED_ENGINE_TEXTS=N compares N texts instead of the few of a usual run."""
import json
import os
import random
import subprocess

from office import ROOT
from rules_engine import Engine, read_conf

TEXTS = int(os.environ.get("CLUED_ENGINE_TEXTS", "120"))
SEED = int(os.environ.get("CLUED_ENGINE_SEED", "20261128"))
NOISE = ["", " ", "　", "*", "\u200b", "，", "。", "\n", "\n\n", "“", "】", "-",
         "/", "·", "!", "ａ", "７", "①", "壹", "Ⅳ", "㈱", "é", "ﬁ", "한", "😀",
         "12.5", "138-0000-0001", "22:30", ",", "…"]
TRADITIONAL = str.maketrans("车垃圾运营违建费业乱环卫广告烟灯摊贩执队员殴伤报护伞",
                            "車垃圾運營違建費業亂環衛廣告煙燈攤販執隊員毆傷報護傘")


def letters():
    for path in sorted((ROOT / "tests/data/rules").glob("*.case")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                _, subject, text = (x.strip() for x in line.split("|", 2))
                yield subject, text


def words_of(conf):
    for s in conf["synonyms"]:
        yield from s["words"]
    for d in conf["domains"]:
        for t in d["terms"]:
            yield from t.get("all", []) or ([t["t"]] if "t" in t else [])


def mutate(rnd, text, words):
    """A letter as somebody would hide it, or as nobody would write it."""
    kind = rnd.randrange(8)
    if kind == 0:
        return "".join(c + rnd.choice(NOISE) * (rnd.random() < .2)
                       for c in text)
    if kind == 1:
        return rnd.choice([" ", "*", "　", "，", "\u200b"]).join(text)
    if kind == 2:
        return text.translate(TRADITIONAL)
    if kind == 3:
        return "".join(rnd.choice(words).lstrip("@") + rnd.choice(NOISE)
                       for _ in range(rnd.randrange(60)))
    if kind == 4:
        i = rnd.randrange(len(text) + 1)
        return text[i:] + text[:i]
    if kind == 5:
        return text * rnd.randrange(1, 6)
    if kind == 6:
        return "".join(chr(ord(c) + 0xfee0) if "!" <= c <= "~" else c
                       for c in text)
    return "".join(rnd.sample(text, len(text)))


def corpus(rnd, conf):
    base = list(letters())
    words = list(words_of(conf))
    for i in range(TEXTS):
        subject, text = rnd.choice(base)
        if i % 4 == 1:
            text += rnd.choice(base)[1] + rnd.choice(base)[1]
        if i % 4 >= 2:
            text = mutate(rnd, text, words)
        if i % 8 == 7:
            subject = mutate(rnd, subject or text[:20], words)
        yield {"id": i, "subject": subject, "text": text}


def number(v):
    return f"{'-' if v < 0 else ''}{abs(v) // 1000}.{abs(v) % 1000:03}"


def as_route(decision):
    """The engine's decision with numbers as cluectl prints them."""
    out = dict(decision)
    for key in ("score", "margin"):
        out[key] = number(out[key])
    out["scores"] = {k: number(v) for k, v in out["scores"].items()}
    out["terms"] = [{**t, "weight": number(t["weight"])}
                    for t in out["terms"]]
    return out


def compare(build, conf_path, rules, texts):
    engine = Engine(rules, ROOT / "etc/areas.conf")
    lines = subprocess.run(
        [build / "cluectl", "-c", conf_path, "route", "--json", "--rules",
         rules],
        input="".join(json.dumps(t, ensure_ascii=False) + "\n"
                      for t in texts),
        capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(lines) == len(texts)
    for t, line in zip(texts, lines):
        said = json.loads(line, parse_float=str)
        assert said.pop("id") == t["id"]
        assert len(said.pop("rules")) == 64
        mine = as_route(engine.decide(t["subject"], t["text"]))
        assert list(said.items()) == list(mine.items()), t


def test_second_engine(build, tmp_path):
    rules = ROOT / "etc/rules.conf"
    rnd = random.Random(SEED)
    texts = list(corpus(rnd, read_conf(rules)))
    compare(build, ROOT / "etc/clued.conf", rules, texts)


RULES = """
threshold = 2.0; margin = 0.5; subject_weight = 1.7; override_share = 0.5;
override_other = 0.9;
late = ( { after = 6; weight = 0.55; }, { after = 15; weight = 0.3; } );
synonyms = ( { name = "x"; words = [ "甲", "甲乙", "丙甲" ]; },
             { name = "y"; words = [ "乙", "甲乙丙" ]; } );
domains = (
  { id = "muck-transport"; title = "一"; terms = (
      { t = "甲"; w = 0.7; repeat = true; }, { t = "@x"; w = 1.1; },
      { all = [ "@x", "@y" ]; within = 2; w = 2.3; repeat = true; },
      { all = [ "@x", "@y", "丁" ]; w = 1.9; },
      { re = "甲.{0,2}乙|(?<!丙)丁$"; w = -0.9; repeat = true; },
      { t = "戊戊"; not = true; } ); },
  { id = "street-occupation"; title = "二"; threshold = 1.5; overriding = true;
    override_from = 2.0; terms = (
      { re = "[丙丁]{2}"; w = 1.333; }, { t = "丙，丁"; w = 0.9; },
      { wording = true; w = 1.7; },
      { all = [ "乙", "乙" ]; w = 0.4; } ); },
%s
  { id = "other"; title = "其他"; terms = (
      { t = "12"; w = 1.0; }, { re = "\\\\d+(元|块)"; w = 2.001; } ); }
);
priority = ( { t = "戊"; w = 1.0; }, { t = "戊丁"; w = -1.0; } );
additions = ( { domain = "street-occupation"; terms = ( { t = "己"; w = 3.0; } ); } );
"""


def test_second_engine_on_noise(build, tmp_path):
    """Few characters, so that words overlap in every way."""
    rules = tmp_path / "rules.conf"
    # The roster's duties name all domains.
    more = "".join(f'{{ id = "{d}"; title = "{d}"; terms = ();'
                   f' discipline = {str(d.startswith("prot")).lower()}; }},'
                   for d in ("outdoor-advertising", "sanitation-work",
                             "sanitation-oversight", "illegal-construction",
                             "violent-resistance", "protective-umbrella"))
    rules.write_text(RULES % more, encoding="utf-8")
    rnd = random.Random(SEED)
    letters = "甲甲乙乙丙丙丁戊己" + "一2元 ，。*\n"
    texts = [{"id": i,
              "subject": "".join(rnd.choices(letters, k=rnd.randrange(6))),
              "text": "".join(rnd.choices(letters, k=rnd.randrange(40)))}
             for i in range(TEXTS * 10)]
    compare(build, ROOT / "etc/clued.conf", rules, texts)

