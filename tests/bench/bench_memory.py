# SPDX-License-Identifier: GPL-3.0-or-later
"""memory: what stays of each patient window that was opened and closed, from the hundredth to the last of 500 patients."""
import os

import bench_data
from bench_chart import found_records
from bench_support import CONTENT, Measure, Run, bench_program, desktop, say, scratch

WINDOWS, RESOURCES = 500, 40
LIMIT = 2000  # bytes a window


def page_through(hub, kind, patients):
    with scratch() as folder, desktop(folder):
        return Run([bench_program("bench-chart-memory"), hub, CONTENT, kind, str(WINDOWS), *patients], timeout=700,
                   env={**os.environ, "GSK_RENDERER": "cairo"}).json()


def words(done):
    return (f"{done['resident_slope'] / 1000:.2f} kB resident, {done['heap_slope'] / 1000:.2f} kB allocated; resident "
            f"{done['resident_first'] / 1e6:.0f} MB at window 100, {done['resident_last'] / 1e6:.0f} MB at {done['windows']}")


def run(options):
    with scratch() as folder:
        path, patients = bench_data.made_panel(folder, WINDOWS, RESOURCES)
        hub = found_records(folder, path)
        say(f"memory: {WINDOWS} patient windows")
        ours = page_through(hub, "chart", patients)
        say(f"memory: {WINDOWS} empty windows")
        empty = page_through(hub, "empty", patients)
    slope = ours["resident_slope"]
    kept = ours["windows"] - ours["finalized"] + ours["patients"] - ours["patients_finalized"]
    note = (f"{slope / LIMIT:.2f} of the limit; {words(ours)}; empty windows: {words(empty)}; {WINDOWS} patients of {RESOURCES} "
            "resources, drawn by cairo, whose memory is the program's own")
    return [Measure("memory", "kept of each patient window, windows 100 to 500", round(slope / 1000, 2), "kB",
                    round(empty["resident_slope"] / 1000, 2), "kB", slope / 1000, LIMIT / 1000, "lower",
                    {"ours": ours, "empty": empty}, note),
            Measure("memory", "windows and patients opened and not finalized", kept, f"of {2 * ours['windows']}", None,
                    "count", kept, 0, "lower", {})]
