#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the sample mails (*.eml) and what the parser must say of them
(*.want) into this folder.  Mail and expectation stand side by side below; the
format of an expectation is that of dump() in tests/unit/test_parse.c.  Samples
that are not below were written by hand."""

import base64
import hashlib
import io
import pathlib
import quopri
import struct
import zipfile
import zlib

HERE = pathlib.Path(__file__).parent
NAMES = set()


def sha(data):
    return hashlib.sha256(data).hexdigest()[:16]


def b64(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def qp(text):
    return quopri.encodestring(text.encode("utf-8")).replace(b"\n", b"\r\n")


def crlf(text):
    return text.replace("\n", "\r\n").encode("utf-8")


def mail(name, raw, want):
    """One sample; str is UTF-8 with CRLF line ends."""
    assert name not in NAMES, name
    NAMES.add(name)
    if isinstance(raw, str):
        raw = crlf(raw)
    (HERE / f"{name}.eml").write_bytes(raw)
    (HERE / f"{name}.want").write_text(want.lstrip("\n"), encoding="utf-8")


def att(name, claimed, real, data, flags="", more=""):
    """The line of an attachment."""
    return (f"attachment: {name}; {claimed}; {real}; {len(data)} bytes; "
            f"{sha(data)}; {flags}{more}\n")


HEAD = """From: =?utf-8?B?5byg5LiJ?= <zhang@example.com>
To: tips@example.cn
Subject: sample
Date: Tue, 5 Mar 2024 10:11:12 +0800
Message-ID: <1@example.com>
MIME-Version: 1.0
"""
WANT = """from: 张三 <zhang@example.com>
to:  <tips@example.cn>
subject: sample
date: 1709604672
id: 1@example.com
"""


# ---- photos -----------------------------------------------------------------

def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(extra=b"", orientation=None):
    """A grey picture of 8 × 8 points; it is never decoded here."""
    tables = (segment(0xDB, b"\0" + b"\x10" * 64)
              + segment(0xC0, b"\x08\0\x08\0\x08\x01\x01\x11\0")
              + segment(0xC4, b"\0" + bytes([1] + [0] * 15) + b"\0")
              + segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"))
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x3f"
    exif = b""
    if orientation is not None:
        exif = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1"
                       + struct.pack(">HHI", orientation, 0, 0))
    return (b"\xff\xd8"
            + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
            + exif + extra + tables + scan + b"\xff\xd9")


GPS = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<GPS 34.59 119.22>")


def chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data
            + struct.pack(">I", zlib.crc32(name + data)))


def png(extra=b""):
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
            + extra + chunk(b"IDAT", zlib.compress(b"\0\1\2\3"))
            + chunk(b"IEND", b""))


# ---- text -------------------------------------------------------------------

GBK = "朱镕基路渣土车夜间倾倒"  # 镕 is not in GB 2312

mail("plain-gb2312-label", crlf(
    "From: =?gb2312?B?1cXI/Q==?= <Zhang@Example.COM>\n"
    "To: =?utf-8?Q?=E4=B8=BE=E6=8A=A5?= <tips@example.cn>, b@example.cn\n"
    "Cc: c@example.cn\nReply-To: <d@example.com>\n"
    "Subject: =?gb2312?B?1PzNwbO1?=\nDate: Tue, 5 Mar 2024 10:11:12 +0800\n"
    "Message-ID: <a.b@example.com>\nIn-Reply-To: <q@example.cn>\n"
    "References: <p@example.cn>\n <q@example.cn>\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=\"gb2312\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(GBK.encode("gbk")), """
from: 张三 <Zhang@example.com>
reply-to:  <d@example.com>
to: 举报 <tips@example.cn>
to:  <b@example.cn>
to:  <c@example.cn>
subject: 渣土车
date: 1709604672
id: a.b@example.com
in-reply-to: q@example.cn
reference: p@example.cn
reference: q@example.cn
text (plain, gb18030):
| 朱镕基路渣土车夜间倾倒
""")

mail("no-mime-raw-gbk", b"From: " + "李四".encode("gbk") +
     b" <li@example.com>\r\nSubject: " + "举报占道经营收保护费".encode("gbk") +
     b"\r\nX-Mailer: old\r\n\r\n" +
     "某某路的摊位每月被强收保护费，请调查。\r\n".encode("gbk"), """
