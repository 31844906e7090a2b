# SPDX-License-Identifier: ISC
"""systemd's end of sd_notify(3); it reads at once, as systemd does."""
import itertools
import pathlib
import socket
import threading
import time

from bed import PATIENCE_S


class Notify:
    """lines: every line that was told, in order."""

    def __init__(self, folder):
        self.path = str(pathlib.Path(folder) / "notify")
        self.lines, self._marks = [], itertools.count()
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(self.path)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            self.lines += self.sock.recv(65536).decode().splitlines()

    def settle(self):
        """Returns when all that was told before has been read."""
        mark = f"MARK={next(self._marks)}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.sendto(mark.encode(), self.path)
        end = time.monotonic() + PATIENCE_S
        while mark not in self.lines:
            assert time.monotonic() < end
            time.sleep(0.01)

    def status(self):
        """The last STATUS that was told."""
        return next((x[7:] for x in reversed(self.lines)
                     if x.startswith("STATUS=")), "")

    def count(self, line):
        return self.lines.count(line)
