# SPDX-License-Identifier: ISC
"""The name servers are out of reach, and come back: nobody is hammered, the
office is told after its hours, and nothing is lost or done twice.  The name is
"127.1" here: it is asked for like any other, and no question leaves the
machine."""
import re

import pytest

from fake_smtp import FakeSmtp
from fault_page import FaultPage
from fault_world import World, bed, shim  # noqa: F401

HOUR = 3600


def by_name(at):
    return "127.1:" + at.rsplit(":", 1)[1]


@pytest.fixture
def sink(bed):
    with FakeSmtp(tls=bed.dir / "ca" / "good.pem") as it:
        yield it


@pytest.fixture
def world(bed, build, shim, sink, tmp_path):
    """Starts with one undisturbed place, so that both names were known."""
    with World(bed, build, page=FaultPage(tmp_path), shim=shim, sink=sink,
               smtp_to=by_name(sink.at), imap_to=by_name(bed.imaps_at()),
               imap_tls="implicit", smtp_tls="implicit", work="tips") as it:
        assert it.place("no fault", lambda: None, it.page.disarm,
                        lambda: True) is None
        it.page.arm("none", "getaddrinfo", 1, 0)
        yield it


def subjects(world):
    world.arrived()
    return [str(mail.msg["Subject"]) for _, mail in world.notices.values()]


def no_names(world, role):
    """A tip comes, and no name is found any more."""
    world.office.stop()  # connections end, and begin anew
    world.page.arm(role, "getaddrinfo", 1, 0, onwards=True)
    world.begin()
    world.start()


def test_without_names_a_mailbox_is_waited_for(world):
    no_names(world, "fetch")
    waits = []

    def tried(n):
        waits[:] = [int(x) for x in re.findall(
            rb"event=mailbox-trouble .*retry_s=(\d+)", world.new_log())]
        return len(waits) >= n
    for n in range(1, 5):
        world.wait(lambda n=n: tried(n), f"{n} tries")
        world.poke()  # somebody calls; by itself it would wait
    world.wait(lambda: tried(5), "5 tries")
    assert b"resolve" in world.new_log()
    assert waits[0] >= 10 and all(b > a for a, b in zip(waits, waits[1:]))
    # By itself it waits as long as it says: nothing within a second.
    seen = world.page.seen
    world.quiet(1.0)
    assert world.page.seen - seen <= 1  # the process that begins anew
    assert not any("报警" in s for s in subjects(world))
    # Hours later the office hears of it, through SMTP, which has its names.
    world.move(HOUR)
    world.wait(lambda: any("报警" in s and "收不到邮件" in s
                           for s in subjects(world)), "the alarm", poke=True)
    assert world.missing()
    world.page.disarm()
    world.wait(lambda: not world.missing(), "the tip", poke=True)
    world.settle()
    world.move(120)
    world.wait(lambda: any("解除" in s for s in subjects(world)),
               "the all-clear", poke=True)
    assert world.books() is None


def test_without_names_letters_wait(world, bed):
    with FakeSmtp(tls=bed.dir / "ca" / "good.pem") as other:
        world.office.write_conf(extra=(
            'watch = { calendar = "0d"; };\nalarm_smtp = { host = "smtp.test";'
            f' connect_to = "{other.at}"; ca_file = "{bed.ca_file}";'
            ' mail_from = "alarm@example.net";'
            f' secret = {{ file = "{world.office.dir}/secret"; }}; }};'))
        no_names(world, "send")
        world.wait(lambda: b"state=ready" in world.new_log(), "a try",
                   poke=True)
        assert b"resolve" in world.new_log()
        before = world.page.seen
        for _ in range(5):  # looks alone bring no other try
            world.poke()
            world.quiet(0.1)
        assert world.page.seen == before
        # The other account, whose server is an address, tells of it.
        world.move(3 * HOUR)
        world.wait(lambda: any(x.accepted for x in other.letters),
                   "the alarm", poke=True)
        world.page.disarm()
        world.move(HOUR)
        world.wait(lambda: not world.missing(), "the letter", poke=True)
        world.settle()
        assert world.books() is None
