# SPDX-License-Identifier: ISC
"""Sample mail for the demonstration: invented people, example addresses.

Each sample is (name, bytes, expected): what a citizen's phone, a mail program
or a robot really sends, in the charsets that they really use."""
import base64
import quopri
import struct
from email.header import Header

TO = "tips@example.com"


def _head(sender, subject, number, more=()):
    """Header lines as bytes; sender and subject are ready encoded."""
    host = sender[sender.rindex("@") + 1:].rstrip(">")
    lines = [f"From: {sender}", f"To: {TO}", f"Subject: {subject}",
             f"Date: Mon, 23 Nov 2026 {8 + number // 6:02d}:"
             f"{number * 7 % 60:02d}:00 +0800",
             f"Message-ID: <demo-{number}@{host}>",
             "MIME-Version: 1.0", *more]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n"


def word(text, charset="utf-8"):
    return Header(text, charset, maxlinelen=200).encode()


def plain(number, name, address, subject, text, charset="utf-8",
          label=None, cte="base64"):
    """A text/plain mail; `label` is the charset that it claims."""
    raw = text.replace("\n", "\r\n").encode(charset)
    if cte == "base64":
        body = base64.encodebytes(raw).replace(b"\n", b"\r\n")
    elif cte == "quoted-printable":
        body = quopri.encodestring(raw)
    else:
        body = raw
    b64 = base64.b64encode(subject.encode(charset)).decode()
    who = base64.b64encode(name.encode(charset)).decode()
    label = label or charset
    head = _head(f"=?{label}?B?{who}?= <{address}>", f"=?{label}?B?{b64}?=",
                 number, [f"Content-Type: text/plain; charset={label}",
                          f"Content-Transfer-Encoding: {cte}"])
    return head + b"\r\n" + body


def html_only(number, name, address, subject, html):
    body = base64.encodebytes(html.encode()).replace(b"\n", b"\r\n")
    return _head(f"{word(name)} <{address}>", word(subject), number,
                 ["Content-Type: text/html; charset=utf-8",
                  "Content-Transfer-Encoding: base64"]) + b"\r\n" + body


def _exif(text):
    """An EXIF block with a camera owner's name: what must not be passed on."""
    value = text.encode() + b"\0"
    ifd = struct.pack("<HHHIII", 1, 0x013B, 2, len(value), 26, 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + ifd + value
    block = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block


def jpeg(owner):
    """A grey 64 × 64 baseline JPEG with EXIF, XMP and a comment."""
    def segment(marker, data):
        return b"\xff" + bytes([marker]) + struct.pack(
            ">H", len(data) + 2) + data
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x>" + owner.encode() + b"</x>"
    return b"".join([
        b"\xff\xd8", _exif(owner), segment(0xE1, xmp),
        segment(0xFE, b"GPS 34.7,119.4 " + owner.encode()),
        segment(0xDB, b"\0" + bytes([8] * 64)),
        segment(0xC0, struct.pack(">BHHB", 8, 64, 64, 1) + b"\x01\x11\x00"),
        segment(0xC4, b"\x00" + bytes([1] + [0] * 15) + b"\x00"),
        segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\x00"),
        segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        bytes(16), b"\xff\xd9"])


def with_photo(number, name, address, subject, text, picture, file_name):
    b = "=_phone_boundary"
    fname = f'"=?utf-8?B?{base64.b64encode(file_name.encode()).decode()}?="'
    parts = [
        _head(f"{word(name)} <{address}>", word(subject), number,
              [f'Content-Type: multipart/mixed; boundary="{b}"']), b"\r\n",
        f"--{b}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode(),
        quopri.encodestring(text.encode()).replace(b"\n", b"\r\n"),
        f"\r\n--{b}\r\nContent-Type: image/jpeg; name={fname}\r\n"
        f"Content-Disposition: attachment; filename={fname}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n".encode(),
        base64.encodebytes(picture).replace(b"\n", b"\r\n"),
        f"--{b}--\r\n".encode()]
    return b"".join(parts)


def bounce(number):
    b = "=_dsn"
    return _head("Mail Delivery System <MAILER-DAEMON@mx.example.net>",
                 "Undelivered Mail Returned to Sender", number,
                 ["Auto-Submitted: auto-replied",
                  "Content-Type: multipart/report; "
                  f'report-type=delivery-status; boundary="{b}"']) + (
        f"\r\n--{b}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        "I'm sorry to have to inform you that your message could not\r\n"
        "be delivered.\r\n"
        f"\r\n--{b}\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.net\r\n\r\n"
        "Final-Recipient: rfc822; nobody@example.net\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
        f"\r\n--{b}--\r\n").encode()


def auto_reply(number):
    return plain(number, "周小燕", "zhou@example.net", "自动回复：出差中",
                 "您好，我正在出差，回来后尽快回复您。").replace(
        b"MIME-Version", b"Auto-Submitted: auto-replied\r\nMIME-Version", 1)


def newsletter(number):
    return plain(number, "城市资讯", "news@list.example.net",
                 "本周城市资讯：十大美食街推荐",
                 "本周为您推荐十大美食街。点击退订。").replace(
        b"MIME-Version",
        b"List-Id: <news.list.example.net>\r\n"
        b"List-Unsubscribe: <mailto:leave@list.example.net>\r\n"
        b"Precedence: bulk\r\nMIME-Version", 1)
