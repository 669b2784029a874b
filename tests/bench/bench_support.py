# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benches share: programs and their cost, hubs to measure on, measures and their targets."""
import contextlib
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PROJECT = os.environ.get("BEDSIDE_PROJECT", os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..")))
BUILD = os.environ["BEDSIDE_BUILD"]
POPULATION = os.path.join(PROJECT, "..", "shared", "data", "fhir-population")
CONTENT = os.path.join(BUILD, "data", "content", "bedside-content.sqlite")


class BenchError(Exception):
    """A bench cannot be run, in a sentence."""


PROGRESS = os.fdopen(os.dup(2), "w")


def say(*words):
    print(*words, file=PROGRESS, flush=True)


@contextlib.contextmanager
def desktop(folder):
    """A headless desktop. What its session bus says of itself goes to a file."""
    sys.path.insert(0, os.path.join(PROJECT, "tests", "support"))
    from desktop import Desktop
    kept = os.dup(2)
    with open(os.path.join(folder, "desktop.log"), "ab") as log:
        os.dup2(log.fileno(), 2)
    try:
        with Desktop() as started:
            yield started
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def program(*parts):
    path = os.path.join(BUILD, *parts)
    if not os.access(path, os.X_OK):
        raise BenchError(f"{path} is not built")
    return path


def hub_program():
    return program("src", "hub", "bedside-hub")


def bench_program(name):
    return program("tests", "bench", name)


class Run:
    """A program that ran to its end: what it said, seconds on the wall and on the processor."""

    def __init__(self, command, allowed=(0,), **kwargs):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **kwargs)
        self.seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.out = done.stdout
        if done.returncode not in allowed:
            raise BenchError(f"{os.path.basename(command[0])} ended with {done.returncode}: "
                             f"{done.stderr.strip()[-600:]}")

    def json(self):
        return json.loads(self.out)


@contextlib.contextmanager
def scratch():
    folder = tempfile.mkdtemp(prefix="bedside-bench-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def import_batch():
    """How many resources an import writes in one transaction, from the source, so that it cannot drift."""
    with open(os.path.join(PROJECT, "src", "hub", "hub-import.c"), encoding="utf-8") as file:
        found = re.search(r"#define BATCH\s+(\d+)", file.read())
    if not found:
        raise BenchError("src/hub/hub-import.c no longer defines BATCH: the raw insert cannot follow it")
    return int(found.group(1))


def found_demo(folder):
    """Makes the demo clinic's records in `folder`, by starting the hub once."""
    with serving(folder):
        pass


@contextlib.contextmanager
def serving(folder):
    """A hub with the demo clinic; gives its URL."""
    hub = subprocess.Popen([hub_program(), "serve", "--data", folder, "--demo"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = hub.stdout.readline().strip()
        if not url:
            raise BenchError("the hub did not start")
        yield url
    finally:
        hub.terminate()
        hub.wait(30)


def facts(folder):
    """Pragmas of the store's own connections and rows per table."""
    return Run([bench_program("bench-store-facts"), folder]).json()


def median(values):
    return statistics.median(values)


def percentile(values, part):
    values = sorted(values)
    return values[min(int(part * len(values)), len(values) - 1)]


class Measure:
    """One figure: ours, what it is held against, their relation and the limit on it."""

    def __init__(self, bench, what, ours, unit, reference, relation, value, limit, better, details, note=None):
        self.bench, self.what, self.ours, self.unit = bench, what, ours, unit
        self.reference, self.relation, self.value, self.limit = reference, relation, value, limit
        self.better = better  # "lower" or "higher"
        self.details, self.note = details, note

    def met(self):
        return self.value <= self.limit if self.better == "lower" else self.value >= self.limit

    def to_json(self):
        return {"bench": self.bench, "measure": self.what, "ours": self.ours, "unit": self.unit,
                "reference": self.reference, "relation": self.relation, "value": round(self.value, 4),
                "limit": self.limit, "better": self.better, "met": self.met(), "note": self.note,
                "details": self.details}


def load_average():
    return os.getloadavg()[0]
