#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle in an empty installation, run in its sandbox on a headless desktop, against a hub outside."""
import os
import secrets
import subprocess
import sys
import tempfile
import traceback

PROJECT = os.environ["BEDSIDE_PROJECT"]
sys.path.insert(0, os.path.join(PROJECT, "tests", "support"))
from desktop import Desktop, Node, Program, wait_until  # noqa: E402
from flatpak import FOLDER, ID, Installation  # noqa: E402
from hub import Hub  # noqa: E402

CASES = []


def case(test):
    CASES.append(test)
    return test


class Sandboxed(Program):
    """Known by its name: the process that is on the accessibility bus is the proxy of flatpak."""

    def application(self):
        from gi.repository import Atspi
        root = Atspi.get_desktop(0)
        for index in range(root.get_child_count()):
            child = root.get_child_at_index(index)
            if child is not None and child.get_name() in ("bedside", "Bedside", ID):
                return Node(child)
        return None


class Scene:
    def __init__(self, folder, desktop, hub):
        self.installation = Installation(os.path.join(folder, "clean"))
        self.desktop, self.hub, self.program = desktop, hub, None

    def start(self, *arguments):
        """The workstation in the sandbox, signed in at the hub outside."""
        self.stop()
        log = open(os.path.join(self.desktop.folder, "program.log"), "ab")
        process = subprocess.Popen(self.installation.command(*arguments), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   env=self.installation.environment)
        self.program = Sandboxed(process, self.desktop)
        return self.program

    def stop(self):
        if self.program:
            self.installation.kill()
            self.program.end()
            wait_until("the old program to leave the accessibility bus", lambda: self.program.application() is None, 30)
            self.program = None


@case
def the_bundle_is_installed_where_nothing_was(scene):
    seconds = scene.installation.install()
    print(f"# installed in {seconds:.1f} s")
    assert ID in scene.installation.flatpak("--user", "list", "--app", "--columns=application")


@case
def flatpak_shows_the_permissions_that_were_agreed(scene):
    with open(os.path.join(PROJECT, "flatpak", "permissions.txt"), encoding="utf-8") as file:
        agreed = file.read().strip()
    shown = scene.installation.flatpak("--user", "info", "--show-permissions", ID).strip()
    assert shown == agreed, f"agreed:\n{agreed}\nshown:\n{shown}"


@case
def the_sandbox_sees_nothing_of_the_machine(scene):
    secret = os.path.join(scene.installation.home, "letter.txt")
    with open(secret, "w", encoding="ascii") as file:
        file.write("private")
    seen = scene.installation.inside(f"cat {secret} 2>/dev/null; ls {PROJECT} 2>/dev/null; ls /dev/video* /dev/input 2>/dev/null; echo end")
    assert seen.split() == ["end"], seen


@case
def the_administrators_file_is_seen_and_cannot_be_written(scene):
    with open(os.path.join(scene.installation.fleet_folder(), "fleet.conf"), "w", encoding="ascii") as file:
        file.write("[server]\nurl=https://clinic.example\n")
    seen = scene.installation.inside("cat /app/fleet/fleet.conf; (echo x >/app/fleet/fleet.conf) 2>/dev/null || echo refused")
    assert seen == "[server]\nurl=https://clinic.example\nrefused\n", seen


@case
def without_an_administrators_file_there_is_none(scene):
    os.unlink(os.path.join(scene.installation.fleet_folder(), "fleet.conf"))
    assert scene.installation.inside("test -e /app/fleet/fleet.conf || echo none") == "none\n"


@case
def the_hub_and_the_renderer_are_in_the_bundle(scene):
    said = scene.installation.inside("bedside-hub --help | head -1; ldd /app/libexec/bedside-render /app/bin/* | grep -c 'not found'; true")
    assert "bedside-hub" in said and said.split()[-1] == "0", said


@case
def the_day_of_the_clinic_is_reached_from_the_sandbox(scene):
    key = scene.installation.data("key")
    with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    program = scene.start("--server", scene.hub.url, "--user", "doctor", "--key-file", key)
    window = program.window("Bedside", seconds=90)
    line = program.find("list item", contains="SMITH, Jane", within=window, seconds=90)
    wait_until("the words of the line", lambda: "Sore throat" in line.name, 60)
    picture = os.path.join(FOLDER, "screenshot.png")
    scene.desktop.screenshot(picture)
    assert os.path.getsize(picture) > 20_000, "the picture is empty"
    print(f"# {picture}")


@case
def the_records_lie_in_the_sandbox_and_are_encrypted(scene):
    found = [os.path.join(where, name) for where, _, names in os.walk(scene.installation.data("bedside"))
             for name in names if name == "records.db"]
    assert len(found) == 1, found
    with open(found[0], "rb") as file:
        assert file.read(15) != b"SQLite format 3", "the records are not encrypted"


@case
def a_link_from_outside_reaches_the_program_that_runs(scene):
    patient = scene.hub.appointment("Smith")[1]["id"]
    windows = len(scene.program.windows())
    subprocess.run(scene.installation.command(f"bedside:patient/{patient}"), env=scene.installation.environment, timeout=60, check=True)
    scene.program.window("SMITH, Jane", seconds=60)
    assert len(scene.program.windows()) == windows + 1


@case
def it_ends_when_it_is_told_to(scene):
    scene.stop()


def main():
    failed = False
    print(f"1..{len(CASES)}")
    with tempfile.TemporaryDirectory(prefix="bedside-sandbox-", ignore_cleanup_errors=True) as folder, Hub() as hub, Desktop() as desktop:
        scene = Scene(folder, desktop, hub)
        try:
            for number, test in enumerate(CASES, 1):
                try:
                    test(scene)
                    print(f"ok {number} {test.__name__}", flush=True)
                except Exception:
                    failed = True
                    said = traceback.format_exc() + desktop.log()[-3000:]
                    print(f"not ok {number} {test.__name__}\n" + "\n".join(f"# {line}" for line in said.splitlines()), flush=True)
        finally:
            scene.installation.kill()
            if scene.program:
                scene.program.end()
            scene.installation.remove()
    sys.exit(1 if failed else 0)


main()
