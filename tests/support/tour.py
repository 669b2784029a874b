#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Screenshots of every screen, light and dark, wide and narrow, for people to look at.

usage: tour.py DIR [--only LOOK] [--offline | --reading | --dialogs | --questions | --start]   (only the part without a
network, only what is read, only what stands over a screen, only what is asked, only the first start, the lock and what an
administrator sets)

A look is a size and a scheme (wide-light, middle-dark, narrow-light…), and for what is read something more: larger
text, high contrast, a language, from right to left. Files are named <screen>-<look>.png and printed as they are made. A screen that could
not be reached is named at the end, and the exit status is 1. Each part of a look has a demo hub, a desktop and a
Chromium of its own, so that they do not disturb each other.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import window_actions  # noqa: E402
from desktop import Desktop, wait_until  # noqa: E402
from hub import Hub  # noqa: E402
from tour_dialogs import DialogsTour  # noqa: E402
from tour_offline import OfflineTour  # noqa: E402
from tour_questions import QuestionsTour  # noqa: E402
from tour_reading import ReadingTour  # noqa: E402
from tour_start import StartTour  # noqa: E402
from webdriver import Browser, Patient  # noqa: E402

SIZES = {"wide": (1440, 900), "middle": (860, 900), "narrow": (360, 740)}
LOOKS = [f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")]
VARIANTS = {"large": {"GSETTINGS_BACKEND": "keyfile"}, "contrast": {"ADW_DEBUG_HIGH_CONTRAST": "1"},
            "de": {"LC_ALL": "de_DE.UTF-8"}, "fr": {"LC_ALL": "fr_FR.UTF-8"}, "es": {"LC_ALL": "es_ES.UTF-8"},
            "ja": {"LC_ALL": "ja_JP.UTF-8"},
            "ar": {"LC_ALL": "ar_EG.UTF-8", "LANGUAGE": "en"},  # our words are English: from left to right
            "rtl": {"LC_ALL": "ar_EG.UTF-8", "BEDSIDE_LOCALE_DIR": os.environ.get("BEDSIDE_TOUR_RTL", "")}}
READING = LOOKS + ["wide-light-large", "narrow-light-large", "wide-light-contrast", "wide-dark-contrast", "narrow-light-de",
                   "narrow-light-large-de", "wide-light-fr", "narrow-light-es", "wide-light-ja", "wide-light-ar",
                   "narrow-light-ar", "wide-light-rtl", "narrow-light-rtl"]
RTL = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgctxt "text direction"\nmsgid "ltr"\nmsgstr "rtl"\n'
LIMIT = 1500  # seconds for the whole tour
PLACE, NUMBER = "27 Anchor Close, Westhaven", "+44 1632 960 714"
NOTE = ("Sore throat for three days, fever 38.4 at home.\n"
        "No trismus, drinks well, no rash. Tonsils red with exudate on the picture.\n"
        "Advised on fluids and on when to call again.")


def portrait(folder):
    """A film of the drawn patient, for Chromium's camera."""
    film = os.path.join(folder, "patient.y4m")
    subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={os.path.dirname(os.path.abspath(__file__))}/patient.svg",
                    "!", "rsvgdec", "!", "imagefreeze", "num-buffers=30", "!", "videoconvert", "!",
                    "video/x-raw,format=I420,width=640,height=480,framerate=30/1", "!", "y4menc", "!",
                    "filesink", f"location={film}"], check=True, timeout=60)
    return film


