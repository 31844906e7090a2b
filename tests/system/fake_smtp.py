# SPDX-License-Identifier: ISC
"""A scripted SMTP server: for what a real one will not do on demand.

    with FakeSmtp(starttls=bed_dir / "ca" / "good.pem") as smtp:
        smtp.on("rcpt", b"450 4.7.1 MI:CEL", times=1)
        smtp.on("dot", cut=True, nth=3)
        …                          # the client talks to smtp.host, smtp.port
        assert smtp.letters[0].rcpts == ["li@example.org"]

It runs in a thread of its own, accepts everything that no rule changes, and
writes down every session, command, envelope and letter.

Steps at which a rule may act: connect, ehlo, starttls, tls (the handshake),
auth, mail, rcpt, data, body (while the letter arrives), dot (its end), rset,
noop, quit, after (when a letter's reply has been sent).
"""
import asyncio
import base64
import ssl
import threading
import time

from bed import PATIENCE_S

OK = {
    "connect": b"220 fake.test ESMTP",
    "starttls": b"220 2.0.0 Ready to start TLS",
    "auth": b"235 2.7.0 Authentication successful",
    "mail": b"250 2.1.0 Mail OK",
    "rcpt": b"250 2.1.5 Mail OK",
    "data": b"354 End data with <CR><LF>.<CR><LF>",
    "dot": b"250 2.0.0 Mail OK queued as fake",
    "rset": b"250 2.0.0 OK",
    "noop": b"250 2.0.0 OK",
    "quit": b"221 2.0.0 Bye",
}


class Letter:
    """One transaction.  data: the letter without dot-stuffing, None if its
    end never came; reply: what was answered to it (b"" = nothing)."""

    def __init__(self, session):
        self.session = session    # number, 1 is the first connection
        self.mail_from = None
        self.mail_args = ""       # what follows the address: SIZE=…
        self.rcpts = []           # those answered by 2xx
        self.data = None
        self.reply = b""
        self.done_at = None       # time.monotonic() at the answer

    @property
    def accepted(self):
        return self.reply.startswith(b"2")


class Session:
    """One connection: its commands (bytes, as they came), whether TLS was
    on in the end, who had logged in (decoded AUTH strings), and whether more
    came with MAIL before that was answered.  ended is set when it is over: a
    client that says QUIT and closes may be gone before QUIT is read here."""

    def __init__(self, number):
        self.number, self.commands = number, []
        self.ended = threading.Event()
        self.tls = self.ahead = False
        self.auth = []
        self.helo = None


class _Rule:
    def __init__(self, step, **how):
        self.step = step
        self.reply = how.pop("reply")
        self.nth, self.times = how.pop("nth"), how.pop("times")
        self.match = how.pop("match")
        self.cut, self.close = how.pop("cut"), how.pop("close")
        self.stall_s, self.drip_s = how.pop("stall_s"), how.pop("drip_s")
        self.seen = 0

    def takes(self, step, line):
        """Whether this rule acts now; counts."""
        if step != self.step or (self.match and self.match not in line):
            return False
        self.seen += 1
        if self.nth is not None:
            return self.seen == self.nth
        return self.times is None or self.seen <= self.times


class _Gone(Exception):
    pass


