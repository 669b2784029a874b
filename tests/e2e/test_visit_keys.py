#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole virtual visit without a mouse: who waits is admitted, spoken with, written about, prescribed for, and the
visit ended by real keys alone; the accessibility bus only reads. The patient is a real Chromium."""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, extension, frames_shown, resource, run, wait_until  # noqa: E402
from keyboard import PATIENCE, Keyboard  # noqa: E402


def is_on(workstation, window, name):
    from gi.repository import Atspi
    return workstation.find("toggle button", name, within=window).states().contains(Atspi.StateType.PRESSED)


def prescribe(keyboard, workstation, window):
    keyboard.press("ctrl+shift+p")
    keyboard.desktop.write("loratadine 10")
    workstation.find("button", contains="Prescribe lora", within=window)
    keyboard.go("Tab", "Prescribe lora")
    keyboard.press("Return")
    keyboard.go("Tab", "^Dose$")
    keyboard.desktop.write("1")
    keyboard.go("Tab", "Once a day")
    keyboard.desktop.key("space")
    keyboard.go("Tab", "Quantity")
    keyboard.desktop.write("14")
    wait_until("the form to be whole", lambda: workstation.find("button", "Sign…", within=window).is_sensitive())
    keyboard.desktop.key("ctrl+shift+g")
    workstation.find("button", "Back")
    keyboard.go("Tab", "^Sign")
    keyboard.desktop.key("Return")
    workstation.find("button", "Undo", within=window)


def end_visit(keyboard, workstation):
    keyboard.press("ctrl+shift+e")
    workstation.find("toggle button", "Settled")
    keyboard.go("Tab", "^Settled$")
    keyboard.desktop.key("space")
    wait_until("the outcome to be chosen",
               lambda: workstation.find_all("button", "End Visit")[-1].is_sensitive())
    keyboard.go("Tab", "^End Visit$")
    keyboard.desktop.key("Return")


def test_visit_keys():
    with Clinic(keys=True) as clinic, Browser(width=420, height=860) as browser:
        hub = clinic.hub
        appointment, patient = hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        workstation = clinic.open_workstation()
        workstation.find("label", contains="SMITH, Jane", seconds=60)
        keyboard = Keyboard(clinic.desktop, workstation)

        clinic.step("the patient waits")
        Patient(browser, hub.join_link(appointment), test_clock=True).join((day, month, year), PLACE, NUMBER)
        workstation.find("label", contains=PLACE, seconds=10)
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")

        clinic.step("one key opens the chart of who waits, and admits")
        keyboard.press("ctrl+n")
        window = workstation.window("SMITH, Jane", 60)
        frames_shown(browser, 30)
        wait_until("30 of the patient's clocks", lambda: clinic.frames_read() >= 30, 30)

        clinic.step("identity, microphone, hold, and on")
        keyboard.press("alt+i")
        resource(clinic, f"Encounter?_id={encounter['id']}",
                 lambda e: extension(e, "visit-identity").get("valueCode") == "confirmed")
        keyboard.press("F7")
        wait_until("the microphone to be off", lambda: not is_on(workstation, window, "Microphone"))
        keyboard.press("F7")
        wait_until("the microphone to be on", lambda: is_on(workstation, window, "Microphone"))
        keyboard.press("ctrl+shift+o")
        workstation.find("label", contains="On hold: neither of you", within=window)
        frames = clinic.frames_read()
        keyboard.press("ctrl+shift+o")
        wait_until("the call to go on", lambda: clinic.frames_read() >= frames + 30, 30)

        clinic.step("a word in the chat")
        keyboard.press("ctrl+alt+c")
        keyboard.desktop.write("Any fever?")
        keyboard.desktop.key("Return")
        browser.wait("return document.getElementById('chat-log').innerText.includes('Any fever?')")
        keyboard.press("Escape")

        clinic.step("note")
        assert keyboard.press("alt+n", seconds=PATIENCE), "the note has not the focus"
        keyboard.desktop.write("Hay fever since May.")
        workstation.find("label", contains="Draft, on disk since", within=window)

        clinic.step("prescription")
        prescribe(keyboard, workstation, window)

        clinic.step("the end, with an outcome")
        end_visit(keyboard, workstation)
        encounter = resource(clinic, f"Encounter?_id={encounter['id']}", lambda e: e["status"] == "finished", seconds=30)
        assert extension(encounter, "visit-outcome")["valueCode"] == "settled", encounter
        resource(clinic, f"DocumentReference?encounter=Encounter/{encounter['id']}", lambda d: d.get("docStatus") == "final",
                 seconds=30)
        resource(clinic, f"MedicationRequest?encounter=Encounter/{encounter['id']}", seconds=30)
        browser.wait_view("medicines")

        clinic.step("one more key, and it is the next patient's chart")
        before = {w.name for w in workstation.windows()}
        pressed = time.monotonic()
        keyboard.press("ctrl+n")
        wait_until("the next patient's chart", lambda: {w.name for w in workstation.windows()} - before)
        print(f"# {time.monotonic() - pressed:.1f} s to the next: {[w.name for w in workstation.windows()]}")
        clinic.step("done")


run("visit by keys", test_visit_keys)
