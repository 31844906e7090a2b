# SPDX-License-Identifier: ISC
"""A private mail world on loopback, for system tests and the demonstration.

    with Bed(users=["tips@example.com", "li@example.org"]) as bed:
        bed.deliver("li@example.org", b"Subject: hello\\r\\n\\r\\nhello\\r\\n")
        mail, = bed.wait_mail("li@example.org")
        print(mail.msg["Subject"], mail.flags)

A real Dovecot (IMAP, LMTP) and a real Exim (SMTP in, LMTP out) with
certificates of their own authority, everything in one temporary folder and on
free loopback ports; each process is started here and ended by its id.  As
root both run as `nobody`.  See bed_ca.py for the certificates, bed_conf.py
for what the servers are told, fake_smtp.py for what real ones will not do.

Addresses for a client (host:port, in the form of CURLOPT_CONNECT_TO):
    bed.imap_at(), bed.imaps_at()       plain and STARTTLS; implicit TLS
    bed.smtp_at()                       from other servers: no AUTH, any sender
    bed.submit_at(), bed.submits_at()   AUTH needed; STARTTLS; implicit TLS
each with cert="good" (default), "wrong", "expired" or "unknown".
"""
import base64
import contextlib
import grp
import hashlib
import hmac
import imaplib
import json
import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time

import email
import email.policy

import bed_ca
import bed_conf

PASSWORD = "Auth-Code-2026!"
# How long anything is waited for that must come: no test takes so long unless
# it fails, so that a slow machine fails none.
PATIENCE_S = 120.0
IMAP_HOST = "imap.test"
SMTP_HOST = "smtp.test"
JUNK = "垃圾邮件"

imaplib._MAXLINE = 64 << 20  # pylint: disable=protected-access


class BedError(Exception):
    """The test-bed itself failed: not the product."""


# Below the range that the kernel takes the ports of outgoing connections from:
# none of those may take a port between our look and the server's start.
PORTS = range(10000, 32000)


class Ports:
    """Port numbers that are free on 127.0.0.1 to .4, and kept from other beds
    of this machine until close(): each has a name among the abstract sockets,
    which ends with the process whatever happens."""

    def __init__(self, n):
        self._claims, self.numbers = [], []
        while len(self.numbers) < n:
            self._try(random.choice(PORTS))

    def _try(self, port):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            claim.bind(f"\0clued-bed-port-{port}")
            with contextlib.ExitStack() as held:
                for host in bed_conf.CERT_HOSTS.values():
                    sock = held.enter_context(socket.socket())
                    sock.bind((host, port))
        except OSError:
            claim.close()
            return
        self._claims.append(claim)
        self.numbers.append(port)

    def close(self):
        for claim in self._claims:
            claim.close()


def encode_folder(name):
    """A folder name in modified UTF-7 (RFC 3501, 5.1.3), quoted."""
    out = ""
    for part in re.findall(r"[ -~]+|[^ -~]+", name):
        if part.isascii() and part.isprintable():
            out += part.replace("&", "&-")
            continue
        code = base64.b64encode(part.encode("utf-16-be")).decode()
        out += "&" + code.rstrip("=").replace("/", ",") + "-"
    return '"' + out.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Mail:
    """One mail of a mailbox: uid, flags (a set), date (INTERNALDATE as Unix
    seconds), raw (bytes) and msg (an email.message.EmailMessage)."""

    def __init__(self, uid, flags, date, raw):
        self.uid, self.flags, self.date, self.raw = uid, flags, date, raw
        self.msg = email.message_from_bytes(raw, policy=email.policy.default)

    def text(self):
        """The plain text of the mail, decoded ("" if there is none)."""
        part = self.msg.get_body(("plain",))
        return part.get_content() if part is not None else ""

    def __repr__(self):
        return f"<Mail {self.uid} {sorted(self.flags)} {self.msg['Subject']}>"


