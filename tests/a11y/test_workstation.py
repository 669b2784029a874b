#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workstation as a screen reader meets it: the real program on the demo clinic, through AT-SPI.

Every control that takes the focus has a name, lists and pages can be reached by role and name, and what the
palette finds can be typed and pressed."""
import base64
import datetime
import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
from desktop import Desktop, wait_until  # noqa: E402
from hub import Hub  # noqa: E402
from window_actions import activate  # noqa: E402
from test_narrow import CHART, CLINIC  # noqa: E402

# What may take the focus without a name of its own: it only holds others.
HOLDERS = {"filler", "panel", "scroll pane", "window", "frame", "application", "split pane", "viewport", "page tab list"}
CASES = []
HUB = None  # the demo clinic is told relative to today, so its dates are asked for


def words_of(date):
    """A date as the screens say it: 09-Nov-2026."""
    return datetime.date.fromisoformat(date[:10]).strftime("%d-%b-%Y")


def case(test):
    CASES.append(test)
    return test


def focusable(program, window):
    from gi.repository import Atspi
    for node in program.find_all(within=window):
        try:
            if node.states().contains(Atspi.StateType.FOCUSABLE):
                yield node
        except Exception:
            continue


def assert_all_named(program, window):
    nameless = [node for node in focusable(program, window)
                if node.role not in HOLDERS and not node.name.strip() and not node.text().strip()
                and not node.accessible.get_description()]
    assert not nameless, [f"{node.role} in {node.accessible.get_parent().get_role_name()} "
                          f"“{node.accessible.get_parent().get_name()}”" for node in nameless]


def clinic_window(program):
    return program.window("Bedside")


def show(page):
    """A page of the chart, by the action of its window: a list item of GTK takes no press from the bus."""
    activate("win.show", page, 2)


@case
def the_day_is_read_by_name(program):
    window = clinic_window(program)
    # a line is there as soon as its row is, and its words when the store has answered; a list that is
    # read again may give the patient another line meanwhile
    wait_until("the words of the line", lambda: any(
        "waiting" in line.name and "Sore throat" in line.name
        for line in program.find_all("list item", contains="SMITH, Jane", within=window)), 60)
    wait_until("whom Admit admits", lambda: program.find("button", name="Admit", within=window)
               .accessible.get_description() == "SMITH, Jane (Mrs)")
    program.find("list item", name="Today, 1", within=window)


@case
def every_control_of_the_clinic_window_has_a_name(program):
    assert_all_named(program, clinic_window(program))


@case
def the_status_is_said_in_words(program):
    wait_until("the words of the status", lambda: program.find_all(contains="as of", within=clinic_window(program)))


@case
def a_chart_opens_and_every_control_has_a_name(program):
    program.find("button", name="Open Chart", within=clinic_window(program)).press()
    window = program.window("SMITH, Jane", 60)
    program.find(contains=words_of(HUB.appointment("Smith")[1]["birthDate"]), within=window)
    for name in ("Summary", "Problems", "Medicines", "Results", "Visits", "History", "Plans"):
        program.find("list item", name=name, within=window)
    program.find(contains="Penicillin", within=window)
    assert_all_named(program, window)


@case
def a_chart_says_what_of_it_is_here(program):
    window = program.window("SMITH, Jane")
    mark = program.find("toggle button", contains="Chart", within=window)
    wait_until("a chart that is complete", lambda: "up to date" in mark.name)
    mark.press()
    program.find("label", contains="Complete as the server had it", within=window)
    assert_all_named(program, window)
    mark.press()


@case
def a_trend_is_said_in_words(program):
    window = program.window("SMITH, Jane")
    image = program.find("image", contains="Potassium", within=window)
    words = image.accessible.get_description()
    patient = HUB.appointment("Smith")[1]
    last = HUB.search(f"Observation?patient={patient['id']}&code=http://loinc.org|6298-4&_sort=-date&_count=1")[0]
    said = f"Last {last['valueQuantity']['value']} mmol/L on {words_of(last['effectiveDateTime'])}"
    assert said in words and "reference range" in words, (said, words)


@case
def results_are_read_by_name_and_the_graph_has_a_table(program):
    window = program.window("SMITH, Jane")
    show("results")
    program.find(name="Find a result", within=window)
    line = program.find("list item", contains="Potassium, ", within=window)
    assert "mmol/L" in line.name, line.name
    assert_all_named(program, window)
    patient = HUB.appointment("Smith")[1]
    last = HUB.search(f"Observation?patient={patient['id']}&code=http://loinc.org|6298-4&_sort=-date&_count=1")[0]
    show(f"Observation/{last['id']}")
    graph = program.find("image", name="Graph of the readings", within=window)
    words = wait_until("the words of the graph", graph.accessible.get_description)
    assert "Potassium" in words and f"Last {last['valueQuantity']['value']} mmol/L" in words, words
    assert_all_named(program, window)
    program.find(name="Table", within=window).press()
    program.find(contains="Values by date", within=window)
    program.find("label", contains=f"{last['valueQuantity']['value']} mmol/L", within=window)
    assert_all_named(program, window)


@case
def an_entry_is_added_and_undone_by_name(program):
    window = program.window("SMITH, Jane")
    show("problems")
    program.find("list item", contains="Atrial fibrillation", within=window)
    assert_all_named(program, window)
    program.find("button", name="Add Problem…", within=window).press()
    program.find("button", name="Save", within=window)
    for name in ("Problem", "Certainty", "Severity", "Since", "Add a Note"):
        wait_until(f"the field {name}", lambda name=name: [n for n in focusable(program, window) if n.name.startswith(name)])
    assert_all_named(program, window)
    field = wait_until("the field of the name", lambda: next(
        (part for node in program.find_all(name="Problem", within=window) for part in node.walk()
         if part.accessible.get_editable_text_iface()), None))
    field.set_text("Migraine")
    program.find("button", name="Save", within=window).press()
    program.find("list item", contains="Migraine", within=window)
    undo = program.find("button", name="Undo", within=window)
    assert_all_named(program, window)
    undo.press()
    program.gone("list item", contains="Migraine")


@case
def a_document_is_read_by_name(program):
    """The newest note of the chart: from its reference to its words, with every control named on the way."""
    window = program.window("SMITH, Jane")
    patient = HUB.appointment("Smith")[1]
    note = HUB.search(f"DocumentReference?patient={patient['id']}&_sort=-date&_count=1")[0]
    words = base64.b64decode(note["content"][0]["attachment"]["data"]).decode()
    show("documents")
    program.find(name="Attach…", within=window)
    assert_all_named(program, window)
    show(f"DocumentReference/{note['id']}")
    program.find("label", contains=words.strip()[:40], within=window)
    program.find("button", name="Add Addendum", within=window)
    program.find("button", name="Save a copy", within=window)
    assert_all_named(program, window)
    show("summary")


@case
def history_and_plans_are_named(program):
    window = program.window("SMITH, Jane")
    for page, sign in (("history", "Immunizations"), ("plans", "Care Team")):
        show(page)
        program.find(contains=sign, within=window)
        assert_all_named(program, window)
    show("summary")


@case
def opening_again_presents_the_same_window(program):
    program.find("button", name="Open Chart", within=clinic_window(program)).press()
    same = [window for window in program.windows() if "SMITH, Jane" in window.name]
    assert len(same) == 1, same


def nameless_pages(program, window, pages, number):
    """What has no name, by page. What a page shows comes a moment after it was asked for."""
    wrong = []
    for page in pages:
        activate("win.show", page, number)
        time.sleep(0.4)
        try:
            assert_all_named(program, window)
        except AssertionError as problem:
            wrong.append(f"{page}: {problem}")
    return wrong


@case
def every_control_of_every_page_has_a_name(program):
    wrong = nameless_pages(program, clinic_window(program), CLINIC + ("sign",), 1)
    activate("win.show", "today", 1)
    wrong += nameless_pages(program, program.window("SMITH, Jane"), CHART, 2)
    activate("win.show", "summary", 2)
    assert not wrong, "\n".join(wrong)


@case
def the_palette_finds_patients_and_commands(program):
    window = clinic_window(program)
    program.find("button", contains="Find a Patient or a Command", within=window).press()
    entry = wait_until("the palette's entry", lambda: next(
        (n for n in program.find_all(within=window) if n.name == "Find a patient or a command"
         and n.accessible.get_editable_text_iface()), None))
    entry.set_text("tanaka")
    program.find("list item", contains="TANAKA, Yuki", within=window)
    entry.set_text("outb")
    program.find("list item", contains="Show Outbox", within=window)
    assert_all_named(program, window)


def main():
    global HUB
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    with Desktop() as desktop:
        hub = HUB = Hub()
        try:
            program = desktop.start(["bedside", "--server", hub.url, "--user", "doctor", "--key-file", hub.key,
                                     "--data", os.path.join(hub.folder, "workstation")])
            wait_until("the accessibility tree", program.application, 60)
            for number, test in enumerate(CASES, 1):
                name = test.__name__.replace("_", " ")
                try:
                    test(program)
                    print(f"ok {number} - {name}", flush=True)
                except Exception as problem:
                    failed += 1
                    for line in (str(problem) or repr(problem)).splitlines()[:200]:
                        print(f"# {line}")
                    print(f"not ok {number} - {name}", flush=True)
            program.end()
        finally:
            hub.__exit__(None, None, None)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
