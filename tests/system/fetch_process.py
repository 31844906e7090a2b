# SPDX-License-Identifier: ISC
"""One fetch process, driven by fetch_driver.

    with Fetch(build, port=imap.port, folder=["INBOX"]) as fetch:
        fetch.wait("round")
        assert [t["uid"] for t in fetch.taken()] == [1, 2]

Keyword arguments become the driver's key=value arguments (a list: several).
Defaults: 127.0.0.1, no TLS, INBOX.
"""
import json
import subprocess
import threading
import time

from bed import PATIENCE_S


class Fetch:
    def __init__(self, build, **args):
        values = {"host": "localhost", "to": f"127.0.0.1:{args.pop('port', 0)}",
                  "tls": "none", "folder": ["INBOX"], "timeout": 3000,
                  "poll": 3600}
        if "server_port" in args:
            values["port"] = args.pop("server_port")
        values.update(args)
        self._argv = [str(build / "fetch_driver")]
        for key, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                self._argv.append(f"{key}={one}")
        self.frames, self._news = [], threading.Condition()

    def __enter__(self):
        self._proc = subprocess.Popen(
            self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self._threads = [threading.Thread(target=self._read),
                         threading.Thread(target=self._read_errors)]
        self.errors = ""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        if self._proc.poll() is None:
            self._proc.kill()
        self._proc.wait()
        for thread in self._threads:
            thread.join()
        self._proc.stdin.close()
        self._proc.stdout.close()
        self._proc.stderr.close()

    def _read(self):
        for line in self._proc.stdout:
            with self._news:
                self.frames.append(json.loads(line))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def _read_errors(self):
        self.errors = self._proc.stderr.read()

    # -- questions ----------------------------------------------------------
    def all(self, frame, **match):
        """The frames of this name whose fields are these."""
        with self._news:
            return [f for f in self.frames if f["frame"] == frame and
                    all(f.get(k) == v for k, v in match.items())]

    def wait(self, frame, count=1, timeout=PATIENCE_S, **match):
        """Waits for the count-th of them and returns it."""
        end = time.monotonic() + timeout
        while True:
            found = self.all(frame, **match)
            if len(found) >= count:
                return found[count - 1]
            left = end - time.monotonic()
            if left <= 0 or (self._proc.poll() is not None and
                             not self._threads[0].is_alive()):
                raise AssertionError(
                    f"no {frame} {match} number {count}; frames: "
                    f"{self.frames[-5:]} {self.errors}")
            with self._news:
                self._news.wait(min(left, 0.2))

    def taken(self, **match):
        return self.all("taken", **match)

    def uids(self, **match):
        return [f["uid"] for f in self.taken(**match)]

    def tell(self, word):
        """poll, stop, ack or close."""
        self._proc.stdin.write(word + "\n")
        self._proc.stdin.flush()

    def end(self, timeout=PATIENCE_S):
        """Waits for the process's end; its exit status."""
        frame = self.wait("exit", timeout=timeout)
        assert frame["signal"] == 0, frame
        return frame["status"]

    def run(self, timeout=PATIENCE_S):
        """For once=1 and check=1: from start to end; the exit status."""
        with self:
            return self.end(timeout)
