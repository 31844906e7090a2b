# SPDX-License-Identifier: ISC
"""systemd's end of sd_notify(3); it reads at once, as systemd does."""
import pathlib
import socket
import threading


class Notify:
    """lines: every line that was told, in order."""

    def __init__(self, folder):
        self.path = str(pathlib.Path(folder) / "notify")
        self.lines = []
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(self.path)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            self.lines += self.sock.recv(65536).decode().splitlines()

    def status(self):
        """The last STATUS that was told."""
        return next((x[7:] for x in reversed(self.lines)
                     if x.startswith("STATUS=")), "")

    def count(self, line):
        return self.lines.count(line)
