# SPDX-License-Identifier: GPL-3.0-or-later
"""start: from the start of the process to the first frame, against an empty libadwaita window.

Both are measured in the same way from outside: the Wayland library itself writes down (WAYLAND_DEBUG=1) when the
program commits the first buffer to its window's surface. The workstation has its records from one sign-in at the demo
hub and starts from them, with no server.
"""
import os
import re
import subprocess
import time

from bench_support import (BenchError, Measure, bench_program, desktop, load_average, median, percentile, program, say,
                           scratch, serving)

ROUNDS = 12
WARM = 2
REST_ROUNDS = 3
REST_SECONDS = 1.5
LIMIT_SECONDS = 30
STAMP = re.compile(r"\[\s*(\d+)\.(\d+)\]")
WINDOW = re.compile(r"get_xdg_surface\(new id xdg_surface[#@]\d+, wl_surface[#@](\d+)\)")
ATTACH = re.compile(r"wl_surface[#@](\d+)\.attach\(wl_buffer[#@]")
COMMIT = re.compile(r"wl_surface[#@](\d+)\.commit\(\)")
WRAP = 2 ** 32  # the library's stamps are µs since 1970 in 32 bits


class Frames:
    """Reads a growing protocol log: when the windows of a program got a new picture, µs."""

    def __init__(self, path):
        self.file = open(path, errors="replace")
        self.windows, self.attached, self.times, self.rest = set(), set(), [], ""

    def read(self):
        text = self.rest + self.file.read()
        *lines, self.rest = text.split("\n")
        for line in lines:
            if found := WINDOW.search(line):
                self.windows.add(found.group(1))
            elif found := ATTACH.search(line):
                self.attached.add(found.group(1))
            elif (found := COMMIT.search(line)) and found.group(1) in self.windows & self.attached:
                self.attached.discard(found.group(1))
                stamp = STAMP.search(line)
                if not stamp:
                    raise BenchError(f"the Wayland log has no time that is understood: {line[:80]}")
                self.times.append(int(stamp.group(1)) * 1000 + int(stamp.group(2)))
        return self.times


def wait_for_frames(frames, process, at_rest):
    """Returns when the first frame is there or, with at_rest, when no more came for a while."""
    start = time.monotonic()
    last, count = start, 0
    while time.monotonic() - start < LIMIT_SECONDS:
        if len(frames.read()) > count:
            last, count = time.monotonic(), len(frames.times)
        if count and (not at_rest or time.monotonic() - last > REST_SECONDS):
            return
        if process.poll() is not None:
            raise BenchError(f"the program ended with {process.returncode} before its first frame")
        time.sleep(0.01)
    if not count:
        raise BenchError("no frame came")


def cpu_ms(process):
    """Processor time of all its threads so far; as long as it runs."""
    folder, total = f"/proc/{process.pid}/task", 0
    for thread in os.listdir(folder):
        with open(os.path.join(folder, thread, "schedstat"), encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e6


def start_once(command, log, at_rest=False):
    """ms from the start of the process to the first frame and to the last one before rest, and on the processor."""
    with open(log, "w") as out:
        started = time.time_ns() // 1000
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   env={**os.environ, "WAYLAND_DEBUG": "1"})
        try:
            frames = Frames(log)
            wait_for_frames(frames, process, at_rest)
            cpu = cpu_ms(process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    first, last = (((time_us - started) % WRAP) / 1000 for time_us in (frames.times[0], frames.times[-1]))
    return first, last, cpu


def sign_in(screen, url, key, records):
    """Signs in at the hub once; waits until the records are here and no more come."""
    workstation = screen.start([program("src", "app", "bedside"), "--server", url, "--user", "doctor", "--key-file",
                                 key, "--data", records])
    store, size, since, start = os.path.join(records, "records.db"), 0, 0, time.monotonic()
    try:
        while time.monotonic() - start < 60:
            now = sum(os.path.getsize(store + s) for s in ("", "-wal") if os.path.exists(store + s))
            if now != size:
                size, since = now, time.monotonic()
            if size > 1_000_000 and time.monotonic() - since > 3:
                return size
            if workstation.process.poll() is not None:
                break
            time.sleep(0.1)
    finally:
        workstation.end()
    raise BenchError(f"the workstation did not get its records: {size} bytes; {screen.log()[-600:]}")


def run(options):
    with scratch() as folder, desktop(folder) as screen:
        key, records, log = (os.path.join(folder, name) for name in ("key", "records", "protocol.log"))
        say("start: signing in at the demo hub, once")
        with serving(os.path.join(folder, "hub")) as url:
            size = sign_in(screen, url, key, records)
        ours = [program("src", "app", "bedside"), "--key-file", key, "--data", records, "--offline"]
        empty = [bench_program("bench-empty-window")]
        first, reference = [], []
        for i in range(WARM + ROUNDS):
            say(f"start: round {i + 1} of {WARM + ROUNDS}")
            first.append(start_once(ours, log))
            reference.append(start_once(empty, log))
        rest = [start_once(ours, log, at_rest=True)[1] for _ in range(REST_ROUNDS)]
        return [measure(first[WARM:], reference[WARM:], rest, size)]


def measure(ours, empty, rest, size):
    first, reference = [wall for wall, _, _ in ours], [wall for wall, _, _ in empty]
    p50, base = median(first), median(reference)
    cpu, base_cpu = median([cpu for _, _, cpu in ours]), median([cpu for _, _, cpu in empty])
    note = (f"p99 {percentile(first, 0.99):.0f} ms against {percentile(reference, 0.99):.0f} ms, CPU {cpu:.0f} against "
            f"{base_cpu:.0f} ms, ratio {cpu / base_cpu:.2f}; the first frame is "
            f"the clinic window before anything is read; filled and at rest after {median(rest):.0f} ms")
    return Measure("start", "process start to first frame", round(p50, 1), "ms p50", round(base, 1), "ratio",
                   p50 / base, 1.5, "lower",
                   {"operations": len(first), "rounds": [round(v, 1) for v in first],
                    "reference_rounds": [round(v, 1) for v in reference], "at_rest_ms": [round(v, 1) for v in rest],
                    "records_bytes": size, "cpu_ms": round(cpu, 1),
                    "reference_cpu_ms": round(base_cpu, 1), "path": "demo hub, signed in once; starts with --offline, NON_UNIQUE",
                    "load": load_average()}, note)
