#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one fuzzer from its committed corpus: run_fuzz.py PROGRAM NAME. Prints TAP.

Without more it tries from tests/fuzz/corpus the same sequence of inputs in every run, 50,000 or as many as 20 seconds
allow, so that a red run is the fault of what was changed. With BEDSIDE_FUZZ_SECONDS it searches for that long, each
time somewhere else, and keeps what it learned in BUILD/grown. What it finds stays in BUILD/findings: once it is mended,
the file belongs into tests/fuzz/corpus/NAME, so that every run tries it again.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

program, name = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
seconds = os.environ.get("BEDSIDE_FUZZ_SECONDS")
corpus = os.path.join(here, "corpus", name)
findings = os.path.join(os.path.dirname(os.path.abspath(program)), "findings", name)
grown = os.path.join(os.path.dirname(os.path.abspath(program)), "grown", name)
WORDS = {"fhir-query": "fhir-query.dict", "store-search": "fhir-query.dict", "fhir-patch": "json-patch.dict"}
os.makedirs(findings, exist_ok=True)
os.makedirs(grown, exist_ok=True)
environment = dict(os.environ, G_DEBUG="fatal-criticals", G_MESSAGES_DEBUG="",
                   ASAN_OPTIONS="abort_on_error=0:detect_leaks=1", UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")
options = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1", f"-artifact_prefix={findings}/"]
if name in WORDS:
    options.append(f"-dict={os.path.join(here, WORDS[name])}")


def run(number, what, *arguments):
    done = subprocess.run([program, *options, *arguments], env=environment, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    runs = re.search(r"number_of_executed_units: (\d+)", done.stdout)
    if done.returncode == 0:
        print(f"ok {number} - {what}{f', {runs.group(1)} inputs' if runs else ''}", flush=True)
        return True
    print("\n".join("# " + line for line in done.stdout.splitlines()[-60:]))
    print(f"not ok {number} - {what}; what it found is in {findings}", flush=True)
    return False


seeds = [os.path.join(corpus, file) for file in sorted(os.listdir(corpus))]
print("1..2")
good = run(1, f"{len(seeds)} seeds", *seeds)
if seconds:
    good = run(2, f"{seconds} seconds", f"-max_total_time={seconds}", grown, corpus) and good
else:
    with tempfile.TemporaryDirectory(prefix="bedside-fuzz-") as scratch:  # the fuzzer writes what is new to it beside its seeds
        copy = shutil.copytree(corpus, os.path.join(scratch, name))
        good = run(2, "the same inputs as ever", "-seed=1", "-runs=50000", "-max_total_time=20", copy) and good
sys.exit(0 if good else 1)
