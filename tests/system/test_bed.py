# SPDX-License-Identifier: ISC
"""The test-bed itself: what later tests take for granted."""
import imaplib
import os
import smtplib
import socket
import ssl
import time

import pytest

from bed import IMAP_HOST, JUNK, SMTP_HOST, Bed
from fake_smtp import FakeSmtp

RAW = (b"From: citizen@example.net\r\nTo: tips@example.com\r\n"
       b"Subject: =?utf-8?B?57q/57Si?=\r\nMessage-ID: <1@example.net>\r\n"
       b"\r\n\xb9\xf8 8 bit\r\n.dot\r\n")


def split(at):
    host, port = at.rsplit(":", 1)
    return host, int(port)


def submit(bed, at, user="tips@example.com", sender=None, password=None,
           to="li@example.org"):
    context = ssl.create_default_context(cafile=bed.ca_file)
    context.check_hostname = False  # tested below
    client = smtplib.SMTP(*split(at), "client.test")
    with client:
        client.starttls(context=context)
        client.login(user, password or bed.password)
        client.sendmail(sender or user, to, RAW)


def test_mail_from_outside_arrives_as_it_was_sent(bed):
    bed.deliver("tips@example.com", RAW)
    mail, = bed.wait_mail("tips@example.com",
                          match=lambda m: m.msg["Subject"] == "线索")
    assert mail.raw.endswith(RAW)
    assert b"citizen@example.net" in mail.raw.split(b"\r\n")[0]
    assert r"\Seen" not in mail.flags
    assert abs(mail.date - time.time()) < 60


def test_unknown_recipient_is_refused(bed):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        bed.deliver("nosuch@example.org", RAW)
    assert caught.value.recipients["nosuch@example.org"][0] == 550
    bed.add_user("nosuch@example.org")
    bed.deliver("nosuch@example.org", RAW)
    assert len(bed.mailbox("nosuch@example.org")) == 1


def test_foreign_domain_is_no_relay(bed):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        bed.deliver("a@elsewhere.test", RAW)


def test_submission_sender_must_be_the_account(bed):
    submit(bed, bed.submit_at())
    bed.wait_delivered()
    assert bed.mailbox("li@example.org")
    with pytest.raises(smtplib.SMTPSenderRefused) as caught:
        submit(bed, bed.submit_at(), sender="office@example.com")
    assert caught.value.smtp_code == 553
    assert b"Mail from must equal authorized user" in caught.value.smtp_error
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(bed, bed.submit_at(), password="web password")


def test_submission_needs_a_log_in(bed):
    with smtplib.SMTP(*split(bed.submit_at()), "client.test") as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("tips@example.com", "li@example.org", RAW)


@pytest.mark.parametrize("port", ["imaps_at", "submits_at"])
@pytest.mark.parametrize("cert,why", [
    ("good", None), ("wrong", "Hostname mismatch"),
    ("expired", "has expired"), ("unknown", "local issuer")])
def test_certificates(bed, port, cert, why):
    context = ssl.create_default_context(cafile=bed.ca_file)
    name = IMAP_HOST if port == "imaps_at" else SMTP_HOST
    with socket.create_connection(split(getattr(bed, port)(cert))) as sock:
        if why is None:
            context.wrap_socket(sock, server_hostname=name).close()
            return
        with pytest.raises(ssl.SSLCertVerificationError, match=why):
            context.wrap_socket(sock, server_hostname=name)


def test_imap_starttls(bed):
    context = ssl.create_default_context(cafile=bed.ca_file)
    client = imaplib.IMAP4(*split(bed.imap_at()))
    client.host = "localhost"
    client.starttls(context)
    assert client.login("li@example.org", bed.password)[0] == "OK"
    client.logout()
    with pytest.raises(imaplib.IMAP4.error):
        imaplib.IMAP4(*split(bed.imap_at())).login("li@example.org", "no")


