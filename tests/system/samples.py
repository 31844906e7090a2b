# SPDX-License-Identifier: ISC
"""Mail for the system tests; invented people, example addresses."""
import base64
import itertools

_numbers = itertools.count(1)

TIP_TEXT = ("渣土车队强揽渣土外运，工地都被他们把持，不同意就堵门，"
            "夜里还强行倾倒渣土。")


def tip(text=TIP_TEXT, subject="举报渣土车强揽工程", number=None,
        sender="citizen@example.net", name="钱小川", message_id=None,
        more=""):
    """A plain UTF-8 tip; each call gives another Message-ID."""
    number = number or next(_numbers)
    message_id = message_id or f"tip-{number}@mail.example.net"

    def word(value):
        return f"=?utf-8?B?{base64.b64encode(value.encode()).decode()}?="
    head = (f"From: {word(name)} <{sender}>\r\nTo: tips@example.com\r\n"
            f"Subject: {word(subject)}\r\n"
            "Date: Mon, 23 Nov 2026 09:30:00 +0800\r\n"
            f"Message-ID: <{message_id}>\r\n{more}"
            "MIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n")
    body = base64.encodebytes(f"{text}（第{number}件）".encode())
    return head.encode() + body.replace(b"\n", b"\r\n")


def with_file(data, name="x.bin", kind="application/octet-stream", **kwargs):
    """A tip with one attachment."""
    plain = tip(**kwargs)
    head, body = plain.split(b"\r\n\r\n", 1)
    lines = head.split(b"\r\n")
    top = [x for x in lines if not x.startswith(b"Content-")]
    mime = [x for x in lines if x.startswith(b"Content-")]
    b = b"=_test_boundary"
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return b"\r\n".join([
        *top, b'Content-Type: multipart/mixed; boundary="' + b + b'"', b"",
        b"--" + b, *mime, b"", body, b"--" + b,
        f'Content-Type: {kind}; name="{name}"'.encode(),
        b"Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{name}"'.encode(), b"",
        encoded, b"--" + b + b"--", b""])


def plain(text, subject="", number=None, **kwargs):
    """Like tip(), but the text stays as it is."""
    mail = tip(text="", subject=subject, number=number, **kwargs)
    head, _ = mail.split(b"\r\n\r\n", 1)
    body = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
    return head + b"\r\n\r\n" + body
