#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs suites of a configured build and counts their cases.

usage: run_suites.py BUILD SANITIZED-BUILD SUITE...
       run_suites.py --targets SANITIZED-BUILD      what has to be built for the sanitized run, a line each
       run_suites.py --plain-targets BUILD          what has to be built beside it, where both are asked for

Prints the seconds of each suite and every failed case with its output, also of what passed when it was run again by
itself; the last line is "N passed, N failed, N skipped". What the sanitizers run is not run without them in the same
run. A suite that has no tests or cannot start counts as one failure.
`long` and `fuzz-long` are run by hand only: they take minutes.
"""
import fnmatch
import json
import os
import re
import subprocess
import sys
import time

SANITIZED = ["unit", "store", "net", "sync", "hub"]

# More than half of the sanitized run's time, for code that other tests or the fuzzers run there too: tests/README.md says which.
NOT_SANITIZED = ["peers-*", "stranger-clients", "hub-demo", "hub-generate", "mixed-load-*", "large-upload-*",
                 "patient-*", "people-page", "medicines-page", "messages", "app-founding", "app-local-hub", "app-serve",
                 "app-code", "hub-main", "hub-safety", "care-visit-order", "hub-fhir-metadata",
                 "visit-controller-order", "hub-signal-order", "*-kiritimati", "*-st_johns", "clinical-dosage-language",
                 "clinical-check-scenarios", "hub-admin", "hub-oauth", "hub-import", "hub-backup", "fhir-validate",
                 "sync-live", "upstream", "base-qr-read"]


LONGEST = 6  # tests named after each suite
UNSTEADY_MOST = 3  # more programs than these that fail at once are no chance

# (seconds, name) of each test of the suite under way.
SECONDS = []
# What failed once and passed by itself.
UNSTEADY = []


def cases(entry):
    """(passed, failed, skipped) of one test program, from its TAP lines."""
    passed = failed = skipped = 0
    for line in (entry.get("stdout") or "").splitlines():
        match = re.match(r"\s*(not )?ok\b[^#]*(#\s*(skip|todo))?", line, re.I)
        if not match:
            continue
        if match.group(3) and match.group(3).lower() == "skip":
            skipped += 1
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    if entry["result"] == "SKIP" and not skipped:
        skipped = 1
    if entry["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not failed:
        failed = 1
    if entry["result"] == "OK" and not passed + failed + skipped:
        passed = 1
    return passed, failed, skipped


def introspect(build, what):
    with open(os.path.join(build, "meson-info", f"intro-{what}.json"), encoding="utf-8") as file:
        return json.load(file)


def sanitized_tests(build, suite):
    """The suite's tests that run there too. A name in the list above that is no test's any more ends it all."""
    tests = introspect(build, "tests")
    for pattern in NOT_SANITIZED:
        if not fnmatch.filter([test["name"] for test in tests], pattern):
            raise SystemExit(f"NOT_SANITIZED names {pattern}, and there is no such test")
    return [test for test in tests if suite in [name.split(":")[-1] for name in test["suite"]]
            and not any(fnmatch.fnmatchcase(test["name"], pattern) for pattern in NOT_SANITIZED)]


def plain_tests(build, suite):
    """What the sanitized run leaves out: where both are asked for, nothing runs twice."""
    run = {test["name"] for test in sanitized_tests(build, suite)}
    return [test["name"] for test in introspect(build, "tests")
            if suite in [name.split(":")[-1] for name in test["suite"]] and test["name"] not in run]


def list_targets(build):
    """Only these are built, with what is made from data: a window or a bench has nothing to do in the sanitized run."""
    ids = {target for suite in SANITIZED for test in sanitized_tests(build, suite) for target in test["depends"]}
    files = {file for target in introspect(build, "targets") for file in target["filename"]
             if target["id"] in ids or target["name"] == "bedside-hub"
             or target["type"] == "custom" and target["build_by_default"]}
    print("\n".join(sorted(os.path.relpath(file, build) for file in files)))


def list_plain_targets(build):
    """All that is built, but for the programs that only the sanitized run starts."""
    sanitized, others = set(), set()
    names = {test["name"] for suite in SANITIZED for test in sanitized_tests(build, suite)}
    for test in introspect(build, "tests"):
        (sanitized if test["name"] in names else others).update(test["depends"])
    files = {file for target in introspect(build, "targets") for file in target["filename"]
             if target["build_by_default"] and target["id"] not in sanitized - others}
    print("\n".join(sorted(os.path.relpath(file, build) for file in files)))


def run_tests(build, suite, environment, factor, names, *options):
    """What meson wrote of each test program, and its own words where there is nothing."""
    log = os.path.join(build, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.unlink(log)
    done = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--suite", suite,
                           "--timeout-multiplier", str(factor), *options, *names],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    if not os.path.exists(log) or not os.path.getsize(log):
        return None, done.stdout[-2000:]
    with open(log, encoding="utf-8", errors="replace") as lines:
        return [json.loads(line) for line in lines], done.stdout[-2000:]


def name_of(entry):
    return entry["name"].split(" / ")[-1]


def say_output(entry):
    print((entry.get("stdout") or "")[-6000:])
    print((entry.get("stderr") or "")[-6000:])


def without_unsteady(build, suite, environment, factor, entries):
    """What failed while others ran beside it is run once more by itself. What passes then is said to be unsteady, with
    what it said when it failed: a fault to mend, of the test or of what it tests, that stops nobody else's work."""
    failed = {name_of(entry): entry for entry in entries if cases(entry)[1]}
    if not failed or len(failed) > UNSTEADY_MOST or suite == "lint":
        return entries
    second = run_tests(build, suite, environment, factor, sorted(failed), "--num-processes", "1")[0] or []
    passed = {name_of(entry): entry for entry in second if not cases(entry)[1]}
    for name in sorted(passed):
        print(f"--- UNSTEADY: {failed[name]['name']} failed, and passed when it was run again by itself")
        say_output(failed[name])
        UNSTEADY.append(name)
    return [passed.get(name_of(entry), entry) for entry in entries]