def test_tokens(bed):
    user = "wang@example.org"
    said = f"user={user}\1auth=Bearer {bed.token(user)}\1\1"
    client = imaplib.IMAP4(*split(bed.imap_at()))
    assert client.authenticate("XOAUTH2", lambda _: said.encode())[0] == "OK"
    client.logout()
    bad = imaplib.IMAP4(*split(bed.imap_at()))
    with pytest.raises(imaplib.IMAP4.error):
        bad.authenticate("XOAUTH2", lambda challenge: b"" if challenge else
                         said[:-9].encode() + b"\1\1")
    with smtplib.SMTP(*split(bed.submit_at()), "client.test") as smtp:
        smtp.ehlo()
        assert smtp.auth("XOAUTH2", lambda _=None: said)[0] == 235
    with smtplib.SMTP(*split(bed.submit_at()), "client.test") as smtp:
        smtp.ehlo()
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.auth("XOAUTH2", lambda _=None: said.replace("wang", "li"))


def test_append_flag_move_delete_wipe(bed):
    user = "zhao@example.org"
    uid = bed.append(user, RAW, JUNK, [r"\Seen", "$Done"], 1_000_000_000)
    mail, = bed.mailbox(user, JUNK)
    assert (mail.uid, mail.date) == (uid, 1_000_000_000)
    assert {r"\Seen", "$Done"} <= mail.flags and mail.raw == RAW
    bed.flag(user, uid, ["$Done"], JUNK, "-FLAGS")
    assert "$Done" not in bed.mailbox(user, JUNK)[0].flags
    bed.move(user, uid, "INBOX", JUNK)
    mail, = bed.mailbox(user)
    bed.delete(user, mail.uid)
    assert not bed.mailbox(user) and not bed.mailbox(user, JUNK)
    assert bed.fill(user, (RAW for _ in range(30))) == 30
    assert [m.uid for m in bed.mailbox(user)] == list(range(2, 32))
    before = bed.uidvalidity(user)
    assert bed.wipe(user) != before
    assert not bed.mailbox(user)


def test_dovecot_away_and_back(bed):
    bed.kill_dovecot()
    with pytest.raises(OSError):
        bed.mailbox("chen@example.org")
    bed.deliver("chen@example.org", RAW, wait=False)
    bed.start_dovecot()
    bed.flush()
    bed.wait_delivered()
    assert len(bed.mailbox("chen@example.org")) == 1


def test_accepted_and_bounced(bed):
    bed.add_user("bounces-one@example.org")
    bed.deliver("bounces-one@example.org", RAW, "office@example.org")
    mail, = bed.wait_mail("office@example.org")
    assert mail.msg.get_content_type() == "multipart/report"


def test_many_mails_on_one_connection_go_at_once(bed):
    with smtplib.SMTP(*split(bed.smtp_at()), "client.test") as client:
        for _ in range(25):
            client.sendmail("citizen@example.net", "wang@example.com", RAW)
    bed.wait_delivered()
    assert len(bed.mailbox("wang@example.com")) == 25


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to change the user")
def test_works_for_an_ordinary_user():
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            with Bed(users=["li@example.org"]) as bed:
                bed.deliver("li@example.org", RAW)
                status = 0 if len(bed.mailbox("li@example.org")) == 1 else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_fake_server_is_scripted(bed):
    with FakeSmtp(starttls=bed.dir / "ca" / "good.pem") as fake:
        fake.on("rcpt", b"450 4.7.1 MI:CEL", times=1)
        fake.on("dot", b"554 DT:SPM \xc7\xeb", nth=2)
        fake.on("dot", cut=True, nth=3)

        def send():
            with smtplib.SMTP(*split(fake.at), "client.test") as client:
                client.starttls()
                client.login("tips@example.com", "x")
                client.sendmail("tips@example.com", ["li@example.org"], RAW)

        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send()
        send()
        with pytest.raises(smtplib.SMTPDataError) as caught:
            send()
        assert caught.value.smtp_error == b"DT:SPM \xc7\xeb"
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send()
        assert [x.accepted for x in fake.letters] == [
            False, True, False, False]
        assert fake.letters[1].data == RAW
        assert fake.sessions[0].tls and len(fake.sessions) == 4
        assert fake.sessions[0].auth[0] == (
            "PLAIN", b"\0tips@example.com\0x")