from: 李四 <li@example.com>
subject: 举报占道经营收保护费
text (plain, gb18030):
| 某某路的摊位每月被强收保护费，请调查。
sign mailer: old
defects: charset-guessed
""")

mail("alternative", HEAD + """Content-Type: multipart/alternative;
 boundary="----=_Part_1_2.3"

This is a multi-part message in MIME format.
------=_Part_1_2.3
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

有人在河边倾倒建筑垃圾，夜里最多，请尽快派人查看，谢谢。地点在东桥下。
------=_Part_1_2.3
Content-Type: text/html; charset=utf-8

<p>有人在河边倾倒建筑垃圾，夜里最多，请尽快派人查看，谢谢。地点在东桥下。</p>
------=_Part_1_2.3--
""", WANT + """text (plain, utf-8):
| 有人在河边倾倒建筑垃圾，夜里最多，请尽快派人查看，谢谢。地点在东桥下。
""")

mail("html-stub-beside", HEAD + """Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

您的邮件客户端不支持HTML，请使用网页查看。
--b
Content-Type: text/html; charset=utf-8

<div>晚上十点以后，渣土车从工地开出来，没有盖布。</div>
--b--
""", WANT + """text (html, utf-8):
| 晚上十点以后，渣土车从工地开出来，没有盖布。
""")

mail("html-plain-empty", HEAD + """Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8


--b
Content-Type: multipart/related; boundary=c

--c
Content-Type: text/html; charset=utf-8

<p>只有网页里有字</p>
--c
Content-Type: image/gif
Content-ID: <i@x>
Content-Transfer-Encoding: base64

R0lGODlhAQABAAAAACw=
--c--
--b--
""", WANT + """text (html, utf-8):
| 只有网页里有字
""" + att("", "image/gif", "image/gif",
          base64.b64decode("R0lGODlhAQABAAAAACw="), "inline image"))

mail("html-only-phone", crlf(HEAD) + crlf(
    "Content-Type: text/html; charset=utf-8\n"
    "Content-Transfer-Encoding: quoted-printable\n\n") + qp(
    "<html><body><div>第一行</div><div>第二行<br>第三行</div></body></html>"),
    WANT + """text (html, utf-8):
| 第一行
| 第二行
| 第三行
""")

mail("texts-and-photo-mixed", crlf(HEAD) + crlf(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: text/plain; charset=utf-8\n\n先看照片：\n--b\n"
    "Content-Type: image/jpeg; name=\"1.jpg\"\n"
    "Content-Disposition: inline; filename=\"1.jpg\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(jpeg(GPS, 6)) + crlf(
    "--b\nContent-Type: text/plain; charset=utf-8\n\n这是昨晚拍的。\n--b--\n"),
    WANT + """text (plain, utf-8):
| 先看照片：
| 
| 这是昨晚拍的。
""" + att("1.jpg", "image/jpeg", "image/jpeg", jpeg(GPS, 6), "inline image",
          f" photo {sha(jpeg(b'', 6))}"))

mail("flowed-delsp", HEAD + """Content-Type: text/plain; charset=utf-8;
 format=flowed; delsp=yes

这是一段 
被软换行 
切开的话。
""", WANT + """text (plain, utf-8):
| 这是一段被软换行切开的话。
""")

mail("reply-with-quote", HEAD + """Content-Type: text/plain; charset=utf-8

签收

-----原始邮件-----
发件人: 局督办查 <tips@example.cn>
发送时间: 2024年3月4日
收件人: zhang@example.com
主题: 线索

请核查。
""", WANT + """text (plain, utf-8):
| 签收
quoted:
| -----原始邮件-----
| 发件人: 局督办查 <tips@example.cn>
| 发送时间: 2024年3月4日
| 收件人: zhang@example.com
| 主题: 线索
| 
| 请核查。
""")

mail("text-only-as-file", HEAD + """Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8; name="letter.txt"
Content-Disposition: attachment; filename="letter.txt"

信的内容在附件里。
--b--
""", WANT + """text (plain, utf-8):
| 信的内容在附件里。
""" + att("letter.txt", "text/plain", "text/plain",
          "信的内容在附件里。".encode()))

mail("label-lies", crlf(HEAD) + b"Content-Type: text/plain; charset=utf-8\r\n"
     b"\r\n" + "标签说是万国码，其实是国标码，内容是举报环卫作业。".encode("gbk"),
     WANT + """text (plain, gb18030):
