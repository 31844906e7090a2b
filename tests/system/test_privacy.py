# SPDX-License-Identifier: ISC
"""The citizen is not exposed: everything that would tell who he is, is planted
in his mail, the whole round is played, and every byte that went to anybody
else, every log line, every command line and every file left behind is
searched for it, decoded in every way that mail knows."""
import base64
import datetime as dt
import email
import email.policy
import io
import os
import pathlib
import re
import threading
import time
import zipfile

import pytest

import samples
from bed import Bed
from desk import CHINA
from office import TIPS, Office, clock, office_users
from officers import Person

CITIZEN = "hanmeiyu1979@example.net"
HAULAGE = "lu.wenbo@example.org"
OFFICE = "office@example.org"
SECRETS = {
    "address": CITIZEN,
    "local part": "hanmeiyu1979",
    "name": "韩美玉",
    "nickname": "玉姐鲜花",
    "telephone": "13705189911",
    "WeChat": "mei_yu_hua",
    "identity card": "320703197903152245",
    "signature": "海棠花店店主",
    "address at home": "东园路77号2单元",
    "originating IP": "203.0.113.77",
    "host": "pc-hanmeiyu",
    "document author": "HanMeiyuAuthor",
    "file name": "韩美玉的举报材料",
    "device": "MeiyuPhone9000",
}
TEXT = f"""渣土车队强揽渣土外运，工地都被他们把持，不同意就堵门。
我叫韩美玉，电话13705189911，微信mei_yu_hua，身份证320703197903152245，
家住东园路77号2单元。车牌苏GA1234。
"""
SIGNATURE = "-- \n玉姐鲜花\n海棠花店店主\n13705189911\n"


def docx():
    """A document whose properties name its author."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", "<Types/>")
        z.writestr("docProps/core.xml",
                   "<cp><dc:creator>HanMeiyuAuthor</dc:creator></cp>")
        z.writestr("word/document.xml", "<w:document>内容</w:document>")
    return out.getvalue()


def photo():
    """A JPEG with an EXIF segment that names the camera's owner."""
    jpeg = base64.b64decode(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUG"
        "CQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA"
        "/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=")
    exif = b"Exif\0\0" + b"MeiyuPhone9000 " * 4
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    return jpeg[:2] + segment + jpeg[2:]


def word(text):
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def mail(text, subject, more="", files=()):
    head = (f"Received: from pc-hanmeiyu ([203.0.113.77]) by mx.example.net\r\n"
            f"X-Originating-IP: [203.0.113.77]\r\n"
            f"From: {word('韩美玉')} <{CITIZEN}>\r\nTo: {TIPS}\r\n"
            f"Reply-To: {word('玉姐鲜花')} <{CITIZEN}>\r\n"
            f"Subject: {word(subject)}\r\nDate: "
            f"{email.utils.formatdate()}\r\nMessage-ID: "
            f"<{time.monotonic_ns()}.hanmeiyu1979@pc-hanmeiyu>\r\n{more}"
            "MIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n")
    body = base64.encodebytes((text + SIGNATURE).encode()).decode()
    for name, kind, data in files:
        body += (f"--b\r\nContent-Type: {kind}; name=\"{word(name)}\"\r\n"
                 "Content-Transfer-Encoding: base64\r\nContent-Disposition: "
                 f"attachment; filename=\"{word(name)}\"\r\n\r\n"
                 f"{base64.encodebytes(data).decode()}")
    return (head + body + "--b--\r\n").encode()


def unfolded(raw):
    """The bytes, and everything that a mail program would make of them."""
    yield raw
    msg = email.message_from_bytes(raw, policy=email.policy.default)
    for part in msg.walk():
        for name, value in part.items():
            yield f"{name}: {value}".encode()
        if not part.is_multipart():
            data = part.get_payload(decode=True) or b""
            yield data
            if data[:2] == b"PK":
                with zipfile.ZipFile(io.BytesIO(data)) as z:
                    yield from (z.read(n) for n in z.namelist())


def exposed(data):
    found = set()
    low = data.lower()
    for what, secret in SECRETS.items():
        for form in (secret.lower().encode(), secret.encode("gbk"),
                     base64.b64encode(secret.encode()).lower()):
            if form in low:
                found.add(what)
    return found


