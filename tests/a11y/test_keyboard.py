#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workstation by the keyboard alone: real keys through the compositor, no pointer and no action by name.

Tab goes through everything that takes the focus and comes back, the focus is always somewhere that has a name, Escape
leaves, and a chart is found, opened, prescribed in and closed without the mouse.

usage: test_keyboard.py clinic | chart      the windows it is about; the two run beside each other"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
from desktop import Desktop, wait_until  # noqa: E402
from hub import Hub  # noqa: E402
from keyboard import PATIENCE, SETTLE, Keyboard, words  # noqa: E402

CASES = {"clinic": [], "chart": []}


def case(window):
    def add(test):
        CASES[window].append(test)
        return test
    return add


def assert_walk(stops, *wanted):
    """Each stop has a name, none comes twice in a row, and WANTED are among them in this order."""
    nameless = [stop for stop in stops if not stop[1] and stop[0] != "scroll pane"]
    assert not nameless, f"stops without a name: {nameless} of {stops}"
    names = [name for _, name in stops]
    places = []
    for name in wanted:
        found = [i for i, stop in enumerate(names) if name in stop]
        assert found, f"{name} is not reached by Tab: {names}"
        places.append(found[0])
    start = places[0] if places else 0
    turned = [(place - start) % len(names) for place in places]
    assert turned == sorted(turned), f"not in reading order: {wanted} at {places} of {names}"


@case("clinic")
def tab_goes_through_each_page_of_the_clinic_window(keyboard, program):
    for keys, wanted in (("alt+1", ("Open Chart", "All sent", "Today", "Find a Patient")), ("alt+t", ("Tasks",)), ("alt+2", ("Find a patient",)),
                         ("alt+9", ())):
        keyboard.press(keys)
        stops = keyboard.walk()
        print(f"# {keys}: {len(stops)} stops: {[name[:40] for _, name in stops]}")
        assert_walk(stops, *wanted)


@case("clinic")
def the_line_of_who_waits_leads_to_admit(keyboard, program):
    keyboard.press("alt+1")
    keyboard.go("Tab", r"^\d\d:\d\d, ")  # a line of the day
    keyboard.go("Down", "SMITH, Jane")
    assert words(keyboard.press("Tab")) == "Admit"


@case("clinic")
def shift_tab_goes_the_same_way_back(keyboard, program):
    keyboard.press("alt+1")
    # the status names a minute, and the minute may be another on the way back
    forth, back = ([(role, name.split(" · as of")[0]) for role, name in keyboard.walk(key)]
                   for key in ("Tab", "shift+Tab"))
    assert sorted(forth) == sorted(back), (forth, back)


@case("chart")
def the_palette_opens_a_chart(keyboard, program):
    keyboard.press("ctrl+k")
    keyboard.desktop.write("smith")
    program.find("list item", contains="SMITH, Jane", within=program.window("Bedside"))
    keyboard.desktop.key("Return")
    window = program.window("SMITH, Jane", 60)
    program.find(contains="Penicillin", within=window)


@case("chart")
def tab_goes_through_each_page_of_the_chart(keyboard, program):
    program.find("button", contains="Sign Note", within=program.window("SMITH, Jane"))
    for number, page in enumerate(("Summary", "Problems", "Medicines", "Results", "Visits", "History", "Plans"), 1):
        keyboard.press(f"alt+{number}")
        stops = keyboard.walk()
        print(f"# {page}: {len(stops)} stops: {[name[:40] for _, name in stops]}")
        assert_walk(stops, page)


@case("chart")
def a_result_is_found_and_answered_by_keys(keyboard, program):
    window = program.window("SMITH, Jane")
    keyboard.press("alt+4")
    keyboard.go("Tab", "Find a result")
    keyboard.desktop.write("potassium")
    program.gone("list item", contains="Body weight")
    keyboard.go("Tab", "^Potassium")
    keyboard.desktop.key("Return")
    program.find("image", name="Graph of the readings", within=window)
    keyboard.go("Tab", "Graph of the readings")
    for key in ("plus", "Left", "minus", "0"):
        keyboard.desktop.key(key)
    keyboard.go("Tab", "Message to the patient|A critical result")
    keyboard.desktop.write("Seen with the ECG")
    keyboard.go("Tab", "Reviewed")
    keyboard.desktop.key("Return")
    program.find(contains="Seen with the ECG", within=window)
    program.find("button", name="Undo", within=window)


@case("chart")
def an_entry_is_read_by_keys_and_escape_leaves(keyboard, program):
    window = program.window("SMITH, Jane")
    keyboard.press("alt+2")
    keyboard.go("Tab", "^Bleeds easily")  # the list is one stop, and its alerts stand first
    keyboard.go("Down", "^Penicillin")
    keyboard.press("Return")
    program.find("button", name="Refute…", within=window)
    stops = keyboard.walk()
    print(f"# entry: {[name[:40] for _, name in stops]}")
    assert_walk(stops, "Change…", "Reaction: Anaphylaxis", "Refute…", "Enter in Error…")
    keyboard.press("Escape")
    program.gone("button", name="Refute…")


