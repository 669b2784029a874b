#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workstation that names a hub in front of another server: records there, the visit and its picture here."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, frames_shown, resource, run, wait_until  # noqa: E402
from front import Front  # noqa: E402
from hub import PROGRAM, HubClient  # noqa: E402


def token_of(hub, user):
    return subprocess.run([PROGRAM, "token", "--data", hub.data(), "--key-file", hub.key, "--user", user],
                          capture_output=True, text=True, check=True).stdout.strip()


def test_front():
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        hub = clinic.hub
        link_key = os.path.join(hub.folder, "link-key")
        with Front(f"{hub.url}/fhir", token_of(hub, "admin"), link_key, BEDSIDE_TEST_HOOKS="1") as front:
            doctor = HubClient(front.url, token_of(hub, "doctor"))
            appointment, patient = hub.appointment("Smith")
            year, month, day = (int(part) for part in patient["birthDate"].split("-"))

            clinic.step("sign in at the hub in front, read the records behind it")
            workstation = clinic.open_workstation(server=front.url)
            workstation.find("label", contains="SMITH, Jane")
            workstation.find("label", contains="All sent")

            clinic.step("a call through it")
            link = doctor.join_link(appointment)
            Patient(browser, link, test_clock=True).join((day, month, year), PLACE, NUMBER)
            encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")
            clinic.activate("open", patient["id"])
            window = workstation.window("SMITH, Jane")
            workstation.find("label", contains="The patient is in the waiting room", within=window)
            workstation.find("button", "Admit", within=window).press()
            wait_until("the patient's picture", lambda: clinic.frames_read() >= 30, 40)
            frames_shown(browser, 30)

            clinic.step("the records go away: the picture stays")
            hub.stop(kill=True)
            workstation.find("label", contains="Offline since")
            wait_until("the picture without the records", lambda n=clinic.frames_read(): clinic.frames_read() >= n + 30, 40)
            hub.start()
            workstation.find("label", contains="All sent", seconds=40)
            assert hub.ask("GET", f"Encounter/{encounter['id']}")[1]["status"] == "in-progress"

            clinic.step("who opens the link while the records are away is told so")
            hub.stop(kill=True)
            browser.go(link)
            wait_until("the sentence", lambda: "cannot reach its records" in browser.text())
            clinic.step("done")


run("front", test_front)
