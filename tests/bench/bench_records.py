# SPDX-License-Identifier: GPL-3.0-or-later
"""Records in numbers, from `bedside-hub demo`: made once and kept in the cache by seed, depth, number of patients and generator."""
import fcntl
import glob
import hashlib
import json
import os
import shutil
import signal
import subprocess
import time

from bench_support import BUILD, PROJECT, BenchError, hub_program, say

CACHE = os.path.join(os.environ.get("BEDSIDE_CACHE") or os.path.dirname(BUILD), "bench")
SEED = "bench"
TODAY = "2026-11-09"
SETUP_SECONDS = 600  # no set-up takes longer: what was made until then is measured, and its number said
SOURCES = ("src/hub/hub-generate*.c", "src/hub/hub-demo*.c", "src/hub/demo/*", "src/store/sql/*.sql", "src/store/store-index.c",
           "src/fhir/fhir-index*.c", "src/fhir/fhir-search-parameters.inc")
PATIENTS = {"10k": 100, "100k": 1000, "1m": 10000}  # of depth light: about 100 resources each


def generator():
    """Changes when what is made from the same seed may change."""
    total = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(glob.glob(os.path.join(PROJECT, pattern))):
            with open(path, "rb") as file:
                total.update(file.read())
    return total.hexdigest()[:12]


def generate(folder, patients, depth):
    """Makes them in `folder` or goes on with it; stops it where it takes too long. Says what is there."""
    command = [hub_program(), "demo", "--data", folder, "--patients", str(patients), "--depth", depth, "--seed", SEED,
               "--today", TODAY, "--json"]
    start = time.monotonic()
    making = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, errors = making.communicate(timeout=SETUP_SECONDS)
    except subprocess.TimeoutExpired:
        say(f"set-up: {SETUP_SECONDS} s are over: stopping after the batch in hand")
        making.send_signal(signal.SIGTERM)
        out, errors = making.communicate()
    except BaseException:
        making.kill()
        making.wait()
        raise
    lines = out.strip().splitlines()
    if not lines:
        raise BenchError(f"bedside-hub demo ended with {making.returncode}: {errors.strip()[-600:]}")
    return {**json.loads(lines[-1]), "seconds": round(time.monotonic() - start, 1), "asked": patients, "depth": depth}


def forget_older(name, key):
    for path in glob.glob(os.path.join(CACHE, f"{name}-*")):
        if not path.startswith(os.path.join(CACHE, f"{name}-{key}")):
            shutil.rmtree(path, ignore_errors=True)


def demo_store(patients, depth):
    """(folder of a hub's records that nobody may write to, what is in it)"""
    os.makedirs(CACHE, exist_ok=True)
    name, key = f"records-{SEED}-{depth}-{patients}", generator()
    folder = os.path.join(CACHE, f"{name}-{key}")
    about = os.path.join(folder, "made.json")
    with open(os.path.join(CACHE, f"{name}.lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(about):
            forget_older(name, key)
            say(f"set-up: {patients:,} patients of depth {depth}, kept in {folder}")
            made = generate(folder + ".part", patients, depth)
            with open(os.path.join(folder + ".part", "made.json"), "w", encoding="utf-8") as file:
                json.dump(made, file)
            os.rename(folder + ".part", folder)
            say(f"set-up: {made['patients']:,} patients, {made['resources']:,} resources in {made['seconds']} s")
        with open(about, encoding="utf-8") as file:
            return folder, json.load(file)


def copy_store(folder, target):
    """A copy to serve and write to."""
    subprocess.run(["cp", "-r", "--reflink=auto", folder, target], check=True, stdin=subprocess.DEVNULL)
    return target


def made_of(about):
    """Words for what a store holds."""
    short = f", stopped after {about['seconds']:.0f} s of {about['asked']:,} asked for" if about["stopped"] else ""
    return f"{about['patients']:,} patients, depth {about['depth']}{short}"
