# SPDX-License-Identifier: ISC
"""A scripted IMAP server: for what a real one will not do on demand.

    with FakeImap() as imap:
        imap.add("INBOX", b"Subject: hello\\r\\n\\r\\nhello\\r\\n")
        imap.on("select", b"NO SELECT Unsafe Login.", times=1)
        …                          # the client talks to imap.host, imap.port
        assert imap.commands("UID SEARCH")

It runs in a thread of its own, writes down every connection and command, and
knows the rules that providers have of their own:

  id_rule=True     163.com: SELECT and EXAMINE are refused as an unsafe log-in
                   until ID was sent on this connection after the log-in
  id_answer        "ok", "bad" (another layout than name, version, vendor is
                   always bad), "close" (QQ with unknown commands)
  caps, caps_in    what CAPABILITY says before and after the log-in
  starttls, tls    a PEM file with certificate and key beside it (X.key)

Steps at which a rule may act (on()): connect, starttls, and the command's
name in lower case: capability, login, authenticate, id, select, examine,
"uid search", "uid fetch", "uid store", "uid move", idle, done, logout, noop.
"""
import asyncio
import base64
import contextlib
import re
import ssl
import threading
import time

from bed import PATIENCE_S

CAPS = "IMAP4rev1 ID SASL-IR AUTH=PLAIN AUTH=XOAUTH2 STARTTLS"
CAPS_IN = "IMAP4rev1 ID UIDPLUS MOVE IDLE"
UNSAFE = b"NO %s Unsafe Login. Please contact kefu@188.com for help"
# 163's only accepted layout, RFC 2971 section 3.1.
ID_LAYOUT = re.compile(r'ID \(("[^"]*" "[^"]*" ?)+\)$', re.I)


class Message:
    """One message of a folder, and how the server lies about it.

    size      what RFC822.SIZE says (None: the truth; False: left out)
    announce  what the literal is said to have (None: the truth)
    nil       BODY[] is NIL
    cut       close in the middle of the literal, so many times
    date      INTERNALDATE as text
    """

    def __init__(self, uid, raw, **lies):
        self.uid, self.raw = uid, raw
        self.flags = set(lies.pop("flags", ()))
        self.date = lies.pop("date", "05-Oct-2026 12:00:00 +0800")
        self.size = lies.pop("size", None)
        self.announce = lies.pop("announce", None)
        self.nil = lies.pop("nil", False)
        self.cut = lies.pop("cut", 0)
        self.meta = lies.pop("meta", None)  # bytes instead of its answer
        if lies:
            raise TypeError(f"unknown: {sorted(lies)}")


class Folder:
    def __init__(self, uidvalidity=1700000001):
        self.uidvalidity, self.next = uidvalidity, 1
        self.messages = []
        self.permanent = r"\Seen \Deleted \*"


class Rule:
    def __init__(self, step, reply, times, nth, **acts):
        self.step, self.reply = step, reply
        self.left, self.skip = times, nth - 1
        self.cut = acts.pop("cut", False)      # close instead of answering
        self.stall = acts.pop("stall", 0)      # answer nothing for seconds
        self.drip = acts.pop("drip", 0)        # seconds between bytes
        self.before = acts.pop("before", b"")  # untagged bytes in front
        self.raw = acts.pop("raw", None)       # bytes instead of an answer
        self.match = acts.pop("match", "")     # text in the command
        if acts:
            raise TypeError(f"unknown: {sorted(acts)}")


class Closed(Exception):
    """The connection is to end now."""


