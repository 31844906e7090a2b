# SPDX-License-Identifier: ISC
"""The test's end of tests/faults/fail.c: which call fails in a process.

    page = FaultPage(folder)
    office.start(**page.env(build / "fail.so"))
    page.arm("core", "fsync", 3, errno.EIO)     # the third one from now on
    …
    page.disarm()
    assert page.happened
"""
import mmap
import pathlib
import struct

LAYOUT = struct.Struct("=IIiIqqq24s24s")
SIZE = 4096


class FaultPage:
    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "fault-page"
        self.path.write_bytes(b"\0" * SIZE)
        with open(self.path, "r+b") as f:
            self.map = mmap.mmap(f.fileno(), SIZE)

    def env(self, shim):
        """The environment in which the daemon and its roles look here."""
        return {"LD_PRELOAD": str(shim), "CLUED_TEST_LD_PRELOAD": str(shim),
                "CLUED_TEST_FAIL": str(self.path)}

    def arm(self, role, call, nth, code, onwards=False):
        """The nth such call from now on fails; onwards: and all after it."""
        self.disarm()
        LAYOUT.pack_into(self.map, 0, 0, onwards, code, 0, nth, 0, 0,
                         call.encode(), role.encode())
        self._set_armed(1)

    def disarm(self):
        self._set_armed(0)

    def _set_armed(self, armed):
        struct.pack_into("=I", self.map, 0, armed)

    @property
    def happened(self):
        """How many calls failed since arm()."""
        return LAYOUT.unpack_from(self.map)[6]

    @property
    def seen(self):
        """How many such calls there were since arm()."""
        return LAYOUT.unpack_from(self.map)[5]
