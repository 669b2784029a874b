# SPDX-License-Identifier: GPL-3.0-or-later
"""prescribe: drug search per keystroke, warm and from a cold content file, against SQL by hand on the same file; the
file's size and what opening it costs a start; the checks of twenty drugs against twenty, what they find of the scenario
cases and how often they interrupt an ordinary day; and thirty prescriptions signed at once."""
import os
import re
import shutil

from bench_support import CONTENT, BenchError, Measure, Run, bench_program, program, say, scratch

WARM_MS, COLD_MS, SIZE_MB, START_MS, SIGN_MS, CHECK_MS = 3, 10, 30, 1, 1000, 1
INTERRUPTIONS = 10  # of a hundred prescriptions
KIND = re.compile(r"# ([a-z-]+): (\d+) cases, (\d+) differ; recall (\d+) of (\d+); (\d+) false alarms; "
                  r"([\d.]+) interruptions per 100")
ORDINARY = re.compile(r"# (\d+) interruptions in (\d+) ordinary prescriptions")


def check_measures():
    checked = Run([bench_program("bench-prescribe-check"), "2000"], timeout=600).json()
    report = Run([program("tests", "unit", "test-clinical-check-scenarios")], allowed=(0, 1), timeout=600).out
    kinds, ordinary = KIND.findall(report), ORDINARY.search(report)
    if not kinds or not ordinary:
        raise BenchError("test-clinical-check-scenarios no longer reports recall and interruptions")
    cases, differ, found, expected, alarms = (sum(int(kind[i]) for kind in kinds) for i in range(1, 6))
    per_kind = {kind[0]: {"cases": int(kind[1]), "recall": f"{kind[3]}/{kind[4]}", "false_alarms": int(kind[5]),
                          "interruptions_per_100_silent": float(kind[6])} for kind in kinds}
    note = "; ".join(f"{name} {kind['recall']}, {kind['false_alarms']} false alarms, "
                     f"{kind['interruptions_per_100_silent']:g} interruptions per 100" for name, kind in per_kind.items())
    rate = 100 * int(ordinary[1]) / int(ordinary[2])
    return [
        Measure("prescribe", "check twenty drugs against twenty, all checks, p50", checked["median_us"] / 1000, "ms", None,
                "milliseconds", checked["median_us"] / 1000, CHECK_MS, "lower",
                {name: checked[name] for name in ("rounds", "findings", "p99_us")}, f"p99 {checked['p99_us'] / 1000:.3f} ms"),
        Measure("prescribe", f"found in {cases} scenario cases", found, "findings", f"{expected} that have to be found", "ratio",
                found / expected, 1, "higher", {"kinds": per_kind, "differ": differ}, note),
        Measure("prescribe", "false alarms in the scenario cases", alarms, "findings", None, "findings", alarms, 0, "lower", {}),
        Measure("prescribe", "interruptions on an ordinary day", int(ordinary[1]), f"in {ordinary[2]} prescriptions", None,
                "per 100 prescriptions", rate, INTERRUPTIONS, "lower", {}),
    ]


def run(options):
    say("prescribe: drug search")
    with scratch() as folder:
        path = os.path.join(folder, "content.sqlite")
        shutil.copyfile(CONTENT, path)  # on the disk that benches use, and nobody else's to keep in memory
        done = Run([bench_program("bench-prescribe"), path], timeout=600).json()
    signed = Run([bench_program("bench-prescribe-sign")], timeout=600).json()
    sign = signed["sign"]["p50_ms"]
    counts = {name: done[name] for name in ("bytes", "drugs", "keystrokes", "found", "found_by_hand")}
    cold_note = None if done["is_cold"] else "the file could not be made cold here: this is a warm figure"
    warm, cold = done["search"]["p99_ms"], done["cold"]["p99_ms"]
    by_hand, cold_by_hand = done["search_by_hand"]["p99_ms"], done["cold_by_hand"]["p99_ms"]
    size, start = done["bytes"] / 1e6, done["start"]["p99_ms"]
    return [
        Measure("prescribe", "search a drug, per keystroke, p99", round(warm, 3), "ms", f"{by_hand:.3f} ms by hand in SQL",
                "milliseconds", warm, WARM_MS, "lower", counts, f"p50 {done['search']['p50_ms']:.3f} ms; of the processor's time "
                f"p99 {done['search_processor']['p99_ms']:.3f} ms, at most {done['search_processor']['max_ms']:.3f} ms"),
        Measure("prescribe", "the first keystroke from a cold content file, p99", round(cold, 3), "ms",
                f"{cold_by_hand:.3f} ms by hand in SQL", "milliseconds", cold, COLD_MS, "lower",
                {"proved_ms": round(done["proved"]["p50_ms"], 1)}, cold_note),
        Measure("prescribe", "size of the content file", round(size, 2), "MB", None, "megabytes", size, SIZE_MB, "lower", {}),
        Measure("prescribe", "what the content costs a start", round(start, 4), "ms", None, "milliseconds", start, START_MS,
                "lower", {}),
        *check_measures(),
        Measure("prescribe", "sign 30: checked again and signed, with one key", round(sign, 1), "ms", None, "milliseconds", sign,
                SIGN_MS, "lower", {"prescriptions": signed["prescriptions"]}),
    ]
