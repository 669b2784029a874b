# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the tour that has no network, or gets it back: downtime, readiness, two versions, the outbox.

Uses a Tour for its size, scheme and pictures, and a hub and a desktop of its own."""
import datetime
import os

from desktop import Desktop, wait_until
from hub import Hub


class OfflineTour:
    def __init__(self, tour):
        self.tour = tour

    def run(self):
        tour = self.tour
        with Desktop(tour.width, tour.height, tour.dark, shell="kiosk") as tour.desktop, \
             Hub(BEDSIDE_TEST_HOOKS="1") as self.hub:
            tour.hub = self.hub
            self.jane = self.hub.appointment("Smith")[1]["id"]
            for part in (self.connected, self.downtime, self.two_versions, self.day_after, self.lease_over):
                tour.attempt(part.__name__.replace("_", "-"), part)
            self.end()

    def end(self):
        if getattr(self.tour, "program", None):
            self.tour.program.end()

    def start(self, *options):
        self.end()
        tour = self.tour
        tour.program = tour.desktop.start(
            ["bedside", "--server", self.hub.url, "--user", "doctor", "--key-file", self.hub.key,
             "--data", os.path.join(self.hub.folder, "workstation"), *options])
        wait_until("the accessibility tree", tour.program.application, 30)

    def open_jane(self):
        tour = self.tour
        tour.activate("app.open", self.jane)
        tour.window = tour.program.window("SMITH, Jane")
        tour.program.find("label", contains="enicillin", within=tour.window)

    # ---- with the network ----

    def connected(self):
        """A chart that is complete, and a prescription that left."""
        tour = self.tour
        self.start()
        tour.program.find("label", contains="SMITH, Jane", seconds=40)
        self.open_jane()
        tour.program.find("label", contains="up to date", within=tour.window, seconds=40)
        tour.program.find("toggle button", contains="up to date", within=tour.window).press()
        tour.program.find("button", contains="Read Again Now")
        tour.program.find("label", contains="Complete as the server had it")
        tour.shoot("readiness")
        tour.program.find("toggle button", contains="up to date", within=tour.window).press()
        self.prescribe("loratadine 10 tab", "lora")
        wait_until("the prescription on the hub", self.order, 40)

    def prescribe(self, drug, sign):
        tour = self.tour
        tour.show("prescribe", "New Prescription", 2)
        tour.press("New Prescription", tour.window)
        tour.field("Drug and strength", tour.window).set_text(drug)
        tour.program.find("button", contains=f"Prescribe {sign}", within=tour.window).press()
        tour.fill("1", "14")
        tour.press("Sign…", tour.window)
        tour.program.find("button", "Back")
        tour.press("Sign")
        tour.program.find("button", "Undo", within=tour.window)

    def order(self):
        return next((r for r in self.hub.search("MedicationRequest?_count=200")
                     if "oratadine" in str(r.get("medicationCodeableConcept"))), None)

    # ---- without it ----

    def downtime(self):
        tour = self.tour
        self.start()
        tour.program.find("label", contains="SMITH, Jane", seconds=40)
        tour.program.find("label", contains="as of", seconds=40)
        tour.activate("app.server")
        tour.program.find(contains="The Clinic’s Server")
        tour.shoot("server")
        tour.press("Close")
        self.hub.stop()
        tour.program.find("label", contains="Offline since", seconds=40)
        tour.program.find("button", contains="What Works")
        tour.shoot("offline-today")
        tour.press("What Works")
        tour.program.find("label", contains="Reaching a pharmacy")
        tour.shoot("offline-what-works")
        tour.press("Try Now")
        self.open_jane()
        tour.program.find("button", contains="What Works", within=tour.window)
        tour.shoot("offline-chart")
        tour.show("prescribe", "New Prescription", 2)
        tour.press("Cancel Prescription…", tour.window)
        tour.field("Reason").set_text("Patient has enough at home")
        tour.press("Cancel Prescription")
        tour.program.find("label", contains="1 change waits", within=tour.window)
        tour.shoot("offline-waiting")

    def two_versions(self):
        """What was cancelled here was changed there: the hub moves while the workstation cannot see it."""
        tour, port = self.tour, self.hub.port
        self.hub.port = 0
        self.hub.start()
        order = self.order()
        order["note"] = [{"text": "Patient prefers to take it in the evening."}]
        status, answer = self.hub.ask("PUT", f"MedicationRequest/{order['id']}", order)
        assert status == 200, answer
        self.hub.stop()
        self.hub.port = port
        self.hub.start()
        tour.program.find("label", contains="Somebody else changed", within=tour.window, seconds=60)
        tour.shoot("conflict-banner")
        tour.press("Compare", tour.window)
        tour.program.find("label", contains="Two people changed this")
        tour.shoot("conflict")
        assert len(tour.program.find_all("radio button", contains="Theirs: ")) >= 2
        tour.press("Keep All Theirs")
        tour.program.find("button", "Use Theirs")
        tour.program.find("label", contains="given up")
        tour.shoot("conflict-chosen")

    # ---- another day, without it from the start ----

    def day_after(self):
        """No hub from start-up on, a day later: every page works and says how old it is."""
        tour = self.tour
        self.hub.stop()
        self.start("--today", str(datetime.date.today() + datetime.timedelta(days=1)))
        tour.program.find("button", contains="What Works", seconds=40)
        for page, sign in (("today", None), ("tasks", None), ("outbox", "Changed by two people"),
                           ("patients", "h old")):
            tour.show(page, sign)
            tour.shoot(f"cold-{page}")
        self.open_jane()
        tour.program.find("label", contains="as of", within=tour.window)
        tour.shoot("cold-chart")
        for page in ("problems", "medicines", "results"):
            tour.show(page, None, 2)
            tour.shoot(f"cold-{page}")
        tour.program.find("toggle button", contains="as of", within=tour.window).press()
        tour.press("Read Again Now", tour.window)
        tour.program.find("label", contains="is not reached")
        tour.shoot("cold-readiness")
        tour.program.find("toggle button", contains="as of", within=tour.window).press()
        tour.show("prescribe", "New Prescription", 2)
        tour.press("New Prescription", tour.window)
        tour.field("Drug and strength", tour.window).set_text("azithromycin 250 tab")
        tour.program.find("button", contains="Prescribe azi", within=tour.window).press()
        tour.fill("1", "6")
        tour.press("Sign…", tour.window)
        tour.program.find("button", "Back")
        tour.shoot("cold-sign")

    def lease_over(self):
        tour = self.tour
        self.start("--today", str(datetime.date.today() + datetime.timedelta(days=5)))
        tour.program.find("label", contains="Sign In Again", seconds=40)
        tour.program.find("label", contains="72 hours")
        tour.shoot("lease-over")