class FakeImap:
    """See the head of this file.  password: what LOGIN accepts."""

    def __init__(self, caps=CAPS, caps_in=CAPS_IN, id_rule=False,
                 id_answer="ok", starttls=None, tls=None, password="secret",
                 greeting=b"* OK fake ready\r\n", host="127.0.0.1"):
        self.host = host
        self.caps, self.caps_in = caps, caps_in
        self.id_rule, self.id_answer = id_rule, id_answer
        self.starttls, self.tls, self.password = starttls, tls, password
        self.greeting = greeting
        self.folders = {"INBOX": Folder()}
        self.rules = []
        self.sessions = []  # a list of (time, command line) each
        self.logins = []    # time.monotonic() of every attempt
        self.extra_search = lambda folder: []
        self.two_at_once = False  # bodies of the next question before the OK
        self._idlers, self._error = set(), None
        self._loop = asyncio.new_event_loop()

    # -- life ---------------------------------------------------------------
    def __enter__(self):
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,))
        self._thread.start()
        started.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(started))
        except OSError as error:  # the address cannot be listened at
            self._error = error
            started.set()
        self._loop.close()

    async def _serve(self, started):
        self._end = asyncio.Event()
        context = self._context(self.tls) if self.tls else None
        server = await asyncio.start_server(
            self._connection, self.host, 0, ssl=context, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._end.wait()
        server.close()
        tasks = [t for t in asyncio.all_tasks() if t is not
                 asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    def _context(pem):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, str(pem).replace(".pem", ".key"))
        return context

    # -- what tests set and ask ---------------------------------------------
    def add(self, folder, raw, uid=None, **lies):
        """Puts a message into a folder (made if need be); returns it."""
        box = self.folders.setdefault(folder, Folder())
        message = Message(uid or box.next, raw, **lies)
        box.next = message.uid + 1
        box.messages.append(message)
        for session in list(self._idlers):
            if session.folder is box:
                self._loop.call_soon_threadsafe(session.news)
        return message

    def on(self, step, reply=None, times=1000000, nth=1, **acts):
        """Acts at the nth command of this step, so many times.  reply: what
        follows the tag, e.g. b"NO go away"."""
        self.rules.append(Rule(step, reply, times, nth, **acts))

    def hang_up(self):
        """Closes every connection that is open now; the clients' ends know
        of it when this returns."""
        async def close(writer):
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()

        for session in list(self._live):
            asyncio.run_coroutine_threadsafe(
                close(session.writer), self._loop).result(PATIENCE_S)

    _live = frozenset()

    def commands(self, start=""):
        """The commands so far that begin with this text, without tags."""
        lines = [line.partition(" ")[2] or line
                 for one in self.sessions for _, line in one]
        return [line for line in lines if line.startswith(start)]

    def wait_session(self, timeout=PATIENCE_S):
        """Waits until somebody has connected."""
        end = time.monotonic() + timeout
        while not self.sessions:
            if time.monotonic() > end:
                raise AssertionError("nobody connected")
            time.sleep(0.01)

    def wait_said(self, start, timeout=PATIENCE_S):
        """Waits for such a command: a client that says LOGOUT may be gone
        before that is read here."""
        end = time.monotonic() + timeout
        while not self.commands(start):
            if time.monotonic() > end:
                raise AssertionError(f"no {start}: {self.commands()[-5:]}")
            time.sleep(0.01)

    # -- one connection -----------------------------------------------------
    async def _connection(self, reader, writer):
        session = Session(self, reader, writer)
        self._live = self._live | {session}
        try:
            await session.run()
        except (Closed, ConnectionError, asyncio.IncompleteReadError,
                ssl.SSLError):
            pass
        finally:
            self._live = self._live - {session}
            self._idlers.discard(session)
            writer.close()


class Session:
    def __init__(self, server, reader, writer):
        self.server, self.reader, self.writer = server, reader, writer
        self.log = []
        server.sessions.append(self.log)
        self.logged_in = self.id_sent = self.tls = False
        self.folder, self.idle_tag, self.open_tag = None, None, None
        self.drip = 0
        self.known = 0  # how many messages the client was told of

    async def put(self, data):
        if self.drip:
            for i in range(len(data)):
                self.writer.write(data[i:i + 1])
                await self.writer.drain()
                await asyncio.sleep(self.drip)
        else:
            self.writer.write(data)
            await self.writer.drain()

    async def run(self):
        rule = self.rule("connect", "")
        if rule is not None and rule.cut:
            raise Closed
        await self.put(self.server.greeting if rule is None or
                       rule.raw is None else rule.raw)
        while True:
            line = await self.reader.readline()
            if not line.endswith(b"\n"):
                return
            await self.command(line.rstrip(b"\r\n").decode())

    # -- rules --------------------------------------------------------------
    def rule(self, step, line):
        for rule in self.server.rules:
            if rule.step != step or rule.match not in line or rule.left == 0:
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            rule.left -= 1
            return rule
        return None

    async def obey(self, tag, rule):
        """True when the rule has answered."""
        self.drip = rule.drip
        if rule.stall:
            await asyncio.sleep(rule.stall)
        await self.put(rule.before)
        if rule.raw is not None:
            await self.put(rule.raw.replace(b"TAG", tag.encode()))
        if rule.cut:
            raise Closed
        if rule.reply is not None:
            await self.put(tag.encode() + b" " + rule.reply + b"\r\n")
        return rule.raw is not None or rule.reply is not None

    async def command(self, line):
        self.log.append((time.monotonic(), line))
        if self.idle_tag is not None:
            return await self.done(line)
        tag, _, rest = line.partition(" ")
        words = rest.split(" ")
        name = words[0].lower()
        if name == "uid":
            name += " " + words[1].lower()
        if name in ("login", "authenticate"):
            self.server.logins.append(time.monotonic())
        rule = self.rule(name, line)
        if rule is not None and await self.obey(tag, rule):
            return None
        method = getattr(self, "do_" + name.replace(" ", "_"), None)
        if method is None:
            return await self.answer(tag, b"BAD unknown command")
        return await method(tag, rest)

    async def answer(self, tag, text):
        await self.put(tag.encode() + b" " + text + b"\r\n")

    # -- log-in -------------------------------------------------------------
    async def do_capability(self, tag, _):
        caps = self.server.caps_in if self.logged_in else self.server.caps
        if caps is not None:
            await self.put(f"* CAPABILITY {caps}\r\n".encode())
        await self.answer(tag, b"OK CAPABILITY done")

    async def do_starttls(self, tag, _):
        if self.server.starttls is None:
            return await self.answer(tag, b"BAD no")
        await self.answer(tag, b"OK go ahead")
        await self.writer.start_tls(FakeImap._context(self.server.starttls))
        self.tls = True
        return None

    async def do_login(self, tag, rest):
        if rest.split(" ")[2].strip('"') != self.server.password:
            return await self.answer(tag, b"NO LOGIN Login error or password "
                                     b"error")
        self.logged_in = True
        return await self.answer(tag, b"OK LOGIN completed")

    async def do_authenticate(self, tag, rest):
        words = rest.split(" ")
        if len(words) < 3:
            await self.put(b"+ \r\n")
            line = await self.reader.readline()
            self.log.append((time.monotonic(), line.decode().rstrip()))
            words.append(line.decode().strip())
        said = base64.b64decode(words[2]).decode()
        if self.server.password not in said:
            if words[1].upper() == "XOAUTH2":
                await self.put(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
                line = await self.reader.readline()
                self.log.append((time.monotonic(), line.decode().rstrip()))
            return await self.answer(tag, b"NO AUTHENTICATE failed")
        self.logged_in = True
        return await self.answer(tag, b"OK AUTHENTICATE completed")

    async def do_id(self, tag, rest):
        if self.server.id_answer == "close":
            raise Closed
        if self.server.id_answer == "bad" or not ID_LAYOUT.match(rest):
            return await self.answer(tag, b"BAD ID invalid argument")
        self.id_sent = self.logged_in
        await self.put(b'* ID ("name" "Coremail" "vendor" "Mailtech")\r\n')
        return await self.answer(tag, b"OK ID completed")

    # -- folders ------------------------------------------------------------
    async def open_folder(self, tag, rest, word):
        if self.server.id_rule and not self.id_sent:
            return await self.answer(tag, UNSAFE % word.encode())
        name = rest.partition(" ")[2].strip('"')
        self.folder = self.server.folders.get(name)
        if self.folder is None:
            return await self.answer(
                tag, b"NO " + word.encode() + b" Folder not exist")
        self.known = len(self.folder.messages)
        await self.put(
            b"* FLAGS (\\Seen \\Deleted)\r\n"
            b"* %d EXISTS\r\n* 0 RECENT\r\n"
            b"* OK [UIDVALIDITY %d] UIDs valid\r\n"
            b"* OK [UIDNEXT %d] Predicted\r\n"
            b"* OK [PERMANENTFLAGS (%s)] Limited\r\n" % (
                self.known, self.folder.uidvalidity, self.folder.next,
                self.folder.permanent.encode()))
        mode = b"READ-ONLY" if word == "EXAMINE" else b"READ-WRITE"
        return await self.answer(
            tag, b"OK [%s] %s completed" % (mode, word.encode()))

    async def do_select(self, tag, rest):
        await self.open_folder(tag, rest, "SELECT")

    async def do_examine(self, tag, rest):
        await self.open_folder(tag, rest, "EXAMINE")

    async def do_status(self, tag, rest):
        name = rest.split(" ")[1].strip('"')
        box = self.server.folders.get(name)
        if box is None:
            return await self.answer(tag, b"NO no such folder")
        await self.put(f'* STATUS "{name}" (UIDNEXT {box.next})\r\n'.encode())
        return await self.answer(tag, b"OK STATUS completed")

    async def do_noop(self, tag, _):
        await self.answer(tag, b"OK NOOP completed")

    async def do_logout(self, tag, _):
        await self.put(b"* BYE see you\r\n")
        await self.answer(tag, b"OK LOGOUT completed")
        raise Closed

    # -- messages -----------------------------------------------------------
    def chosen(self, text):
        """Messages of a UID set; n:* always has the last (RFC 3501)."""
        have = self.folder.messages
        last = have[-1].uid if have else 0
        uids = set()
        for part in text.split(","):
            low, _, high = part.partition(":")
            high = high or low
            ends = sorted(last if x == "*" else int(x) for x in (low, high))
            uids |= {m.uid for m in have if ends[0] <= m.uid <= ends[1]}
        return [m for m in have if m.uid in uids]

    async def do_uid_search(self, tag, rest):
        found = self.folder.messages
        match = re.search(r"UID SEARCH UID (\S+)", rest)
        if match:
            found = self.chosen(match.group(1))
        match = re.search(r"UNKEYWORD (\S+)", rest)
        if match:
            found = [m for m in found if match.group(1) not in m.flags]
        uids = [m.uid for m in found] + self.server.extra_search(self.folder)
        await self.put(b"* SEARCH" + b"".join(
            b" %d" % uid for uid in uids) + b"\r\n")
        await self.answer(tag, b"OK SEARCH completed")

    async def do_uid_fetch(self, tag, rest):
        _, _, text, items = rest.split(" ", 3)
        for message in self.chosen(text):
            number = self.folder.messages.index(message) + 1
            if "BODY" in items:
                await self.body(number, message, items)
            else:
                await self.describe(number, message, items)
        if self.server.two_at_once and "BODY" in items:
            if message is not self.folder.messages[-1]:
                self.open_tag = tag
                return
            await self.answer(self.open_tag, b"OK FETCH completed")
            await asyncio.sleep(0.3)
        await self.answer(tag, b"OK FETCH completed")

    async def describe(self, number, m, items):
        if m.meta is not None:
            return await self.put(m.meta)
        out = [f"UID {m.uid}"]
        if "SIZE" in items and m.size is not False:
            out.append(f"RFC822.SIZE {m.size or len(m.raw)}")
        if "FLAGS" in items:
            out.append(f"FLAGS ({' '.join(sorted(m.flags))})")
        if "DATE" in items:
            out.append(f'INTERNALDATE "{m.date}"')
        return await self.put(
            f"* {number} FETCH ({' '.join(out)})\r\n".encode())

    async def body(self, number, m, items):
        raw, name = m.raw, "BODY[]"
        part = re.search(r"<0\.(\d+)>", items)
        if part:
            raw, name = raw[:int(part.group(1))], "BODY[]<0>"
        if m.nil:
            return await self.put(
                f"* {number} FETCH (UID {m.uid} {name} NIL)\r\n".encode())
        n = len(raw) if m.announce is None or part else m.announce
        await self.put(
            f"* {number} FETCH (UID {m.uid} {name} {{{n}}}\r\n".encode())
        if m.cut > 0:
            m.cut -= 1
            await self.put(raw[:len(raw) // 2])
            raise Closed
        return await self.put(raw + b")\r\n")

    async def do_uid_store(self, tag, rest):
        _, _, text, _, flags = rest.split(" ", 4)
        for message in self.chosen(text):
            message.flags |= set(flags.strip("()").split(" "))
        await self.answer(tag, b"OK STORE completed")

    async def do_uid_move(self, tag, rest):
        _, _, text, name = rest.split(" ", 3)
        target = self.server.folders.get(name.strip('"'))
        if target is None:
            return await self.answer(tag, b"NO [TRYCREATE] no such folder")
        for message in self.chosen(text):
            number = self.folder.messages.index(message) + 1
            self.folder.messages.remove(message)
            target.messages.append(
                Message(target.next, message.raw, flags=message.flags))
            target.next += 1
            await self.put(f"* {number} EXPUNGE\r\n".encode())
        return await self.answer(tag, b"OK MOVE completed")

    # -- IDLE ---------------------------------------------------------------
    async def do_idle(self, tag, _):
        await self.put(b"+ idling\r\n")
        self.idle_tag = tag
        self.server._idlers.add(self)
        self.news()

    def news(self):
        if self.folder is not None and self.idle_tag is not None and \
                len(self.folder.messages) != self.known:
            self.known = len(self.folder.messages)
            self.writer.write(f"* {self.known} EXISTS\r\n".encode())

    async def done(self, line):
        tag, self.idle_tag = self.idle_tag, None
        self.server._idlers.discard(self)
        if line.upper() == "DONE":
            await self.answer(tag, b"OK IDLE completed")
        else:
            await self.answer(tag, b"BAD expected DONE")
