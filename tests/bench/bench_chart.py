# SPDX-License-Identifier: GPL-3.0-or-later
"""chart: from the click to the data of a 1,000-resource chart, and to the first useful paint of its window."""
import os

import bench_data
from bench_support import CONTENT, Measure, Run, bench_program, desktop, facts, found_demo, hub_program, say, scratch

OPERATIONS = 1000
ROUNDS = 20


def found_records(folder, *files):
    """The folder of a hub with the demo clinic and what is in `files`."""
    hub = os.path.join(folder, "hub")
    found_demo(hub)
    Run([hub_program(), "import", "--data", hub, *files], allowed=(0, 2))
    return hub


def make_records(folder):
    """The demo clinic's patients and the large charts: (hub's folder, [(what, patient id)])."""
    path, patient = bench_data.made_chart(folder)
    charts, files = [("all of it in the chart", patient)], [path]
    real = bench_data.population_chart(folder)
    if real:
        files.append(real[0])
        charts.append(("synthetic population, with claims", real[1]))
    else:
        say("chart: ../shared/data/fhir-population is not there: only the chart that is made here is measured")
    return found_records(folder, *files), charts


def measure_data(hub, what, patient, rows):
    done = Run([bench_program("bench-chart-data"), hub, patient, str(OPERATIONS)]).json()
    warm, first = done["warm"], done["first_read"]
    note = (f"p99 {warm['p99_ms']:.1f} ms, CPU {done['cpu_ms_each']:.1f} ms; first read of a store just opened: "
            f"p50 {first['p50_ms']:.1f} ms")
    return Measure("chart", f"data of 1,000 resources ready ({what})", round(warm["p50_ms"], 2), "ms p50", None,
                   "limit", warm["p50_ms"], 16, "lower", {**done, "rows": rows}, note)


def measure_window(hub, what, patient, **environment):
    """Alternates empty and patient windows in one process on a desktop of its own."""
    with scratch() as folder, desktop(folder):
        done = Run([bench_program("bench-chart-window"), hub, patient, str(ROUNDS), CONTENT], timeout=300,
                   env={**os.environ, **environment}).json()
    empty, blank, useful = done["empty"], done["blank"], done["useful"]
    parts = ", ".join(f"{part} {done[part]['p50_ms']:.0f}" for part in ("make", "present", "layout", "paint"))
    later = useful["p50_ms"] - empty["p50_ms"]
    note = (f"p99 {useful['p99_ms']:.0f} ms against {empty['p99_ms']:.0f} ms, CPU {done['useful_cpu']['p50_ms']:.0f} "
            f"against {done['empty_cpu']['p50_ms']:.0f} ms ({parts}); the window's first frame of "
            f"whatever {blank['p50_ms']:.0f} ms; features in this build: {done['features']}")
    return Measure("chart", f"first useful paint ({what})", round(useful["p50_ms"], 1), "ms p50",
                   round(empty["p50_ms"], 1), "later than an empty window, ms", later, 60, "lower", done, note)


def run(options):
    with scratch() as folder:
        hub, charts = make_records(folder)
        rows = facts(hub)["rows"]
        measures = []
        for what, patient in charts:
            say(f"chart: data, {what}")
            measures.append(measure_data(hub, what, patient, rows))
        for what, patient in charts:
            say(f"chart: window, {what}")
            measures.append(measure_window(hub, what, patient))
        # Without a graphics card the default renderer also compiles shaders for each new window; cairo does not.
        what, patient = charts[0]
        measures.append(measure_window(hub, f"{what}, drawn by cairo", patient, GSK_RENDERER="cairo"))
        return measures