| 标签说是万国码，其实是国标码，内容是举报环卫作业。
defects: charset-guessed
""")

# ---- structure --------------------------------------------------------------

mail("no-final-boundary", HEAD + """Content-Type: multipart/mixed; boundary=b

--b

the first part
--b

the second part""", WANT + """text (plain, us-ascii):
| the first part
| 
| the second part
defects: structure
""")

mail("wrong-boundary", HEAD + """Content-Type: multipart/mixed; boundary=zzz

--b
Content-Type: text/plain

found all the same
--b--
""", WANT + """text (plain, us-ascii):
| found all the same
defects: structure
""")

mail("no-boundary-at-all", HEAD + """Content-Type: multipart/mixed

just text, no parts
""", WANT + """text (plain, us-ascii):
| just text, no parts
defects: structure
""")

mail("no-empty-line", "From: a@example.com\nSubject: s\n"
     "This text stands directly\nbehind the headers.\n", """
from:  <a@example.com>
subject: s
text (plain, us-ascii):
| This text stands directly
| behind the headers.
""")

mail("bare-cr", (HEAD + "\none line\nanother line\n").replace("\n", "\r")
     .encode(), WANT + """text (plain, us-ascii):
| one line
| another line
""")

mail("cr-cr-lf", (HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
                  "one line\n--b--\n").replace("\n", "\r\r\n").encode(),
     WANT + """text (plain, us-ascii):
| one line
""")

mail("mbox-line-and-junk", "From zhang@example.com Tue Mar  5 10:11:12 2024\n"
     + HEAD.replace("To: ", "this is no header\nTo: ") + "\ntext\n",
     WANT + """text (plain, us-ascii):
| text
""")

mail("bom-in-front", "\ufeff" + HEAD + "\ntext\n", WANT
     + """text (plain, us-ascii):
| text
""")

mail("nul-bytes", crlf(HEAD.replace("sample", "sam\0ple")) + b"\r\nte\0xt\r\n",
     WANT + """text (plain, us-ascii):
| text
""")

mail("empty", b"", "")

mail("headers-only", HEAD, WANT)

mail("no-header", "Nothing but a text.\n", """
text (plain, us-ascii):
| Nothing but a text.
""")

# ---- messages inside --------------------------------------------------------

def archive():
    """A zip of one empty file with a fixed date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(zipfile.ZipInfo("a.txt", (2024, 3, 5, 10, 11, 12)), b"")
    return out.getvalue()


ZIP = archive()
INNER = crlf("""From: wang@example.com
Subject: =?utf-8?B?5Y6f5aeL57q/57Si?=
Date: Mon, 4 Mar 2024 10:11:12 +0800
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=i

--i
Content-Type: text/plain; charset=utf-8

垃圾中转站有人强行承包。
--i
Content-Type: application/zip; name=a.zip
Content-Transfer-Encoding: base64

""") + b64(ZIP) + crlf("--i--\n")

mail("forwarded-message", crlf(HEAD) + crlf(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: text/plain; charset=utf-8\n\n请看转发的来信。\n--b\n"
    "Content-Type: message/rfc822\nContent-Disposition: attachment\n\n")
    + INNER + crlf("--b--\n"), WANT + """text (plain, utf-8):
| 请看转发的来信。
| 
| 原始线索
| 
| 垃圾中转站有人强行承包。
""" + att("原始线索.eml", "message/rfc822", "message/rfc822", INNER[:-2],
          "message")
    + att("a.zip", "application/zip", "application/zip", ZIP, "archive"))

