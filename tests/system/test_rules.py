# SPDX-License-Identifier: ISC
"""cluectl route and cluectl rules over a store: what is tried is what the
daemon does, byte for byte; explanations, figures, comparisons, suggestions."""
import json
import re
import resource
import sqlite3
import subprocess
import types

import pytest

from office import ROOT, Office

LETTERS = [
    ("渣土车扰民", "墟沟街道海棠路每晚渣土车成群结队，一路撒土。"),
    ("", "小区门口的烧烤摊占道经营，油烟很大。\n\n谢谢领导。"),
    ("举报", "环卫所中队长收了渣土老板的好处，检查前通风报信，"
             "充当保护伞。"),
    ("路灯", "院前社区路灯不亮，摸黑走路。"),
    ("请管管\x1b[31m", "渣 土*车\u202e半夜\x07倒土 \x9b31m"),
    ("无关", "今天天气很好。"),
    ("大屏", "对面楼顶 ＬＥＤ 大屏整夜亮着，刺眼。"),
]


@pytest.fixture(scope="module")
def office(build):
    """An office without servers: letters come from files."""
    nowhere = lambda cert: "127.0.0.1:1"  # noqa: E731
    bed = types.SimpleNamespace(
        password="none", ca_file="/etc/ssl/certs/ca-certificates.crt",
        imaps_at=nowhere, imap_at=nowhere, submits_at=nowhere,
        submit_at=nowhere)
    with Office(bed, build) as it:
        for i, (subject, text) in enumerate(LETTERS):
            mail = it.dir / f"{i}.eml"
            mail.write_bytes(
                (f"From: citizen{i}@example.net\r\nTo: tips@example.com\r\n"
                 f"Message-ID: <{i}@example.net>\r\n"
                 "Content-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: 8bit\r\n"
                 f"Subject: {subject}\r\n\r\n{text}\r\n").encode())
            it.ctl("ingest", mail)
        yield it


def stored(office):
    """Clues and matches as the daemon wrote them, as route's JSON."""
    hits = office.sql("SELECT * FROM clue_match ORDER BY clue, seq")
    for row in office.sql("SELECT * FROM clue ORDER BY id"):
        yield row, [h for h in hits if h["clue"] == row["id"]]


def route(office, *letters):
    lines = "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in letters)
    return subprocess.run(
        [office.build / "cluectl", "-c", office.conf, "route", "--json"],
        input=lines, env=office.env, capture_output=True, text=True,
        check=True).stdout.splitlines()


def thousandths(v):
    return f"{'-' if v < 0 else ''}{abs(v) // 1000}.{abs(v) % 1000:03}"


def test_dry_run_is_production(office):
    """What route prints and what the store holds are the same bytes."""
    seen = 0
    rows = list(stored(office))
    lines = route(office, *({"id": row["number"], "subject": row["subject"],
                             "text": row["text"]} for row, _ in rows))
    for (row, hits), line in zip(rows, lines, strict=True):
        terms = ",".join(
            "{" + f'"term":{json.dumps(h["term"], ensure_ascii=False)}'
            f',"domain":"{h["domain"]}","weight":{thousandths(h["weight"])}'
            f',"field":"{h["field"]}","at":{h["at"]}'
            f',"found":{json.dumps(h["found"], ensure_ascii=False)}' + "}"
            for h in hits)
        assert line.endswith(f',"terms":[{terms}]' + "}")
        assert line.startswith(
            f'{{"id":"{row["number"]}","domain":"{row["domain"]}"'
            f',"score":{thousandths(row["score"])}'
            f',"margin":{thousandths(row["margin"])},"runner_up":')
        said = json.loads(line)
        assert said["rules"] == row["rules"]
        assert (said["area"] or "") == (row["area"] or "")
        assert (said["runner_up"] or "") == (row["runner_up"] or "")
        seen += len(hits)
    assert seen > 15


def test_explain_is_route(office):
    for row in office.sql("SELECT * FROM clue WHERE id IN (1, 3, 5)"):
        line, = route(office, {"id": row["number"],
                               "subject": row["subject"],
                               "text": row["text"]})
        said = office.ctl("rules", "explain", "--json", row["number"])
        assert said == line + "\n"


