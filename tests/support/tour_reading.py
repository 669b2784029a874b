# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the tour that reads: the clinic's pages, three charts and what opens from them.

It finds its way by actions, never by the words of a screen, so it runs in every language. Besides SMITH, Jane it
opens a person with an Arabic and one with a Japanese name."""
import os
import time

from desktop import Desktop, wait_until
from hub import Hub

CLINIC = ("today", "patients", "tasks", "sign", "unfinished", "outbox")
CHART = ("summary", "problems", "medicines", "results", "visits", "documents", "history", "plans", "timeline", "unfinished", "note",
         "prescribe")
PEOPLE = {
    "arabic": {"name": [{"use": "official", "family": "العلي", "given": ["فاطمة"], "text": "فاطمة العلي"}],
               "gender": "female", "birthDate": "1957-03-09"},
    "japanese": {"name": [{"use": "official", "family": "佐々木", "given": ["健一郎"], "text": "佐々木 健一郎"}],
                 "gender": "male", "birthDate": "1948-12-30"},
}


def code(system, value, text):
    return {"coding": [{"system": system, "code": value, "display": text}], "text": text}


def chart_of(patient):
    """A short chart, in words that need room."""
    subject = {"reference": f"Patient/{patient}"}
    status = {"clinicalStatus": code("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active")}
    return [
        {"resourceType": "Condition", "subject": subject, "onsetDateTime": "2019-04", **status,
         "code": code("http://snomed.info/sct", "44054006", "Diabetes mellitus type 2")},
        {"resourceType": "Condition", "subject": subject, "onsetDateTime": "2003", **status,
         "code": {"text": "ارتفاع ضغط الدم الأساسي 本態性高血圧症 Hypertonie"}},
        {"resourceType": "AllergyIntolerance", "patient": subject, "criticality": "high",
         "code": {"text": "Penicillin"}, "reaction": [{"manifestation": [{"text": "Anaphylaxis"}]}],
         "clinicalStatus": code("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active")},
    ]


class ReadingTour:
    def __init__(self, tour):
        self.tour = tour

    def run(self):
        tour = self.tour
        with Desktop(tour.width, tour.height, tour.dark, shell="kiosk") as tour.desktop, \
             Hub(BEDSIDE_TEST_HOOKS="1") as tour.hub:
            if "large" in tour.look.split("-"):
                tour.desktop.scale_text(2)
            people = {"jane": ("SMITH", tour.hub.appointment("Smith")[1]["id"]), **dict(self.add_people())}
            tour.program = tour.desktop.start(
                ["bedside", "--server", tour.hub.url, "--user", "doctor", "--key-file", tour.hub.key,
                 "--data", os.path.join(tour.hub.folder, "workstation")], **tour.environment)
            try:
                wait_until("the accessibility tree", tour.program.application, 60)
                tour.program.find("label", contains="SMITH, Jane", seconds=60)
                for page in CLINIC:
                    tour.attempt(f"read-{page}", lambda page=page: (tour.show(page, None), tour.shoot(f"read-{page}")))
                for number, (name, (family, patient)) in enumerate(people.items(), 2):
                    pages = CHART if name == "jane" else CHART[:3]
                    tour.attempt(f"{name}", lambda: self.chart(name, family, patient, number, pages))
            finally:
                tour.program.end()

    def add_people(self):
        hub = self.tour.hub
        for name, person in PEOPLE.items():
            status, patient = hub.ask("POST", "Patient", {"resourceType": "Patient", **person})
            assert status == 201, (status, patient)
            for resource in chart_of(patient["id"]):
                status, answer = hub.ask("POST", resource["resourceType"], resource)
                assert status == 201, (status, answer)
            yield name, (person["name"][0]["family"], patient["id"])

    def chart(self, name, family, patient, number, pages):
        tour = self.tour
        tour.activate("app.open", patient)
        tour.window = tour.program.window(family, 40)
        tour.program.find("label", contains="enicillin", within=tour.window, seconds=40)
        time.sleep(1)  # in the tree before it is on the screen
        for page in pages:
            tour.attempt(f"{name}-{page}", lambda page=page: (tour.show(page, None, number), tour.shoot(f"{name}-{page}")))
        tour.attempt(f"{name}-find", lambda: self.find(name, number))

    def find(self, name, number):
        """The search of the record, which stands over the chart until it is closed."""
        tour = self.tour
        tour.activate("win.find", window=number)
        tour.shoot(f"{name}-find")
