# SPDX-License-Identifier: GPL-3.0-or-later
"""pages: whether the heaviest charts keep up with a screen of 60 Hz, by the frame clock's own times."""
import os

import bench_data
from bench_chart import found_records
from bench_support import CONTENT, Measure, Run, bench_program, desktop, say, scratch

RESOURCES = 20000
HEAVIEST = 2  # of the shared population
FRAME_MS = 1000 / 60
SCROLLS = (("hand", "scrolled at the speed of a hand"), ("whole", "scrolled from first to last row, a screenful each frame"))


def note_of(done, name):
    step, cpu, main = done[name], done[name + "_cpu"], done[name + "_main"]
    return (f"work in a frame: p50 {step['p50_ms']:.1f}, p99 {step['p99_ms']:.1f} ms; CPU of the main thread p50 "
            f"{main['p50_ms']:.1f}, p99 {main['p99_ms']:.1f} ms, {main['p99_ms'] / FRAME_MS:.2f} of a frame at p99; of all threads "
            f"p50 {cpu['p50_ms']:.1f}, p99 {cpu['p99_ms']:.1f} ms")


def measure_scroll(page, done, name, what):
    dropped, frames, plain = done[f"{name}_dropped"], done[name]["n"], done["plain_" + name]
    plain_dropped = done[f"plain_{name}_dropped"] * frames / plain["n"]
    ratio, main = (done[name + part]["p50_ms"] / done[f"plain_{name}{part}"]["p50_ms"] for part in ("_cpu", "_main"))
    still = done["still_dropped"] * frames / done["still"]["n"]
    note = (f"{note_of(done, name)}; against as many labels of the same height in a list, in as many frames: CPU p50 {ratio:.1f} "
            f"times theirs, of the main thread {main:.1f} times; standing still it dropped {still:.0f}")
    return Measure("pages", f"{done['rows']:,} rows of {page}, {what}", dropped, f"dropped of {frames} frames",
                   round(plain_dropped, 1), "dropped", dropped, 0, "lower", done, note)


def measure_switch(what, done):
    switch, pages = done["switch"], done["page_cpu"]
    slowest = max(pages, key=lambda page: pages[page]["p50_ms"])
    note = (f"{note_of(done, 'switch')}; {done['switch_dropped']} frames dropped by {switch['n']} switches of {done['pages']} pages; "
            f"the slowest is {slowest}: CPU p50 {pages[slowest]['p50_ms']:.1f} ms, {pages[slowest]['p50_ms'] / FRAME_MS:.2f} of a frame")
    return Measure("pages", f"a page shown again, its frame from begin to end ({what})", round(switch["p50_ms"], 1), "ms p50", None,
                   "ms p99", switch["p99_ms"], round(FRAME_MS, 2), "lower", done, note)


def measure(hub, folder, *words):
    with desktop(folder):
        return Run([bench_program("bench-chart-pages"), hub, CONTENT, *words], timeout=200).json()


def heaviest():
    """The largest charts of the shared population, whole: (what, path, patient id)."""
    files = sorted(bench_data.population_files(), key=os.path.getsize, reverse=True)
    return [(f"chart {place} of the synthetic population by size", path, bench_data.patient_of(path))
            for place, path in enumerate(files[:HEAVIEST], 1)]


def run(options):
    with scratch() as folder:
        mixed, patient = bench_data.made_chart(folder, RESOURCES)
        events, lister = bench_data.made_chart(folder, RESOURCES + 1, "bench events", bench_data.Chart.EVENTS)
        charts = [(f"{RESOURCES:,} resources, made", mixed, patient), *heaviest()]
        if len(charts) == 1:
            say("pages: ../shared/data/fhir-population is not there: only the chart that is made here is measured")
        documents, reader = bench_data.made_chart(folder, RESOURCES + 1, "bench documents", bench_data.Chart.DOCUMENTS)
        people = bench_data.made_people(folder, RESOURCES)
        hub = found_records(folder, events, documents, people, *(path for _, path, _ in charts))
        measures = []
        for page, what, patient in (("timeline", "the timeline", [lister]), ("documents", "the documents", [reader]),
                                    ("patients", "a saved list of patients", [])):
            say(f"pages: {RESOURCES:,} rows of {what}")
            listed = measure(hub, folder, page, str(RESOURCES), *patient)
            measures += [measure_scroll(what, listed, *scroll) for scroll in SCROLLS]
        for what, _, patient in charts:
            say(f"pages: switched, {what}")
            measures.append(measure_switch(what, measure(hub, folder, "switch", patient)))
        return measures
