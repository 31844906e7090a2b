# SPDX-License-Identifier: ISC
"""The send process against a real Exim and a scripted server: what comes of a
letter in every way that the dialogue can end, and what providers answer."""
import os
import pathlib
import signal
import socket
import time

import pytest

from bed import PATIENCE_S, SMTP_HOST
from send_process import LETTER, START, STOP, SendProcess

USER = "tips@example.com"
RAW = (b"From: tips@example.com\r\nTo: li@example.org\r\nSubject: a\r\n\r\n"
       b"..two dots\r\n.\r\n.one\r\nend\r\n")
AUTHORISED = {"auth": "plain", "user": USER, "secret": "code"}


@pytest.fixture
def process(build, tmp_path):
    """A factory: process(host=…) is a started SendProcess."""
    running = []

    def start(**conf):
        send = SendProcess(build / "send_driver", tmp_path, **conf)
        send.__enter__()
        running.append(send)
        return send

    yield start
    for send in running:
        send.__exit__(None, None, None)


@pytest.fixture
def to_exim(bed, process):
    """A process that posts over Exim with TLS and log-in."""
    def start(**conf):
        return process(**{
            "host": SMTP_HOST, "tls": "implicit", "ca_file": bed.ca_file,
            "connect_to": bed.submits_at(), "auth": "plain", "user": USER,
            "secret": bed.password, **conf})
    return start


def is_(result, outcome, code=None, text=None, pause=0):
    """Checks an answer; pause: a number, or a range of them."""
    assert result["outcome"] == outcome, result
    assert code is None or result["code"] == code, result
    assert text is None or text in result["what"], result
    if isinstance(pause, range):
        assert result["pause_s"] in pause, result
    else:
        assert result["pause_s"] == pause, result


# -- a real server ------------------------------------------------------------

def test_letters_arrive_byte_for_byte(bed, to_exim):
    send = to_exim()
    big = RAW + b"x" * 70 + b"\r\n" * 3 + b"y\r\n" * 400_000
    for raw in (RAW, big, RAW[:-2]):
        is_(send.letter(raw, to="wang@example.org"), "ok", 250, "250 ")
    assert send.stop() == 0
    bed.wait_delivered()
    mails = bed.wait_mail("wang@example.org", 3)
    mails.sort(key=lambda mail: len(mail.raw))
    assert mails[0].raw.endswith(RAW)  # the last line end is SMTP's
    assert mails[1].raw.endswith(RAW)
    assert mails[2].raw.endswith(big)
    head = mails[0].raw.decode()
    assert "(envelope-from <tips@example.com>)" in head
    assert "helo=clued.test" in head and "TLS1" in head


@pytest.mark.parametrize("tls,port", [
    ("implicit", "submits_at"), ("starttls", "submit_at")])
@pytest.mark.parametrize("auth", ["plain", "login", "xoauth2"])
def test_log_in(bed, to_exim, tls, port, auth):
    secret = bed.token(USER) if auth == "xoauth2" else bed.password
    send = to_exim(tls=tls, connect_to=getattr(bed, port)(), auth=auth,
                   secret=secret)
    is_(send.letter(RAW), "ok")
    send = to_exim(tls=tls, connect_to=getattr(bed, port)(), auth=auth,
                   secret=secret[:-1] + "x")
    is_(send.letter(RAW), "refused", 535, "授权码")


@pytest.mark.parametrize("tls,port", [
    ("implicit", "submits_at"), ("starttls", "submit_at")])
@pytest.mark.parametrize("cert,why", [
    ("wrong", "another host name"), ("expired", "expired"),
    ("unknown", "nobody that is trusted"),
    ("good", "nobody that is trusted")])  # our CA is not in the system's list
def test_certificates(bed, to_exim, tls, port, cert, why):
    before = bed.log("exim").count("<= ")
    send = to_exim(tls=tls, connect_to=getattr(bed, port)(cert),
                   **({"ca_file": ""} if cert == "good" else {}))
    is_(send.letter(RAW), "refused", 0, why)
    assert bed.log("exim").count("<= ") == before


