#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network is cut at each step of a visit: nothing is lost, and all of it arrives once."""
import base64
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import (NUMBER, PLACE, Browser, Clinic, Patient, dialog_press, extension, field, prescribe,  # noqa: E402
                    resource, run, wait_until)
from cut_proxy import CutProxy  # noqa: E402

NOTE = "Sore throat three days, fever 38.4 at home. "
REST = "No trismus. Written without a network."
HALF = len("Sore throat three days, ")
SAVED_WITHIN = 1.5  # s: a second, and what a busy machine takes to write
NOT_SENT = "NOT SENT: TELL THE PATIENT"


def versions(hub, encounter, patient, appointment):
    """Everything of the visit on the hub, with its version: what is doubled or written again shows."""
    of_visit = f"encounter=Encounter/{encounter}"
    found = hub.search(f"Encounter?_id={encounter}") + hub.search(f"Appointment?_id={appointment}")
    for query in (f"MedicationRequest?{of_visit}", f"DocumentReference?{of_visit}", f"Task?patient=Patient/{patient}",
                  f"Provenance?patient=Patient/{patient}"):
        found += hub.search(query)
    return sorted((r["resourceType"], r["id"], r["meta"]["versionId"]) for r in found)


def arrived(hub, encounter):
    """Whether the hub has it all: how many prescriptions and notes of the visit, and its state."""
    of_visit = f"encounter=Encounter/{encounter}"
    return (len(hub.search(f"MedicationRequest?{of_visit}")), len(hub.search(f"DocumentReference?{of_visit}")),
            hub.ask("GET", f"Encounter/{encounter}")[1]["status"])


def open_chart(clinic, workstation, patient):
    clinic.activate("open", patient["id"])
    return workstation.window("SMITH, Jane")


