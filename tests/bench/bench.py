#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Bedside against a limit or a reference in the same run: bench.py [start|chart|pages|memory|import|store|hub|sync|prescribe|visit|flatpak] [--json]

Exit status 0: everything was measured, whether the limits are met or not. 1: a bench could not be run.
"""
import argparse
import http.client
import json
import os
import subprocess
import sys

import bench_chart
import bench_flatpak
import bench_hub
import bench_import
import bench_memory
import bench_pages
import bench_prescribe
import bench_start
import bench_store
import bench_sync
import bench_visit
from bench_support import BenchError, load_average, say

BENCHES = {"start": bench_start, "chart": bench_chart, "pages": bench_pages, "memory": bench_memory,
           "import": bench_import, "store": bench_store, "hub": bench_hub, "sync": bench_sync,
           "prescribe": bench_prescribe, "visit": bench_visit}
BY_NAME_ONLY = {"flatpak": bench_flatpak}  # ./dev bench flatpak builds the bundle first


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures Bedside; see tests/bench/README.md.")
    parser.add_argument("name", nargs="?", choices=[*BENCHES, *BY_NAME_ONLY], help="one bench; without it all of them but flatpak")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--entries", type=int, default=0, metavar="N",
                        help="import: the population again and again with fresh ids up to so many (once; full: 160000)")
    parser.add_argument("--scale", choices=bench_store.SCALES, default="100k",
                        help="store: the largest number of resources, with the smaller ones before it (100k)")
    parser.add_argument("--people", type=int, default=50000, metavar="N",
                        help="store: patients of depth demographics that a name is looked for among (50000; full: 300000 to 1000000)")
    parser.add_argument("--seconds", type=int, default=5, metavar="N", help="hub: how long each load lasts (5)")
    parser.add_argument("--patients", type=int, default=200, metavar="N",
                        help="sync: patients of the panel, depth light (200; full: 2000)")
    parser.add_argument("--short", action="store_true", help="visit: seconds instead of minutes, to see that it runs")
    parser.add_argument("--part", action="append", choices=["latency", "start", "faults", "soak"],
                        help="visit: only this part; may be given again")
    return parser.parse_args()


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    return {"cpus": os.cpu_count(), "model": model, "load_before": round(load_average(), 2)}


def show(measure):
    against = f" against {measure.reference}" if measure.reference is not None else ""
    sign = "≤" if measure.better == "lower" else "≥"
    print(f"{measure.bench:7} {measure.what}\n        {measure.ours} {measure.unit}{against}; {measure.relation} "
          f"{measure.value:.2f} (target {sign} {measure.limit}): {'met' if measure.met() else 'MISSED'}")
    if measure.note:
        print(f"        {measure.note}")
    details = measure.details
    pragmas = details.get("pragmas")
    if pragmas:
        print("        " + ", ".join(f"{name} {value}" for name, value in pragmas.items()))
    counted = {name: details[name] for name in ("operations", "batch", "resources", "index_rows", "bytes",
                                                "rows_in_chart") if name in details}
    if counted:
        print("        " + ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in counted.items()))


def main():
    options = parse()
    about, measures, failures = machine(), [], {}
    for name, bench in [*BENCHES.items(), *BY_NAME_ONLY.items()]:
        if options.name == name or (options.name is None and name in BENCHES):
            try:
                measures += bench.run(options)
            except (BenchError, OSError, AssertionError, http.client.HTTPException, subprocess.SubprocessError) as problem:
                failures[name] = str(problem)
                say(f"{name}: could not be measured: {problem}")
    about["load_after"] = round(load_average(), 2)
    if options.json:
        print(json.dumps({"machine": about, "measures": [m.to_json() for m in measures], "failures": failures}))
    else:
        print(f"{about['cpus']} × {about['model']}, load {about['load_before']} before, {about['load_after']} after\n")
        for measure in measures:
            show(measure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