def test_sender_must_be_the_account(to_exim):
    result = to_exim().letter(RAW, sender="office@example.com")
    is_(result, "refused", 553, "mail_from must be the account itself")


def test_unknown_recipient_then_a_known_one(bed, to_exim):
    send = to_exim()
    result = send.letter(RAW, to="nosuch.one@example.org")
    is_(result, "failed", 550, "User not found")
    assert "nosuch.one@example.org" not in result["what"]
    is_(send.letter(RAW), "ok")
    is_(send.letter(RAW, to="x@elsewhere.test"), "failed", 550)


def test_server_away_and_back(bed, to_exim):
    send = to_exim()
    is_(send.letter(RAW), "ok")
    bed.stop_exim()
    try:
        is_(send.letter(RAW), "retry", 0, "check host, port", pause=30)
    finally:
        bed.start_exim()
    is_(send.letter(RAW), "ok")


def test_check(bed, to_exim):
    send = to_exim(check=1)
    is_(send.answer(), "ok", 250)
    assert send.exit() == 0
    send = to_exim(check=1, secret="wrong")
    is_(send.answer(), "refused", 535, "授权码")
    assert send.exit() == 1
    send = to_exim(check=1, connect_to=bed.submits_at("expired"))
    is_(send.answer(), "refused", 0, "expired")
    assert send.exit() == 1
    send = to_exim(check=1, connect_to="10.0.0.1:25", tls="none")
    is_(send.answer(), "refused", 0, "starttls")
    assert send.exit() == 1


# -- the dialogue, step by step -----------------------------------------------

@pytest.mark.parametrize("step,reply,outcome,pause", [
    ("connect", b"421 too busy", "retry", 120),
    ("connect", b"554 no SMTP here", "refused", 0),
    ("auth", b"535 Error: authentication failed", "refused", 0),
    ("auth", b"550 User has no permission", "refused", 0),
    ("auth", b"454 4.7.0 temporary failure", "retry", 120),
    ("mail", b"450 4.1.8 later", "retry", 30),
    ("mail", b"550 5.7.1 not you", "refused", 0),
    ("mail", b"552 5.3.4 too large", "failed", 0),
    ("rcpt", b"450 4.2.0 greylisted", "retry", 0),
    ("rcpt", b"550 5.1.1 unknown", "failed", 0),
    ("data", b"451 4.3.5 later", "retry", 120),
    ("data", b"451 later", "retry", 0),
    ("data", b"554 no valid recipients", "failed", 0),
    ("dot", b"451 try again", "retry", 0),
    ("dot", b"550 5.7.1 policy", "failed", 0),
    ("dot", b"552 too large", "failed", 0),
    ("dot", b"250-well\r\n250 done", "ok", 0),
    ("dot", b"251 will forward", "ok", 0),
])
def test_replies(fake_smtp, process, step, reply, outcome, pause):
    fake = fake_smtp()
    fake.on(step, reply, times=1)
    send = process(connect_to=fake.at, **AUTHORISED)
    code = int(reply[-20:].split(b"\n")[-1][:3]) if outcome == "ok" \
        else int(reply[:3])
    is_(send.letter(RAW), outcome, code, pause=pause)
    assert len(fake.sessions) == 1, "no try of its own again"
    is_(send.letter(RAW), "ok", 250)
    assert fake.accepted()[-1].data == RAW


@pytest.mark.parametrize("step", [
    "connect", "ehlo", "auth", "mail", "rcpt", "data"])
def test_cut_before_the_letter(fake_smtp, process, step):
    fake = fake_smtp()
    fake.on(step, cut=True, times=1)
    send = process(connect_to=fake.at, **AUTHORISED)
    is_(send.letter(RAW), "retry", 0, pause=30)
    is_(send.letter(RAW), "ok")
    assert len(fake.accepted()) == 1


FOREVER_S = 600


