#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A newer version is installed while a visit runs: the visit goes on and the screen says what waits; when it has ended the
new program begins by itself, with the patient's window and what was being written."""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, run, wait_until  # noqa: E402

NOTE = "Sore throat three days, fever 38.4 at home. No trismus."


def read_note(program):
    window = next((w for w in program.windows() if "SMITH, Jane" in w.name), None)
    notes = program.find_all("text", "Visit note", within=window) if window else []
    return notes[0].text() if notes else None


def test_update():
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        programs = os.path.join(clinic.desktop.folder, "programs")
        installed, mark = os.path.join(programs, "bedside"), os.path.join(clinic.desktop.folder, "newer-began")
        os.mkdir(programs)
        os.symlink(shutil.which("bedside"), installed)
        appointment, patient = clinic.hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        clinic.step("a visit runs")
        program = clinic.open_workstation(PATH=programs + ":" + os.environ["PATH"])
        program.find("label", contains="SMITH, Jane", seconds=60)
        Patient(browser, clinic.hub.join_link(appointment)).join((day, month, year), PLACE, NUMBER)
        program.find("button", "Open Chart").press()
        window = program.window("SMITH, Jane", 60)
        program.find("button", "Admit", within=window).press()
        program.find("button", "Hang Up", within=window, seconds=60)
        clinic.activate_in_windows("show-note")
        program.find("text", "Visit note", within=window).set_text(NOTE)
        program.find("label", contains="Draft, on disk since", within=window)

        clinic.step("a newer version is installed, and asked for")
        newer = installed + ".new"
        with open(newer, "w") as script:
            script.write(f"#!/bin/sh\ntouch {mark}\nexec {shutil.which('bedside')} \"$@\"\n")
        os.chmod(newer, 0o755)
        os.replace(newer, installed)
        clinic.activate("restart")
        program.find("label", contains="A visit is running. Bedside starts again when it has ended.")
        assert not os.path.exists(mark) and program.process.poll() is None
        assert read_note(program) == NOTE
        assert browser.script("return document.getElementById('remote').videoWidth") > 0

        clinic.step("the visit ends")
        program.find("button", "Hang Up", within=window).press()
        wait_until("the newer version", lambda: os.path.exists(mark), 60)
        program.window("SMITH, Jane", 60)
        wait_until("the note", lambda: read_note(program) == NOTE, 60)
        assert program.process.poll() is None
        clinic.step("done")


run("update", test_update)
