# SPDX-License-Identifier: ISC
"""Letters as another program reads them: everything that letter_driver
composes goes through Python's email package, whose strict policies report
what a lenient reader would forgive."""
import email
import email.policy
import html.parser
import pathlib
import random
import re
import subprocess

import pytest

TEMPLATE = """Subject: {priority}【线索交办】{number} {domain} {area}

{officer}：

线索编号：{number}
领域：{domain}
依据：{why}
签收期限：{due_accept}
照片：{photos}

来信主题：{subject}
来信内容：
{text}

{?held}
未随附的附件：
{held}
{/held}

{reply_help}

{office}
"""

ONCE = ["date", "from", "to", "subject", "message-id", "auto-submitted",
        "x-auto-response-suppress", "x-mailer",
        "mime-version", "content-type"]
AT_MOST_ONCE = ["in-reply-to", "references", "importance", "x-priority"]

HOSTILE = [
    "x\r\nBcc: victim@example.com",
    "x\nSubject: other\r\n\r\nbody",
    "\r\n.\r\nMAIL FROM:<a@example.com>",
    "{number}{text}{{{?held}",
    "=?utf-8?B?5rij5Zyf?=",
    "=?utf-8?Q?=0D=0ABcc:_a@example.com?= =?gb18030?B?",
    "--=_alt_f0f0f0f0f0f0f0f0f0f0f0f0--\r\nContent-Type: text/html",
    "\u202egpj.exe\u2066\u2069\u200f",
    "a\u2028b\u2029c\u0085d\x0be\x0cf\x1b[31m\x07",
    "</td></table><script>alert(1)</script><img src=x onerror=y>",
    "\U0001f69b\U0001f468\u200d\U0001f469\U0001f1e8\U0001f1f3 表情",
    "http://example.com/?a=1&b=\"2\"'",
    "长" * 3000,
    "w" * 10000,
    " \t ",
    "",
    "a, b@example.com; <c@example.com> (comment) \"q\\",
]


def compose(build, jobs):
    """Every job is a list of (key, value); value str or bytes."""
    data = bytearray()
    for job in jobs:
        for key, value in [("template", TEMPLATE), *job]:
            for part in (key, value):
                raw = part if isinstance(part, bytes) else part.encode(
                    "utf-8", "surrogatepass")
                data += raw.replace(b"\0", b"") + b"\0"
        data += b"\0"
    done = subprocess.run([build / "letter_driver"], input=bytes(data),
                          capture_output=True, timeout=900, check=True)
    out, letters = done.stdout, []
    for _ in jobs:
        line, out = out.split(b"\n", 1)
        if line.startswith(b"-"):
            letters.append(line.decode())
            continue
        letters.append(out[:int(line)])
        out = out[int(line):]
    assert not out
    return letters


def check_bytes(raw):
    assert all(b in b"\r\n\t" or 32 <= b < 127 for b in raw)
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert raw.endswith(b"\r\n")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 78 or b"@" in line, line
        assert len(line) <= 998
        assert line.rstrip(b" ") == line or b":" in line
        if b"=?" in line:
            assert len(line) <= 76 or b"@" in line
        for word in re.findall(rb"=\?.*?\?=", line):
            assert len(word) <= 75


def parse(raw):
    """The letter; nothing in it may be a defect."""
    check_bytes(raw)
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    for part in message.walk():
        assert not part.defects, part.defects
        for value in part.values():
            assert not getattr(value, "defects", ()), (value, value.defects)
    names = [name.lower() for name in message.keys()]
    for name in ONCE:
        assert names.count(name) == 1, name
    for name in AT_MOST_ONCE:
        assert names.count(name) <= 1, name
    assert set(names) <= set(ONCE + AT_MOST_ONCE), names
    return message


def texts(message):
    plain = message.get_body(("plain",)).get_payload(decode=True)
    page = message.get_body(("html",)).get_payload(decode=True)
    return plain.decode("utf-8"), page.decode("utf-8")


class Page(html.parser.HTMLParser):
    """Collects text; complains about what a notice must not have."""
    TAGS = {"html", "head", "meta", "title", "body", "div", "p", "br",
            "table", "tr", "td"}

    def __init__(self, page):
        super().__init__()
        self.text, self.open = "", []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert tag in self.TAGS, tag
        for name, value in attrs:
            assert name in {"style", "lang", "charset", "name", "content",
                            "role"}, name
            assert "url(" not in value and "http" not in value
        if tag == "br":
            self.text += "\n"
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "title" not in self.open:
            self.text += data.replace("\r\n", "")


def notice(**values):
    job = [("notice", ""), ("number", "LY-2026-000123"),
           ("domain", "渣土运输"), ("area", "墟沟街道"),
           ("why", "渣土车（+2.0）"), ("subject", "举报"),
           ("text", "第一行\n第二行"), ("from_name", "线索平台"),
           ("to_name", "李四"), ("office", "某区城管局")]
    return job + list(values.items())


def test_plain_notice(build):
    [raw] = compose(build, [notice()])
    message = parse(raw)
    assert message["subject"] == "【线索交办】LY-2026-000123 渣土运输 墟沟街道"
    assert message["from"].addresses[0].display_name == "线索平台"
    assert message["from"].addresses[0].addr_spec == "tips@example.com"
    assert message["to"].addresses[0].display_name == "李四"
    assert message["date"].datetime.isoformat() == "2026-11-24T17:30:00+08:00"
    assert message["message-id"] == "<m1@clued.example.com>"
    assert message.get_content_type() == "multipart/alternative"
    plain, page = texts(message)
    assert "来信内容：\r\n第一行\r\n第二行\r\n" in plain
    assert "签收期限：2026-11-24 17:30（周二）\r\n" in plain
    shown = Page(page).text
    assert "第一行\n第二行" in shown and "2026-11-24 17:30（周二）" in shown