def test_stall_before_the_letter(fake_smtp, process):
    """At each step, side by side."""
    running = []
    start = time.monotonic()
    for step in ("connect", "ehlo", "auth", "mail", "rcpt", "data"):
        fake = fake_smtp()
        fake.on(step, stall_s=FOREVER_S, times=1)
        send = process(connect_to=fake.at, timeout_ms=2000, **AUTHORISED)
        running.append((send, send.give(RAW)))
    for send, number in running:
        result = send.answer()
        assert result["letter"] == number
        is_(result, "retry", 0, pause=30)
        assert time.monotonic() - start > 1.8
        is_(send.letter(RAW), "ok")


def test_drip_does_not_stretch_the_limit(fake_smtp, process):
    fake = fake_smtp()
    fake.on("rcpt", b"250 " + b"x" * 4000, drip_s=0.1)
    send = process(connect_to=fake.at, timeout_ms=1000)
    is_(send.letter(RAW), "retry", 0, pause=30)


def test_closed_with_421_at_rcpt(fake_smtp, process):
    fake = fake_smtp()
    fake.on("rcpt", b"421 closing", close=True)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "retry", 421, pause=120)


def test_cut_after_the_final_dot(fake_smtp, process):
    fake = fake_smtp()
    fake.on("dot", cut=True, times=1)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "unknown", 0, "may have arrived")
    assert len(fake.letters) == 1, "no second try of its own"
    is_(send.letter(RAW), "ok")


def test_cut_after_the_final_dot_of_a_later_letter(fake_smtp, process):
    fake = fake_smtp()
    fake.on("dot", cut=True, nth=2)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    is_(send.letter(RAW), "unknown", 0)
    assert len(fake.letters) == 2


@pytest.mark.parametrize("stall_s", [FOREVER_S, 1.8])
def test_stall_after_the_final_dot(fake_smtp, process, stall_s):
    """libcurl keeps the connection after a time-out: the late answer must
    not be taken for one to the next letter."""
    fake = fake_smtp()
    fake.on("dot", stall_s=stall_s, times=1)
    send = process(connect_to=fake.at, timeout_ms=1500)
    is_(send.letter(RAW), "unknown", 0, "may have arrived")
    is_(send.letter(RAW), "ok")
    assert len(fake.sessions) == 2


def test_cut_in_the_midst_of_the_letter(fake_smtp, process):
    fake = fake_smtp()
    fake.on("body", times=1)
    send = process(connect_to=fake.at)
    large = RAW + b"0123456789abcdef\r\n" * 1_500_000
    is_(send.letter(large), "retry", 0, pause=30)
    is_(send.letter(RAW), "ok")


def test_dots_wherever_libcurl_cuts(fake_smtp, process):
    fake = fake_smtp()
    send = process(connect_to=fake.at)
    letters = [b".\r\n", b"..\r\n.", b"\r\n\r\n", b".\r\n" * 200_000]
    letters += [b"x" * n + b"\r\n.\r\n" * 70_000 for n in range(5)]
    for raw in letters:
        is_(send.letter(raw), "ok")
        end = b"" if raw.endswith(b"\r\n") else b"\r\n"
        assert fake.letters[-1].data == raw + end


# -- one connection -----------------------------------------------------------

def test_letters_share_a_connection(fake_smtp, process):
    fake = fake_smtp()
    send = process(connect_to=fake.at, **AUTHORISED)
    for i in range(10):
        is_(send.letter(RAW, to=f"li{i}@example.org"), "ok")
    session, = fake.sessions
    assert session.helo == "clued.test"
    assert session.auth == [("PLAIN", b"\0tips@example.com\0code")]
    assert [x.rcpts for x in fake.letters] == [
        [f"li{i}@example.org"] for i in range(10)]
    assert all(x.mail_args == f"SIZE={len(RAW)}" for x in fake.letters)
    assert send.stop() == 0
    assert session.ended.wait(PATIENCE_S)
    assert session.commands[-1] == b"QUIT"


def test_a_connection_is_not_worn_out(fake_smtp, process):
    fake = fake_smtp()
    send = process(connect_to=fake.at)
    assert send.burst(101, RAW)["ok"] == 101
    assert [sum(x.session == n for x in fake.letters)
            for n in (1, 2, 3)] == [50, 50, 1]


