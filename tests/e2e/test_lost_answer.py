#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hub takes a change and its answer is lost, by a cut or because the hub is killed: it is there once."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import Clinic, dialog_press, field, prescribe, resource, run  # noqa: E402
from cut_proxy import CutProxy  # noqa: E402

NOTE = "Reviewed. Will ring if it does not settle."


def made_of(kind):
    """What a transaction with a resource of this type holds."""
    return f'"resourceType":"{kind}"'.encode()


def test_lost_answer():
    with Clinic() as clinic:
        hub = clinic.hub
        encounter = hub.search("Encounter?status=arrived")[0]
        patient = encounter["subject"]["reference"].split("/")[1]
        of_visit = f"encounter=Encounter/{encounter['id']}"
        network = CutProxy(hub.port)

        clinic.step("the answer to the admission is lost")
        workstation = clinic.open_workstation(server=network.url)
        workstation.find("label", contains="All sent", seconds=40)
        clinic.activate("open", patient)
        window = workstation.window(hub.ask("GET", f"Patient/{patient}")[1]["name"][0]["family"].upper())
        network.lose_answer(made_of("Encounter"))
        workstation.find("button", "Admit", within=window).press()
        assert network.lost.wait(20), "the admission was not sent"
        workstation.find("label", contains="All sent", seconds=40)
        admitted = hub.ask("GET", f"Encounter/{encounter['id']}")[1]
        assert admitted["status"] == "in-progress", admitted
        assert int(admitted["meta"]["versionId"]) == int(encounter["meta"]["versionId"]) + 1, "admitted twice"

        clinic.step("the network is cut when the prescription has arrived")
        workstation.find("radio button", "Prescribe", within=window).press()
        workstation.find("button", "New Prescription", within=window).press()
        prescribe(workstation, window, "acetaminophen 500 tab")
        field(workstation, window, "Dose").set_text("1")
        workstation.find("radio button", "Once a day", within=window).press()
        field(workstation, window, "Quantity to supply").set_text("6")
        workstation.find("label", contains="one tablet once a day", within=window)
        network.lose_answer(made_of("MedicationRequest"), network.cut)
        workstation.find("button", "Sign…", within=window).press()
        dialog_press(workstation, "Sign")
        assert network.lost.wait(40), "the prescription was not sent"
        assert len(hub.search(f"MedicationRequest?{of_visit}")) == 1
        workstation.find("label", contains="Not known whether it arrived", within=window)

        clinic.step("nobody leaves past what is not known")
        workstation.find("button", "End Visit…", within=window).press()
        workstation.find("toggle button", "I have told the patient")
        dialog_press(workstation, "Cancel")
        network.restore()
        workstation.find("label", contains="Sent", within=window, seconds=40)
        workstation.find("label", contains="All sent", seconds=40)
        request = hub.search(f"MedicationRequest?{of_visit}")
        assert len(request) == 1 and request[0]["meta"]["versionId"] == "1", request

        clinic.step("the hub is killed when it has stored the note")
        workstation.find("radio button", "Note", within=window).press()
        workstation.find("text", "Visit note", within=window).type(NOTE)
        workstation.find("label", contains="Draft, on disk since", within=window)
        network.lose_answer(made_of("DocumentReference"), lambda: hub.stop(kill=True))
        workstation.find("button", "End Visit…", within=window).press()
        workstation.find("toggle button", "Settled").press()
        dialog_press(workstation, "End Visit")
        assert network.lost.wait(40), "the note was not sent"
        hub.start()
        resource(clinic, f"Encounter?_id={encounter['id']}", lambda e: e["status"] == "finished", 60)
        workstation.find("label", contains="All sent", seconds=40)
        for query in ("MedicationRequest", "DocumentReference"):
            found = hub.search(f"{query}?{of_visit}")
            assert len(found) == 1 and found[0]["meta"]["versionId"] == "1", found
        clinic.step("done")


run("lost-answer", test_lost_answer)