class FakeSmtp:
    """See the head of this file.

    tls, starttls  a PEM file (X.pem with X.key beside it): TLS from the first
                   byte, or offered by STARTTLS
    auth           the mechanisms offered, e.g. ("PLAIN", "LOGIN"); () = none
    password       when set, AUTH with another one is answered by 535
    """

    def __init__(self, tls=None, starttls=None, auth=("PLAIN", "LOGIN"),
                 password=None, extensions=(b"8BITMIME", b"SIZE 52428800"),
                 pipelining=True, data_without_rcpt=False):
        self._tls = _context(tls)
        self._starttls = _context(starttls)
        self._auth, self._password = auth, password
        self._extensions = extensions
        self._pipelining = pipelining
        self._data_without_rcpt = data_without_rcpt
        self._rules, self._tasks = [], set()
        self.letters, self.sessions = [], []
        self.host, self.port = "127.0.0.1", None

    @property
    def at(self):
        """host:port, in the form of CURLOPT_CONNECT_TO."""
        return f"{self.host}:{self.port}"

    def on(self, step, reply=None, *, nth=None, times=None, match=None,
           cut=False, close=False, stall_s=0.0, drip_s=0.0):
        """At this step: wait stall_s, then answer reply (bytes, lines without
        their last CR LF) instead of what is usual, drip_s between its bytes.
        cut: close without an answer; close: answer, then close.  Only the
        nth time, or the first `times` times, or whenever; counted are the
        commands that hold the bytes `match`.  Later rules go first."""
        self._rules.insert(0, _Rule(
            step, reply=reply, nth=nth, times=times, match=match, cut=cut,
            close=close, stall_s=stall_s, drip_s=drip_s))

    def clear(self):
        self._rules.clear()

    def accepted(self):
        return [letter for letter in self.letters if letter.accepted]

    def wait(self, count, timeout=PATIENCE_S):
        """Waits for so many answered (or cut) letters."""
        end = time.monotonic() + timeout
        while sum(x.done_at is not None for x in self.letters) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(self.letters)} of {count} letters")
            time.sleep(0.01)
        return self.letters

    def wait_data(self, count, timeout=PATIENCE_S):
        """Waits for so many letters, answered or not."""
        end = time.monotonic() + timeout
        while sum(x.data is not None for x in self.letters) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(self.letters)} of {count} letters")
            time.sleep(0.01)

    # -- thread -------------------------------------------------------------
    def __enter__(self):
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self, ready):
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda *_: None)  # cuts are wanted
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready):
        self._end = asyncio.Event()
        server = await asyncio.start_server(
            self._client, self.host, 0, ssl=self._tls, limit=1 << 26)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._end.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _client(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        session = Session(len(self.sessions) + 1)
        session.tls = self._tls is not None
        self.sessions.append(session)
        try:
            await _Talk(self, session, reader, writer).run()
        except (_Gone, OSError, ssl.SSLError, asyncio.IncompleteReadError,
                asyncio.LimitOverrunError):
            pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)
            session.ended.set()

    def _rule(self, step, line):
        hit = None
        for rule in self._rules:
            if hit is None and rule.takes(step, line):
                hit = rule
        return hit