@pytest.mark.parametrize("reply", [b"421 idle too long", None])
def test_stale_connection_is_replaced(fake_smtp, process, reply):
    fake = fake_smtp()
    fake.on("after", reply, nth=1)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    assert fake.sessions[0].ended.wait(PATIENCE_S)
    is_(send.letter(RAW), "ok")
    assert len(fake.sessions) == 2 and len(fake.accepted()) == 2


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("reply", [b"421 no more", b"450 MI:DMC 163", None])
def test_reused_connection_that_is_refused(fake_smtp, process, step, reply):
    fake = fake_smtp()
    fake.on(step, reply, nth=2, cut=reply is None, close=True)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    is_(send.letter(RAW), "ok")
    assert len(fake.sessions) == 2 and len(fake.accepted()) == 2


def test_only_one_fresh_connection(fake_smtp, process):
    fake = fake_smtp()
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    fake.on("mail", b"421 no more", close=True)
    is_(send.letter(RAW), "retry", 421, pause=120)
    assert len(fake.sessions) == 2


# -- letters sent ahead -------------------------------------------------------

def outcomes(send, count):
    found = [send.answer() for _ in range(count)]
    assert [x["letter"] for x in found] == list(range(1, count + 1))
    return [x["outcome"] for x in found]


def test_letters_sent_ahead_are_answered_in_order(fake_smtp, process):
    fake = fake_smtp()
    fake.on("rcpt", b"550 5.1.1 unknown", nth=2)
    fake.on("dot", b"451 later", nth=4)
    send = process(connect_to=fake.at)
    send.ahead(8, RAW)
    assert outcomes(send, 8) == ["ok", "failed", "ok", "ok", "retry",
                                 "ok", "ok", "ok"]


@pytest.mark.parametrize("step,reply", [
    ("dot", b"451 MI:SFQ 163 smtp1"), ("mail", b"421 too busy"),
    ("rcpt", b"550 User has no permission")])
def test_a_pause_sends_back_what_was_sent_ahead(fake_smtp, process, step,
                                                reply):
    """Nothing else is tried until the core has seen why; then it may."""
    fake = fake_smtp()
    fake.on(step, reply, nth=3)
    if step == "mail":
        fake.on("connect", reply, nth=2)  # the try on a fresh connection
    send = process(connect_to=fake.at)
    send.ahead(6, RAW)
    found = outcomes(send, 6)
    assert found[:2] == ["ok", "ok"] and found[2] in ("retry", "refused")
    assert found[3:] == ["back"] * 3
    assert len(fake.accepted()) == 2
    is_(send.letter(RAW), "ok")


def test_told_to_hold_it_finishes_the_letter_at_hand(fake_smtp, process):
    fake = fake_smtp()
    fake.on("dot", stall_s=0.5)
    send = process(connect_to=fake.at)
    send.ahead(5, RAW)
    fake.wait_data(1)
    os.kill(send.pid, signal.SIGUSR1)
    assert outcomes(send, 5) == ["ok"] + ["back"] * 4
    assert len(fake.letters) == 1


# -- what a server can do to the dialogue -------------------------------------

def test_without_pipelining_each_command_waits(fake_smtp, process):
    fake = fake_smtp(pipelining=False)
    send = process(connect_to=fake.at)
    for _ in range(3):
        is_(send.letter(RAW), "ok")
    assert all(x.data == RAW for x in fake.letters)
    assert not fake.sessions[0].ahead


def test_with_pipelining_the_envelope_leaves_at_once(fake_smtp, process):
    fake = fake_smtp()
    fake.on("mail", stall_s=0.1)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    assert fake.sessions[0].ahead
    assert [c.split(b":")[0] for c in fake.sessions[0].commands[1:4]] == [
        b"MAIL FROM", b"RCPT TO", b"DATA"]


