# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the sandbox share: a desktop, a hub outside, and the workstation in its sandbox between them."""
import os
import subprocess
import sys
import tempfile
import time
import traceback

PROJECT = os.environ["BEDSIDE_PROJECT"]
sys.path.insert(0, os.path.join(PROJECT, "tests", "support"))
from desktop import Desktop, Node, Program, wait_until  # noqa: E402
from flatpak import ID, Installation  # noqa: E402
from hub import Hub  # noqa: E402

CASES = []


def case(test):
    CASES.append(test)
    return test


class Skip(Exception):
    """Why a case cannot be tried here."""


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
        self.folder, self.desktop, self.hub, self.program = folder, desktop, hub, None
        self.installation = Installation(os.path.join(folder, "clean"))

    def start(self, *arguments, before=(), installation=None):
        """The workstation in the sandbox. before: a command that runs what stands behind it."""
        self.stop()
        installation = installation or self.installation
        with open(os.path.join(self.desktop.folder, "program.log"), "ab") as log:
            process = subprocess.Popen([*before, *installation.command(*arguments)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       env=installation.environment)
        self.program = Sandboxed(process, self.desktop)
        return self.program

    def stop(self):
        if self.program:
            self.installation.kill()
            self.program.end()
            wait_until("the old program to leave the accessibility bus", lambda: self.program.application() is None, 30)
            self.program = None


def work(scene):
    failed = False
    for number, test in enumerate(CASES, 1):
        start = time.monotonic()
        try:
            test(scene)
            print(f"ok {number} {test.__name__}\n# {time.monotonic() - start:.1f} s", flush=True)
        except Skip as why:
            print(f"ok {number} {test.__name__} # SKIP {why}", flush=True)
        except Exception:
            failed = True
            said = traceback.format_exc() + scene.desktop.log()[-3000:]
            print(f"not ok {number} {test.__name__}\n" + "\n".join(f"# {line}" for line in said.splitlines()), flush=True)
    return failed


def main():
    print(f"1..{len(CASES)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bedside-sandbox-", ignore_cleanup_errors=True) as folder:
        # where a desktop looks for what flatpak exports; the bus reads it when it starts
        os.environ["XDG_DATA_DIRS"] = f"{folder}/clean/installation/exports/share:/usr/local/share:/usr/share"
        with Hub() as hub, Desktop() as desktop:
            scene = Scene(folder, desktop, hub)
            try:
                failed = work(scene)
            finally:
                scene.installation.kill()
                if scene.program:
                    scene.program.end()
                scene.installation.remove()
    sys.exit(1 if failed else 0)