class _Talk:
    """One connection being served."""

    def __init__(self, server, session, reader, writer):
        self.server, self.session = server, session
        self.reader, self.writer = reader, writer
        self.letter = None

    async def run(self):
        await self.answer("connect")
        while True:
            line = await self.reader.readline()
            if not line.endswith(b"\n"):
                return
            line = line.rstrip(b"\r\n")
            self.session.commands.append(line)
            await self.command(line)

    async def command(self, line):
        verb = line.split(b" ")[0].split(b":")[0].upper().decode("latin-1")
        act = {"EHLO": self.ehlo, "HELO": self.ehlo,
               "STARTTLS": self.starttls, "AUTH": self.auth,
               "MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data,
               "RSET": self.rset, "NOOP": self.noop,
               "QUIT": self.quit}.get(verb)
        if act is None:
            await self.send(b"500 5.5.1 what?")
        else:
            await act(line)

    async def send(self, reply, drip_s=0.0):
        data = reply + b"\r\n"
        if drip_s == 0:
            self.writer.write(data)
        else:
            for i in range(len(data)):
                self.writer.write(data[i:i + 1])
                await self.writer.drain()
                await asyncio.sleep(drip_s)
        await self.writer.drain()

    async def answer(self, step, line=b"", usual=None):
        """Sends the answer of this step; returns its first byte."""
        reply = OK.get(step) if usual is None else usual
        rule = self.server._rule(step, line)
        if rule is None:
            await self.send(reply)
            return reply[:1]
        if rule.stall_s:
            await asyncio.sleep(rule.stall_s)
        if rule.cut:
            raise _Gone
        reply = reply if rule.reply is None else rule.reply
        await self.send(reply, rule.drip_s)
        if rule.close:
            self.session.commands.append(b"(closed)")
            raise _Gone
        return reply[:1]

    async def ehlo(self, line):
        self.session.helo = line[5:].decode("latin-1")
        lines = [b"fake.test", *self.server._extensions]
        if self.server._pipelining:
            lines.insert(1, b"PIPELINING")
        if self.server._starttls is not None and not self.session.tls:
            lines.append(b"STARTTLS")
        if self.server._auth:
            lines.append(b"AUTH " + " ".join(self.server._auth).encode())
        reply = b"\r\n".join(b"250-" + x for x in lines[:-1])
        await self.answer("ehlo", line, reply + b"\r\n250 " + lines[-1])

    async def starttls(self, line):
        if self.server._starttls is None:
            await self.send(b"502 5.5.1 no TLS here")
        elif await self.answer("starttls", line) == b"2":
            rule = self.server._rule("tls", b"")
            if rule is not None:
                await asyncio.sleep(rule.stall_s)
                raise _Gone
            await self.writer.start_tls(self.server._starttls)
            self.session.tls = True

    async def auth(self, line):
        words = line.split(b" ")
        said = words[2:]
        if words[1].upper() == b"LOGIN":
            prompts = [b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"]
        else:
            prompts = [b""]
        for prompt in prompts[len(said):]:
            await self.send(b"334 " + prompt)
            said.append((await self.reader.readline()).strip())
        said = [base64.b64decode(x + b"==") for x in said]
        self.session.auth.append((words[1].decode(), *said))
        secret = said[-1].split(b"\0")[-1].decode("utf-8", "replace")
        if self.server._password not in (None, secret):
            await self.answer("auth", line,
                              b"535 Error: authentication failed")
        else:
            await self.answer("auth", line)

    async def mail(self, line):
        self.session.ahead |= len(self.reader._buffer) > 0
        self.letter = Letter(self.session.number)
        self.server.letters.append(self.letter)
        address, _, rest = line.partition(b"<")[2].partition(b">")
        self.letter.mail_from = address.decode("latin-1")
        self.letter.mail_args = rest.decode("latin-1").strip()
        if await self.answer("mail", line) != b"2":
            self.done()

    async def rcpt(self, line):
        address = line.partition(b"<")[2].partition(b">")[0]
        if self.letter is None:
            await self.send(b"503 5.5.1 MAIL first")
        elif await self.answer("rcpt", line) == b"2":
            self.letter.rcpts.append(address.decode("latin-1"))

    async def data(self, line):
        if self.letter is None or not (self.letter.rcpts or
                                       self.server._data_without_rcpt):
            await self.send(b"503 5.5.1 RCPT first")
        elif await self.answer("data", line) == b"3":
            await self.body()

    async def body(self):
        rule = self.server._rule("body", b"")
        if rule is not None:
            await self.reader.readline()
            await asyncio.sleep(rule.stall_s)
            if rule.reply is not None:
                await self.send(rule.reply)
            raise _Gone
        raw = await self.reader.readuntil(b"\r\n.\r\n")
        lines = raw[:-3].split(b"\r\n")
        self.letter.data = b"\r\n".join(
            x[1:] if x.startswith(b".") else x for x in lines)
        try:
            await self.dot()
        finally:
            self.done()

    async def dot(self):
        rule = self.server._rule("dot", b"")
        reply = OK["dot"]
        if rule is not None:
            await asyncio.sleep(rule.stall_s)
            if rule.cut:
                raise _Gone
            reply = reply if rule.reply is None else rule.reply
        self.letter.reply = reply
        await self.send(reply, rule.drip_s if rule is not None else 0)
        if rule is not None and rule.close:
            raise _Gone
        await self.after()

    async def after(self):
        rule = self.server._rule("after", b"")
        if rule is not None:
            await asyncio.sleep(rule.stall_s)
            if rule.reply is not None:
                await self.send(rule.reply)
            raise _Gone

    def done(self):
        self.letter.done_at = time.monotonic()
        self.letter = None

    async def rset(self, line):
        self.letter = None
        await self.answer("rset", line)

    async def noop(self, line):
        await self.answer("noop", line)

    async def quit(self, line):
        await self.answer("quit", line)
        raise _Gone


def _context(pem):
    if pem is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(str(pem), str(pem)[:-4] + ".key")
    return context
