# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole clinic for an end-to-end test: real hub, real workstation on a headless desktop, real Chromium."""
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
from desktop import Desktop, wait_until  # noqa: E402
from hub import Hub  # noqa: E402
from webdriver import Browser, Patient  # noqa: E402

PLACE, NUMBER = "27 Anchor Close, Westhaven", "+44 1632 960 714"


class Clinic:
    def __init__(self, width=1440, height=900, options=(), keys=False):
        self.options = options
        self.desktop, self.hub, self.program = Desktop(width, height, keys=keys), None, None
        self.steps = 0

    def __enter__(self):
        self.desktop.__enter__()
        self.hub = Hub(folder=None, options=self.options, BEDSIDE_TEST_HOOKS="1")
        return self

    def __exit__(self, *exception):
        if exception[0] is not None and self.program is not None:
            try:
                self.desktop.screenshot(os.path.join(os.environ.get("BEDSIDE_E2E_SHOTS", "/tmp"), "e2e-failed.png"))
            except Exception:
                pass
        if self.program is not None:
            self.program.end()
        self.hub.__exit__(*exception)
        self.desktop.__exit__(*exception)

    def open_workstation(self, server=None, **environment):
        self.program = self.desktop.start(
            ["bedside", "--server", server or self.hub.url, "--user", "doctor", "--key-file", self.hub.key,
             "--data", os.path.join(self.hub.folder, "workstation")], BEDSIDE_TEST_CLOCK="1", **environment)
        wait_until("the accessibility tree", self.program.application, 30)
        return self.program

    def activate(self, action, target=None):
        """One of the program's own actions, as a notification or the desktop's shell activates it."""
        subprocess.run(["gdbus", "call", "--session", "--dest", "health.bedside.Workstation", "--object-path",
                        "/health/bedside/Workstation", "--method", "org.gtk.Actions.Activate", action,
                        f"[<'{target}'>]" if target else "[]", "{}"], check=True, stdout=subprocess.DEVNULL)

    def activate_in_windows(self, action):
        """An action of whichever windows have it, as a key activates it."""
        for number in range(1, 9):
            subprocess.run(["gdbus", "call", "--session", "--dest", "health.bedside.Workstation", "--object-path",
                            f"/health/bedside/Workstation/window/{number}", "--method", "org.gtk.Actions.Activate", action,
                            "[]", "{}"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def step(self, text):
        """Names what is done now; with BEDSIDE_E2E_SHOTS a picture is taken of what came before."""
        self.steps += 1
        print(f"# {time.strftime('%H:%M:%S')} {text}", flush=True)
        if os.environ.get("BEDSIDE_E2E_SHOTS"):
            self.desktop.screenshot(os.path.join(os.environ["BEDSIDE_E2E_SHOTS"], f"{self.steps:02}.png"))

    def frames_read(self):
        """How many of the patient's painted clocks the workstation read."""
        found = re.findall(r"remote clock: (\d+) read", self.desktop.log())
        return int(found[-1]) if found else 0


def resource(clinic, query, condition=lambda r: True, seconds=15):
    return wait_until(query, lambda: next((r for r in clinic.hub.search(query) if condition(r)), None), seconds)


def extension(encounter, name):
    return next((e for e in encounter.get("extension", []) if e["url"].endswith("/" + name)), {})


def dialog_press(workstation, name):
    """The button of a dialog that is above the window: the last of its name."""
    def look():
        found = [n for n in workstation.find_all("button", name) if n.is_sensitive()]
        return found[-1] if found else None
    wait_until(f"the button {name} of a dialog", look).press()


def field(workstation, window, name):
    """The text of the row or entry called NAME."""
    def look():
        for node in workstation.find_all(name=name, within=window):
            for part in node.walk():
                if part.accessible.get_editable_text_iface() is not None:
                    return part
        return None
    return wait_until(f"the field {name}", look)


def prescribe(workstation, window, words):
    field(workstation, window, "Drug and strength").set_text(words)
    workstation.find("button", contains="Prescribe " + words.split()[0][:4], within=window).press()


def frames_shown(browser, count):
    """Until the page read COUNT of the workstation's painted clocks."""
    try:
        browser.wait("return window.bedsideTest && window.bedsideTest.clocksRead >= arguments[0]", count, patience=40)
    except Exception:
        seen = browser.script("const t = window.bedsideTest; return t && {...t, delays: t.delays.length}")
        size = browser.script("const v = document.getElementById('remote'); return [v.videoWidth, v.videoHeight, v.readyState]")
        print(f"# the page: {seen}, picture {size}")
        raise


def run(name, test):
    """One TAP case; the exit status is 0 only when it passed."""
    print("1..1")
    try:
        test()
    except BaseException:
        import traceback
        for line in traceback.format_exc().splitlines():
            print(f"# {line}")
        print(f"not ok 1 - {name}")
        sys.exit(1)
    print(f"ok 1 - {name}")