def test_a_letter_for_nobody_is_never_given(fake_smtp, process):
    """A server may say 354 though it refused the only recipient."""
    fake = fake_smtp(data_without_rcpt=True)
    fake.on("rcpt", b"550 5.1.1 unknown", nth=1)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "failed", 550)
    is_(send.letter(RAW), "ok")
    assert [x.data for x in fake.accepted()] == [RAW]


@pytest.mark.parametrize("reply", [
    b"250 " + b"x" * 10_000, b"250-" + b"x" * 5000 + b"\r\n250 y",
    b"\r\n".join([b"250-x"] * 500) + b"\r\n250 x", b"250-x\r\nnoise\r\n\r\n250 ok"])
def test_long_and_noisy_replies(fake_smtp, process, reply):
    fake = fake_smtp()
    fake.on("rcpt", reply, times=1)
    send = process(connect_to=fake.at)
    for _ in range(2):
        is_(send.letter(RAW), "ok")
    assert len(fake.sessions) == 1


def test_a_reply_without_end(fake_smtp, process):
    fake = fake_smtp()
    fake.on("rcpt", b"\r\n".join([b"250-x"] * 100_000), times=1)
    send = process(connect_to=fake.at)
    assert send.letter(RAW)["outcome"] == "retry"
    is_(send.letter(RAW), "ok")


def test_two_answers_to_one_question(fake_smtp, process):
    """What nobody asked for is never taken for the answer to the next."""
    fake = fake_smtp()
    fake.on("dot", b"250 ok\r\n250 ok", times=1)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    time.sleep(0.1)
    fake.on("rcpt", b"550 5.1.1 unknown", times=1)
    is_(send.letter(RAW), "failed", 550)
    is_(send.letter(RAW), "ok")
    assert len(fake.accepted()) == 2


def test_server_that_does_not_answer_quit(fake_smtp, process):
    fake = fake_smtp()
    fake.on("quit", stall_s=FOREVER_S)
    send = process(connect_to=fake.at)
    is_(send.letter(RAW), "ok")
    assert send.stop() == 0


# -- TLS ----------------------------------------------------------------------

def test_starttls(bed, fake_smtp, process):
    fake = fake_smtp(starttls=bed.dir / "ca" / "good.pem")
    send = process(connect_to=fake.at, tls="starttls", ca_file=bed.ca_file,
                   **AUTHORISED)
    is_(send.letter(RAW), "ok")
    session, = fake.sessions
    assert session.tls
    assert session.commands.index(b"STARTTLS") < [
        i for i, c in enumerate(session.commands)
        if c.startswith(b"AUTH")][0]


def test_starttls_stripped(fake_smtp, process, bed):
    fake = fake_smtp()
    send = process(connect_to=fake.at, tls="starttls", ca_file=bed.ca_file,
                   **AUTHORISED)
    is_(send.letter(RAW), "refused", 0, "STARTTLS")
    assert not fake.letters and not fake.sessions[0].auth


@pytest.mark.parametrize("reply,outcome,pause", [
    (b"454 4.7.0 not now", "retry", 30), (b"501 no", "refused", 0)])
def test_starttls_refused(bed, fake_smtp, process, reply, outcome, pause):
    fake = fake_smtp(starttls=bed.dir / "ca" / "good.pem")
    fake.on("starttls", reply)
    send = process(connect_to=fake.at, tls="starttls", ca_file=bed.ca_file,
                   **AUTHORISED)
    is_(send.letter(RAW), outcome, pause=pause)
    assert not fake.letters and not fake.sessions[0].auth


def test_words_slipped_in_before_tls(bed, fake_smtp, process):
    fake = fake_smtp(starttls=bed.dir / "ca" / "good.pem")
    fake.on("starttls", b"220 go\r\n250-evil\r\n250 AUTH PLAIN")
    send = process(connect_to=fake.at, tls="starttls", ca_file=bed.ca_file,
                   **AUTHORISED)
    assert send.letter(RAW)["outcome"] in ("retry", "refused")
    assert not fake.letters and not fake.sessions[0].auth


