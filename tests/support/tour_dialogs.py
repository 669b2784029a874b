# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the tour that opens what stands over a screen: hand-over, contact, call-me, devices, invitation, guests.

Uses a Tour for its size, scheme and pictures, and a hub, a desktop and a Chromium of its own. The guest is a client
of the standard library: what the clinician sees of one is the tile."""
import json
import os
import re
import urllib.request

from desktop import Desktop, wait_until
from hub import DIRECT, Hub
from webdriver import Browser, Patient
from websocket import WebSocket

PLACE, NUMBER = "27 Anchor Close, Westhaven", "+44 1632 960 714"


class DialogsTour:
    def __init__(self, tour):
        self.tour, self.guest = tour, None

    def run(self):
        tour = self.tour
        with Desktop(tour.width, tour.height, tour.dark, shell="kiosk") as tour.desktop, \
             Hub(BEDSIDE_TEST_HOOKS="1") as tour.hub, \
             Browser(tour.width, tour.height, tour.dark,
                     flags=[f"--use-file-for-fake-video-capture={os.environ['BEDSIDE_TOUR_FILM']}"]) as tour.browser:
            tour.open_workstation()
            try:
                for part in (self.send_link, self.contact, self.call_me, self.hand_over, self.waiting, self.call, self.devices,
                             self.invite, self.guests):
                    tour.attempt("dialog-" + part.__name__.replace("_", "-"), part)
            finally:
                tour.program.end()

    def close(self, window=None):
        """A dialog's own button, and what it showed is gone."""
        self.tour.press("Close", window)

    # ---- over the clinic window ----

    def send_link(self):
        tour = self.tour
        tour.activate("win.send-link")
        tour.program.find("label", contains="No message was sent")
        tour.shoot("dialog-send-link")
        self.close()

    def contact(self):
        tour = self.tour
        tour.show("patients", None)
        tour.field("Find a patient").set_text("smi")
        tour.program.gone("label", contains="33 Quay View")
        tour.activate("win.correct-contact")
        tour.program.find("button", contains="Save")
        tour.shoot("dialog-contact")
        self.close()
        tour.show("today", None)

    def call_me(self):
        """On the patient's page the form, at the clinic the red line."""
        tour, browser = self.tour, self.tour.browser
        appointment, patient = tour.hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        self.page, self.birth = Patient(browser, tour.hub.join_link(appointment)), (day, month, year)
        browser.wait_view("verify")
        browser.click("#call-me-open")
        browser.type("#call-me-number", NUMBER)
        tour.shoot_page("patient-call-me")
        browser.click("#call-me-send")
        browser.wait("return !document.getElementById('call-me-line').hidden")
        tour.shoot_page("patient-call-me-asked")
        tour.program.find("label", contains="asks to be called")
        tour.shoot("today-call-me")

    def hand_over(self):
        tour = self.tour
        self.page.join(self.birth, PLACE, NUMBER)
        tour.program.find("label", contains=PLACE)
        tour.activate("win.hand-over-visit")
        tour.program.find(contains="No colleague")
        tour.shoot("dialog-hand-over")
        tour.press("Cancel")

    # ---- over the chart ----

    def waiting(self):
        tour = self.tour
        tour.press("Open Chart")
        tour.window = tour.program.window("SMITH, Jane")
        tour.program.find("button", "Admit", within=tour.window)
        tour.program.find("label", contains="asks to be called", within=tour.window)
        tour.shoot("visit-call-me")

    def call(self):
        tour = self.tour
        tour.press("Admit", tour.window)
        tour.browser.wait_view("call", patience=30)
        wait_until("the patient's picture", tour.is_live, 30)

    def devices(self):
        tour = self.tour
        tour.activate("win.visit-devices", window=2)
        tour.program.find(contains="Even loudness")
        tour.shoot("dialog-devices", 2)
        self.close()

    def invite(self):
        tour = self.tour
        tour.activate("win.visit-invite", window=2)
        wait_until("two links to make", lambda: len(tour.program.find_all("button", "Make Link")) >= 2)
        tour.shoot("dialog-invite", 2)
        tour.program.find_all("button", "Make Link")[1].press()
        found = tour.program.find("label", contains="/guest/")
        tour.shoot("dialog-invite-link", 2)
        self.link = re.search(r"http\S+/guest/\S+", found.name).group(0)
        self.close()

    def guests(self):
        """A guest waits, the clinician is asked who agreed, and they are in."""
        tour = self.tour
        request = urllib.request.Request(self.link + "/enter", json.dumps({"name": "Bert Quill", "relation": "CHILD"}).encode(),
                                         {"Content-Type": "application/json"}, method="POST")
        with DIRECT.open(request, timeout=20) as answer:
            cookie = answer.headers["Set-Cookie"].split(";")[0]
            visit = json.load(answer)["visit"]
        self.guest = WebSocket(tour.hub.port, f"/visit/{visit}/signal?as=guest", cookie=cookie)
        self.guest.send({"type": "hello", "role": "guest", "epoch": 0})
        tour.program.find("label", contains="Waits to be let in", within=tour.window)
        tour.shoot("visit-guest-waits", 2)
        tour.press("Let In", tour.window)
        tour.shoot("dialog-guest-agreed", 2)