def months_later():
    """A Tuesday, 10:00 at the office."""
    day = dt.datetime.now(CHINA) + dt.timedelta(days=95)
    day += dt.timedelta(days=(1 - day.weekday()) % 7)
    return int(day.replace(hour=10, minute=0, second=0).timestamp())


class Onlooker(threading.Thread):
    """Reads the command line of every process, and which files it has open,
    as any user of the machine could."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen, self.files = set(), set()
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            for p in pathlib.Path("/proc").glob("[0-9]*"):
                try:
                    line = (p / "cmdline").read_bytes()
                    if b"clue" not in line:
                        continue
                    self.seen.add(line)
                    self.seen.add((p / "comm").read_bytes())
                    for fd in (p / "fd").iterdir():
                        self.files.add(os.readlink(fd))
                except OSError:
                    continue
            time.sleep(0.02)


@pytest.fixture(scope="module")
def bed():
    with Bed(users=[*office_users(), CITIZEN]) as it:
        yield it


def test_nobody_else_sees_who_told(bed, build, tmp_path):
    looker = Onlooker()
    looker.start()
    logs = []
    with Office(bed, build, acknowledge=True,
                citizens="closing_notice = true;") as office:
        office.env["TMPDIR"] = str(tmp_path)

        def run(**env):
            office.once(check=False, **env)
            logs.append(office.log)
        bed.deliver(TIPS, mail(TEXT, "韩美玉举报渣土车强揽工程", files=[
            ("韩美玉的举报材料.docx", "application/msword", docx()),
            ("IMG_韩美玉的举报材料.jpg", "image/jpeg", photo())]))
        run()
        clue, = office.list()
        number = clue["number"]
        ack = bed.wait_mail(CITIZEN)[-1]
        code = re.search(r"[0-9HKMRWY]{4}(?:-[0-9HKMRWY]{4}){3}",
                         ack.msg.get_body(("plain",)).get_content()).group()
        # An answer, a further mail by code, a question, and its answer.
        bed.deliver(TIPS, mail(
            "补充：韩美玉昨晚又看见他们，打我电话13705189911。", "Re: 来信收悉",
            more=f"In-Reply-To: {ack.msg['Message-ID']}\r\n",
            files=[("韩美玉的举报材料2.docx", "application/msword", docx())]))
        bed.deliver(TIPS, mail(f"{number} {code}", "查询"))
        run()
        lu = Person(bed, HAULAGE)
        lu.reply("问举报人 车牌是多少？", to=lu.last("线索交办"))
        run()
        question = bed.wait_mail(CITIZEN, 3)[-1]
        bed.deliver(TIPS, mail("苏GA1234。我是韩美玉。", "Re: 请补充情况",
                               more=f"In-Reply-To: "
                               f"{question.msg['Message-ID']}\r\n"))
        run()
        # Months later: urging, criticism, letters to leaders; then the end.
        with clock(office, months_later() - int(time.time())) as env:
            run(**env)
            office.ctl("transfer", number, "公安机关", "海公〔2026〕12号",
                       **env)
            run(**env)
        # Everything that was ever written for somebody else.
        letters = [m.raw for user in office_users() if user != TIPS
                   for m in bed.mailbox(user)]
        kept = office.sql("SELECT id FROM letter WHERE to_person <> ''")
        assert len(letters) >= 8 and len(kept) >= 8
        logs.append(office.ctl("audit", "verify", status=None))
        logs.append(office.ctl("status", "--json", status=None))
        left = [p for p in office.dir.rglob("*")
                if p.is_file() and "state" not in p.parts]
        left_bytes = b"".join(p.read_bytes() for p in left)
    looker.over.set()
    looker.join()
    for raw in letters:
        for piece in unfolded(raw):
            assert not exposed(piece), exposed(piece)
    assert exposed(bed.mailbox(CITIZEN)[0].raw)  # the search finds things
    for log in logs:
        assert not exposed(log.encode()), exposed(log.encode())
    for line in looker.seen | {f.encode() for f in looker.files}:
        assert not exposed(line), line
    assert looker.seen
    assert not exposed(left_bytes)
    assert list(tmp_path.iterdir()) == []
