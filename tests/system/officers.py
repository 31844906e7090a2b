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


# -- how mail programs answer ------------------------------------------------
def _html(text):
    return (text.replace("&", "&amp;").replace("<", "&lt;")
            .replace(">", "&gt;").replace("\n", "<br>"))


def _old(mail):
    """The letter that is quoted: headers and text."""
    msg = mail.msg
    return {"from": str(msg["From"]), "to": str(msg["To"]),
            "subject": str(msg["Subject"]), "text": mail.text(),
            "html": _html(mail.text())}


def qq_phone(text, o):
    return None, (
        f"<div>{_html(text)}</div><div><br></div><div>"
        "<includetail><!--<![endif]--></includetail></div><div>"
        "<div style=\"font-size: 12px;font-family: Arial Narrow;padding:2px 0"
        " 2px 0;\">------------------&nbsp;原始邮件&nbsp;"
        "------------------</div><div style=\"font-size: 12px;"
        "background:#efefef;padding:8px;\"><div><b>发件人:</b>&nbsp;"
        f"\"海湾区城管局线索办理\"&lt;{TIPS}&gt;;</div><div><b>发送时间:</b>"
        "&nbsp;2026年10月12日(星期一) 上午10:00</div><div><b>收件人:</b>&nbsp;"
        f"\"陆文博\"&lt;lu.wenbo@example.org&gt;;</div><div><b>主题:</b>&nbsp;"
        f"{_html(o['subject'])}</div></div><div><br></div>{o['html']}</div>")


def qq_web(text, o):
    return (f"{text}\n\n\n\n\n------------------ 原始邮件 ------------------"
            f"\n发件人: \"海湾区城管局线索办理\" <{TIPS}>;\n"
            "发送时间: 2026年10月12日(星期一) 上午10:00\n"
            "收件人: \"陆文博\"<lu.wenbo@example.org>;\n\n"
            f"主题: {o['subject']}\n\n\n\n{o['text']}"), None


def netease_phone(text, o):
    return None, (
        f"<html><body><div>{_html(text)}</div><br><div id=\"ntes-pcmail-"
        "signature\"></div><div class=\"J-reply\" style=\"background-color:"
        "#f2f2f2\"><div style=\"font-size:12px;line-height:1.5\">"
        "---- 回复的原邮件 ----</div><table style=\"font-size:12px\"><tbody>"
        "<tr><td>发件人</td><td>海湾区城管局线索办理&lt;" + TIPS +
        "&gt;</td></tr><tr><td>日期</td><td>2026年10月12日 10:00</td></tr>"
        "<tr><td>收件人</td><td>陆文博</td></tr><tr><td>主题</td><td>"
        f"{_html(o['subject'])}</td></tr></tbody></table></div><blockquote>"
        f"{o['html']}</blockquote></body></html>")


def netease_web(text, o):
    quoted = "\n".join("> " + x for x in o["text"].splitlines())
    return (f"{text}\n\n\n\n\n\n\n\n在 2026-10-12 10:00:00，"
            f"\"海湾区城管局线索办理\" <{TIPS}> 写道：\n\n{quoted}"), None


def outlook(text, o):
    return (f"{text}\n\n________________________________\n发件人: "
            f"海湾区城管局线索办理 <{TIPS}>\n发送时间: 2026年10月12日 10:00\n"
            "收件人: 陆文博 <lu.wenbo@example.org>\n主题: "
            f"{o['subject']}\n\n{o['text']}"), (
        "<html><body lang=ZH-CN><div class=WordSection1><p class=MsoNormal>"
        f"<span lang=EN-US>{_html(text)}<o:p></o:p></span></p><div>"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"
        " 0cm 0cm 0cm'><p class=MsoNormal><b>发件人:</b> "
        f"海湾区城管局线索办理 &lt;{TIPS}&gt; <br><b>发送时间:</b> "
        "2026年10月12日 10:00<br><b>收件人:</b> 陆文博<br><b>主题:</b> "
        f"{_html(o['subject'])}<o:p></o:p></p></div></div><p>{o['html']}</p>"
        "</div></body></html>")


