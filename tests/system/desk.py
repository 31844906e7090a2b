# SPDX-License-Identifier: ISC
"""An office whose clock the test sets: for what depends on the day."""
import contextlib
import datetime as dt
import sqlite3
import time

from office import Office

CHINA = dt.timezone(dt.timedelta(hours=8))


class Desk(Office):
    """An office whose clock the test sets."""

    def clock(self, when):
        """The environment in which it is `when` in China."""
        target = dt.datetime.strptime(when, "%Y-%m-%d %H:%M").replace(
            tzinfo=CHINA).timestamp()
        path = self.dir / "clock"
        path.write_text(str(int(target - time.time()) + 1))
        return {"CLUED_TEST_CLOCK": str(path)}

    def at(self, when, check=True, **env):
        """`clued --once` at that time; its new letters."""
        before = len(self.letters())
        self.once(check=check, **env, **self.clock(when))
        return self.letters()[before:]

    def letters(self):
        """(kind, deadline, recipient) of every letter, in order."""
        if not self.store.exists():
            return []
        return [(r["kind"], r["deadline"], r["to_person"]) for r in self.sql(
            "SELECT l.kind, coalesce(d.kind, '') AS deadline, l.to_person"
            " FROM letter AS l LEFT JOIN deadline AS d ON d.id = l.deadline"
            " ORDER BY l.id")]

    def states(self):
        return [r["state"] for r in self.sql(
            "SELECT state FROM letter WHERE deadline IS NOT NULL"
            " ORDER BY id")]

    def poke(self, sql):
        """What another command would have written."""
        with contextlib.closing(sqlite3.connect(self.store)) as db, db:
            db.execute(sql)
