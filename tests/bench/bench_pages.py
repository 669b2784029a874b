# SPDX-License-Identifier: GPL-3.0-or-later
"""pages: whether a chart of 20,000 resources keeps up with a screen of 60 Hz, by the frame clock's own times."""
import bench_data
from bench_chart import found_records
from bench_support import CONTENT, Measure, Run, bench_program, desktop, say, scratch

RESOURCES = 20000
FRAME_MS = 1000 / 60
SCROLLS = (("hand", "scrolled at the speed of a hand"), ("whole", "scrolled from first to last row, a screenful each frame"))


def note_of(done, name):
    step, cpu = done[name], done[name + "_cpu"]
    return (f"work in a frame: p50 {step['p50_ms']:.1f}, p99 {step['p99_ms']:.1f} ms, CPU p50 {cpu['p50_ms']:.1f}, "
            f"p99 {cpu['p99_ms']:.1f} ms, {cpu['p50_ms'] / FRAME_MS:.2f} of a frame at p50")


def measure_scroll(done, name, what):
    dropped, frames = done[f"{name}_dropped"], done[name]["n"]
    still = done["still_dropped"] * frames / done["still"]["n"]
    note = f"{note_of(done, name)}; against the same list standing still, in as many frames"
    return Measure("pages", f"{done['rows']:,} rows of the page {done['list_page']}, {what}", dropped, f"dropped of {frames} frames",
                   round(still, 1), "dropped", dropped, 0, "lower", done, note)


def measure_switch(done):
    switch, pages = done["switch"], done["page_cpu"]
    slowest = max(pages, key=lambda page: pages[page]["p50_ms"])
    note = (f"{note_of(done, 'switch')}; {done['switch_dropped']} frames dropped by {switch['n']} switches of {done['pages']} pages; "
            f"the slowest is {slowest}: CPU p50 {pages[slowest]['p50_ms']:.1f} ms")
    return Measure("pages", "a page shown again, its frame from begin to end", round(switch["p50_ms"], 1), "ms p50", None, "ms p99",
                   switch["p99_ms"], round(FRAME_MS, 2), "lower", done, note)


def measure(hub, patient, folder):
    with desktop(folder):
        return Run([bench_program("bench-chart-pages"), hub, CONTENT, patient], timeout=400).json()


def run(options):
    with scratch() as folder:
        mixed, patient = bench_data.made_chart(folder, RESOURCES)
        events, lister = bench_data.made_chart(folder, RESOURCES + 1, "bench events", bench_data.Chart.EVENTS)
        hub = found_records(folder, mixed, events)
        say(f"pages: {RESOURCES:,} events in a list")
        listed = measure(hub, lister, folder)
        say(f"pages: a chart of {RESOURCES:,} resources")
        return [*(measure_scroll(listed, *scroll) for scroll in SCROLLS), measure_switch(measure(hub, patient, folder))]