mail("forwarded-as-eml-file", crlf(HEAD) + crlf(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: text/plain; charset=utf-8\n\n见附件\n--b\n"
    "Content-Type: application/octet-stream; name=\"old.eml\"\n"
    "Content-Disposition: attachment; filename=\"old.eml\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(INNER) + crlf("--b--\n"),
    WANT + """text (plain, utf-8):
| 见附件
| 
| 原始线索
| 
| 垃圾中转站有人强行承包。
""" + att("old.eml", "application/octet-stream", "message/rfc822", INNER,
          "message")
    + att("a.zip", "application/zip", "application/zip", ZIP, "archive"))

mail("digest", HEAD + """Content-Type: multipart/digest; boundary=b

--b

Subject: one

first letter
--b

Subject: two

second letter
--b--
""", WANT + """text (plain, us-ascii):
| one
| 
| first letter
| 
| two
| 
| second letter
""" + att("one.eml", "message/rfc822", "message/rfc822",
          crlf("Subject: one\n\nfirst letter"), "message")
    + att("two.eml", "message/rfc822", "message/rfc822",
          crlf("Subject: two\n\nsecond letter"), "message"))

mail("signed", HEAD + """Content-Type: multipart/signed; boundary=b;
 protocol="application/pkcs7-signature"

--b
Content-Type: text/plain

signed text
--b
Content-Type: application/pkcs7-signature; name=smime.p7s
Content-Transfer-Encoding: base64

MIAGCSqGSIb3DQEHAqCA
--b--
""", WANT + """text (plain, us-ascii):
| signed text
""" + att("smime.p7s", "application/pkcs7-signature",
          "application/octet-stream",
          base64.b64decode("MIAGCSqGSIb3DQEHAqCA")))

mail("encrypted", HEAD + """Content-Type: multipart/encrypted; boundary=b;
 protocol="application/pgp-encrypted"

--b
Content-Type: application/pgp-encrypted

Version: 1
--b
Content-Type: application/octet-stream; name="encrypted.asc"

-----BEGIN PGP MESSAGE-----
--b--
""", WANT + att("", "application/pgp-encrypted", "text/plain", b"Version: 1")
    + att("encrypted.asc", "application/octet-stream",
          "application/pgp-encrypted", b"-----BEGIN PGP MESSAGE-----")
    + "lost: the text is encrypted or sealed\n")

mail("plain-and-html-mixed", HEAD + """Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

两份一样的信，
不该出现两次。
--b
Content-Type: text/html; charset=utf-8

<p>两份一样的信，不该出现两次。</p>
--b
Content-Type: text/html; charset=utf-8

<p>这一份不同。</p>
--b--
""", WANT + """text (plain, utf-8):
| 两份一样的信，
| 不该出现两次。
| 
| 这一份不同。
""")

mail("external-body", HEAD + """Content-Type: multipart/mixed; boundary=b

--b

see there
--b
Content-Type: message/external-body; access-type=URL;
 URL="https://files.example.com/film.mp4"; name="film.mp4"

Content-Type: video/mp4

--b--
""", WANT + """text (plain, us-ascii):
| see there
cloud: film.mp4; https://files.example.com/film.mp4
""")

# ---- attachments ------------------------------------------------------------

PDF = b"%PDF-1.4\n%%EOF\n"


def named(name, disposition, ctype):
    """A mail with one PDF whose headers are given as bytes."""
    return (crlf(HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
                 "text\n--b\n") + ctype + disposition +
            b"Content-Transfer-Encoding: base64\r\n\r\n" + b64(PDF)
            + b"--b--\r\n")


for i, (ctype, disposition, name) in enumerate([
        (b"Content-Type: application/pdf\r\n",
         b"Content-Disposition: attachment;\r\n"
         b" filename*0*=gbk''%B7%A2%C6;\r\n filename*1*=%B1.pdf\r\n",
         "发票.pdf"),
        (b"Content-Type: application/pdf; name=\"=?gbk?B?t6LGsS5wZGY=?=\"\r\n",
         b"Content-Disposition: attachment\r\n", "发票.pdf"),
        (b"Content-Type: application/pdf\r\n",
         b"Content-Disposition: attachment; filename=\"" +
         "发票.pdf".encode("gbk") + b"\"\r\n", "发票.pdf"),
        (b"Content-Type: application/pdf; name=my file (1).pdf\r\n", b"",
         "my file (1).pdf"),
        (b"Content-Type: application/pdf\r\n",
         b"Content-Disposition: attachment; filename=\"..\\..\\etc/a.pdf\"\r\n",
         "a.pdf")]):
    mail(f"file-name-{i}", named(name, disposition, ctype),
         WANT + "text (plain, us-ascii):\n| text\n"
         + att(name, "application/pdf", "application/pdf", PDF)
         + ("defects: charset-guessed\n" if i == 2 else ""))

EXE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8" + b"\0" * 47

mail("dangerous-files", crlf(
    HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"
    "Content-Type: image/jpeg; name=\"photo.jpg.exe\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(EXE) + crlf(
    "--b\nContent-Type: image/jpeg; name=\"photo.jpg\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(EXE) + crlf(
    "--b\nContent-Type: application/x-zip; name=\"a.dat\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(ZIP) + crlf(
    "--b\nContent-Type: image/jpeg; name=\"broken.jpg\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(jpeg()[:40]) + crlf(
    "--b\nContent-Type: image/png; name=\"shot.png\"\n"
    "Content-Transfer-Encoding: base64\n\n")
    + b64(png(chunk(b"tEXt", b"Author\0Zhang"))) + crlf("--b--\n"),
    WANT + "text (plain, us-ascii):\n| text\n"
    + att("photo.jpg.exe", "image/jpeg", "application/x-dosexec", EXE,
          "executable")
    + att("photo.jpg", "image/jpeg", "application/x-dosexec", EXE,
          "executable")
    + att("a.dat", "application/x-zip", "application/zip", ZIP, "archive")
    + att("broken.jpg", "image/jpeg", "image/jpeg", jpeg()[:40], "image")
    + att("shot.png", "image/png", "image/png",
          png(chunk(b"tEXt", b"Author\0Zhang")), "image",
          f" photo {sha(png())}"))

mail("damaged-base64", HEAD + """Content-Type: multipart/mixed; boundary=b

--b

text
--b
Content-Type: application/octet-stream; name=a.bin
Content-Transfer-Encoding: base64

AAEC*AwQ=
--b--
""", WANT + "text (plain, us-ascii):\n| text\n"
     + att("a.bin", "application/octet-stream", "application/octet-stream",
           bytes(range(5)), "damaged"))

mail("uuencoded", HEAD + """
before the file
begin 644 a.txt
%:&5L;&\\
`
end
behind the file
""", WANT + """text (plain, us-ascii):
| before the file
| behind the file
""" + att("a.txt", "", "text/plain", b"hello"))


def tnef_attribute(level, ident, data):
    return (struct.pack("<BII", level, ident, len(data)) + data
            + struct.pack("<H", sum(data) & 0xFFFF))


TNEF = (struct.pack("<IH", 0x223E9F78, 1)
        + tnef_attribute(1, 0x00069007, struct.pack("<II", 936, 0))
        + tnef_attribute(1, 0x0002800C, "附件里的正文".encode("gbk"))
        + tnef_attribute(2, 0x00069002, b"\1" + b"\0" * 13)
        + tnef_attribute(2, 0x00018010, "证据.pdf".encode("gbk") + b"\0")
        + tnef_attribute(2, 0x0006800F, PDF))

mail("winmail", crlf(
    HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: text/plain\n\n\n--b\n"
    "Content-Type: application/ms-tnef; name=\"winmail.dat\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(TNEF) + crlf("--b--\n"),
    WANT + "text (plain, gb18030):\n| 附件里的正文\n"
    + att("证据.pdf", "", "application/pdf", PDF, "tnef"))

mail("winmail-damaged", crlf(
    HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
    "Content-Type: text/plain\n\nsee the file\n--b\n"
    "Content-Type: application/ms-tnef; name=\"winmail.dat\"\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(TNEF[:60])
    + crlf("--b--\n"), WANT + "text (plain, us-ascii):\n| see the file\n"
    + att("winmail.dat", "application/ms-tnef", "application/vnd.ms-tnef",
          TNEF[:60]))

# ---- large attachments in a provider's cloud --------------------------------

QQ = "https://wx.mail.qq.com/ftn/download?func=3&key=abc&code=1f"
N163 = ("https://mail.163.com/large-attachment-download/index.html"
        "?p=X-NETEASE-HUGE-ATTACHMENT&file=Sy2W")

mail("cloud-qq-plain", HEAD + f"""Content-Type: text/plain; charset=utf-8

视频太大，见链接。

从QQ邮箱发来的超大附件

夜间倾倒.mp4 (128.03M, 2024年04月05日 21:59 到期)进入下载页面：{QQ}
""", WANT + f"""text (plain, utf-8):
| 视频太大，见链接。
| 
| 从QQ邮箱发来的超大附件
| 
| 夜间倾倒.mp4 (128.03M, 2024年04月05日 21:59 到期)进入下载页面：{QQ}
cloud: 夜间倾倒.mp4; {QQ}
""")

mail("cloud-163-plain", HEAD + f"""Content-Type: text/plain; charset=utf-8

见视频
从网易163邮箱发来的超大附件
B205.mp4 (3.61M, 2024年4月25日 13:35 到期)
下载: {N163}
""", WANT + f"""text (plain, utf-8):
| 见视频
| 从网易163邮箱发来的超大附件
| B205.mp4 (3.61M, 2024年4月25日 13:35 到期)
| 下载: {N163}
cloud: B205.mp4; {N163}
""")

mail("cloud-163-html", crlf(HEAD) + crlf(
    "Content-Type: text/html; charset=utf-8\n"
    "Content-Transfer-Encoding: base64\n\n") + b64(f"""<p>视频见链接</p>
<div><b>从网易163邮箱发来的超大附件</b>
<a href="http://u.163.com/RcUwv56g">推荐客户端极速下载</a></div>
<div><a href="{N163.replace('&', '&amp;')}"><img src="cid:ico.gif"></a>
<a href="{N163.replace('&', '&amp;')}">现场视频.wav</a>
<span> (80.96M, 2099年12月31日 23:59 到期)</span>
<a href="{N163.replace('&', '&amp;')}">下载</a></div>""".encode()),
    WANT + f"""text (html, utf-8):
| 视频见链接
| 
| 从网易163邮箱发来的超大附件推荐客户端极速下载 (http://u.163.com/RcUwv56g)
| 现场视频.wav ({N163}) (80.96M, 2099年12月31日 23:59 到期) 下载 ({N163})
cloud: 现场视频.wav; {N163}
""")

mail("cloud-163-button-only", HEAD + """Content-Type: text/html; charset=utf-8

<a href="http://u.163.com/RcUwv56g">推荐客户端极速下载</a>
""", WANT + """text (html, utf-8):
| 推荐客户端极速下载 (http://u.163.com/RcUwv56g)
cloud: ; http://u.163.com/RcUwv56g
""")

mail("cloud-qq-html-beside-plain", HEAD + f"""MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

昨天晚上又有车来倾倒，我拍了视频，因为太大放在附件里，请查收，谢谢你们的工作，希望早日解决问题。
--b
Content-Type: text/html; charset=utf-8

<p>昨天晚上又有车来倾倒，我拍了视频</p><a href="{QQ.replace('&', '&amp;')}">夜.mp4</a>
--b--
""", WANT + f"""text (plain, utf-8):
| 昨天晚上又有车来倾倒，我拍了视频，因为太大放在附件里，请查收，谢谢你们的工作，希望早日解决问题。
cloud: 夜.mp4; {QQ}
""")

mail("cloud-not", HEAD + """Content-Type: text/plain; charset=utf-8

http://mail.163.com/ https://mail.qq.com/ http://fs.163.com/
https://mail.163.com.example.com/large-attachment-download/x
https://wx.mail.qq.com@example.com/ftn/download?k=1
ftp://fs.163.com/file
""", WANT + """text (plain, us-ascii):
| http://mail.163.com/ https://mail.qq.com/ http://fs.163.com/
| https://mail.163.com.example.com/large-attachment-download/x
| https://wx.mail.qq.com@example.com/ftn/download?k=1
| ftp://fs.163.com/file
""")

# ---- reports ----------------------------------------------------------------

mail("bounce-rfc3464", """Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: tips@example.cn
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue,  5 Mar 2024 10:11:12 +0800 (CST)

Final-Recipient: rfc822; delayed@example.com
Action: delayed
Status: 4.2.0

Final-Recipient: rfc822; gone@example.com
Original-Recipient: rfc822;Gone@example.com
Action: Failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.com>: Recipient address
    rejected: User unknown

--b
Content-Type: message/rfc822

From: tips@example.cn
To: gone@example.com
Subject: notice
Message-ID: <letter-1@example.cn>

This is our own letter, not a text of theirs.
--b--
""", """
from: Mail Delivery System <MAILER-DAEMON@mx.example.net>
to:  <tips@example.cn>
subject: Undelivered Mail Returned to Sender
text (plain, us-ascii):
| I'm sorry to have to inform you that your message could not be delivered.
""" + att("notice.eml", "message/rfc822", "message/rfc822",
          crlf("From: tips@example.cn\nTo: gone@example.com\nSubject: notice\n"
               "Message-ID: <letter-1@example.cn>\n\n"
               "This is our own letter, not a text of theirs.")) +
     """sign return-path-empty
sign auto-submitted: auto-replied
report: delivery; 5.1.1; failed; Gone@example.com; letter-1@example.cn; """
     """550 5.1.1 <gone@example.com>: Recipient address rejected: User unknown
""")

mail("bounce-163", """From: Postmaster@163.com
To: tips@example.cn
Subject: =?utf-8?B?57O757uf6YCA5L+h?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

抱歉，您的邮件被退回来了……
原邮件信息：
时间 2024-03-05 10:11:12
主题 线索交办
收件人 gone@example.com
退信原因 550 5.1.1 User unknown
Message-ID: <letter-2@example.cn>
""", """
from:  <Postmaster@163.com>
to:  <tips@example.cn>
subject: 系统退信
text (plain, utf-8):
| 抱歉，您的邮件被退回来了……
| 原邮件信息：
| 时间 2024-03-05 10:11:12
| 主题 线索交办
| 收件人 gone@example.com
| 退信原因 550 5.1.1 User unknown
| Message-ID: <letter-2@example.cn>
report: delivery; 5.1.1; failed; gone@example.com; letter-2@example.cn; """
     """退信原因 550 5.1.1 User unknown
""")

mail("bounce-163-html", crlf(
    "From: Postmaster@163.com\nTo: tips@example.cn\n"
    "Subject: =?GBK?B?z7XNs83L0MU=?=\nMIME-Version: 1.0\n"
    "Content-Type: text/html; charset=gbk\n"
    "Content-Transfer-Encoding: base64\n\n") + b64("""<html><body>
<h1>抱歉，您的邮件被退回来了……</h1><table>
<tr><th>主　题：</th><td>转 other@example.org 的线索</td></tr>
<tr><th>收件人：</th><td>gone@example.com</td></tr>
<tr style="display:none;"><th>抄　送：</th><td>xxx</td></tr></table>
<p>退信原因：</p><div>对方退信了。</div>
<div>英文说明:rcpt handle timeout.(rcpt&nbsp;handle&nbsp;timeout)</div>
</body></html>""".encode("gbk")), """
from:  <Postmaster@163.com>
to:  <tips@example.cn>
subject: 系统退信
text (html, gb18030):
| 抱歉，您的邮件被退回来了……
| 
| 主　题：	转 other@example.org 的线索
| 收件人：	gone@example.com
| 
| 退信原因：
| 
| 对方退信了。
| 英文说明:rcpt handle timeout.(rcpt handle timeout)
report: delivery; 5.4.7; failed; gone@example.com; ; """
     """rcpt handle timeout.(rcpt handle timeout)
""")

mail("bounce-qq", """From: PostMaster@qq.com
To: tips@example.cn
Subject: =?utf-8?B?5p2l6IeqcXEuY29t55qE6YCA5L+h?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

抱歉，您的邮件被退回来了……
原邮件信息：
收件人：gone@qq.com
退信原因：
收件人邮件地址不存在，邮件无法送达。
""", """
from:  <PostMaster@qq.com>
to:  <tips@example.cn>
subject: 来自qq.com的退信
text (plain, utf-8):
| 抱歉，您的邮件被退回来了……
| 原邮件信息：
| 收件人：gone@qq.com
| 退信原因：
| 收件人邮件地址不存在，邮件无法送达。
report: delivery; 5.1.1; failed; gone@qq.com; ; """
     """收件人邮件地址不存在，邮件无法送达。
""")

mail("bounce-exim", """Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: tips@example.cn
X-Failed-Recipients: gone@example.com
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.
  gone@example.com
    host mx.example.com [192.0.2.1]
    SMTP error from remote mail server: 554 no such user here
""", """
from: Mail Delivery System <Mailer-Daemon@mx.example.net>
to:  <tips@example.cn>
subject: Mail delivery failed: returning message to sender
text (plain, us-ascii):
| This message was created automatically by mail delivery software.
|   gone@example.com
|     host mx.example.com [192.0.2.1]
|     SMTP error from remote mail server: 554 no such user here
sign return-path-empty
report: delivery; 5.1.1; failed; gone@example.com; ; """
     """SMTP error from remote mail server: 554 no such user here
""")

mail("postmaster-writes", """From: postmaster@example.net
To: tips@example.cn
Subject: maintenance on Sunday

The server will be down on Sunday from 5.1.1 to 5.1.2.
""", """
from:  <postmaster@example.net>
to:  <tips@example.cn>
subject: maintenance on Sunday
text (plain, us-ascii):
| The server will be down on Sunday from 5.1.1 to 5.1.2.
""")

mail("read-receipt", """From: zhang@example.com
To: tips@example.cn
Subject: Read: notice
MIME-Version: 1.0
Content-Type: multipart/report; boundary=b;
 report-type=disposition-notification

--b
Content-Type: text/plain

Your message was read.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822;zhang@example.com
Original-Message-ID: <letter-3@example.cn>
Disposition: manual-action/MDN-sent-manually; displayed
--b--
""", """
from:  <zhang@example.com>
to:  <tips@example.cn>
subject: Read: notice
text (plain, us-ascii):
| Your message was read.
report: disposition; ; displayed; zhang@example.com; letter-3@example.cn; 
""")

mail("complaint", """From: feedback@example.net
To: tips@example.cn
Subject: FW: notice
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x/1
Version: 1
Original-Rcpt-To: <zhang@example.com>
--b
Content-Type: text/rfc822-headers

From: tips@example.cn
Message-ID: <letter-4@example.cn>
--b--
""", """
from:  <feedback@example.net>
to:  <tips@example.cn>
subject: FW: notice
text (plain, us-ascii):
| This is an abuse report.
report: feedback; ; abuse; zhang@example.com; letter-4@example.cn; 
""")

# ---- signs ------------------------------------------------------------------

mail("auto-reply", """Return-Path: <zhang@example.com>
From: zhang@example.com
Subject: =?gbk?B?19S2r7vYuLQ6?= notice
Auto-Submitted: auto-replied (vacation)
X-Auto-Response-Suppress: DR, OOF, AutoReply
Precedence: Bulk
User-Agent: Mail/1

I am away.
""", """
from:  <zhang@example.com>
subject: 自动回复: notice
text (plain, us-ascii):
| I am away.
sign return-path: zhang@example.com
sign auto-submitted: auto-replied
sign precedence: bulk
sign auto-suppress
sign mailer: Mail/1
""")

mail("newsletter", """From: news@example.com
Subject: offers
List-Id: Our list <list.example.com>
List-Unsubscribe: <https://example.com/u>
Authentication-Results: mx.example.cn; spf=pass
 smtp.mailfrom=example.com; dkim=pass
Authentication-Results: other.example; spf=fail

buy
""", """
from:  <news@example.com>
subject: offers
text (plain, us-ascii):
| buy
sign list-id: list.example.com
sign list-unsubscribe
sign auth-results: mx.example.cn; spf=pass smtp.mailfrom=example.com; dkim=pass
""")

for i, (header, why) in enumerate([
        ("X-Spam-Flag: YES", "X-Spam-Flag: YES"),
        ("X-Spam-Status: Yes, score=9.1 required=5", None),
        ("X-Spam-Status: No, score=1.0", ""),
        ("X-NETEASE-SPAM: 1", None),
        ("X-CM-SPAM-FLAG: 0", ""),
        ("X-QQ-SPAM: true", None),
        ("Received: from a by newmx1.qq.com (NewMx)\nX-QQ-SPAM: true",
         "X-QQ-SPAM: true"),
        ("Received: from bg4.exmail.qq.com by mx1 (Coremail)\nX-QQ-Spam: true",
         ""),
        ("X-Forefront-Antispam-Report: CIP:192.0.2.1;SFV:SPM;", None),
        ("X-MS-Exchange-Organization-SCL: 6", None),
        ("X-MS-Exchange-Organization-SCL: 1", "")]):
    if why is None:
        why = header
    mail(f"spam-{i:02}", f"From: a@example.com\n{header}\n\nx\n", """
from:  <a@example.com>
text (plain, us-ascii):
| x
""" + (f"sign spam: {why}\n" if why else ""))