def test_explain_for_people(office):
    number = office.list()[0]["number"]
    said = office.ctl("rules", "explain", number)
    assert "归入  渣土运输" in said and "墟沟街道（“墟沟街道”）" in said
    assert re.search(r"渣土运输 +\+17\.5 +×2\.5 +@渣土车 +主题 【渣土车】扰民"
                     r" +muck-transport\.conf:\d+", said)
    assert re.search(r"^渣土运输 +\d+\.\d +归入", said, re.M)
    assert "没有别的领域得分" in said or "为什么不是" in said


def test_explain_file(office):
    letter = office.dir / "letter.txt"
    letter.write_text("主题：路灯\n天一黑，院前社区的路灯都不亮。\n")
    said = office.ctl("rules", "explain", letter)
    assert "归入  其他" in said and "主题 【路灯】" in said
    letter.write_text(office.ctl("parse", "--json", office.dir / "0.eml"))
    assert "归入  渣土运输" in office.ctl("rules", "explain", letter)
    letter.write_bytes(b"\xff\xfe")
    office.ctl("rules", "explain", letter, status=2)
    office.ctl("rules", "explain", office.dir / "nowhere", status=2)
    office.ctl("rules", "explain", "LY-1999-000001", status=1)


def test_terminals_are_safe(office):
    """A stranger's letter cannot reach a terminal with its escapes."""
    bad = [c["number"] for c in office.list()
           if "\x1b" in office.sql(
               f"SELECT subject FROM clue WHERE number='{c['number']}'")[0][
                   "subject"] or "请管管" in c["subject"]]
    assert bad
    letters = office.dir / "bad.tsv"
    letters.write_text("其他\t\x1b[2J\u202e题\t渣土车\x9b31m\x07\n")
    outs = [office.ctl("rules", "explain", bad[0]),
            office.ctl("rules", "test", letters, status=None),
            office.ctl("rules", "diff", "--letters", letters,
                       ROOT / "tests/data/conf/good/rules.conf",
                       ROOT / "etc/rules.conf", status=None),
            office.ctl("rules", "suggest", "--letters", letters,
                       status=None)]
    for out in outs:
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]",
                             out), out


def test_figures(office):
    letters = office.dir / "labels.tsv"
    letters.write_text(
        "label\ttext\tid\n"
        "渣土运输\t渣土车一路撒土\tA\n"
        "muck-transport\t路灯不亮\\n摸黑走路\tB\n"
        "other\t路灯不亮\tC\n\n# nothing\n"
        "占道经营\t路边摊占道经营\tD\n")
    said = json.loads(office.ctl("rules", "test", "--json", letters))
    assert (said["letters"], said["right"]) == (4, 3)
    assert said["accuracy"] == 0.75
    muck = said["domains"]["muck-transport"]
    assert (muck["precision"], muck["recall"], muck["f1"]) == (1, 0.5, 0.667)
    assert muck["taken_for"] == {"other": 1}
    assert said["domains"]["other"]["precision"] == 0.5
    # (0.667 + 0.667 + 1) / 3
    assert said["macro_f1"] == 0.778
    assert [m["id"] for m in said["misses"]] == ["B"]
    office.ctl("rules", "test", "--least", "0.7", letters)
    office.ctl("rules", "test", "--least", "0.76", letters, status=1)
    said = office.ctl("rules", "test", letters)
    assert "准确率 0.750，宏平均 F1 0.778" in said
    assert re.search(r"^B +渣土运输 +其他 +路灯不亮", said, re.M)
    for wrong in ("甲\t乙\t丙\t丁\t戊\n", "没有的领域\t文字\n", "just words\n",
                  "{\"text\":\n"):
        letters.write_text(wrong)
        office.ctl("rules", "test", letters, status=2)


def test_shipped_cases(office):
    """The cases that a clerk can read are labels for `rules test` too."""
    cases = ROOT / "tests/data/rules"
    office.ctl("rules", "test", "--least", "0.9", cases / "sixth-voices.case")


def new_rules(office, more):
    """The shipped rules with an addition."""
    text = (ROOT / "etc/rules.conf").read_text()
    text = text.replace('"rules.d/', f'"{ROOT}/etc/rules.d/')
    path = office.dir / "new-rules.conf"
    path.write_text(text + more)
    return path


