# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the tour that is asked something: what was prepared to be signed, who stands in, what is booked, registered
and stopped.

Uses a Tour for its size, scheme and pictures, and a hub and a desktop of its own."""
import uuid
from datetime import datetime, timezone

from desktop import Desktop, wait_until
from hub import Hub

TASK, PRESCRIPTION_ID = "https://bedside.health/fhir/task", "https://bedside.health/fhir/prescription-id"
DRUGS = {
    "ibuprofen 600 MG Oral Tablet": ("197806", "ibuprofen", "5640", "600 MG", "Oral Tablet"),
    "lorazepam 0.5 MG Oral Tablet": ("197900", "lorazepam", "6470", "0.5 MG", "Oral Tablet"),
    "amoxicillin 500 MG Oral Capsule": ("308191", "amoxicillin", "723", "500 MG", "Oral Capsule"),
}


def draft(name, quantity, more=""):
    """A prescription that is whole but for the signature, as a workstation keeps it."""
    code, ingredient, ingredient_code, strength, form = DRUGS[name]
    return (f"[prescription]\ndrug-code={code}\ndrug-name={name}\ningredients={ingredient}\n"
            f"ingredient-codes={ingredient_code}\nform={form}\nstrength={strength}\ndose-value=1\n"
            f"dose-unit={form.split()[-1].lower()}\nperiod-unit=d\nroute=oral\nroute-code=26643006\nmethod=Take\n"
            f"quantity={quantity}\nquantity-unit={form.split()[-1].lower()}\n{more}frequency=3\nperiod=1\nduration-days=7\n")


class QuestionsTour:
    def __init__(self, tour):
        self.tour = tour

    def run(self):
        tour = self.tour
        with Desktop(tour.width, tour.height, tour.dark, shell="kiosk") as tour.desktop, \
             Hub(BEDSIDE_TEST_HOOKS="1") as tour.hub:
            self.jane = tour.hub.appointment("Smith")[1]["id"]
            self.prepare()
            tour.open_workstation()
            try:
                for part in (self.to_sign, self.second_factor, self.absence, self.clinic, self.week, self.medicines):
                    tour.attempt("question-" + part.__name__.replace("_", "-"), part)
            finally:
                tour.program.end()

    def prepare(self):
        """What a nurse prepared for the doctor: two for one person, of which one meets an allergy, and two for another, of which one
        is a controlled drug."""
        hub = self.tour.hub
        appointment = hub.appointment("Smith")[0]
        doctor = next(p["actor"]["reference"] for p in appointment["participant"] if "Practitioner/" in p["actor"]["reference"])
        nurse = next(f"Practitioner/{p['id']}" for p in hub.search("Practitioner?_count=50") if not doctor.endswith(p["id"]))
        others = [hub.patient_of(a)["id"] for a in hub.search("Appointment?_count=50") if hub.patient_of(a)]
        other = next(o for o in others if o != self.jane)
        for patient, drug, more in ((self.jane, "ibuprofen 600 MG Oral Tablet", "reason=Sprained ankle\nnote=With food\n"),
                                    (self.jane, "amoxicillin 500 MG Oral Capsule", ""),
                                    (other, "ibuprofen 600 MG Oral Tablet", "instructions=With food\n"),
                                    (other, "lorazepam 0.5 MG Oral Tablet", "")):
            status, answer = hub.ask("POST", "Task", {
                "resourceType": "Task", "status": "requested", "intent": "proposal", "priority": "routine",
                "authoredOn": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "identifier": [{"system": PRESCRIPTION_ID, "value": str(uuid.uuid4())}],
                "code": {"coding": [{"system": TASK, "code": "to-sign"}]}, "description": drug,
                "for": {"reference": f"Patient/{patient}"}, "requester": {"reference": nurse, "display": "Noor Lind"},
                "owner": {"reference": doctor},
                "input": [{"type": {"coding": [{"system": TASK, "code": "draft"}]}, "valueString": draft(drug, "21", more)}]})
            assert status == 201, (status, answer)

    # ---- to be signed ----

    def to_sign(self):
        tour = self.tour
        tour.show("sign", "Prepared by")
        tour.program.find(contains=" of 4")
        tour.shoot("sign")
        tour.press("Sign…")
        tour.program.find("button", "Back")
        tour.shoot("dialog-sign-several")
        tour.press("Back")
        tour.program.gone("button", "Back")

    def second_factor(self):
        self.dialog("app.second-factor", "dialog-second-factor")

    def absence(self):
        self.dialog("win.absence", "dialog-absence")

    def dialog(self, action, picture, window=1):
        tour = self.tour
        before = len(list(tour.program.application().walk()))
        tour.activate(action, window=window)
        wait_until(f"a dialog of {action}", lambda: len(list(tour.program.application().walk())) > before + 4)
        tour.shoot(picture)
        found = [name for name in ("Close", "Cancel", "Not Now", "Keep It", "Back")
                 if [n for n in tour.program.find_all(name=name) if n.role in ("button", "push button") and n.is_sensitive()]]
        tour.press(found[0])
        wait_until("the dialog to go", lambda: len(list(tour.program.application().walk())) <= before + 4)

    # ---- the day and the patients ----

    def clinic(self):
        self.tour.show("today", None)
        for action in ("win.book-visit",):
            self.tour.attempt(action, lambda action=action: self.dialog(action, f"dialog-{action[4:]}"))
        self.tour.show("patients", None)
        for action in ("win.register-patient", "win.new-patient-list"):
            self.tour.attempt(action, lambda action=action: self.dialog(action, f"dialog-{action[4:]}"))

    def week(self):
        tour = self.tour
        tour.show("today", None)
        tour.program.find(name="Week").press()
        tour.shoot("today-week")
        tour.program.find(name="Day").press()

    # ---- over the chart ----

    def medicines(self):
        tour = self.tour
        tour.activate("app.open", self.jane)
        tour.window = tour.program.window("SMITH, Jane")
        tour.program.find("label", contains="enicillin", within=tour.window)
        tour.show("medicines", None, 2)
        stop = wait_until("a medicine to stop", lambda: [n for n in tour.program.find_all("button", within=tour.window)
                                                         if n.name.startswith("Stop ")])
        stop[0].press()
        tour.program.find("label", contains="It is written under your name")
        tour.shoot("dialog-stop")
        tour.press("Keep It")
        tour.program.gone("label", contains="It is written under your name")
