# SPDX-License-Identifier: ISC
"""The send process of clued by itself, driven by send_driver.c."""
import json
import os
import select
import subprocess

from bed import PATIENCE_S

TLS = {"implicit": 0, "starttls": 1, "none": 2}
AUTH = {"none": 0, "plain": 1, "login": 2, "xoauth2": 3}

START, LETTER, STOP, RESULT = 1, 2, 3, 4  # enum send_frame


class SendProcess:
    """with SendProcess(driver, host="smtp.test", …) as send: send.letter(…)

    Keywords are the fields of struct send_start; answers are dicts with
    letter, outcome, code, pause_s and what.
    """

    def __init__(self, driver, tmp, start=True, **conf):
        self._driver, self._tmp, self._start = driver, tmp, start
        self._conf = {"host": "smtp.test", "port": 25, "tls": "none",
                      "ca_file": "", "connect_to": "", "auth": "none",
                      "user": "", "secret": "", "helo": "clued.test",
                      "timeout_ms": 60000, "check": 0, **conf}
        self._letters, self._heard = 0, b""
        self.pid = None

    def __enter__(self):
        self.proc = subprocess.Popen(
            [str(self._driver)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1)
        self.pid = self.answer()["pid"]
        if self._start:
            conf = self._conf
            self.command("start", conf["host"], conf["port"],
                         TLS[conf["tls"]], conf["ca_file"],
                         conf["connect_to"], AUTH[conf["auth"]],
                         conf["user"], conf["secret"], conf["helo"],
                         conf["timeout_ms"], conf["check"])
        return self

    def __exit__(self, *_):
        self.proc.stdin.close()
        try:
            self.proc.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
        self.proc.stdout.close()

    def command(self, *words):
        self.proc.stdin.write("\t".join(str(w) for w in words) + "\n")
        self.proc.stdin.flush()

    def answer(self, timeout=PATIENCE_S):
        out = self.proc.stdout.fileno()  # readline() would hide what it has
        while b"\n" not in self._heard:
            ready, _, _ = select.select([out], [], [], timeout)
            if not ready:
                raise AssertionError(f"no answer after {timeout} s")
            more = os.read(out, 65536)
            if not more:
                return None
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return json.loads(line)

    def give(self, raw=b"Subject: a\r\n\r\nb\r\n", to="li@example.org",
             sender="tips@example.com"):
        """Hands a letter over and returns its number."""
        self._letters += 1
        path = self._tmp / f"letter-{self._letters}"
        path.write_bytes(raw)
        self.command("letter", self._letters, sender, to, path)
        return self._letters

    def letter(self, *args, **kwargs):
        """Hands a letter over and waits for what came of it."""
        number = self.give(*args, **kwargs)
        result = self.answer()
        assert result["letter"] == number, result
        return result

    def burst(self, n, raw, to="li@example.org", sender="tips@example.com"):
        path = self._tmp / "burst"
        path.write_bytes(raw)
        self.command("burst", n, sender, to, path)
        return self.answer(600)

    def ahead(self, n, raw, to="li@example.org", sender="tips@example.com"):
        """Hands over letters 1 to n, waiting for no answer."""
        path = self._tmp / "ahead"
        path.write_bytes(raw)
        self.command("ahead", n, sender, to, path)

    def stop(self):
        """SEND_STOP; returns the exit status."""
        self.command("stop")
        return self.exit()

    def exit(self):
        """The exit status when the process ends by itself."""
        while True:
            answer = self.answer()
            if "exit" in answer:
                return answer["exit"]
