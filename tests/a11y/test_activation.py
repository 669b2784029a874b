#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop starts and asks Bedside by its name on the session bus, with the service file that is installed.

Every action that the desktop file offers is there; a file that is opened before anybody is signed in waits and is
shown afterwards, in no chart; the screen can be locked."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
from desktop import Desktop, Program, wait_until  # noqa: E402
from hub import Hub  # noqa: E402

ID = "health.bedside.Workstation"
DATA = os.path.join(os.environ["BEDSIDE_PROJECT"], "data")
CDA = """<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge Summary</title><recordTarget>
<patientRole><patient><name><given>Nobody</given><family>Known</family></name><birthTime value="19500102"/></patient>
</patientRole></recordTarget><component><structuredBody><component><section><title>Medicines</title><text>Ramipril
</text></section></component></structuredBody></component></ClinicalDocument>"""


def read(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return file.read()


def call(*arguments):
    return subprocess.run(["gdbus", "call", "--session", *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


def gapplication(*arguments):
    return subprocess.run(["gapplication", *arguments], check=True, capture_output=True, text=True, timeout=60).stdout


def install(desktop, hub):
    """The service file as it is installed, with the program of this build and the demo clinic."""
    folder = os.path.join(desktop.folder, "data", "dbus-1", "services")
    os.makedirs(folder, exist_ok=True)
    program = os.path.join(os.environ["BEDSIDE_BUILD"], "src", "app")
    text = read(f"{ID}.service.in").replace("@id@", ID).replace("@bindir@", program)
    text = text.replace("--gapplication-service", f"--gapplication-service --server {hub.url} --user doctor --key-file {hub.key} "
                        f"--data {os.path.join(hub.folder, 'workstation')}")
    with open(os.path.join(folder, f"{ID}.service"), "w") as file:
        file.write(text)
    call("--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus.ReloadConfig")


class Activated(Program):
    """The program that the bus started."""

    def __init__(self, desktop):
        super().__init__(None, desktop)

    def application(self):
        self.process = Process(int(re.search(r"uint32 (\d+)", call(
            "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus", "--method",
            "org.freedesktop.DBus.GetConnectionUnixProcessID", ID)).group(1)))
        return super().application()


class Process:
    def __init__(self, pid):
        self.pid = pid


def main():
    with Hub() as hub, Desktop() as desktop:
        install(desktop, hub)
        path = os.path.join(desktop.folder, "summary.cda")
        with open(path, "w", encoding="utf-8") as file:
            file.write(CDA)

        before = len(hub.search("DocumentReference?_count=1000"))
        gapplication("launch", ID, path)  # nothing ran before
        program = Activated(desktop)
        program.find(contains="Discharge Summary", seconds=90)
        program.find(contains="KNOWN, Nobody")
        program.find(contains="Nothing of it is in a chart")
        assert len(hub.search("DocumentReference?_count=1000")) == before
        print("ok 1 - a file starts the program and is shown after the sign-in", flush=True)

        there = re.findall(r"'([^']+)'", call("--dest", ID, "--object-path", "/health/bedside/Workstation", "--method",
                                              "org.gtk.Actions.List"))
        offered = re.search(r"^Actions=(.*)$", read(f"{ID}.desktop.in"), re.M).group(1).strip(";").split(";")
        assert set(offered) <= set(there), (offered, there)
        print("ok 2 - every action of the desktop file is there", flush=True)

        gapplication("action", ID, "lock")
        wait_until("the records to be out of sight", lambda: not program.find_all(contains="Discharge Summary"), 30)
        print("ok 3 - the screen is locked from the desktop", flush=True)
        call("--dest", ID, "--object-path", "/health/bedside/Workstation", "--method", "org.gtk.Actions.Activate", "quit", "[]", "{}")


if __name__ == "__main__":
    print("1..3", flush=True)
    main()
