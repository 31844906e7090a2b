# SPDX-License-Identifier: ISC
"""People who have nothing but a mailbox: they read what clued wrote to them and
answer it, as their mail programs do."""
import base64
import email.utils
import itertools

from office import TIPS

_numbers = itertools.count(1)


def word(text):
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def letter(sender, subject, text, html=None, files=(), more="",
           date="Mon, 12 Oct 2026 10:30:00 +0800", message_id=None):
    """A mail to the tip mailbox as bytes; text None leaves only the HTML."""
    message_id = message_id or f"reply-{next(_numbers)}@mail.example.org"
    head = (f"From: <{sender}>\r\nTo: {TIPS}\r\nSubject: {word(subject)}\r\n"
            f"Date: {date}\r\nMessage-ID: <{message_id}>\r\n{more}"
            "MIME-Version: 1.0\r\n")

    def part(kind, data, name=None):
        body = base64.encodebytes(data).replace(b"\n", b"\r\n").decode()
        place = (f'Content-Disposition: attachment; filename="{name}"\r\n'
                 if name else "")
        return (f"Content-Type: {kind}\r\n{place}"
                f"Content-Transfer-Encoding: base64\r\n\r\n{body}")
    parts = []
    if text is not None:
        parts.append(part("text/plain; charset=utf-8", text.encode()))
    if html is not None:
        parts.append(part("text/html; charset=utf-8", html.encode()))
    whole = parts[0]
    if len(parts) == 2:
        whole = ("Content-Type: multipart/alternative; boundary=\"alt\"\r\n"
                 "\r\n--alt\r\n" + "\r\n--alt\r\n".join(parts) +
                 "\r\n--alt--\r\n")
    if files:
        rest = [part("application/octet-stream", data, name)
                for name, data in files]
        whole = ("Content-Type: multipart/mixed; boundary=\"mix\"\r\n\r\n"
                 "--mix\r\n" + "\r\n--mix\r\n".join([whole, *rest]) +
                 "\r\n--mix--\r\n")
    return (head + whole).encode()


def answer(sender, mail, text, prefix="Re: ", thread=True, subject=None,
           quote=True, more="", **kwargs):
    """An answer to one of clued's letters (bed.Mail)."""
    msg = mail.msg
    if thread:
        more = (f"In-Reply-To: {msg['Message-ID']}\r\n"
                f"References: {msg['Message-ID']}\r\n{more}")
    if quote and text is not None:
        when = email.utils.parsedate_to_datetime(msg["Date"])
        lines = "\n".join("> " + x for x in mail.text().splitlines())
        text = (f"{text}\n\n在 {when:%Y年%m月%d日 %H:%M}，"
                f"{TIPS} 写道：\n{lines}\n")
    return letter(sender, subject or prefix + str(msg["Subject"]), text,
                  more=more, **kwargs)


class Person:
    """One of the roster, at his mailbox."""

    def __init__(self, bed, address):
        self.bed, self.address = bed, address

    def mails(self):
        self.bed.wait_delivered()
        return self.bed.mailbox(self.address)

    def last(self, what=None):
        """The newest mail, or the newest whose subject has the word."""
        found = [m for m in self.mails()
                 if what is None or what in str(m.msg["Subject"])]
        assert found, f"{self.address} has no mail {what or ''}"
        return found[-1]

    def reply(self, text, to=None, **kwargs):
        """Answers a mail (the newest); returns the bytes."""
        mail = to or self.last()
        raw = answer(self.address, mail, text, **kwargs)
        self.bed.deliver(TIPS, raw)
        return raw
