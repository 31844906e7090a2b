# SPDX-License-Identifier: ISC
"""The test's end of tests/faults/fail.c: which call fails in a process.

    page = FaultPage(folder)
    office.start(**page.env(build / "fail.so"))
    page.arm("core", "fsync", 3, errno.EIO)     # the third one from now on
    …
    page.disarm()
    assert page.happened

arm_new() makes calls fail by where they come from: each stack once, until
forget()."""
import contextlib
import mmap
import os
import pathlib
import signal
import struct
import subprocess

FAULT = struct.Struct("=IIiIIIqqqqq24s24s")
FAULTS, TRACES, STACKS, FRAMES = 4, 8, 16384, 20
FRAME = struct.Struct("=Q16s")
N_TRACES = FAULTS * FAULT.size
TRACE = FRAMES * FRAME.size
N_STACKS = N_TRACES + 8 + TRACES * TRACE
VICTIM = N_STACKS + 8 + 8 * STACKS
SIZE = -(-(VICTIM + 8) // 4096) * 4096
ONWARDS, NEW, AFTER, MARK, KILL = 1, 2, 4, 8, 16


class FaultPage:
    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "fault-page"
        self.path.write_bytes(b"\0" * SIZE)
        with open(self.path, "r+b") as f:
            self.map = mmap.mmap(f.fileno(), SIZE)
        self.traced = 0
        self.kills = False  # whether what is armed ends its process
        self.part = (0, 0)  # arm_new: 2, 5 = the third fifth of the places

    def env(self, shim):
        """The environment in which the daemon and its roles look here."""
        return {"LD_PRELOAD": str(shim), "CLUED_TEST_LD_PRELOAD": str(shim),
                "CLUED_TEST_FAIL": str(self.path)}

    def arm(self, role, call, nth, code, onwards=False):
        """The nth such call from now on fails; onwards: and all after it."""
        self._arm(0, onwards * ONWARDS, code, 0, nth, 0, call, role)

    def kill(self, role, call, nth):
        """The process dies at the nth such call from now on."""
        self._arm(0, KILL, 0, 0, nth, 0, call, role)

    def arm_then(self, role, call, nth, code, onwards=False):
        """A second fault: such calls count when the first one happened."""
        self._arm(1, onwards * ONWARDS | AFTER, code, 0, nth, 0, call, role)

    def arm_new(self, role, call, code, most=1, skip=0, depth=FRAMES,
                onwards=False, go_on=False):
        """As many such calls fail as come from where none failed yet, by so
        many callers; the first such places may be left out.  go_on: the calls
        are always the same, those up to the last that failed are not looked at
        again."""
        self._arm(0, onwards * ONWARDS | NEW, code, depth, most, skip, call,
                  role, self._field(0, 8) if go_on else 0)

    def mark(self, role, call, nth=1):
        """From that call on arm_new_then() counts."""
        self._arm(0, MARK, 0, 0, nth, 0, call, role)

    def arm_new_then(self, role, call, code, skip=0, depth=FRAMES,
                     go_on=False):
        self._arm(1, AFTER | NEW, code, depth, 1, skip, call, role,
                  self._field(1, 8) if go_on else 0)

    def _arm(self, slot, how, code, depth, nth, skip, call, role, begin=0):
        at = slot * FAULT.size
        self.traced = self._number(N_TRACES)
        self.kills = bool(how & KILL)
        struct.pack_into("=I", self.map, at, 0)
        FAULT.pack_into(self.map, at, 0, how, code, depth, *self.part, nth,
                        skip, begin, 0, 0, call.encode(), role.encode())
        struct.pack_into("=I", self.map, at, 1)

    def disarm(self):
        for slot in range(FAULTS):
            struct.pack_into("=I", self.map, slot * FAULT.size, 0)

    def holders(self):
        """The processes that look here, as lines of /proc/PID/cmdline."""
        found = []
        for proc in pathlib.Path("/proc").glob("[0-9]*"):
            if proc.name == str(os.getpid()):
                continue
            with contextlib.suppress(OSError):
                if str(self.path) in (proc / "maps").read_text():
                    found.append((proc / "cmdline").read_text())
        return found

    def forget(self):
        """What failed may fail again, from the first call on."""
        self.map[0:N_TRACES] = bytes(N_TRACES)
        self.map[N_STACKS:N_STACKS + 8 + 8 * STACKS] = bytes(8 + 8 * STACKS)

    def _field(self, slot, n):
        return FAULT.unpack_from(self.map, slot * FAULT.size)[n]

    def _number(self, at):
        return struct.unpack_from("=Q", self.map, at)[0]

    @property
    def happened(self):
        """How many calls failed since arm(); who waits to be killed is."""
        victim = self._number(VICTIM)
        if victim:
            struct.pack_into("=q", self.map, VICTIM, 0)
            os.kill(victim, signal.SIGKILL)
        return self._field(0, 10)

    @property
    def happened_then(self):
        """How many of the second fault."""
        return self._field(1, 10)

    @property
    def seen(self):
        """How many such calls there were since arm()."""
        return self._field(0, 9)

    @property
    def stacks(self):
        """How many places failed since forget()."""
        return self._number(N_STACKS)

    def traces(self, program):
        """Where the calls of a program that failed since arm_new() came from,
        in words."""
        end = self._number(N_TRACES)
        return "\n".join(self._trace(n % TRACES, program)
                         for n in range(max(self.traced, end - TRACES), end))

    def _trace(self, n, program):
        at = N_TRACES + 8 + n * TRACE
        said = []
        for k in range(FRAMES):
            offset, module = FRAME.unpack_from(self.map, at + k * FRAME.size)
            module = module.split(b"\0")[0].decode()
            if not offset:
                break
            said.append(self._words(offset, module, program))
        return " < ".join(said)

    @staticmethod
    def _words(offset, module, program):
        """Ours have no name: they are the program itself."""
        if module:
            return f"{module[:12]}+{offset:x}"
        done = subprocess.run(
            ["addr2line", "-f", "-s", "-e", program,
             hex(offset - 1)], capture_output=True, text=True, check=False)
        return done.stdout.split("\n")[0] or hex(offset)
