#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Talks to the servers that `make demo KEEP=1` left running.

    talk.py send HOST:PORT RECIPIENT FILE       mails FILE (.eml; - is stdin)
    talk.py read HOST:PORT USER PASSWORD        prints a mailbox"""
import email
import email.policy
import imaplib
import signal
import smtplib
import sys


def send(at, recipient, path):
    host, port = at.rsplit(":", 1)
    raw = (sys.stdin.buffer if path == "-" else open(path, "rb")).read()
    with smtplib.SMTP(host, int(port)) as smtp:
        smtp.sendmail("someone@example.net", [recipient], raw)
    print("sent")


def read(at, user, password):
    host, port = at.rsplit(":", 1)
    with imaplib.IMAP4(host, int(port)) as imap:
        imap.login(user, password)
        imap.select("INBOX", readonly=True)
        for number in imap.search(None, "ALL")[1][0].split():
            raw = imap.fetch(number, "(BODY.PEEK[])")[1][0][1]
            msg = email.message_from_bytes(raw, policy=email.policy.default)
            body = msg.get_body(("plain",))
            print("=" * 72)
            for name in ("From", "To", "Subject", "Date"):
                print(f"{name}: {msg[name]}")
            print()
            print(body.get_content() if body else "(no text)")


def main():
    commands = {"send": (send, 3), "read": (read, 3)}
    if len(sys.argv) < 2 or sys.argv[1] not in commands or (
            len(sys.argv) != 2 + commands[sys.argv[1]][1]):
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # read … | head
    commands[sys.argv[1]][0](*sys.argv[2:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
