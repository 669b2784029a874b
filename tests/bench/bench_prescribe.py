# SPDX-License-Identifier: GPL-3.0-or-later
"""prescribe: drug search per keystroke, warm and from a cold content file, against SQL by hand on the same file; the
file's size and what opening it costs a start; and thirty prescriptions signed at once."""
import os
import shutil

from bench_support import CONTENT, Measure, Run, bench_program, say, scratch

WARM_MS, COLD_MS, SIZE_MB, START_MS, SIGN_MS = 3, 10, 30, 1, 1000


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
        Measure("prescribe", "sign 30: checked again and signed, with one key", round(sign, 1), "ms", None, "milliseconds", sign,
                SIGN_MS, "lower", {"prescriptions": signed["prescriptions"]}),
    ]
