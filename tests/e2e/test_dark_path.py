#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of both ends goes dark as a whole, signalling and media: how soon pictures are back is printed.

BEDSIDE_DARK_SECONDS=4,14,40 for longer ones; each is done with connections reset, and in silence."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, resource, run, wait_until  # noqa: E402
from dark_path import DarkPath  # noqa: E402

READ = "return window.bedsideTest ? window.bedsideTest.clocksRead : 0"


def measure_return(clinic, browser, path, seconds, silent):
    here, there = clinic.frames_read(), browser.script(READ)
    wait_until("pictures at both ends", lambda: clinic.frames_read() > here and browser.script(READ) > there, 40)
    path.darken(silent)
    time.sleep(seconds)  # how long it is dark is what is tried
    here, there = clinic.frames_read(), browser.script(READ)
    path.brighten()
    begun, found = time.monotonic(), {}

    def look():
        if "workstation" not in found and clinic.frames_read() > here:
            found["workstation"] = time.monotonic() - begun
        if "page" not in found and browser.script(READ) > there:
            found["page"] = time.monotonic() - begun
        return len(found) == 2
    wait_until(f"pictures at both ends after {seconds} s (back so far: {found})", look, 60)
    print(f"# {seconds} s of {'silence' if silent else 'nothing, connections reset'}: the first picture "
          f"{found['workstation']:.2f} s after the path was back at the workstation, {found['page']:.2f} s at the page", flush=True)


def test_dark_path():
    lengths = [float(part) for part in os.environ.get("BEDSIDE_DARK_SECONDS", "4").split(",")]
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        path = DarkPath(clinic.hub.port)
        appointment, patient = clinic.hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        clinic.step("a call over the path")
        workstation = clinic.open_workstation(server=path.url)
        workstation.find("label", contains="SMITH, Jane", seconds=60)
        link = clinic.hub.join_link(appointment).replace(f":{clinic.hub.port}/", f":{path.port}/")
        Patient(browser, link, test_clock=True).join((day, month, year), PLACE, NUMBER)
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")
        clinic.activate("open", patient["id"])
        window = workstation.window("SMITH, Jane")
        workstation.find("label", contains="The patient is in the waiting room", within=window, seconds=60)
        workstation.find("button", "Admit", within=window).press()
        for seconds in lengths:
            for silent in (False, True):
                clinic.step(f"dark for {seconds:g} s{' in silence' if silent else ''}")
                measure_return(clinic, browser, path, seconds, silent)
        assert resource(clinic, f"Encounter?_id={encounter['id']}")["status"] == "in-progress"
        assert path.relay.doors, "the media did not go by the path"
        clinic.step("done")


run("dark-path", test_dark_path)