@case("chart")
def question_mark_shows_the_keys_and_escape_leaves(keyboard, program):
    window = program.window("SMITH, Jane")
    keyboard.press("alt+1")
    keyboard.press("question")
    program.find(contains="Show the Keys", within=window)
    keyboard.press("Escape")
    program.gone(contains="Show the Keys")


@case("chart")
def a_medicine_is_prescribed_and_signed(keyboard, program):
    window = program.window("SMITH, Jane")
    keyboard.press("alt+p")
    keyboard.press("ctrl+shift+p")
    keyboard.desktop.write("loratadine 10")
    program.find("button", contains="Prescribe lora", within=window)
    keyboard.go("Tab", "Prescribe lora")
    keyboard.press("Return")
    program.find(contains="Dose", within=window)
    form = keyboard.walk()
    print(f"# form: {[name[:40] for _, name in form]}")
    assert_walk(form, "Change Drug", "Dose", "Once a day", "Route", "Quantity", "Discard")
    keyboard.go("Tab", "^Dose$")
    keyboard.desktop.write("1")
    keyboard.go("Tab", "Once a day")
    keyboard.desktop.key("space")
    keyboard.go("Tab", "Quantity")
    keyboard.desktop.write("14")
    wait_until("the form to be whole",
               lambda: program.find("button", "Sign…", within=window).is_sensitive())
    keyboard.desktop.key("ctrl+shift+g")
    program.find("button", "Back")
    keyboard.go("Tab", "Sign")
    keyboard.desktop.key("Return")
    program.find("button", "Undo", within=window)


@case("chart")
def closing_by_keys_leaves_the_clinic_window(keyboard, program):
    keyboard.desktop.key("ctrl+w")
    wait_until("the chart to close", lambda: not [w for w in program.windows() if "SMITH, Jane" in w.name])
    program.window("Bedside")


@case("clinic")
def the_help_is_searched_by_keys(keyboard, program):
    assert keyboard.press("F1", seconds=PATIENCE), "the help has not the focus"
    window = program.window("Help")
    search = keyboard.press("ctrl+f", seconds=PATIENCE)
    assert search and "Search the help" in words(search), f"the focus is at {search and words(search)}"
    keyboard.desktop.write("keyring")
    program.find("list item", name="Privacy", within=window)
    keyboard.desktop.key("Return")
    program.find(contains="in the keyring of your desktop", within=window)
    keyboard.desktop.key("ctrl+w")
    wait_until("the help to close", lambda: not [w for w in program.windows() if w.name == "Help"])


@case("clinic")
def one_key_goes_from_one_chart_to_the_next_patient(keyboard, program):
    keyboard.press("ctrl+k")
    keyboard.desktop.write("khan")
    program.find("list item", contains="KHAN, Omar", within=program.window("Bedside"))
    time.sleep(SETTLE)  # the day's list names him too
    keyboard.desktop.key("Return")
    program.window("KHAN, Omar", 60)
    before = {window.name for window in program.windows()}
    keyboard.press("ctrl+n")  # one
    wait_until("the next patient's chart", lambda: {window.name for window in program.windows()} - before)
    print(f"# next: {[window.name for window in program.windows()]}")
    keyboard.press("question")
    program.find(contains="Open Who Is Next")
    keyboard.press("Escape")


def main():
    failed, cases = 0, CASES[sys.argv[1]]
    print(f"1..{len(cases)}", flush=True)
    with Desktop(keys=True) as desktop:
        with Hub() as hub:
            program = desktop.start(["bedside", "--server", hub.url, "--user", "doctor", "--key-file", hub.key,
                                     "--data", os.path.join(hub.folder, "workstation")])
            wait_until("the accessibility tree", program.application, 60)
            program.find("list item", contains="SMITH, Jane", within=program.window("Bedside", 60), seconds=60)
            keyboard = Keyboard(desktop, program)
            for number, test in enumerate(cases, 1):
                name = test.__name__.replace("_", " ")
                start = time.monotonic()
                try:
                    test(keyboard, program)
                    print(f"# {time.monotonic() - start:.0f} s\nok {number} - {name}", flush=True)
                except Exception as problem:
                    failed += 1
                    for line in str(problem).splitlines()[:60]:
                        print(f"# {line}")
                    if os.environ.get("BEDSIDE_E2E_SHOTS"):
                        desktop.screenshot(os.path.join(os.environ["BEDSIDE_E2E_SHOTS"], f"keyboard-{number}.png"))
                    print(f"not ok {number} - {name}", flush=True)
            program.end()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
