#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two clinicians on one account of a computer: each has a store and a key of their own; the lock opens for its owner only,
and whoever takes over does so in a fresh process that shows nothing of the other."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import Clinic, field, run, wait_until  # noqa: E402

CODES = {"doctor": "three-owls", "doctor2": "two-foxes"}


def start(clinic, *options):
    clinic.program = clinic.desktop.start(["bedside", "--server", clinic.hub.url, "--key-file", clinic.keys, *options])
    wait_until("the accessibility tree", clinic.program.application, 60)
    return clinic.program


def choose(program, code):
    for name in ("New code", "The same code again"):
        program.find(name=name, seconds=60)
        field(program, None, name).set_text(code)
    program.find("button", "Use This Code").press()


def unlock(program, code):
    program.find("button", "Unlock", seconds=60)
    field(program, None, "Code").set_text(code)
    program.find("button", "Unlock").press()


def other(program, name):
    def look():
        return next((row for row in program.find_all("button") if name in row.name.lower()
                     and not row.name.startswith("Remove")), None)
    wait_until(f"{name} on the lock screen", look, 60).press()


def names(program):
    """Everything that can be read on the screen."""
    return "\n".join(node.name for node in program.application().walk() if node.is_showing())


def test_switch():
    with Clinic() as clinic:
        clinic.keys = os.path.join(clinic.desktop.folder, "keys")
        os.mkdir(clinic.keys, 0o700)
        clinic.step("the doctor, alone: nothing locks")
        program = start(clinic, "--user", "doctor")
        program.find("label", contains="SMITH, Jane", seconds=60)
        program.end()
        clinic.step("a colleague comes: there has to be a code from now on")
        program = start(clinic, "--user", "doctor2")
        choose(program, CODES["doctor2"])
        program.find("label", contains="SMITH, Jane", seconds=60)
        clinic.activate("lock")
        program.find("button", "Unlock", seconds=60)
        assert "SMITH" not in names(program), names(program)
        unlock(program, "one-cat")
        program.find(contains="This is not the code", seconds=60)
        assert "SMITH" not in names(program), names(program)
        clinic.step("the doctor takes over")
        begun, pid = time.monotonic(), program.process.pid
        other(program, "okafor")
        wait_until("the doctor's name", lambda: program.find_all(contains="Locked by Dr Adaeze"), 60)
        print(f"# {time.monotonic() - begun:.2f} s from the colleague's lock screen to the doctor's", flush=True)
        assert program.process.poll() is None and program.process.pid == pid
        assert "SMITH" not in names(program), names(program)
        program.find("button", "Sign In at the Clinic’s Server").press()
        choose(program, CODES["doctor"])
        program.find("label", contains="SMITH, Jane", seconds=60)
        keys = {open(os.path.join(clinic.keys, name)).read() for name in os.listdir(clinic.keys)}
        assert len(keys) == 2, os.listdir(clinic.keys)
        clinic.step("and the colleague comes back, with the code alone")
        clinic.activate("lock")
        other(program, "lindqvist")
        # the doctor's lock screen, which is left now, asks for a code too
        wait_until("the colleague's name", lambda: program.find_all(contains="Locked by Dr Henrik"), 60)
        begun = time.monotonic()
        unlock(program, CODES["doctor2"])
        program.find("label", contains="SMITH, Jane", seconds=60)
        print(f"# {time.monotonic() - begun:.2f} s to the colleague's day", flush=True)
        clinic.step("done")


run("switch", test_switch)
