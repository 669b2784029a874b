# SPDX-License-Identifier: GPL-3.0-or-later
"""flatpak: the size of the bundle, the time to install it, and the start in the sandbox against the start without one.

Both starts are those of bench_start.py: the workstation from its own records, with no server. The unsandboxed one is the
release build of the same tree; the sandboxed one is what ./dev flatpak has built against the stand-in.
"""
import os
import shutil
import subprocess

from bench_start import sign_in, start_once
from bench_support import BenchError, Measure, desktop, load_average, median, program, say, scratch, serving

ROUNDS = 8
WARM = 2
LIMIT_BYTES = 15_000_000


def start_sandboxed(installation, command, log):
    """The process that is started is flatpak's: it is not what has to be ended."""
    try:
        return start_once(command, log)[0]
    finally:
        installation.kill()
        while subprocess.run(["flatpak", "ps", "--columns=application"], capture_output=True, text=True,
                             env=installation.environment).stdout.strip():
            pass


def run(options):
    with scratch() as folder, desktop(folder) as screen:
        from flatpak import BUNDLE, OFFLINE, Installation
        if not os.path.exists(BUNDLE):
            raise BenchError("there is no bundle: ./dev flatpak makes it")
        key, records, log = (os.path.join(folder, name) for name in ("key", "records", "protocol.log"))
        installation = Installation(os.path.join(folder, "clean"))
        seconds = installation.install(OFFLINE)
        say("flatpak: signing in at the demo hub, once")
        with serving(os.path.join(folder, "hub")) as url:
            sign_in(screen, url, key, records)
        shutil.copytree(records, installation.data("records"))
        shutil.copy(key, installation.data("key"))
        inside = installation.command("--key-file", installation.data("key"), "--data", installation.data("records"), "--offline")
        outside = [program("src", "app", "bedside"), "--key-file", key, "--data", records, "--offline"]
        ours, reference, kept = [], [], dict(os.environ)
        for i in range(WARM + ROUNDS):
            say(f"flatpak: round {i + 1} of {WARM + ROUNDS}")
            reference.append(start_once(outside, log)[0])
            os.environ.update(installation.environment)
            ours.append(start_sandboxed(installation, inside, log))
            os.environ.clear()
            os.environ.update(kept)
        return measures(os.path.getsize(BUNDLE), seconds, ours[WARM:], reference[WARM:])


def measures(size, seconds, ours, reference):
    p50, base = median(ours), median(reference)
    details = {"rounds": [round(v, 1) for v in ours], "reference_rounds": [round(v, 1) for v in reference], "load": load_average()}
    return [
        Measure("flatpak", "size of the bundle", size, "bytes", LIMIT_BYTES, "part", size / LIMIT_BYTES, 1, "lower", {}),
        Measure("flatpak", "installing it beside its runtime", round(seconds, 2), "s", None, "seconds", seconds, 10, "lower", {}),
        Measure("flatpak", "process start to first frame in the sandbox", round(p50, 1), "ms p50", round(base, 1), "ratio",
                p50 / base, 2, "lower", details, "the reference is the release build without a sandbox; the sandbox is compiled with the SDK's flags, here -O2"),
    ]
