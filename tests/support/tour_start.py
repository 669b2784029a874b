# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the tour before and around the work: the first start, the help, About, the lock with two clinicians, and what
an administrator's file sets.

Uses a Tour for its size, scheme and pictures, and a hub and a desktop of its own. The screens that come before there are
records are of a workstation without any, the others of two clinicians on one account of the computer."""
import os

from desktop import Desktop, wait_until
from hub import Hub

CODES = {"doctor": "three-owls", "doctor2": "two-foxes"}
NOWHERE = "http://127.0.0.1:9"
FLEET = """[administrator]
name=IT of Riverside Clinic
contact=it@riverside.example, 0123 456
[server]
url={url}
[sign-in]
client-id=bedside-workstation
unlock=code
[policy]
lock-minutes=10
lease-days=3
networks={networks}
theme=system
language=en
[end]
"""


class StartTour:
    def __init__(self, tour):
        self.tour = tour

    def run(self):
        tour = self.tour
        with Desktop(tour.width, tour.height, tour.dark, shell="kiosk") as tour.desktop, \
             Hub(BEDSIDE_TEST_HOOKS="1") as tour.hub:
            self.keys = os.path.join(tour.desktop.folder, "keys")
            self.fleet = os.path.join(tour.desktop.folder, "fleet.conf")
            os.mkdir(self.keys, 0o700)
            for part in (self.first_start, self.small_clinic, self.alone, self.two_clinicians, self.who, self.administrator,
                         self.elsewhere):
                tour.attempt("start-" + part.__name__.replace("_", "-"), part)
                tour.program.end()

    def start(self, *options, **environment):
        tour = self.tour
        tour.program = tour.desktop.start(["bedside", *options], **environment)
        wait_until("the accessibility tree", tour.program.application, 60)
        return tour.program

    def open(self, *options, **environment):
        return self.start("--server", self.tour.hub.url, "--key-file", self.keys, *options, **environment)

    # ---- before there are records ----

    def first_start(self):
        tour, program = self.tour, self.start()
        program.find("label", contains="Where do you want to work")
        tour.shoot("start-choices")
        tour.press("Connect to Our Server")
        tour.field("Address of the server").set_text(NOWHERE)
        tour.shoot("start-connect")
        tour.press("Look at This Server")
        program.find("button", "Try Again", seconds=40)
        tour.shoot("start-trouble")
        tour.field("Address of the server").set_text(tour.hub.url)
        wait_until("the button", lambda: program.find_all("button", "Look at This Server"))
        tour.press("Look at This Server")
        program.find("button", "Use This Server", seconds=40)
        tour.shoot("start-probe")
        tour.activate("app.help", "")
        tour.program.find("heading", contains="The first start")
        tour.shoot("help")

    def small_clinic(self):
        tour, program = self.tour, self.start()
        tour.press("Start a Small Clinic Here")
        tour.field("Name of the clinic")
        tour.shoot("start-clinic")
        for name, text in (("Name of the clinic", "Riverside Practice"), ("Your name, as others read it", "Dr Ada Stone"),
                           ("Name to sign in with", "stone"), ("Password", "eleven grey herons"),
                           ("The password again", "eleven grey herons")):
            tour.field(name).set_text(text)
        tour.shoot("start-clinic-filled")
        tour.press("Start the Clinic")
        program.find("button", "I Have Written It Down", seconds=60)
        tour.shoot("start-founded")

    # ---- at work ----

    def alone(self):
        tour = self.tour
        program = self.open("--user", "doctor")
        program.find("label", contains="SMITH, Jane", seconds=60)
        tour.activate("app.preferences")
        program.find("label", contains="Camera and Sound")
        tour.shoot("preferences")
        tour.press("Close")
        tour.activate("app.about")
        program.find("label", contains="The Bedside contributors")
        tour.shoot("about")

    def choose(self, program, code):
        for name in ("New code", "The same code again"):
            program.find(name=name, seconds=60)
            self.tour.field(name).set_text(code)

    def two_clinicians(self):
        tour = self.tour
        program = self.open("--user", "doctor2")
        self.choose(program, CODES["doctor2"])
        tour.shoot("lock-choose")
        tour.press("Use This Code")
        program.find("label", contains="SMITH, Jane", seconds=60)
        tour.activate("app.lock")
        program.find("button", "Unlock", seconds=60)
        tour.shoot("lock")
        tour.field("Code").set_text("one-cat")
        tour.press("Unlock")
        program.find(contains="This is not the code", seconds=60)
        tour.shoot("lock-wrong")
        tour.activate("app.help", "")
        program.find("heading", contains="Removing a clinician")
        tour.shoot("help-lock")

    def who(self):
        tour, program = self.tour, self.open()
        program.find("label", contains="Who Works Here?", seconds=60)
        tour.shoot("lock-who")
        next(node for node in program.find_all("button", contains="Remove ")).press()
        program.find("label", contains="an administrator of the clinic removes", seconds=60)
        tour.shoot("lock-remove")

    # ---- under the administrator's file ----

    def write(self, networks):
        with open(self.fleet, "w") as file:
            file.write(FLEET.format(url=self.tour.hub.url, networks=networks))

    def unlock(self, program):
        program.find("button", "Unlock", seconds=60)
        self.tour.field("Code").set_text(CODES["doctor2"])
        self.tour.press("Unlock")
        program.find("label", contains="SMITH, Jane", seconds=60)

    def administrator(self):
        tour = self.tour
        self.write("127.0.0.0/8;198.51.100.0/24")
        program = self.open("--user", "doctor2", BEDSIDE_FLEET=self.fleet)
        self.unlock(program)
        tour.activate("app.preferences")
        program.find("label", contains="Camera and Sound")
        wait_until("the administrator's page", lambda: next(
            (n for n in program.find_all(name="Administrator") if n.accessible.get_action_iface() is not None), None)).press()
        program.find("label", contains="Set by IT of Riverside Clinic")
        tour.shoot("preferences-locked")
        tour.activate("app.help", "administrator")
        program.find("heading", contains="What is set by the administrator")
        tour.shoot("help-administrator")

    def elsewhere(self):
        tour = self.tour
        self.write("198.51.100.0/24")
        program = self.open("--user", "doctor2", BEDSIDE_FLEET=self.fleet)
        self.unlock(program)
        program.find("label", contains="This network is not one in which")
        tour.shoot("today-other-network")