def test_tls_to_a_plain_port(fake_smtp, process, bed):
    fake = fake_smtp()
    send = process(connect_to=fake.at, tls="implicit", ca_file=bed.ca_file,
                   timeout_ms=2000)
    result = send.letter(RAW)
    is_(result, "retry", 0, pause=range(30, 121))
    assert not fake.letters


def test_missing_ca_file(bed, to_exim):
    is_(to_exim(ca_file=str(bed.dir / "no.pem")).letter(RAW), "refused", 0,
        "ca_file")


@pytest.mark.parametrize("host", ["10.1.2.3", "smtp.example.com"])
def test_nothing_in_clear_to_other_machines(process, host):
    is_(process(host=host, tls="none").letter(RAW), "refused", 0, "starttls")


def test_mechanism_not_offered(fake_smtp, process):
    fake = fake_smtp(auth=("LOGIN",))
    send = process(connect_to=fake.at, **AUTHORISED)
    is_(send.letter(RAW), "refused")
    assert not fake.sessions[0].auth
    send = process(connect_to=fake.at, **{**AUTHORISED, "auth": "login"})
    is_(send.letter(RAW), "ok")
    assert fake.sessions[1].auth == [("LOGIN", USER.encode(), b"code")]


def test_no_log_in_offered(fake_smtp, process):
    """The server decides of letters; the check must not call it good."""
    fake = fake_smtp(auth=())
    send = process(connect_to=fake.at, check=1, **AUTHORISED)
    is_(send.answer(), "refused", 0, "offers no log-in")
    assert send.exit() == 1


def test_token_refused_by_a_challenge(fake_smtp, process):
    fake = fake_smtp(auth=("XOAUTH2",))
    fake.on("auth", b"334 eyJzdGF0dXMiOiI0MDEifQ==")
    send = process(connect_to=fake.at, **{**AUTHORISED, "auth": "xoauth2"})
    is_(send.letter(RAW), "refused", 0, "fresh token")
    assert fake.sessions[0].auth == [
        ("XOAUTH2", b"user=tips@example.com\1auth=Bearer code\1\1")]


def test_unknown_host_name(process):
    send = process(host="no-such-host.invalid", tls="implicit")
    is_(send.letter(RAW), "retry", 0, "DNS", pause=30)


def test_names_are_looked_up_in_the_sandbox(bed, to_exim):
    """By a thread that reads /etc/hosts: the answer is the server's."""
    name = socket.gethostname()
    try:
        if not socket.gethostbyname(name).startswith("127."):
            pytest.skip("this machine's name is not on the loopback")
    except OSError:
        pytest.skip("this machine's name is nowhere")
    port = int(bed.submits_at().split(":")[1])
    is_(to_exim(host=name, port=port, connect_to="").letter(RAW), "refused",
        0, "another host name")


def test_refused_port(process):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{sock.getsockname()[1]}"
        is_(process(connect_to=at).letter(RAW), "retry", 0, "port", pause=30)


# -- providers ----------------------------------------------------------------