def test_offline():
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        hub = clinic.hub
        appointment, patient = hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        network = CutProxy(hub.port)

        clinic.step("the patient waits")
        workstation = clinic.open_workstation(server=network.url)
        workstation.find("label", contains="SMITH, Jane")
        Patient(browser, hub.join_link(appointment)).join((day, month, year), PLACE, NUMBER)
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")
        window = open_chart(clinic, workstation, patient)
        workstation.find("label", contains="The patient is in the waiting room", within=window)
        before = versions(hub, encounter["id"], patient["id"], appointment["id"])

        clinic.step("cut, then admit")
        network.cut()
        workstation.find("label", contains="Offline since")
        workstation.find("label", contains="Video needs the connection", within=window)
        workstation.find("button", "Admit", within=window).press()
        workstation.find("label", contains="The visit is open. Video needs the connection", within=window)
        workstation.find("label", contains="If cut off: " + NUMBER, within=window)
        workstation.find("button", "End Visit…", within=window)
        workstation.find("label", contains="1 change waits")

        clinic.step("the note, and a kill while it is typed")
        note = workstation.find("text", "Visit note", within=window)
        note.type(NOTE[:HALF])
        workstation.find("label", contains="Draft, on disk since", within=window)
        typed = []  # when each further character had been typed, at the pace of a fast typist
        for character in NOTE[HALF:]:
            note.type(character)
            typed.append(time.monotonic())
            time.sleep(0.08)
        killed = time.monotonic()
        workstation.kill()

        clinic.step("started again without a network")
        workstation = clinic.open_workstation(server=network.url)
        workstation.find("label", contains="SMITH, Jane")
        window = open_chart(clinic, workstation, patient)
        note = workstation.find("text", "Visit note", within=window)
        wait_until("the draft", note.text)
        missing = len(NOTE) - len(note.text())
        print(f"# the newest {missing} characters are missing; {sum(at > killed - 1 for at in typed)} were younger than a second")
        older = HALF + sum(at < killed - SAVED_WITHIN for at in typed)
        assert NOTE.startswith(note.text()) and len(note.text()) >= older, note.text()
        workstation.find("label", contains="Draft, found again on disk", within=window)
        workstation.find("label", contains="The visit is open. Video needs the connection", within=window)
        note.type(NOTE[len(note.text()):] + REST)
        workstation.find("label", contains="Draft, on disk since", within=window)

        clinic.step("prescribe and sign")
        workstation.find("radio button", "Prescribe", within=window).press()
        workstation.find("button", "New Prescription", within=window).press()
        prescribe(workstation, window, "azithromycin 250 tab")
        field(workstation, window, "Dose").set_text("1")
        workstation.find("radio button", "Once a day", within=window).press()
        field(workstation, window, "Quantity to supply").set_text("6")
        workstation.find("label", contains="one tablet once a day", within=window)
        workstation.find("button", "Sign…", within=window).press()
        dialog_press(workstation, "Sign")
        signed = time.monotonic()
        workstation.find("button", "Undo", within=window)

        clinic.step("what is not sent stands between the user and quit")
        clinic.activate("quit")
        workstation.find(contains="Not Sent – Tell the Patient")
        quit_anyway = workstation.find("button", "Quit Anyway")
        assert not quit_anyway.is_sensitive(), "quit is possible without a reason"
        dialog_press(workstation, "Go Back")
        workstation.gone("button", "Quit Anyway")
        assert workstation.process.poll() is None, "the program ended past what was not sent"

        clinic.step("a minute after the signature")
        workstation.find("label", contains="Waiting to be sent", within=window)
        assert not workstation.find_all("label", contains=NOT_SENT, within=window), "told before its time"
        workstation.find("label", contains=NOT_SENT, within=window, seconds=75)
        told = time.monotonic() - signed
        print(f"# {NOT_SENT} {told:.0f} s after the signature")
        assert told >= 50, told
        workstation.find("button", "Print", within=window)

        clinic.step("the visit ends without a network")
        workstation.find("radio button", "Note", within=window).press()
        workstation.find("button", "End Visit…", within=window).press()
        workstation.find("toggle button", "Settled").press()
        ends = [n for n in workstation.find_all("button", "End Visit")]
        assert ends and not ends[-1].is_sensitive(), "the visit ends past what was not sent"
        workstation.find("toggle button", "I have told the patient").press()
        dialog_press(workstation, "End Visit")
        workstation.find("label", contains="This visit has ended", within=window)
        assert versions(hub, encounter["id"], patient["id"], appointment["id"]) == before, "the cut leaks"

        clinic.step("the network is back")
        network.restore()
        back = time.monotonic()
        wait_until("all of it on the hub", lambda: arrived(hub, encounter["id"]) == (1, 1, "finished"), 75)
        print(f"# all arrived {time.monotonic() - back:.0f} s after the network")
        workstation.find("label", contains="All sent", seconds=30)
        ended = hub.ask("GET", f"Encounter/{encounter['id']}")[1]
        assert extension(ended, "visit-outcome")["valueCode"] == "settled", ended
        document = hub.search(f"DocumentReference?encounter=Encounter/{encounter['id']}")[0]
        text = base64.b64decode(document["content"][0]["attachment"]["data"]).decode()
        assert text == NOTE + REST, text
        resource(clinic, f"Appointment?_id={appointment['id']}", lambda a: a["status"] == "fulfilled")
        browser.wait_view("medicines")
        browser.wait("return document.getElementById('medicines').innerText.includes('zithromycin')")
        after = versions(hub, encounter["id"], patient["id"], appointment["id"])

        clinic.step("another start of the workstation sends nothing again")
        workstation.end()
        workstation = clinic.open_workstation(server=network.url)
        workstation.find("label", contains="All sent", seconds=40)
        window = open_chart(clinic, workstation, patient)
        workstation.find("label", contains="Penicillin", within=window)
        status, _ = hub.ask("POST", "AllergyIntolerance", {
            "resourceType": "AllergyIntolerance", "patient": {"reference": f"Patient/{patient['id']}"}, "code": {"text": "Latex"}})
        assert status == 201, status
        workstation.find("label", contains="Latex", within=window, seconds=30)  # it reads and sends again
        workstation.find("label", contains="All sent", seconds=30)
        assert versions(hub, encounter["id"], patient["id"], appointment["id"]) == after, "something was sent again"
        clinic.step("done")


run("offline", test_offline)
