#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole virtual visit: link, waiting room, admit, video both ways, note, prescription, pharmacy, outcome."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, run, wait_until  # noqa: E402

NOTE = "Sore throat three days, fever 38.4 at home. No trismus."


def resource(clinic, query, condition=lambda r: True, seconds=15):
    return wait_until(query, lambda: next((r for r in clinic.hub.search(query) if condition(r)), None), seconds)


def extension(encounter, name):
    return next((e for e in encounter.get("extension", []) if e["url"].endswith("/" + name)), {})


def test_visit():
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        hub = clinic.hub
        appointment, patient = hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))

        clinic.step("the workstation opens on the day")
        workstation = clinic.open_workstation()
        workstation.find("label", contains="SMITH, Jane")

        clinic.step("the patient joins")
        page = Patient(browser, hub.join_link(appointment), test_clock=True)
        before = browser.script("return document.documentElement.innerText")
        assert "Jane" not in before and "Smith" not in before and "throat" not in before, before
        page.join((day, month, year), PLACE, NUMBER)
        waits = time.monotonic()

        clinic.step("the clinic window shows who waits")
        workstation.find("label", contains=PLACE, seconds=5)
        print(f"# shown {time.monotonic() - waits:.1f} s after the patient began to wait")
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")
        assert encounter["status"] == "arrived", encounter
        assert extension(encounter, "visit-identity")["valueCode"] == "date-of-birth-typed"

        clinic.step("opening the patient")
        workstation.find("button", "Open Chart").press()
        window = workstation.window("SMITH, Jane")
        workstation.find("label", contains="Penicillin", within=window)
        workstation.find("label", contains=NUMBER, within=window)

        clinic.step("admit")
        workstation.find("button", "Admit", within=window).press()
        browser.wait("return window.bedsideTest && window.bedsideTest.clocksRead >= 60", patience=30)
        wait_until("60 of the patient's clocks", lambda: clinic.frames_read() >= 60, 30)
        shown = browser.script("return window.bedsideTest")
        print(f"# browser: {shown['framesShown']} frames, {shown['clocksRead']} clocks read, "
              f"last {shown['lastDelay']} ms old; workstation: {clinic.frames_read()} clocks read")
        workstation.find("label", contains="Now at: " + PLACE, within=window)

        clinic.step("identity, mute, hang up, call again")
        workstation.find("button", "Identity Confirmed", within=window).press()
        resource(clinic, f"Encounter?_id={encounter['id']}",
                 lambda e: extension(e, "visit-identity").get("valueCode") == "confirmed")
        workstation.find("button", "Hang Up", within=window).press()
        browser.wait_view("waiting")
        assert hub.ask("GET", f"Encounter/{encounter['id']}")[1]["status"] == "in-progress"
        frames = clinic.frames_read()
        workstation.find("button", "Call", within=window).press()
        wait_until("the call to come back", lambda: clinic.frames_read() >= frames + 30, 30)

        clinic.step("note")
        note = workstation.find("text", "Visit note", within=window)
        note.type(NOTE)
        workstation.find("label", contains="Draft, on disk since", within=window)

        clinic.step("prescribe: amoxicillin meets the allergy")
        print([(n.role,n.name,n.accessible.get_action_iface() is not None) for n in window.walk() if "Prescri" in n.name or n.name=="Note"])
        workstation.find("radio button", "Prescribe", within=window, seconds=1).press()
        workstation.find("button", "New Prescription", within=window).press()
        search = workstation.find("entry", within=window, contains="") if False else None
        prescribe(workstation, window, "amox 500 caps")
        workstation.find("label", contains="enicillin", within=window)
        workstation.find("entry", "Reason for prescribing it anyway", within=window)

        clinic.step("prescribe: another drug")
        workstation.find("button", "Change Drug", within=window).press()
        prescribe(workstation, window, "azithromycin 250 tab")
        del search


def prescribe(workstation, window, words):
    entry = workstation.find("entry", "Drug and strength, as in “amox 500”", within=window)
    entry.set_text(words)
    row = workstation.find("list item", contains=words.split()[0][:4], within=window)
    row.press()


run("visit", test_visit)