@pytest.mark.parametrize("step,reply,outcome,text,pause", [
    # S1: the web password, or SMTP switched off; too many tries
    ("auth", b"535 Error: authentication failed", "refused", "授权码", 0),
    ("auth", b"550 User has no permission", "refused", "SMTP is switched", 0),
    ("auth", b"451 Requested mail action not taken: too much fail "
     b"authentication", "retry", "secret", 900),
    # S2: 163 and QQ
    ("mail", b"553 Mail from must equal authorized user", "refused",
     "mail_from must be the account itself", 0),
    ("mail", b"501 mail from address must be same as authorization user",
     "refused", "mail_from must be the account itself", 0),
    ("rcpt", b"553 Mail from must equal authorized user", "refused",
     "mail_from must be the account itself", 0),
    # S3
    ("mail", b"553 Local user only,163 smtp5,D9GowADX", "refused", "log-in",
     0),
    # S4
    ("dot", b"554 DT:SPM 163 smtp14,EsCowADn 1466,please see http://mail.163"
     b".com/help/help_spam_16.htm?ip=1.2.3.4", "failed", "spam", 0),
    # S5
    ("connect", b"421 HL:REP 163", "retry", None, 120),
    ("connect", b"421 HL:ICC 163", "retry", None, 120),
    ("connect", b"421 HL:IFC 163", "retry", None, 120),
    ("connect", b"421 HL:MEP 163", "retry", None, 120),
    ("mail", b"450 MI:CEL 163", "retry", None, 120),
    ("mail", b"450 MI:DMC 163", "retry", None, 120),
    ("mail", b"450 MI:CCL 163", "retry", None, 120),
    ("rcpt", b"450 RP:DRC 163", "retry", None, 120),
    ("rcpt", b"450 RP:CCL 163", "retry", None, 120),
    ("rcpt", b"451 RP:CEL 163", "retry", None, 120),
    ("dot", b"450 DT:RBL 163", "retry", None, 120),
    ("mail", b"450 WM:BLI 163", "retry", None, 120),
    ("mail", b"450 WM:BLU 163", "retry", None, 120),
    ("dot", b"451 DT:SPM ,please try again", "retry", None, 120),
    ("mail", b"451 MI:DMC 163", "retry", None, 120),
    ("mail", b"451 MI:SFQ 163 smtp1", "retry", "per_minute", 900),
    ("dot", b"451 MI:SFQ 163 smtp1", "retry", "per_minute", 900),
    ("dot", b"550 DT:SPM 163", "failed", "spam", 0),
    # S6: GBK bytes
    ("auth", "535 Error: 请使用授权码登录。详情请看".encode("gbk"), "refused",
     "请使用授权码登录。详情请看", 0),
    # S7: the day's limit, QQ's frequency
    ("mail", b"554 MI:STC 163", "retry", "one day", 3600),
    ("connect", b"550 Connection frequency limited", "retry", "per_minute",
     900),
])
def test_what_providers_answer(fake_smtp, process, step, reply, outcome, text,
                               pause):
    fake = fake_smtp()
    fake.on(step, reply, times=1)
    send = process(connect_to=fake.at, **AUTHORISED)
    is_(send.letter(RAW), outcome, int(reply[:3]), text, pause)
    assert len(fake.sessions) == 1
    is_(send.letter(RAW), "ok")


def test_spam_refusal_does_not_hold_up_others(fake_smtp, process):
    fake = fake_smtp()
    fake.on("dot", b"554 DT:SPM 163 smtp14,x", nth=2)
    send = process(connect_to=fake.at)
    assert [send.letter(RAW)["outcome"] for _ in range(3)] == [
        "ok", "failed", "ok"]


def test_reply_bytes_are_tamed(fake_smtp, process):
    fake = fake_smtp()
    fake.on("rcpt", b"550-\x1b[2J\x00red\xff\xfe\r\n550 " + b"z" * 3000)
    result = process(connect_to=fake.at).letter(RAW)
    is_(result, "failed", 550)
    assert "\x1b" not in result["what"] and len(result["what"]) < 1300


def test_recipient_cannot_speak_for_the_provider(fake_smtp, process):
    fake = fake_smtp()
    fake.on("rcpt", b"450 MI:SFQ@example.net is greylisted")
    send = process(connect_to=fake.at)
    result = send.letter(RAW, to="mi:sfq@example.net")
    is_(result, "retry", 450, "(recipient) is greylisted")


# -- what is never sent -------------------------------------------------------

@pytest.mark.parametrize("address", [
    "", "li", "a b@example.org", "<li@example.org>", "li@example.org>x",
    "李@example.org", "li@例子.example.org"])
def test_bad_addresses(fake_smtp, process, address):
    fake = fake_smtp()
    send = process(connect_to=fake.at)
    is_(send.letter(RAW, to=address), "failed", 0, "recipient")
    if address:
        is_(send.letter(RAW, sender=address), "failed", 0, "mail_from")
    assert not fake.sessions
    is_(send.letter(RAW), "ok")


def test_empty_sender(fake_smtp, process):
    fake = fake_smtp()
    is_(process(connect_to=fake.at).letter(RAW, sender=""), "ok")
    assert fake.letters[0].mail_from == ""


