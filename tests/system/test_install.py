# SPDX-License-Identifier: ISC
"""What `make install` puts where, and how the unit is hardened."""
import os
import pathlib
import re
import subprocess

import pytest

import samples
from office import ROOT

PROGRAMS = ("sbin/clued", "bin/cluectl", "libexec/clued/fetch",
            "libexec/clued/parse", "libexec/clued/send")
KIND = {"test": "HOOKS=1", "san": "SAN=1"}


def make_install(build, folder, *more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    # The programs are as they are: other tests run them, and were they built
    # with another compiler or other flags, make would build them anew.
    kept = [os.path.relpath(build / name, ROOT)
            for name in ("clued", "cluectl", *PROGRAMS)]
    subprocess.run(
        ["make", "-s", *(word for path in kept for word in ("-o", path)),
         "install", f"DESTDIR={folder}", *more,
         *([KIND[build.name]] if build.name in KIND else [])],
        cwd=ROOT, env=env, check=True, capture_output=True, text=True,
        timeout=900)


@pytest.fixture(scope="module")
def installed(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("root")
    make_install(build, folder)
    return folder


def files(folder):
    return {str(p.relative_to(folder)): p.stat().st_mode & 0o777
            for p in folder.rglob("*") if p.is_file()}


def test_everything_is_there_and_readable(installed):
    found = files(installed)
    for program in PROGRAMS:
        assert found[f"usr/local/{program}"] == 0o755, program
    for path in ("usr/local/etc/clued/clued.conf",
                 "usr/local/etc/clued/rules.d/other.conf",
                 "usr/local/etc/clued/templates/notice.txt",
                 "usr/local/etc/clued/calendar/2026.conf",
                 "usr/local/share/man/man8/clued.8",
                 "usr/local/share/man/man1/cluectl.1",
                 "usr/local/share/man/man5/clued.conf.5",
                 "usr/local/share/doc/clued/README.md",
                 "etc/systemd/system/clued.service",
                 "usr/lib/sysusers.d/clued.conf",
                 "usr/lib/tmpfiles.d/clued.conf"):
        assert found[path] == 0o644, path


def test_the_installed_configuration_is_good(installed):
    """Credentials are looked for only where systemd hands them over."""
    done = subprocess.run(
        [installed / "usr/local/sbin/clued", "--check", "-c",
         installed / "usr/local/etc/clued/clued.conf"],
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_installed_programs_find_each_other(installed, tmp_path):
    """From wherever the tree lies, and whatever PATH says."""
    (tmp_path / "parse").write_text("#!/bin/sh\necho wrong\n")
    (tmp_path / "parse").chmod(0o755)
    mail = tmp_path / "tip.eml"
    mail.write_bytes(samples.tip())
    done = subprocess.run(
        [installed / "usr/local/bin/cluectl", "parse", mail], cwd=tmp_path,
        env={"PATH": str(tmp_path)}, capture_output=True, text=True,
        check=False)
    assert done.returncode == 0 and "charset" in done.stdout, done


def test_what_the_office_changed_is_left_alone(build, tmp_path):
    conf = tmp_path / "usr/local/etc/clued/roster.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text("# ours\n")
    make_install(build, tmp_path)
    assert conf.read_text() == "# ours\n"
    shipped = tmp_path / "usr/local/share/doc/clued/etc/roster.conf"
    assert shipped.read_bytes() == (ROOT / "etc/roster.conf").read_bytes()


def test_the_unit_is_hardened(installed):
    unit = installed / "etc/systemd/system/clued.service"
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True, text=True, check=True)
    level = re.search(r"Overall exposure level.*: ([\d.]+)", done.stdout)
    assert float(level.group(1)) <= 1.5, done.stdout[-400:]


def test_manual_pages_are_well_formed():
    for page in sorted((ROOT / "man").glob("*.[158]")):
        done = subprocess.run(["man", "--warnings=w", "-l", page],
                              capture_output=True, text=True, check=True,
                              env={**os.environ, "MANPAGER": "cat",
                                   "LC_ALL": "C.UTF-8"})
        assert done.stderr == "" and len(done.stdout) > 1000, done.stderr


def test_every_command_is_in_the_manual(build):
    done = subprocess.run([build / "cluectl", "--help"], check=True,
                          capture_output=True, text=True)
    commands = re.findall(r"^  ([a-z][a-z-]*)  +\S", done.stdout, re.M)
    manual = (ROOT / "man/cluectl.1").read_text(encoding="utf-8")
    manual = manual.replace("\\-", "-")
    assert len(commands) > 10
    for command in commands:
        assert re.search(rf"^\.It Cm {command}\b", manual, re.M), command
        shown = subprocess.run(
            [build / "cluectl", command, "--help"], check=True,
            capture_output=True, text=True).stdout
        assert "xample" in shown, command


def test_every_key_is_in_the_manual():
    manual = (ROOT / "man/clued.conf.5").read_text(encoding="utf-8")
    for name in ("clued.conf", "roster.conf", "areas.conf"):
        text = (ROOT / "etc" / name).read_text(encoding="utf-8")
        for key in set(re.findall(r"^\s*(?:# )?([a-z_]+) =", text, re.M)):
            assert key in manual.replace("\\-", "-"), f"{name}: {key}"
