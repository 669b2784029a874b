# SPDX-License-Identifier: GPL-3.0-or-later
"""A call of Bedside with a Chromium, against a call between two Chromiums, by turns on this machine."""
from bench_support import BenchError, Measure, Run, bench_program, desktop, load_average, median, percentile, say, scratch

ROUNDS = 3
FAULTS = {"5 % loss, 100 ms there and back": ["--loss", "5", "--delay", "50"], "300 kbit/s": ["--kbps", "300", "--delay", "20"]}


def call(kind, seconds, *arguments, size=(640, 360)):
    command = [bench_program("bench-visit"), kind, "--seconds", str(seconds), "--width", str(size[0]), "--height", str(size[1]),
               *arguments]
    return Run(command, timeout=seconds + 240).json()


def of_rounds(rounds, get):
    """The median of the rounds' values, and the values."""
    values = [round(get(r), 1) for r in rounds]
    return median(values), values


def p50(end):
    return lambda r: median(r[end]["delays"]) if r[end]["delays"] else float("inf")


def ratio(what, ours, theirs, get_ours, get_theirs, unit, limit, note=None):
    mine, mine_all = of_rounds(ours, get_ours)
    other, other_all = of_rounds(theirs, get_theirs)
    return Measure("visit", what, mine, unit, other, "ratio", mine / max(other, 0.1), limit, "lower",
                   {"rounds": mine_all, "reference_rounds": other_all, "load": load_average()}, note)


def latency(seconds):
    measures = []
    for size, limits in {(640, 360): (0.9, 0.5), (1280, 720): (1.1, 0.5)}.items():
        ours, theirs, shown = [], [], []
        with scratch() as folder, desktop(folder):
            for i in range(ROUNDS):
                say(f"visit: {size[0]}x{size[1]}, round {i + 1} of {ROUNDS}")
                theirs.append(call("chromium", seconds, size=size))
                ours.append(call("bedside", seconds, size=size))
                shown.append(call("bedside", seconds, "--window", size=size))
        name = f"{size[0]}x{size[1]}, 30 frames/s"
        measures += [
            ratio(f"{name}: painted here to seen by the patient, Bedside to Chromium", ours, theirs, p50("patient"), p50("patient"),
                  "ms p50", limits[0]),
            ratio(f"{name}: painted by the patient to Bedside's paintable", shown, theirs,
                  lambda r: median(r["paintable_delays"] or [float("inf")]), p50("clinic"), "ms p50", limits[1],
                  f"to the decoder {of_rounds(ours, p50('clinic'))[0]} ms"),
            ratio(f"{name}: processor, Bedside with the picture in a window", shown, theirs, lambda r: r["clinic"]["cpu_percent"],
                  lambda r: r["clinic"]["cpu_percent"], "% of one", 0.75 if size[1] < 720 else 1.0,
                  f"without a window {of_rounds(ours, lambda r: r['clinic']['cpu_percent'])[0]} %"),
        ]
    return measures


def share(values, good):
    return 100 * sum(1 for v in values if good(v)) / max(len(values), 1)


def faults(seconds):
    measures = []
    for name, arguments in FAULTS.items():
        ours, theirs = [], []
        for i in range(ROUNDS):
            say(f"visit: {name}, round {i + 1} of {ROUNDS}")
            theirs.append(call("chromium", seconds, *arguments))
            ours.append(call("bedside", seconds, *arguments))
        for end, who in (("patient", "at the patient"), ("clinic", "at the clinic")):
            for what, key, good in (("picture above 10 frames/s", "frames", lambda v: v > 10),
                                    ("sound without a gap above 100 ms", "gaps", lambda v: v <= 100)):
                mine, mine_all = of_rounds(ours, lambda r, k=key, g=good, e=end: share(r[e][k], g))
                other, other_all = of_rounds(theirs, lambda r, k=key, g=good, e=end: share(r[e][k], g))
                measures.append(Measure("visit", f"{name}: seconds with {what}, {who}", mine, "%", other, "ratio",
                                        mine / max(other, 0.1), 1.0, "higher",
                                        {"rounds": mine_all, "reference_rounds": other_all, "load": load_average()}))
    return measures


def first_frames(starts):
    say(f"visit: {starts} starts")
    values = call("bedside", 1, "--starts", str(starts))["first_frames"]
    if len(values) != starts:
        raise BenchError(f"{len(values)} of {starts} calls came to a picture")
    return [Measure("visit", "call begun to the first picture of the patient decoded", round(percentile(values, 0.95)), "ms p95",
                    None, "value in s", percentile(values, 0.95) / 1000, 1.0, "lower",
                    {"operations": starts, "p50": round(median(values)), "load": load_average()},
                    f"p50 {median(values):.0f} ms; from MediaCall on: signalling is a loopback, the hub is not in it")]


def slope(values):
    """Growth of the fitted line over the whole time, as a part of its middle."""
    n, mean_x, mean = len(values), (len(values) - 1) / 2, sum(values) / len(values)
    top = sum((x - mean_x) * (y - mean) for x, y in enumerate(values))
    return top / sum((x - mean_x) ** 2 for x in range(n)) * n / mean


def soak(seconds):
    say(f"visit: a call of {seconds} s")
    done = call("bedside", seconds)
    memory, skews = done["memory_kb"], done["patient"]["skews"]
    if len(memory) < 3 or len(skews) < 20:
        raise BenchError("the call was not measured")
    growth = slope(memory[len(memory) // 10:])
    tenth = max(len(skews) // 10, 5)
    drift = abs(median(skews[-tenth:]) - median(skews[:tenth]))
    return [Measure("visit", f"memory over a call of {seconds} s, fitted", f"{memory[0]} to {memory[-1]}", "kB", None, "growth in %",
                    100 * growth, 2.0, "lower", {"samples": len(memory), "load": load_average()}),
            Measure("visit", f"picture against sound at the patient, first to last tenth of {seconds} s", drift, "ms", None, "drift",
                    drift, 45, "lower", {"samples": len(skews), "median": median(skews), "load": load_average()},
                    f"the picture is {median(skews):.0f} ms off the sound at the median")]


def run(options):
    short = options.short
    seconds = 4 if short else 20
    parts = {"latency": lambda: latency(seconds), "start": lambda: first_frames(3 if short else 20),
             "faults": lambda: faults(6 if short else 30), "soak": lambda: soak(20 if short else 600)}
    return [measure for part in options.part or parts for measure in parts[part]()]
