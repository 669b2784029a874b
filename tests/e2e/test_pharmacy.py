#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pharmacy's counter with its faults, and what the chart says of each: how long it took is printed, not asserted."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import Clinic, run  # noqa: E402
from hub import wait_for  # noqa: E402

TASK = "https://bedside.health/fhir/task"
# What goes wrong at the counter, and what the chart says then.
FAULTS = [
    (("--keep",), "Ready to be collected at"),
    (("--refuse",), "NOT SUPPLIED BY"),
    (("--ask",), "WAITS WITH IT: is this dose meant"),
    (("--partial",), " handed out "),
    (("--lose-answer", "--substitute"), "nothing is left to hand out"),
]


class Pharmacy:
    """Who may sign in as a pharmacy, and the orders of one patient that were sent to it."""

    def __init__(self, clinic, patient):
        self.hub, self.patient, self.number = clinic.hub, patient, 0
        organization = next(o for o in self.hub.search("Organization?name=Harbour") if "Pharmacy" in o["name"])
        self.owner = f"Organization/{organization['id']}"
        doctor = self.hub.search("MedicationRequest?_count=1&status=active")[0]["requester"]
        self.requester = doctor
        token = subprocess.run(["bedside-hub", "token", "--data", self.hub.data(), "--key-file", self.hub.key, "--user", "pharmacy"],
                               capture_output=True, text=True, check=True).stdout
        self.token = os.path.join(self.hub.folder, "pharmacy-token")
        with open(os.open(self.token, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(token)

    def put(self, resource):
        status, answer = self.hub.ask("PUT", f"{resource['resourceType']}/{resource['id']}", resource)
        assert status in (200, 201), (status, answer)

    def order(self):
        self.number += 1
        name = f"cycle-{self.number}"
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        subject = {"reference": f"Patient/{self.patient}"}
        self.put({"resourceType": "MedicationRequest", "id": name, "status": "active", "intent": "order", "subject": subject,
                  "identifier": [{"system": "https://bedside.health/fhir/prescription-id", "value": name}],
                  "requester": self.requester, "authoredOn": now,
                  "medicationCodeableConcept": {"text": f"Testamine {self.number} mg"},
                  "dosageInstruction": [{"text": "one tablet once a day"}],
                  "dispenseRequest": {"numberOfRepeatsAllowed": 0, "quantity": {"value": 28, "unit": "tablet"}}})
        self.put({"resourceType": "Task", "id": f"{name}-task", "status": "requested", "intent": "order", "authoredOn": now,
                  "code": {"coding": [{"system": TASK, "code": "dispense"}]}, "for": subject,
                  "focus": {"reference": f"MedicationRequest/{name}"}, "owner": {"reference": self.owner}})

    def substituted(self):
        """What was handed out for the last order, once it is another product."""
        handed = self.hub.search(f"MedicationDispense?prescription=MedicationRequest/cycle-{self.number}")
        return handed if any(d.get("substitution", {}).get("wasSubstituted") for d in handed) else None

    def open(self, *faults):
        return subprocess.Popen(["bedside-pharmacy", "--server", self.hub.url, "--token-file", self.token,
                                 "--organization", self.owner, *faults], stdout=subprocess.DEVNULL)


def test_pharmacy():
    with Clinic() as clinic:
        hub = clinic.hub
        patient = hub.search("Encounter?status=arrived")[0]["subject"]["reference"].split("/")[1]
        workstation = clinic.open_workstation()
        workstation.find("label", contains="All sent", seconds=40)
        clinic.activate("open", patient)
        window = workstation.window(hub.ask("GET", f"Patient/{patient}")[1]["name"][0]["family"].upper())
        workstation.find("radio button", "Prescribe", within=window).press()
        pharmacy = Pharmacy(clinic, patient)
        for faults, words in FAULTS:
            clinic.step(" ".join(faults))
            pharmacy.order()
            workstation.find("label", contains=f"Testamine {pharmacy.number} mg", within=window, seconds=40)
            began = time.monotonic()
            counter = pharmacy.open(*faults)
            try:
                workstation.find("label", contains=words, within=window, seconds=40)
                if "--substitute" in faults:  # and once, though each message was sent twice
                    handed = wait_for("another product that was handed out", pharmacy.substituted, 40)
                    assert len(handed) == 1, handed
            finally:
                counter.terminate()
                counter.wait(20)
            print(f"# {' '.join(faults)}: said {time.monotonic() - began:.2f} s after the counter was started", flush=True)
        clinic.step("done")


run("pharmacy", test_pharmacy)