def test_diff(office):
    new = new_rules(office, 'additions = ( { domain = "street-occupation";'
                            ' terms = ( { t = "天气"; w = 9.0; } ); } );')
    old = ROOT / "etc/rules.conf"
    assert "判定不同" in office.ctl("rules", "diff", old, old)
    said = office.ctl("rules", "diff", "--json", old, new, status=1)
    one = json.loads(said)
    assert (one["old"]["domain"], one["new"]["domain"]) == (
        "other", "street-occupation")
    assert one["old"]["rules"] != one["new"]["rules"]
    said = office.ctl("rules", "diff", old, new, status=1)
    n = len(office.list())
    assert n >= 7 and f"{n} 件中 1 件判定不同" in said
    assert "1 件  其他 → 占道经营" in said
    assert "＋天气 9.0" in said
    office.ctl("rules", "diff", old, office.dir / "nowhere", status=2)


def test_suggest_from_corrections(office):
    """What the office corrected teaches; the last word on a clue holds."""
    office.ctl("rules", "suggest", status=1)
    numbers = []
    for i in range(3):
        mail = office.dir / f"c{i}.eml"
        mail.write_bytes(
            (f"From: c{i}@example.net\r\nTo: tips@example.com\r\n"
             f"Message-ID: <c{i}@example.net>\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n\r\n"
             f"{'甲乙丙'[i]}弄堂那帮扎堆坐秋千椅的天天{'吵闹挤'[i]}\r\n"
             ).encode())
        office.ctl("ingest", mail)
        numbers.append(office.list()[-1]["number"])
    with sqlite3.connect(office.store) as db:
        for n in numbers:
            clue, = db.execute(
                "SELECT id FROM clue WHERE number = ?", (n,)).fetchone()
            for domain in ("violent-resistance", "outdoor-advertising"):
                db.execute(
                    "INSERT INTO correction (clue, at_s, actor, domain_was,"
                    " domain_is) VALUES (?, 1, 'unix:t', 'other', ?)",
                    (clue, domain))
    said = [json.loads(x) for x in
            office.ctl("rules", "suggest", "--json").splitlines()]
    assert {s["domain"] for s in said} == {"outdoor-advertising"}
    best = said[0]
    assert "秋千椅" in best["term"] or "扎堆" in best["term"]
    assert (best["inside"], best["fixed"], best["broken"]) == (3, 3, 0)
    assert best["moved"] == numbers
    # What it prints can be pasted, and then works.
    text = office.ctl("rules", "suggest", "--limit", "1")
    line = re.search(r"^ *\{ t = .*?\}", text, re.M).group()
    new = new_rules(office, 'additions = ( { domain = "outdoor-advertising";'
                            f" terms = ( {line} ); }} );")
    said = json.loads(office.ctl(
        "rules", "test", "--rules", new, "--json"))
    assert said["right"] == 3
    assert json.loads(office.ctl("rules", "test", "--json"))["right"] == 0


def test_check(office):
    assert office.ctl("rules", "check", "--json") == ""
    new = new_rules(office, """additions = (
        { domain = "muck-transport"; terms = (
            { t = "某某河滩"; w = 1.0; }, { t = "某某河滩"; w = 2.0; } ); } );
        """)
    said = [json.loads(x) for x in office.ctl(
        "rules", "check", "--rules", new, "--json", status=1).splitlines()]
    assert [(s["kind"], s["term"]) for s in said] == [
        ("duplicate", "某某河滩")]
    letters = office.dir / "one.tsv"
    letters.write_text("渣土运输\t某某河滩渣土车\n")
    unmet = {json.loads(x)["term"] for x in office.ctl(
        "rules", "check", "--rules", new, "--letters", letters, "--json",
        status=1).splitlines() if json.loads(x)["kind"] == "unmet"}
    assert "@渣土车" not in unmet and "@路灯" in unmet


def test_ten_thousand_texts(office):
    """In seconds of processor time, and twice the same bytes."""
    letters = [{"id": i, "subject": LETTERS[i % 7][0],
                "text": f"{i} " + LETTERS[i % 5][1] * (1 + i % 9)}
               for i in range(10000)]
    was = resource.getrusage(resource.RUSAGE_CHILDREN)
    first = route(office, *letters)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(first) == 10000
    assert [json.loads(x)["id"] for x in first[:50]] == list(range(50))
    assert now.ru_utime - was.ru_utime < 30  # 2 s without sanitizers
    assert first[:500] == route(office, *letters[:500])
