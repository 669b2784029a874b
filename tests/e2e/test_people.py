#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three in a visit: the interpreter first, then the patient; painted clocks are counted on each of the six legs."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, resource, run, wait_until  # noqa: E402

COUNT = 10
SLOW = "#test-clock-slow"  # two browsers and a workstation share one small machine


def read_of(clinic, role):
    """How many painted clocks the workstation read in the pictures of ROLE."""
    found = re.findall(rf"{role} clock: (\d+) read", clinic.desktop.log())
    return int(found[-1]) if found else 0


def seen(browser, role):
    return browser.script("return window.bedsidePeople?.[arguments[0]]?.clocksRead ?? 0", role)


def enter_as_interpreter(browser, link):
    browser.go(link + SLOW)
    browser.wait_view("enter")
    browser.type("#number", "4711")
    browser.type("#language", "Polish")
    browser.click("#enter-form button.main")
    browser.wait_view("waiting")


def test_people():
    with Clinic() as clinic, Browser(width=420, height=860) as browser, Browser(width=420, height=860) as other:
        hub = clinic.hub
        appointment, patient = hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        clinic.step("the patient waits")
        workstation = clinic.open_workstation()
        page = Patient(browser, hub.join_link(appointment) + SLOW)
        page.join((day, month, year), PLACE, NUMBER)
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")["id"]
        workstation.find("label", contains=PLACE)
        workstation.find("button", "Open Chart").press()
        window = workstation.window("SMITH, Jane")

        clinic.step("the clinician invites an interpreter")
        workstation.find("button", "Invite an interpreter or a guest", within=window).press()
        workstation.find("button", "Make Link").press()
        link = workstation.find("label", contains="/guest/").name
        link = re.search(r"http\S+/guest/\S+", link).group(0)
        enter_as_interpreter(other, link)
        workstation.find("label", contains="Waits to be let in", within=window)
        assert not any(word in other.text() for word in ("Jane", "Smith", "throat")), other.text()

        clinic.step("and talks with them before the patient is admitted")
        workstation.find("button", "Let In", within=window).press()
        wait_until("the interpreter's clocks", lambda: read_of(clinic, "interpreter") >= COUNT, 40)
        other.wait("return window.bedsideTest.clocksRead >= arguments[0]", COUNT, patience=40)
        assert browser.view() == "waiting" and clinic.frames_read() == 0
        stays = resource(clinic, f"Encounter?_id={encounter}",
                         lambda e: any(p.get("type", [{}])[0].get("coding", [{}])[0].get("code") == "translator"
                                       for p in e.get("participant", [])))["participant"]
        stay = next(p for p in stays if p["individual"].get("identifier", {}).get("value") == "4711")
        assert "Polish" in stay["individual"]["display"] and stay["period"]["start"], stay

        clinic.step("three meet")
        workstation.find("button", "Admit", within=window).press()
        browser.wait_view("call", patience=40)
        before = read_of(clinic, "interpreter"), other.script("return window.bedsideTest.clocksRead")
        legs = {
            "patient to clinician": lambda: clinic.frames_read() >= COUNT,
            "clinician to patient": lambda: browser.script("return window.bedsideTest.clocksRead") >= COUNT,
            "interpreter to clinician": lambda: read_of(clinic, "interpreter") >= before[0] + COUNT,
            "clinician to interpreter": lambda: other.script("return window.bedsideTest.clocksRead") >= before[1] + COUNT,
            "interpreter to patient": lambda: seen(browser, "interpreter") >= COUNT,
            "patient to interpreter": lambda: seen(other, "patient") >= COUNT,
        }
        for name, leg in legs.items():
            wait_until(f"{COUNT} clocks, {name}", leg, 60)
        print(f"# workstation: {clinic.frames_read()} of the patient, {read_of(clinic, 'interpreter')} of the interpreter; "
              f"patient: {browser.script('return window.bedsideTest.clocksRead')} of the clinician, {seen(browser, 'interpreter')} "
              f"of the interpreter; interpreter: {other.script('return window.bedsideTest.clocksRead')} of the clinician, "
              f"{seen(other, 'patient')} of the patient")

        clinic.step("the interpreter leaves")
        other.click("#hangup")
        resource(clinic, f"Encounter?_id={encounter}",
                 lambda e: any(p["individual"].get("identifier") and p["period"].get("end") for p in e["participant"]))
        browser.wait("return !document.querySelector('.person')", patience=40)
        clinic.step("done")


run("people", test_people)