class Tour:
    """One look: every screen in one size and one colour scheme."""

    def __init__(self, folder, look):
        self.folder, self.look, self.failed = folder, look, []
        size, scheme, *variant = look.split("-")
        self.width, self.height = SIZES[size]
        self.dark = scheme == "dark"
        self.environment = {name: value for part in variant for name, value in VARIANTS[part].items()}

    # ---- taking pictures ----

    def path(self, screen):
        return os.path.join(self.folder, f"{screen}-{self.look}.png")

    def shoot(self, screen, patience=3.0):
        """Takes the picture when two in a row are the same; a call never stands still."""
        path, end, before = self.path(screen), time.monotonic() + patience, None
        while True:
            self.desktop.screenshot(path)
            with open(path, "rb") as file:
                now = file.read()
            if now == before or time.monotonic() > end:
                break
            before = now
            time.sleep(0.15)
        print(path, flush=True)

    def shoot_page(self, screen):
        self.browser.look(self.width, self.height, self.dark)
        time.sleep(0.2)
        self.browser.screenshot(self.path(screen))
        print(self.path(screen), flush=True)

    def attempt(self, screen, action):
        """One screen that cannot be reached must not hide the others."""
        try:
            action()
        except Exception as problem:
            self.failed.append(screen)
            print(f"NOT REACHED {screen}-{self.look}: {str(problem)[:3000]}", file=sys.stderr, flush=True)
            try:
                self.desktop.screenshot(self.path("failed-" + screen))
            except Exception:
                pass

    # ---- the workstation ----

    def activate(self, name, target=None, window=1):
        """An action: "app.…" of the program, "win.…" of one of its windows."""
        window_actions.activate(name, target, window)

    def field(self, name, within=None):
        def look():
            for node in self.program.find_all(name=name, within=within):
                for part in node.walk():
                    if part.accessible.get_editable_text_iface() is not None:
                        return part
            return None
        return wait_until(f"the field {name}", look)

    def press(self, name, within=None):
        """The button of this name that can be pressed; of several the last, which is a dialog's."""
        def look():
            found = [node for node in self.program.find_all(name=name, within=within)
                     if node.role in ("button", "toggle button", "push button") and node.is_sensitive()]
            return found[-1] if found else None
        wait_until(f"the button {name}", look).press()

    def show(self, page, sign, window=1):
        """Shows a page or a pane, and waits until SIGN is there to be seen."""
        self.activate("win.show", page, window)
        if sign is not None:
            self.program.find(contains=sign)

    # ---- the screens ----

    def run(self):
        with Desktop(self.width, self.height, self.dark, shell="kiosk") as self.desktop, \
             Hub(BEDSIDE_TEST_HOOKS="1") as self.hub, \
             Browser(self.width, self.height, self.dark,
                     flags=[f"--use-file-for-fake-video-capture={os.environ['BEDSIDE_TOUR_FILM']}"]) as self.browser:
            self.open_workstation()
            try:
                self.clinic()
                self.attempt("patient-join", self.patient_joins)
                self.attempt("today-waiting", self.today_waiting)
                self.chart()
                self.visit()
                self.attempt("patient-medicines", self.patient_reads)
                self.attempt("unsent", self.unsent)
                self.attempt("palette", self.palette)
            finally:
                self.program.end()
        return not self.failed

    def run_offline(self):
        OfflineTour(self).run()
        return not self.failed

    def run_dialogs(self):
        DialogsTour(self).run()
        return not self.failed

    def run_questions(self):
        QuestionsTour(self).run()
        return not self.failed

    def run_reading(self):
        ReadingTour(self).run()
        return not self.failed

    def run_start(self):
        StartTour(self).run()
        return not self.failed

    def open_workstation(self):
        self.program = self.desktop.start(
            ["bedside", "--server", self.hub.url, "--user", "doctor", "--key-file", self.hub.key,
             "--data", os.path.join(self.hub.folder, "workstation")])
        wait_until("the accessibility tree", self.program.application, 30)
        self.program.find("label", contains="SMITH, Jane", seconds=40)

    def clinic(self):
        self.attempt("today", lambda: self.shoot("today"))
        self.attempt("patients", self.patients)
        for page, sign in (("tasks", None), ("outbox", None)):
            self.attempt(page, lambda page=page, sign=sign: (self.show(page, sign), self.shoot(page)))
        self.show("today", None)

    def patients(self):
        self.show("patients", None)
        self.shoot("patients-empty")
        self.field("Find a patient").set_text("smi")
        self.program.gone("label", contains="33 Quay View")
        self.shoot("patients")

    def patient_joins(self):
        appointment, patient = self.hub.appointment("Smith")
        self.appointment = appointment
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        page = Patient(self.browser, self.hub.join_link(appointment))
        self.browser.wait_view("verify")
        self.shoot_page("patient-verify")
        page.verify(day, month, year)
        self.browser.wait_view("details")
        self.shoot_page("patient-details")
        page.details(PLACE, NUMBER)
        self.browser.wait_view("consent")
        self.shoot_page("patient-consent")
        page.agree()
        self.browser.wait_view("devices")
        self.shoot_page("patient-devices")
        page.test_devices()
        self.shoot_page("patient-devices-done")
        page.wait()
        self.shoot_page("patient-waiting")

    def today_waiting(self):
        self.program.find("label", contains=PLACE, seconds=15)
        self.shoot("today-waiting")

    def chart(self):
        self.press("Open Chart")
        self.window = self.program.window("SMITH, Jane")
        self.program.find("label", contains="enicillin", within=self.window)
        self.attempt("visit-waiting", lambda: (self.program.find("button", "Admit", within=self.window),
                                               self.shoot("visit-waiting")))
        for page in ("problems", "medicines", "results", "visits", "documents", "history", "plans", "timeline", "summary"):
            self.attempt(f"chart-{page}", lambda page=page: (self.show(page, None, 2), self.shoot(f"chart-{page}")))
        self.attempt("entry", self.entry)
        self.attempt("keys", self.keys)
        self.attempt("print", self.paper)

    def entry(self):
        """The form of an entry: empty, refused, and what the list says afterwards."""
        self.show("problems", "Active Problems", 2)
        self.press("Add Problem…", self.window)
        self.field("Problem")
        self.shoot("entry-form")
        self.press("Save")
        self.program.find(contains="is missing")
        self.shoot("entry-missing")
        self.field("Problem").set_text("Migraine")
        self.press("Save")
        self.program.find(contains="Entry added")
        self.shoot("entry-added")
        self.press("Undo", self.window)
        self.program.gone(contains="Migraine")

    def palette(self):
        """Last of all: a palette goes by Escape, and this desktop has no keyboard."""
        self.activate("win.palette")
        self.field("Find a patient or a command").set_text("a")
        self.program.find("label", contains="Show Patients")
        self.shoot("palette")

    def keys(self):
        self.activate("win.keys", window=2)
        self.program.find(contains="Hang Up")
        self.shoot("keys")
        self.press("Close")

    def paper(self):
        """What goes on paper: a document of the chart, and the sheet for the patient."""
        for document in ("medicines", "after-visit"):
            self.activate("win.print-document", document, 2)
            wait_until("the pages", lambda: self.program.find_all(contains="Page 1 of"), 10)
            self.shoot(f"print-{document}")
            self.press("Close")
            self.program.gone("button", "Save as PDF…")

    def visit(self):
        def call():
            self.press("Admit", self.window)
            self.browser.wait_view("call", patience=30)
            self.program.find("button", "Hang Up", within=self.window)
            wait_until("the patient's picture", self.is_live, 30)
            self.shoot("visit-call", 2)
            self.shoot_page("patient-call")

        def note():
            self.show("note", None, 2)
            self.program.find("text", "Visit note", within=self.window).set_text(NOTE)
            self.program.find("label", contains="Draft, on disk since", within=self.window)
            self.shoot("note", 1)
            self.press("Identity Confirmed", self.window)
            self.program.gone("button", "Identity Confirmed")
            self.shoot("note-identified", 1)

        self.attempt("visit-call", call)
        self.attempt("note", note)
        self.attempt("prescribe", self.prescribe)
        self.attempt("visit-no-call", lambda: (self.press("Hang Up", self.window),
                                               self.program.find("button", "Call", within=self.window),
                                               self.show("note", None, 2), self.shoot("visit-no-call"),
                                               self.shoot_page("patient-after-call")))
        self.attempt("outcome", self.outcome)

    def is_live(self):
        return self.browser.script("const v = document.getElementById('remote'); return v.videoWidth > 0") and \
            self.program.find_all("label", contains="Picture", within=self.window) or \
            self.program.find_all("label", contains="kbit", within=self.window) or \
            self.program.find_all("label", contains="ms", within=self.window)

    def prescribe(self):
        self.show("prescribe", "New Prescription", 2)
        self.shoot("prescribe-empty", 1)
        self.press("New Prescription", self.window)
        search = self.field("Drug and strength", self.window)
        search.set_text("amox 500")
        self.program.find("button", contains="Prescribe amox", within=self.window)
        self.shoot("prescribe-search", 1)
        search.set_text("qqqq")
        self.program.gone("button", contains="Prescribe amox")
        self.shoot("prescribe-search-nothing", 1)
        search.set_text("amox 500 caps")
        self.program.find("button", contains="Prescribe amox", within=self.window).press()
        self.program.find("label", contains="belongs to the penicillins", within=self.window)
        self.shoot("prescribe-match", 1)
        self.press("Change Drug", self.window)
        self.field("Drug and strength", self.window).set_text("azithromycin 250 tab")
        self.program.find("button", contains="Prescribe azi", within=self.window).press()
        self.program.gone("label", contains="belongs to the penicillins")
        self.fill("1", "6")
        self.shoot("prescribe-form", 1)
        self.press("Sign…", self.window)
        self.program.find("button", "Back")
        self.shoot("prescribe-sign", 1)
        self.press("Sign")
        self.program.find("button", "Undo", within=self.window)
        self.shoot("prescribe-signed", 1)

    def fill(self, dose, quantity):
        self.field("Dose", self.window).set_text(dose)
        self.program.find("radio button", "Once a day", within=self.window).press()
        self.field("Quantity to supply", self.window).set_text(quantity)
        self.program.find("label", contains="once a day", within=self.window)

    def outcome(self):
        wait_until("the prescription on the hub", self.is_sent, 40)
        self.activate("win.visit-end", window=2)
        self.program.find("toggle button", "Settled")
        self.shoot("outcome", 1)
        self.program.find("toggle button", "Settled").press()
        self.shoot("outcome-chosen", 1)
        self.press("End Visit")
        self.program.gone("toggle button", "Settled")
        self.shoot("visit-ended")

    def is_sent(self):
        return any("zithromycin" in str(request.get("medicationCodeableConcept"))
                   for request in self.hub.search("MedicationRequest?_count=200"))

    def patient_reads(self):
        self.browser.wait_view("medicines", patience=30)
        self.browser.wait("return document.getElementById('medicines').innerText.includes('zithromycin')")
        self.shoot_page("patient-medicines")
        self.browser.script("[...document.querySelectorAll('#pharmacies label')].find((e) => e.textContent.includes('Harbour Pharmacy')).click()")
        self.browser.click('input[name="mode"][value="delivery"]')
        self.shoot_page("patient-choice")
        self.browser.click("#choice-form button.main")
        self.browser.wait("return document.getElementById('choice-form').hidden")
        self.shoot_page("patient-chosen")
        self.show("prescribe", "elivery", 2)
        self.shoot("prescribe-chosen")

    def unsent(self):
        """The hub is gone: what is signed now waits, and stands between the user and quit."""
        self.hub.stop()
        self.show("prescribe", "New Prescription", 2)
        self.press("New Prescription", self.window)
        self.field("Drug and strength", self.window).set_text("loratadine 10 tab")
        self.program.find("button", contains="Prescribe lora", within=self.window).press()
        self.fill("1", "14")
        self.press("Sign…", self.window)
        self.program.find("button", "Back")
        self.press("Sign")
        self.program.find("button", "Undo", within=self.window)
        self.shoot("prescribe-resting")
        self.program.gone("button", "Undo")
        self.press("Close", self.window)  # a kiosk shows one window: the question stands in the clinic's
        self.activate("app.quit")
        self.field("Reason to quit anyway").set_text("End of the shift")
        self.shoot("quit-unsent")
        self.press("Quit Anyway")  # else the chart would be open again, and stand before the clinic
        wait_until("the end", lambda: self.program.process.poll() is not None)
        self.open_workstation()
        self.show("outbox", "Prescription for SMITH", 1)
        self.shoot("outbox-waiting")