def outlook_phone(text, o):
    return None, (
        f"<html><body><div dir=\"ltr\">{_html(text)}</div><div><br></div>"
        "<div id=\"ms-outlook-mobile-signature\">获取 <a href=\"https://aka.ms"
        "/o0ukef\">Outlook for iOS</a></div><hr style=\"display:inline-block;"
        "width:98%\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>发件人:</b> "
        f"海湾区城管局线索办理 &lt;{TIPS}&gt;<br><b>发送时间:</b> Monday, "
        "October 12, 2026 10:00:00 AM<br><b>收件人:</b> 陆文博<br><b>主题:</b>"
        f" {_html(o['subject'])}</div><div>{o['html']}</div></body></html>")


def iphone(text, o):
    return None, (
        "<html><head></head><body dir=\"auto\">"
        f"{_html(text)}<br><br><div dir=\"ltr\">发自我的iPhone</div>"
        "<div dir=\"ltr\"><br><blockquote type=\"cite\">在 2026年10月12日，"
        f"10:00，海湾区城管局线索办理 &lt;{TIPS}&gt; 写道：<br><br>"
        "</blockquote></div><blockquote type=\"cite\"><div dir=\"ltr\">"
        f"\ufeff{o['html']}</div></blockquote></body></html>")


def iphone_plain(text, o):
    quoted = "\n".join("> " + x for x in o["text"].splitlines())
    return (f"{text}\n\n发自我的iPhone\n\n> 在 2026年10月12日，10:00，"
            f"海湾区城管局线索办理 <{TIPS}> 写道：\n> \n> \ufeff{quoted}"), None


def huawei(text, o):
    return (f"{text}\n\n\n发自我的华为手机\n\n\n-------- 原始邮件 --------\n"
            f"发件人： 海湾区城管局线索办理 <{TIPS}>\n日期： "
            "2026年10月12日周一 上午10:00\n收件人： lu.wenbo@example.org\n"
            f"主题： {o['subject']}\n{o['text']}"), None


def wecom(text, o):
    return None, (
        f"<div>{_html(text)}</div><div><br></div><div>发自我的企业微信</div>"
        "<div><br></div><div><br></div><div style=\"color:#909090;font-size:"
        "12px\">------------------&nbsp;Original&nbsp;------------------</div>"
        "<div style=\"font-size:12px;background:#efefef\"><div><b>From: </b>"
        f"&nbsp;\"海湾区城管局线索办理\"&lt;{TIPS}&gt;;</div><div><b>Date: </b>"
        "&nbsp;Mon, Oct 12, 2026 10:00 AM</div><div><b>To: </b>&nbsp;"
        "\"陆文博\";</div><div><b>Subject: </b>&nbsp;"
        f"{_html(o['subject'])}</div></div><div>{o['html']}</div>")


def dingtalk(text, o):
    return None, (
        f"<div class=\"__aliyun_email_body_block\"><div>{_html(text)}</div>"
        "<div><br></div><blockquote style=\"margin-right:0\"><div style="
        "\"clear:both\">---------------------------------------------------"
        "---------------<br>发件人：海湾区城管局线索办理&lt;" + TIPS +
        "&gt;<br>日　期：2026年10月12日 10:00:00<br>收件人：陆文博<br>主　题："
        f"{_html(o['subject'])}<br></div><div>{o['html']}</div></blockquote>"
        "</div>")


def gmail(text, o):
    quoted = "\n".join("> " + x for x in o["text"].splitlines())
    return (f"{text}\n\n海湾区城管局线索办理 <{TIPS}> 于2026年10月12日周一 "
            f"10:00写道：\n\n{quoted}"), (
        f"<div dir=\"ltr\">{_html(text)}</div><br><div class=\"gmail_quote\">"
        "<div dir=\"ltr\" class=\"gmail_attr\">海湾区城管局线索办理 &lt;"
        f"<a href=\"mailto:{TIPS}\">{TIPS}</a>&gt; 于2026年10月12日周一 10:00"
        "写道：<br></div><blockquote class=\"gmail_quote\">"
        f"{o['html']}</blockquote></div>")


PROGRAMS = {"QQ手机": qq_phone, "QQ网页": qq_web, "网易手机": netease_phone,
            "网易网页": netease_web, "Outlook": outlook,
            "Outlook手机": outlook_phone, "iPhone": iphone,
            "iPhone纯文本": iphone_plain, "华为手机": huawei,
            "企业微信": wecom, "钉邮": dingtalk, "谷歌": gmail}


def by_program(name, sender, mail, text):
    """An answer as that program writes it."""
    plain, html = PROGRAMS[name](text, _old(mail))
    return answer(sender, mail, plain, prefix="回复：", quote=False, html=html)