def test_parts_in_order(build):
    [raw] = compose(build, [notice(**{"photo:photo-1.jpg": "\xff\xd8one",
                                      "photo:现场 照片.jpg": "two"})])
    message = parse(raw)
    kinds = [p.get_content_type() for p in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative",
                     "text/plain", "text/html", "image/jpeg", "image/jpeg"]
    one, two = message.iter_attachments()
    assert one.get_filename() == "photo-1.jpg"
    assert one.get_content() == "\xff\xd8one".encode()
    assert two.get_filename() == "现场 照片.jpg"
    assert two.get_content() == b"two"
    assert two.get_param("name").isascii()


@pytest.mark.parametrize("key", [
    "from_name", "office", "to_name", "in_reply_to", "references", "number",
    "domain", "area", "why", "people_why", "subject", "text", "held",
    "field:officer"])
def test_hostile_values(build, key):
    letters = compose(build, [notice(**{key: h}) for h in HOSTILE])
    for raw, value in zip(letters, HOSTILE):
        message = parse(raw)
        plain, page = texts(message)
        Page(page)
        assert "\u202e" not in plain + page and "\x1b" not in plain + page
        assert [a.addr_spec for a in message["to"].addresses] == [
            "li@example.com"]
        if "=?" in value and "\r" not in value and key == "text":
            assert value in plain


@pytest.mark.parametrize("key,value,kind", [
    ("to_addr", "李@example.com", "input"), ("to_addr", "", "input"),
    ("to_addr", "a@example.com\r\nBcc: b@example.com", "input"),
    ("to_addr", "a@example.com>\r\nDATA", "input"), ("to_addr", "a@例子.cn", "input"),
    ("to_addr", "a@b@c", "input"), ("to_addr", "x" * 300 + "@example.com", "input"),
    ("mail_from", "tips@exam ple.com", "configuration"),
    ("message_id", "a b@c", "bug"),
    ("auto_submitted", "no", "bug"), ("field:nothing", "x", "bug"),
    ("template", "Subject: x\n\n{nothing}", "configuration")])
def test_refused(build, key, value, kind):
    [answer] = compose(build, [notice(**{key: value})])
    assert answer == f"-{kind}"


SHIPPED = sorted((pathlib.Path(__file__).parents[2] / "etc/templates").glob(
    "*.txt"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_templates(build, path):
    template = path.read_text(encoding="utf-8")
    fields = {f"field:{name}": f"值-{name}" for name in (
        "deadline", "due", "left", "count", "list", "cause", "officer")}
    full, bare = compose(build, [
        notice(template=template, held="合同.zip", **fields),
        [("template", template)]])
    for raw in (full, bare):
        message = parse(raw)
        assert message["subject"]
        plain, page = texts(message)
        assert not re.search(r"[{}]", plain)
        # The two parts say the same; the table has the colons' place.
        shown = re.sub(r"[\s：\xa0]", "", Page(page).text)
        assert shown == re.sub(r"[\s：]", "", plain)
    plain, _ = texts(parse(full))
    for name in re.findall(r"\{(\w+)\}", template):
        if f"field:{name}" in fields:
            assert f"值-{name}" in plain + parse(full)["subject"]


def test_shipped_templates_are_there():
    assert "notice" in [p.stem for p in SHIPPED]


def random_text(rng):
    """Text of a stranger: any code point, any byte, with a liking for what
    steers headers and MIME."""
    pieces = ["\r\n", "\n", "\r", "=?", "?=", "?B?", "{", "}", "<", ">", "&",
              "--=_", ": ", "@", "\t", "\u2028", "\u202e", "\ufeff", ",", ";"]
    out = b""
    for _ in range(rng.randrange(1, 40)):
        kind = rng.randrange(5)
        if kind == 0:
            out += rng.choice(pieces).encode()
        elif kind == 1:
            out += bytes(rng.randrange(1, 256) for _ in range(3))
        elif kind == 2:
            out += chr(rng.randrange(0x4e00, 0x9fff)).encode() * rng.randrange(
                1, 30)
        elif kind == 3:
            out += chr(rng.choice([rng.randrange(1, 0xd800), rng.randrange(
                0xe000, 0x110000)])).encode()
        else:
            out += rng.choice(HOSTILE)[:200].encode()
    return out


def test_random_values(build):
    rng = random.Random(20261124)
    keys = ["from_name", "office", "to_name", "in_reply_to", "references",
            "number", "domain", "area", "why", "people_why", "subject",
            "text", "held", "field:officer"]
    jobs = [notice(**{key: random_text(rng) for key in keys})
            + [(b"photo:" + random_text(rng), random_text(rng))]
            for _ in range(300)]
    letters = compose(build, jobs)
    assert letters == compose(build, jobs)
    for raw in letters:
        message = parse(raw)
        plain, page = texts(message)
        Page(page)
        assert "\ufffe" not in plain
        assert [a.addr_spec for a in message["to"].addresses] == [
            "li@example.com"]
        for name in [a.get_filename() for a in message.iter_attachments()]:
            assert name and not set(name) & set('/\\\r\n"')