@pytest.mark.parametrize("raw", [
    b"", b"a\nb\r\n", b"a\rb\r\n", b"a\0b\r\n",
    b"a\r\n\n.\r\nMAIL FROM:<>\r\n"])
def test_bad_letters(fake_smtp, process, raw):
    fake = fake_smtp()
    send = process(connect_to=fake.at)
    is_(send.letter(raw), "failed", 0, "letter")
    assert not fake.sessions
    is_(send.letter(RAW), "ok")


def test_too_large_a_letter(fake_smtp, process):
    fake = fake_smtp()
    send = process(connect_to=fake.at)
    is_(send.letter(b"x" * (40 << 20) + b"\r\n"), "failed", 0, "41943040")
    assert not fake.sessions


# -- the process --------------------------------------------------------------

def test_stop_finishes_the_letter_at_hand(fake_smtp, process):
    fake = fake_smtp()
    fake.on("dot", stall_s=1)
    send = process(connect_to=fake.at)
    number = send.give(RAW)
    fake.wait_data(1)
    send.command("stop")
    os.kill(send.pid, signal.SIGTERM)  # systemd's, to the whole group
    os.kill(send.pid, signal.SIGINT)   # Ctrl-C
    result = send.answer()
    assert result["letter"] == number
    is_(result, "ok")
    assert send.exit() == 0


def test_ends_with_the_core(fake_smtp, process):
    send = process(connect_to=fake_smtp().at)
    is_(send.letter(RAW), "ok")
    send.proc.kill()
    end = time.monotonic() + PATIENCE_S
    while pathlib.Path(f"/proc/{send.pid}/stat").exists():
        if pathlib.Path(f"/proc/{send.pid}/stat").read_text().split(
                ")")[1].split()[0] == "Z":
            break
        assert time.monotonic() < end
        time.sleep(0.02)


def test_is_shut_in(fake_smtp, process):
    send = process(connect_to=fake_smtp().at)
    is_(send.letter(RAW), "ok")
    status = dict(
        line.split(":\t") for line in pathlib.Path(
            f"/proc/{send.pid}/status").read_text().splitlines())
    assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"
    if os.getuid() == 0:
        limits = pathlib.Path(f"/proc/{send.pid}/limits").read_text()
        assert "Max core file size        0                    0" in limits


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to look inside")
def test_keeps_no_letter_open(fake_smtp, process):
    send = process(connect_to=fake_smtp().at)
    assert send.burst(20, RAW)["ok"] == 20
    end = time.monotonic() + PATIENCE_S
    while True:
        fds = [os.readlink(f"/proc/{send.pid}/fd/{n}")
               for n in os.listdir(f"/proc/{send.pid}/fd")]
        if not any("memfd" in fd for fd in fds):
            break
        assert time.monotonic() < end, fds
        time.sleep(0.02)
    # Standard streams, the core's socket, the connection, nothing else.
    assert len(fds) <= 8, fds


@pytest.mark.parametrize("type_,body", [
    (LETTER, ""), (START, ""), (0, ""), (99, "00"), (STOP, None)])
def test_breaches_end_it(process, type_, body):
    send = process(start=False)
    if body is None:
        send.command("stop")  # before SEND_START
    else:
        send.command("raw", type_, body)
    assert send.exit() == 1


def test_second_start_ends_it(fake_smtp, process):
    send = process(connect_to=fake_smtp().at)
    is_(send.letter(RAW), "ok")
    send.command("raw", START, "00")
    assert send.exit() == 1


@pytest.mark.parametrize("conf", [
    {"host": "a b"}, {"helo": "a\rb"}, {"secret": "x\r", "auth": "plain",
                                        "user": "u"},
    {"auth": "plain"}, {"connect_to": "127.0.0.1:25 x"}])
def test_bad_settings_refuse_every_letter(process, conf):
    send = process(**{"connect_to": "127.0.0.1:9", **conf})
    is_(send.letter(RAW), "refused", 0, "smtp:")
    is_(send.letter(RAW), "refused", 0, "smtp:")
    assert send.stop() == 0
