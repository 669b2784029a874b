#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of a back-up and of a restore, word for word as the manual's examples have them, on the demo clinic."""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
from hub import PROGRAM, Hub  # noqa: E402

CASES = []


def case(test):
    CASES.append(test)
    return test


def example(command):
    """The manual's line that begins with this command, as it is typed."""
    path = os.path.join(os.environ["BEDSIDE_PROJECT"], "data", "man", "bedside-hub.1")
    with open(path, encoding="utf-8") as file:
        examples = file.read().split(".SH EXAMPLES")[1]
    found = re.findall(rf"^(bedside-hub {command} .*)$", examples, re.M)
    assert len(found) == 1, f"examples of {command}: {found}"
    return found[0].replace("\\-", "-")


class Place:
    """A folder in which the examples' names mean something, with the hub that it has."""

    def __init__(self, folder):
        self.folder = folder
        os.mkdir(os.path.join(folder, "backups"))
        self.today = time.strftime("%Y-%m-%d")
        self.hub = None

    def run(self, line):
        """Through a shell, as a person would."""
        line = line.replace("/backups/", self.folder + "/backups/").replace("2026-11-29", self.today)
        line = line.replace("bedside-hub", shlex.quote(PROGRAM), 1)
        return subprocess.run(["sh", "-c", line], cwd=self.folder, capture_output=True, text=True, timeout=120)

    def serve(self, name):
        """bedside-hub serve --data NAME, as it is kept in this folder."""
        hub = Hub.__new__(Hub)
        hub.folder, hub.key = self.folder, os.path.join(self.folder, name, "hub.key")
        hub.data = lambda: os.path.join(self.folder, name)
        hub.options, hub.demo, hub.quirk, hub.environment, hub.port, hub.process = [], name == "clinic", None, {}, 0, None
        hub.log = os.path.join(self.folder, name + ".log")
        hub.start()
        hub.token = subprocess.run([PROGRAM, "token", "--data", hub.data(), "--user", "admin"], capture_output=True, text=True,
                                   check=True).stdout.strip()
        return hub


def patients(hub):
    return sorted(patient["id"] for patient in hub.search("Patient?_count=200"))


@case
def a_backup_is_made_while_the_hub_serves(place):
    place.hub = place.serve("clinic")
    place.before = patients(place.hub)
    assert len(place.before) >= 40, place.before
    done = place.run(example("backup"))
    assert done.returncode == 0, done.stderr
    file = os.path.join(place.folder, "backups", "clinic-" + place.today)
    with open(file + ".json", encoding="utf-8") as manifest:
        assert json.load(manifest)["resources"] > 1000
    with open(file, "rb") as backup:
        assert b"resourceType" not in backup.read(), "the backup can be read without its key"


@case
def a_restore_over_a_hub_that_serves_is_refused(place):
    line = example("restore").replace("--data restored", "--data clinic --replace").replace("kept/hub.key", "clinic/hub.key")
    done = place.run(line)
    assert done.returncode == 1, (done.returncode, done.stdout)
    assert "Stop it, run this again" in done.stderr, done.stderr
    assert patients(place.hub) == place.before  # and it goes on serving what it had
    assert not [name for name in os.listdir(os.path.join(place.folder, "clinic")) if "before" in name or "restoring" in name]


@case
def a_restore_brings_everybody_back_elsewhere(place):
    os.mkdir(os.path.join(place.folder, "kept"))
    with open(os.path.join(place.folder, "clinic", "hub.key")) as key, \
            open(os.open(os.path.join(place.folder, "kept", "hub.key"), os.O_CREAT | os.O_WRONLY, 0o600), "w") as kept:
        kept.write(key.read())
    done = place.run(example("restore"))
    assert done.returncode == 0, done.stderr
    restored = place.serve("restored")
    try:
        assert patients(restored) == place.before
    finally:
        restored.stop()


@case
def a_restore_takes_the_place_of_what_is_there_and_keeps_it(place):
    patient = place.hub.ask("GET", f"Patient/{place.before[0]}")[1]
    patient["active"] = not patient.get("active", True)
    assert place.hub.ask("PUT", f"Patient/{patient['id']}", patient)[0] == 200
    place.hub.stop()
    line = example("restore").replace("--data restored", "--data clinic").replace("kept/hub.key", "clinic/hub.key")
    done = place.run(line)
    assert done.returncode == 1 and "--replace" in done.stderr, (done.returncode, done.stderr)
    done = place.run(line + " --replace")
    assert done.returncode == 0, done.stderr
    assert [name for name in os.listdir(os.path.join(place.folder, "clinic")) if name.startswith("hub.db.before-")]
    place.hub = place.serve("clinic")
    assert place.hub.ask("GET", f"Patient/{patient['id']}")[1].get("active", True) != patient["active"]


def main():
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bedside-backup-") as folder:
        place = Place(folder)
        for number, test in enumerate(CASES, 1):
            name = test.__name__.replace("_", " ")
            try:
                test(place)
                print(f"ok {number} - {name}", flush=True)
            except Exception as problem:
                failed += 1
                for line in (str(problem) or repr(problem)).splitlines()[:60]:
                    print(f"# {line}")
                print(f"not ok {number} - {name}", flush=True)
        if place.hub:
            place.hub.stop()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
