#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest window, 360 by 740 pixels, with text of the size and language that are asked for.

usage: test_narrow.py LOCALE FACTOR

No page may be larger than its window, for what lies outside cannot be seen or reached."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
from desktop import Desktop, wait_until  # noqa: E402
from hub import Hub  # noqa: E402
from window_actions import activate  # noqa: E402

WIDTH, HEIGHT = 360, 740
SLACK = 2  # rounding, and the handle of what is pressed
UNPLACED = 1 << 15  # GTK 4.18 answers what was in its memory for what was never given a place
CLINIC = ("today", "patients", "tasks", "unfinished", "outbox")
CHART = ("summary", "problems", "medicines", "results", "visits", "documents", "history", "plans", "timeline", "unfinished",
         "note", "prescribe", "tasks")


def extents(node):
    from gi.repository import Atspi
    component = node.accessible.get_component_iface()
    if component is None:
        return None
    return Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)


def beyond(window):
    """What of the window that can be seen lies outside of it, with how far."""
    found = []
    for node in window.walk():
        try:
            box = extents(node) if node.is_showing() and node.name else None
        except Exception:  # it went while it was looked at
            continue
        if box is not None and 0 < box.width < UNPLACED and (box.x + box.width > WIDTH + SLACK or box.x < -SLACK):
            found.append(f"{node.role} “{node.name[:50]}” {box.x}..{box.x + box.width}")
    return found


def pages(window, names, number):
    """What does not fit, by page. What a page shows comes in parts, so each is looked at until two looks say the same."""
    wrong = []
    for name in names:
        activate("win.show", name, number)
        time.sleep(0.5)
        before, now = None, beyond(window)
        while now != before:
            time.sleep(0.3)
            before, now = now, beyond(window)
        if now:
            wrong.append(f"{name}: {now}")
    return wrong


def look(language, factor):
    """How many of the two windows have pages that do not fit."""
    failed = 0
    number = 1
    with Desktop(WIDTH, HEIGHT, shell="kiosk") as desktop, Hub(BEDSIDE_TEST_HOOKS="1") as hub:
        desktop.scale_text(factor)
        program = desktop.start(["bedside", "--server", hub.url, "--user", "doctor", "--key-file", hub.key,
                                 "--data", os.path.join(hub.folder, "workstation")], GSETTINGS_BACKEND="keyfile", LC_ALL=language)
        wait_until("the accessibility tree", program.application, 60)
        program.find("label", contains="SMITH, Jane", seconds=60)
        for window, names, title in ((program.window("Bedside"), CLINIC, "clinic"), (None, CHART, "patient")):
            if window is None:
                activate("app.open", hub.appointment("Smith")[1]["id"], None)
                window = program.window("SMITH", 60)
                program.find("label", contains="enicillin", within=window, seconds=60)
            wrong = pages(window, names, 1 if title == "clinic" else 2)
            for line in wrong:
                print(f"# {line}")
            print(f"{'not ok' if wrong else 'ok'} {number} - the {title} window fits in {language[:2]} at {factor:.0%}", flush=True)
            number += 1
            failed += bool(wrong)
        program.end()
    return failed


def main():
    print("1..2", flush=True)
    language = sys.argv[1]
    sys.exit(1 if look(language, float(sys.argv[2])) else 0)


if __name__ == "__main__":
    main()