def run_suite(build, suite, environment, factor=1, names=(), again=None):
    """AGAIN: the environment in which a program that leaks is asked once more, and what it says there counts."""
    entries, words = run_tests(build, suite, environment, factor, names)
    if entries is None:
        print(f"suite {suite} could not start:\n{words}")
        return 0, 1, 0
    leaking = {name_of(entry) for entry in entries if again and "LeakSanitizer" in (entry.get("stderr") or "")}
    if leaking:
        entries = [entry for entry in entries if name_of(entry) not in leaking]
        entries += run_tests(build, suite, again, factor, sorted(leaking))[0] or [
            {"name": name, "result": "ERROR"} for name in leaking]
    entries = without_unsteady(build, suite, environment, factor, entries)
    total = [0, 0, 0]
    for entry in entries:
        counts = cases(entry)
        SECONDS.append((entry.get("duration", 0), name_of(entry)))
        total = [a + b for a, b in zip(total, counts)]
        if counts[1]:
            print(f"--- FAILED: {entry['name']} ({entry['result']})")
            say_output(entry)
        for text in re.findall(r"(?:# SKIP|#\s*skip)[^\n]*", entry.get("stdout") or "", re.I):
            print(f"    skipped in {entry['name']}: {text.lstrip('# ')}")
    if not any(total):
        print(f"suite {suite} ran no test:\n{words}")
        return 0, 1, 0
    return total


def built():
    """Whether what the sanitizers and fuzzers need could be compiled; ./dev does that while the suites before them run."""
    told = os.environ.get("BEDSIDE_BUILT")
    if not told:
        return True
    start = time.monotonic()
    while not os.path.exists(told):
        time.sleep(0.5)
    if time.monotonic() - start > 1:
        print(f"waited {time.monotonic() - start:.1f} s for what is compiled with the sanitizers", flush=True)
    with open(told, encoding="utf-8") as file:
        return file.read().strip() == "0"


def main():
    if sys.argv[1] == "--targets":
        return list_targets(sys.argv[2])
    if sys.argv[1] == "--plain-targets":
        return list_plain_targets(sys.argv[2])
    build, sanitized, *suites = sys.argv[1:]
    sums = [0, 0, 0]
    for suite in suites:
        start = time.monotonic()
        SECONDS.clear()
        environment = dict(os.environ)
        if suite in ("sanitize", "fuzz", "fuzz-long") and not built():
            print(f"suite {suite} could not start: its build failed, see above")
            counts = 0, 1, 0
        elif suite == "sanitize":
            lines = ":external_symbolizer_path=/usr/bin/addr2line"  # clang's own one is in a package of its own
            environment.update(
                ASAN_OPTIONS="detect_leaks=1:abort_on_error=1" + lines,
                LSAN_OPTIONS="suppressions=" + os.path.join(os.path.dirname(__file__), "lsan.supp"),
                UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1" + lines, G_SLICE="always-malloc")
            # To know who asked for memory through a library takes six times as long: only where something leaks.
            again = dict(environment, ASAN_OPTIONS=environment["ASAN_OPTIONS"] + ":fast_unwind_on_malloc=0")
            counts = [0, 0, 0]
            for part in SANITIZED:
                names = [test["name"] for test in sanitized_tests(sanitized, part)]
                counts = [a + b for a, b in zip(counts, run_suite(sanitized, part, environment, 4, names, again))]
        elif suite in ("fuzz", "fuzz-long"):
            environment["BEDSIDE_FUZZ_SECONDS"] = "" if suite == "fuzz" else "600"
            counts = run_suite(build + "-fuzz", "fuzz", environment)
        elif suite in SANITIZED and "sanitize" in suites:
            names = plain_tests(build, suite)
            if not names:
                print(f"suite {suite}: all of it runs with the sanitizers")
                continue
            counts = run_suite(build, suite, environment, 1, names)
        else:
            counts = run_suite(build, suite, environment)
        sums = [a + b for a, b in zip(sums, counts)]
        print(f"suite {suite}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped "
              f"in {time.monotonic() - start:.1f} s", flush=True)
        print("    longest: " + ", ".join(f"{name} {seconds:.0f} s" for seconds, name in sorted(SECONDS, reverse=True)[:LONGEST]),
              flush=True)
    if UNSTEADY:
        print("unsteady: " + ", ".join(UNSTEADY))
    print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
    sys.exit(1 if sums[1] else 0)


main()
