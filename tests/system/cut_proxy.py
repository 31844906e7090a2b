# SPDX-License-Identifier: ISC
"""A TCP proxy that breaks connections on purpose.

    with CutProxy(bed.imap_at()) as proxy:
        proxy.plan = Fault("cut", "down", 1234)
        …                      # the client talks to proxy.at
        print(proxy.bytes)     # {"up": …, "down": …} of the last connection
    print(proxy.said)      # the bytes themselves

A plan is for one connection, the next one that comes; what follows passes
untouched.  "down" is what the server says, "up" what the client says; the
fault happens when so many bytes went that way:

  cut      both ends are closed in an orderly way (FIN)
  reset    both ends are torn (RST)
  stall    nothing passes any more, the connections stay open
  garbage  random bytes are put in, then all passes
  drip     each further byte by itself, for a while, then all passes

freeze() does something alike to all connections that are open."""
import contextlib
import random
import select
import socket
import struct
import threading
import time

PIECE = 65536


class Fault:
    def __init__(self, kind, way, at, seed=0):
        self.kind, self.way, self.at, self.seed = kind, way, at, seed

    def __repr__(self):
        return f"{self.kind} after byte {self.at} {self.way}"


class CutProxy:
    def __init__(self, to):
        host, port = to.rsplit(":", 1)
        self.to = (host, int(port))
        self.plan = None
        self.bytes = {"up": 0, "down": 0}
        self.said = {"up": bytearray(), "down": bytearray()}
        self.happened = 0
        self.blocked = False  # True: connections are refused
        self._open = set()
        self._number = self._deaf = 0
        self._end = threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.at = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self.listener.close()

    def drop(self):
        """Ends the connections that are open, in an orderly way."""
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def freeze(self):
        """Half-open: from now on nothing passes on the connections that are
        open, and neither end hears of it.  New ones are as good as any."""
        self._deaf = self._number

    def _accept(self):
        while not self._end.is_set():
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.blocked:
                _reset(client)
                continue
            plan, self.plan = self.plan, None
            threading.Thread(target=self._serve, args=(client, plan),
                             daemon=True).start()

    def _serve(self, client, plan):
        try:
            server = socket.create_connection(self.to, 5)
        except OSError:
            client.close()
            return
        self.bytes = {"up": 0, "down": 0}
        self.said = {"up": bytearray(), "down": bytearray()}
        self._open |= {client, server}
        self._number += 1
        with client, server, contextlib.suppress(OSError):
            self._pump(client, server, plan, self.bytes, self._number)
        self._open -= {client, server}

    def _pump(self, client, server, plan, count, number):
        ends = {client: ("up", server), server: ("down", client)}
        open_ends = [client, server]
        while open_ends and not self._end.is_set():
            ready, _, _ = select.select(open_ends, [], [], 0.5)
            if number <= self._deaf:
                self._end.wait(60)
                return
            for end in ready:
                way, other = ends[end]
                data = end.recv(PIECE)
                if not data:
                    with contextlib.suppress(OSError):
                        other.shutdown(socket.SHUT_WR)
                    open_ends.remove(end)
                    continue
                if plan is not None and way == plan.way and (
                        count[way] + len(data) >= plan.at):
                    keep = plan.at - count[way]
                    other.sendall(data[:keep])
                    count[way] += keep
                    self.happened += 1
                    if not self._fault(plan, client, server, other,
                                       data[keep:]):
                        return
                    count[way] += len(data) - keep
                    plan = None
                    continue
                other.sendall(data)
                count[way] += len(data)
                self.said[way] += data

    def _fault(self, plan, client, server, other, rest):
        """False when the connection is over."""
        if plan.kind == "cut":
            return False
        if plan.kind == "reset":
            _reset(client)
            _reset(server)
            return False
        if plan.kind == "stall":
            self._end.wait(60)
            return False
        if plan.kind == "garbage":
            other.sendall(random.Random(plan.seed).randbytes(37) + rest)
            return True
        for n in range(min(len(rest), 200)):
            other.sendall(rest[n:n + 1])
            time.sleep(0.001)
        other.sendall(rest[200:])
        return True


def _reset(sock):
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                        struct.pack("ii", 1, 0))
        sock.close()