def parts_of(arguments):
    """(look, options) of each process that this call asks for."""
    if "--offline" in arguments:
        parts = [(look, ["--offline"]) for look in LOOKS]
    elif "--dialogs" in arguments:
        parts = [(look, ["--dialogs"]) for look in LOOKS]
    elif "--start" in arguments:
        parts = [(look, ["--start"]) for look in LOOKS]
    elif "--questions" in arguments:
        parts = [(look, ["--questions"]) for look in LOOKS]
    elif "--reading" in arguments:
        parts = [(look, ["--reading"]) for look in READING]
    else:
        parts = [(look, part) for look in LOOKS if not look.startswith("middle") for part in ([], ["--offline"])]
        parts += [(look, [part]) for look in LOOKS if not look.startswith("middle")
                  for part in ("--dialogs", "--questions", "--start")]
        parts += [(look, ["--reading"]) for look in READING]
    if "--only" in arguments:
        look = arguments[arguments.index("--only") + 1]
        parts = [part for part in parts if part[0] == look]
        if not parts:
            sys.exit(f"tour.py: no look {look}; there are: {', '.join(READING)}")
    return parts


def main():
    folder = os.path.abspath(sys.argv[1])
    os.makedirs(folder, exist_ok=True)
    if "--look" in sys.argv:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
        tour = Tour(folder, sys.argv[sys.argv.index("--look") + 1])
        run = next((run for option, run in (("--offline", tour.run_offline), ("--dialogs", tour.run_dialogs),
                                            ("--questions", tour.run_questions), ("--start", tour.run_start),
                                            ("--reading", tour.run_reading)) if option in sys.argv), tour.run)
        sys.exit(0 if run() else 1)
    # Each part in a process of its own: a process meets one accessibility bus.
    parts = parts_of(sys.argv)
    start, failed, running = time.monotonic(), [], []
    with tempfile.TemporaryDirectory(prefix="bedside-tour-") as scratch:
        subprocess.run(["localedef", "-i", "ar_EG", "-f", "UTF-8", os.path.join(scratch, "ar_EG.UTF-8")], check=True)
        rtl = os.path.join(scratch, "ar", "LC_MESSAGES")  # English, laid out from right to left
        os.makedirs(rtl)
        subprocess.run(["msgfmt", "-o", os.path.join(rtl, "bedside.mo"), "-"], input=RTL.encode(), check=True)
        # Only for those that need it: with LOCPATH the system's own archive of locales is not looked at.
        environment = {**os.environ, "BEDSIDE_TOUR_FILM": portrait(scratch), "BEDSIDE_TOUR_RTL": scratch}
        while parts or running:
            while parts and len(running) < 2:
                look, part = parts.pop(0)
                running.append((look, subprocess.Popen([sys.executable, __file__, folder, "--look", look, *part],
                                                       env={**environment, **({"LOCPATH": scratch} if look.endswith(("-ar", "-rtl")) else {})})))
            for look, process in list(running):
                if process.poll() is None and time.monotonic() - start > LIMIT:
                    process.terminate()
                    process.wait(20)
                if process.poll() is not None:
                    running.remove((look, process))
                    failed += [look] if process.returncode else []
            time.sleep(0.2)
    pictures = [name for name in os.listdir(folder) if name.endswith(".png") and not name.startswith("failed-")]
    print(f"{len(pictures)} pictures in {folder}, {time.monotonic() - start:.0f} s")
    if failed:
        sys.exit(f"screens could not be reached in: {', '.join(failed)}")


if __name__ == "__main__":
    main()