class Child:
    """A process started by the bed, in a session of its own; ended by id,
    with everything that it started."""

    def __init__(self, argv, **kwargs):
        kwargs.setdefault("stdin", subprocess.DEVNULL)
        self.proc = subprocess.Popen(argv, start_new_session=True, **kwargs)

    @property
    def pid(self):
        return self.proc.pid

    def alive(self):
        return self.proc.poll() is None

    def signal(self, number):
        """To the process and everything in its session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.proc.pid, number)

    def stop(self, timeout=30.0):
        """Asks it to end, kills it if it does not; returns its status."""
        if self.alive():
            self.proc.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.proc.wait(timeout)
        return self.kill()

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.proc.wait()


class Bed:
    """See the head of this file.

    users          addresses that Exim accepts mail for (add_user() for more);
                   any user of any name may log in with the one password
    domains        the domains of those addresses
    dovecot_extra  lines for dovecot.conf, e.g. "imap_capability = IMAP4rev1"
    smtp           False leaves Exim out (append() and IMAP still work)
    password       of everybody
    keep           True leaves the folder behind (also: CLUED_KEEP_BED=1)
    """

    running = []  # see tell.py

    def __init__(self, users=(), domains="example.com : *.example.com : "
                 "example.org : *.example.org : example.net : *.example.net",
                 dovecot_extra="", smtp=True, keep=False, password=PASSWORD):
        self.password, self._ports = password, None
        self._users, self._domains = list(users), domains
        self._extra, self._smtp = dovecot_extra, smtp
        self._keep = keep or bool(os.environ.get("CLUED_KEEP_BED"))
        self._children, self.dovecot, self.exim = [], None, None
        self.dir = None

    # -- life ---------------------------------------------------------------
    def __enter__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="clued-bed-"))
        try:
            self._make_folders()
            bed_ca.make_ca(self.dir / "ca")
            self._own("ca")
            for attempt in range(3):  # a port may be taken meanwhile
                try:
                    self._start_all()
                    self.running.append(self)
                    return self
                except BedError:
                    self._stop_all()
                    if attempt == 2:
                        raise
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        if self in self.running:
            self.running.remove(self)
        self._stop_all()
        if not self._keep:
            shutil.rmtree(self.dir, ignore_errors=True)

    def _make_folders(self):
        if os.getuid() == 0:
            who = pwd.getpwnam("nobody")
        else:
            who = pwd.getpwuid(os.getuid())
        self.user, self.uid, self.gid = who.pw_name, who.pw_uid, who.pw_gid
        self.group = grp.getgrgid(self.gid).gr_name
        self.dir.chmod(0o755)
        for name in ("run", "mail", "exim", "keys/default/HS256"):
            (self.dir / name).mkdir(parents=True)
        self._jwt_key = hashlib.sha256(os.urandom(32)).digest()
        self._write("keys/default/HS256/default",
                    base64.b64encode(self._jwt_key).decode())
        self._write("oauth2.conf", bed_conf.OAUTH2.format(dir=self.dir))
        self._write("users", "".join(f"{u.lower()}\n" for u in self._users))
        self._write("tokens", "")
        for name in ("run", "mail", "exim", "keys"):
            self._own(name)

    def _write(self, name, text):
        (self.dir / name).write_text(text)

    def _own(self, name):
        """Gives a folder to the user as whom the servers run."""
        if os.getuid() != 0:
            return
        top = self.dir / name
        for path in (top, *top.rglob("*")):
            with contextlib.suppress(FileNotFoundError):  # a server's lock
                os.chown(path, self.uid, self.gid)

    def _start_all(self):
        self._ports = Ports(6)
        (self._imap, self._imaps, self._lmtp, self._smtp_port, self._submit,
         self._submits) = self._ports.numbers
        self._write_configs()
        self.start_dovecot()
        if self._smtp:
            self.start_exim()

    def _stop_all(self):
        for child in self._children:
            child.stop()
        self._children = []
        for child in (self.exim, self.dovecot):
            if child is not None:
                child.kill()
        self.exim = self.dovecot = None
        if self._ports is not None:
            self._ports.close()

    def _write_configs(self):
        values = {
            "dir": self.dir, "user": self.user, "group": self.group,
            "uid": self.uid, "gid": self.gid, "password": self.password,
            "imap": self._imap, "imaps": self._imaps, "lmtp": self._lmtp,
            "smtp": self._smtp_port, "submit": self._submit,
            "smtps": self._submits, "domains": self._domains,
            "hosts": ", ".join(bed_conf.CERT_HOSTS.values()),
            "extra": self._extra,
            "interfaces": " : ".join(
                f"{host}.{port}" for host in bed_conf.CERT_HOSTS.values()
                for port in (self._smtp_port, self._submit, self._submits)),
            "locals": "".join(
                bed_conf.DOVECOT_LOCAL.format(host=h, dir=self.dir, name=n)
                for n, h in bed_conf.CERT_HOSTS.items()),
        }
        self._write("dovecot.conf", bed_conf.DOVECOT.format(**values))
        self._write("exim.conf", bed_conf.EXIM.format(**values))

    def _as_user(self):
        """Arguments of Popen that drop root's rights."""
        if os.getuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def _start(self, name, argv, *ports):
        """Returns when it listens at every port."""
        with open(self.dir / f"{name}.out", "ab") as out:
            child = Child(argv, stdout=out, stderr=out, cwd="/",
                          env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
                          **self._as_user())
        end, todo = time.monotonic() + PATIENCE_S, list(ports)
        while todo and time.monotonic() < end and child.alive():
            with contextlib.suppress(OSError), \
                    socket.create_connection(("127.0.0.1", todo[0]), 1):
                del todo[0]
                continue
            time.sleep(0.02)
        if not todo:
            return child
        child.kill()
        raise BedError(f"{name} did not start:\n{self.log(name)}")

    def start_dovecot(self):
        self.dovecot = self._start(
            "dovecot", ["dovecot", "-F", "-c", f"{self.dir}/dovecot.conf"],
            self._imap, self._imaps, self._lmtp)

    def stop_dovecot(self):
        """Ends it in an orderly way; sessions are told BYE."""
        self.dovecot.stop()

    def kill_dovecot(self):
        """Pulls the plug: no BYE, no flush."""
        self.dovecot.kill()

    def start_exim(self):
        self.exim = self._start(
            "exim", ["exim4", "-C", f"{self.dir}/exim.conf", "-bdf", "-q10m"],
            self._smtp_port, self._submit, self._submits)

    def stop_exim(self):
        self.exim.kill()

    def spawn(self, argv, **kwargs):
        """Starts a program that is ended together with the bed; Child."""
        child = Child([str(arg) for arg in argv], **kwargs)
        self._children.append(child)
        return child

    def last_words(self, name):
        """The end of its log."""
        return self.log(name)[-2000:]

    def log(self, name):
        """What "dovecot" or "exim" has written down, as text."""
        names = {"dovecot": ("dovecot.out", "run/dovecot.log"),
                 "exim": ("exim.out", "exim/mainlog", "exim/rejectlog",
                          "exim/paniclog")}[name]
        return "".join(
            (self.dir / n).read_text(errors="replace")
            for n in names if (self.dir / n).exists())

    # -- addresses ----------------------------------------------------------
    @property
    def ca_file(self):
        return str(self.dir / "ca" / "ca.pem")

    def imap_at(self, cert="good"):
        return f"{bed_conf.CERT_HOSTS[cert]}:{self._imap}"

    def imaps_at(self, cert="good"):
        return f"{bed_conf.CERT_HOSTS[cert]}:{self._imaps}"

    def smtp_at(self, cert="good"):
        return f"{bed_conf.CERT_HOSTS[cert]}:{self._smtp_port}"

    def submit_at(self, cert="good"):
        return f"{bed_conf.CERT_HOSTS[cert]}:{self._submit}"

    def submits_at(self, cert="good"):
        return f"{bed_conf.CERT_HOSTS[cert]}:{self._submits}"

    # -- users --------------------------------------------------------------
    def add_user(self, address):
        """From now on mail to this address is accepted; returns it."""
        with open(self.dir / "users", "a", encoding="ascii") as users:
            users.write(address.lower() + "\n")
        return address

    def token(self, user, life_s=3600):
        """An XOAUTH2 token that both servers accept for this user."""
        def part(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        now = int(time.time())
        head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
        body = part(json.dumps({"sub": user, "iat": now - 1, "nbf": now - 1,
                                "exp": now + life_s}).encode())
        mac = hmac.new(self._jwt_key, head + b"." + body, hashlib.sha256)
        token = b".".join((head, body, part(mac.digest()))).decode()
        with open(self.dir / "tokens", "a", encoding="ascii") as tokens:
            tokens.write(f"{token}: {user}\n")  # a user may have several
        return token

    # -- SMTP ---------------------------------------------------------------
    def deliver(self, to, message, sender="citizen@example.net", wait=True):
        """Mail from outside, by SMTP without log-in, to one address or a
        list.  message: bytes or an EmailMessage.  With wait, returns when it
        has left Exim's queue."""
        raw = message if isinstance(message, bytes) else message.as_bytes(
            policy=email.policy.SMTP)
        raw = re.sub(rb"\r\n|\n", b"\r\n", raw)
        with smtplib.SMTP("127.0.0.1", self._smtp_port, "client.test") as smtp:
            smtp.sendmail(sender, to, raw)
        if wait:
            self.wait_delivered()

    def flush(self):
        """Tries everything in Exim's queue at once, whatever was due."""
        subprocess.run(["exim4", "-C", f"{self.dir}/exim.conf", "-qff"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False,
                       **self._as_user())

    def queue_length(self):
        return len(list((self.dir / "exim" / "input").glob("**/*-H")))

    def wait_delivered(self, timeout=PATIENCE_S):
        """Returns when Exim's queue is empty."""
        end = time.monotonic() + timeout
        late = time.monotonic() + 1
        while self.queue_length() > 0:
            if time.monotonic() > end:
                raise BedError("mail stays in Exim's queue:\n" +
                               self.log("exim"))
            if time.monotonic() > late:
                self.flush()
                late = time.monotonic() + 1
            time.sleep(0.02)

    def _settle(self):
        """What Exim answered for is on its way yet: wait for it."""
        if self.exim is not None and self.exim.alive():
            self.wait_delivered()

    # -- mailboxes ----------------------------------------------------------
    @contextlib.contextmanager
    def imap(self, user, folder=None, readonly=False):
        """A logged-in imaplib.IMAP4, with the folder selected."""
        client = imaplib.IMAP4("127.0.0.1", self._imap)
        try:
            secret = b"\0" + user.encode() + b"\0" + self.password.encode()
            client.authenticate("PLAIN", lambda _: secret)
            if folder is not None:
                _ok(client.select(encode_folder(folder), readonly))
            yield client
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def append(self, user, message, folder="INBOX", flags=(), date=None):
        """Puts a mail into a mailbox without SMTP; date: Unix seconds for
        INTERNALDATE.  Returns its UID."""
        raw = message if isinstance(message, bytes) else message.as_bytes(
            policy=email.policy.SMTP)
        when = imaplib.Time2Internaldate(time.time() if date is None else date)
        with self.imap(user) as client:
            answer = _ok(client.append(
                encode_folder(folder), f"({' '.join(flags)})", when, raw))
        return int(re.search(rb"APPENDUID \d+ (\d+)", answer[0]).group(1))

    def fill(self, user, messages, folder="INBOX"):
        """Many mails at once, straight into the folder's Maildir; they get
        UIDs in this order.  Returns how many.  Each is whole when it comes
        under its name: Dovecot may look at any time."""
        top = self._maildir(user, folder)
        if not (top / "cur").exists():
            for name in ("tmp", "new", "cur"):
                (top / name).mkdir(parents=True, exist_ok=True)
            self._own(f"mail/{user}")
        base, n = time.time_ns(), 0
        for raw in messages:
            name = f"{base // 10**9}.M{base % 10**9:09d}P{n:07d}.bed"
            (top / "tmp" / name).write_bytes(raw)
            if os.getuid() == 0:
                os.chown(top / "tmp" / name, self.uid, self.gid)
            (top / "tmp" / name).rename(top / "new" / name)
            n += 1
        return n

    def _maildir(self, user, folder):
        top = self.dir / "mail" / user / "Maildir"
        return top if folder == "INBOX" else \
            top / ("." + encode_folder(folder).strip('"'))

    def mailbox(self, user, folder="INBOX"):
        """All mails of a folder, as a list of Mail in the order of UIDs, when
        all that Exim has taken is delivered.  Nothing is marked as read."""
        self._settle()
        with self.imap(user, folder, readonly=True) as client:
            answer = _ok(client.uid(
                "FETCH", "1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])"))
        return [_mail(item) for item in answer if isinstance(item, tuple)]

    def wait_mail(self, user, count=1, match=None, folder="INBOX",
                  timeout=PATIENCE_S):
        """Waits until at least count mails that match(Mail) are there, and
        returns all of those."""
        end = time.monotonic() + timeout
        while True:
            found = [m for m in self.mailbox(user, folder)
                     if match is None or match(m)]
            if len(found) >= count:
                return found
            if time.monotonic() > end:
                raise AssertionError(
                    f"{user} {folder}: {len(found)} of {count} mails "
                    f"after {timeout} s")
            time.sleep(0.1)

    def folders(self, user):
        """Names of the folders, as the server spells them."""
        with self.imap(user) as client:
            return [line.decode().rsplit(" ", 1)[-1].strip('"')
                    for line in _ok(client.list())]

    def uidvalidity(self, user, folder="INBOX"):
        with self.imap(user) as client:
            answer = _ok(client.status(encode_folder(folder), "(UIDVALIDITY)"))
        return int(re.search(rb"UIDVALIDITY (\d+)", answer[0]).group(1))

    def create(self, user, folder):
        with self.imap(user) as client:
            _ok(client.create(encode_folder(folder)))

    def flag(self, user, uid, flags, folder="INBOX", change="+FLAGS"):
        """Changes flags as somebody in webmail would; change: "+FLAGS",
        "-FLAGS" or "FLAGS"."""
        with self.imap(user, folder) as client:
            _ok(client.uid("STORE", str(uid), change, f"({' '.join(flags)})"))

    def move(self, user, uid, to, folder="INBOX"):
        with self.imap(user, folder) as client:
            _ok(client.uid("MOVE", str(uid), encode_folder(to)))

    def delete(self, user, uid, folder="INBOX"):
        """Removes one mail for good."""
        with self.imap(user, folder) as client:
            _ok(client.uid("STORE", str(uid), "+FLAGS", r"(\Deleted)"))
            _ok(client.expunge())

    def clear(self, *users):
        """Empties mailboxes for the next test, which has a store of its own:
        whether UIDVALIDITY changes is left open, see wipe()."""
        self._settle()
        for user in users:
            shutil.rmtree(self.dir / "mail" / user, ignore_errors=True)

    def wipe(self, user):
        """Throws a user's mailbox away; the next one that Dovecot makes has
        another UIDVALIDITY.  Returns the new one, None if there was none."""
        self._settle()
        if not (self.dir / "mail" / user).exists():
            return None
        before = self.uidvalidity(user)
        while True:
            shutil.rmtree(self.dir / "mail" / user)
            now = self.uidvalidity(user)
            if now != before:
                return now
            time.sleep(0.2)


def _ok(answer):
    status, data = answer
    if status != "OK":
        raise BedError(f"IMAP {status}: {data}")
    return data


def _mail(item):
    head, raw = item
    uid = int(re.search(rb"UID (\d+)", head).group(1))
    flags = re.search(rb"FLAGS \(([^)]*)\)", head).group(1).decode().split()
    date = time.mktime(imaplib.Internaldate2tuple(head))
    return Mail(uid, set(flags), int(date), raw)
