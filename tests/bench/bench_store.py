# SPDX-License-Identifier: GPL-3.0-or-later
"""store: charts, search by name and search over HTTP in stores of 10,000 to 1,000,000 resources, and what an import costs there."""
import os
import random

import bench_data
import bench_records
from bench_serve import Wire, served
from bench_support import (BenchError, Measure, Run, bench_program, hub_program, import_batch, load_average, percentile, say,
                           scratch)

SCALES = ["10k", "100k", "1m"]
OPERATIONS = 1000
IMPORT_ROUNDS = 3
IMPORT_ENTRIES = 4096
CHART_OF = 256
PAIRS = 200


def measure_chart(folder, about, holds, heaviest, resources):
    done = Run([bench_program("bench-chart-data"), folder, heaviest, str(OPERATIONS)]).json()
    warm, first = done["warm"], done["first_read"]
    note = f"CPU {done['cpu_ms_each']:.1f} ms each; first read of a store just opened: p50 {first['p50_ms']:.1f} ms"
    what = f"the heaviest chart, {resources:,} resources, of {holds:,} ({bench_records.made_of(about)})"
    details = {**done, "resources": holds, "heaviest_resources": resources, "made": about}
    return [Measure("store", f"open {what}", round(warm[f"{part}_ms"], 2), f"ms {part}", None, "limit", warm[f"{part}_ms"], limit,
                    "lower", details, note if part == "p50" else None) for part, limit in (("p50", 16), ("p99", 50))]


def measure_keystrokes(found, about):
    keys, cpu = found["keystroke"], found["keystroke_cpu"]
    note = (f"p50 {keys['p50_ms']:.2f} ms, CPU p50 {cpu['p50_ms']:.2f} p99 {cpu['p99_ms']:.2f} ms, slowest (CPU) "
            f"{cpu['max_ms']:.1f} ms at “{found['slowest']}”; {found['nobody']} letters that found nobody")
    return Measure("store", f"people found by name at a keystroke, of {found['patients']:,} ({bench_records.made_of(about)})",
                   round(keys["p99_ms"], 2), "ms p99", None, "limit", keys["p99_ms"], 5, "lower",
                   {**{k: v for k, v in found.items() if k != "sample"}, "made": about}, note)


def codes_of(wire, patients):
    """(patient, code) pairs that have answers, from a part of the patients."""
    pairs = []
    for patient in patients:
        bundle = wire.json("GET", f"Observation?patient={patient}&_count=100")
        for item in bundle.get("entry", []):
            coding = item["resource"]["code"].get("coding", [{}])[0]
            if "code" in coding:
                pairs.append((patient, f"{coding.get('system', '')}%7C{coding['code']}"))
    return sorted(set(pairs))


def measure_hub_search(hub, found, about):
    """One request after the other on one connection: what a person waits for."""
    wire, draw = Wire(hub.base, hub.token()), random.Random(11)
    pairs = codes_of(wire, draw.sample(found["sample"], min(PAIRS, len(found["sample"]))))
    seconds, reads, entries = [], [], 0
    for i in range(OPERATIONS + 50):
        patient, code = draw.choice(pairs)
        taken, text = wire.timed("GET", f"Observation?patient={patient}&code={code}")
        read, _ = wire.timed("GET", f"Patient/{patient}")
        if i >= 50:
            seconds.append(taken * 1000)
            reads.append(read * 1000)
            entries += text.count(b'"fullUrl"')
    wire.close()
    if entries < OPERATIONS:
        raise BenchError("the searches found too little to be what they are said to be")
    p99 = percentile(seconds, 0.99)
    note = (f"p50 {percentile(seconds, 0.5):.2f} ms, {entries / OPERATIONS:.1f} entries each, {len(pairs):,} pairs; held against a "
            f"read of one patient on the same connection: p50 {percentile(reads, 0.5):.2f} ms, p99 {percentile(reads, 0.99):.2f} ms")
    return Measure("store", f"hub search by patient and code, of {found['resources']:,}", round(p99, 2), "ms p99",
                   round(percentile(reads, 0.99), 2), "limit", p99, 5, "lower",
                   {"operations": OPERATIONS, "resources": found["resources"], "pragmas": found["pragmas"], "made": about}, note)


def import_round(folder, hub, number):
    """(seconds, processor seconds, resources) of one import of charts that are new to the store."""
    entries, chart = [], 0
    while len(entries) < IMPORT_ENTRIES:
        entries += bench_data.Chart(f"growth {number} {chart}", CHART_OF).entries()
        chart += 1
    path = os.path.join(folder, f"growth-{number}.json")
    bench_data.write_bundle(path, entries)
    done = Run([hub_program(), "import", "--data", hub, "--json", path], allowed=(0, 2))
    os.remove(path)
    return done.seconds, done.cpu, done.json()["total"]["stored"]


def import_cost(folder, hub):
    """The least µs that one resource took, on the wall and on the processor: others only slow a round down."""
    rounds = [import_round(folder, hub, number) for number in range(IMPORT_ROUNDS)]
    return tuple(min(part[i] / part[2] for part in rounds) * 1e6 for i in (0, 1)) + (rounds[0][2],)


def measure_scale(scale):
    """(measures, what growth is read from) of one size."""
    kept, about = bench_records.demo_store(bench_records.PATIENTS[scale], "light")
    say(f"store: {scale}: names")
    found = Run([bench_program("bench-store-search"), kept, str(2 * OPERATIONS)]).json()
    say(f"store: {scale}: the heaviest chart")
    measures = measure_chart(kept, about, found["resources"], found["heaviest"], found["heaviest_resources"])
    measures.append(measure_keystrokes(found, about))
    with scratch() as folder:
        copy = bench_records.copy_store(kept, os.path.join(folder, "hub"))
        say(f"store: {scale}: search by patient and code")
        with served(copy) as hub:
            measures.append(measure_hub_search(hub, found, about))
        say(f"store: {scale}: import")
        wall, cpu, stored = import_cost(folder, copy)
    grown = {"scale": scale, "resources": found["resources"], "import_us": wall, "import_cpu_us": cpu, "import_resources": stored,
             "chart_p50_ms": measures[0].value, "chart_p99_ms": measures[1].value, "keystroke_p99_ms": measures[2].value,
             "search_p99_ms": measures[3].value}
    return measures, grown


def measure_growth(grown):
    small, large = grown[0], grown[-1]
    costs = ", ".join(f"{g['import_us']:.0f} µs (CPU {g['import_cpu_us']:.0f}) at {g['resources']:,}" for g in grown)
    others = "; ".join(f"at {g['resources']:,}: chart {g['chart_p50_ms']:.1f}/{g['chart_p99_ms']:.1f}, keystroke "
                       f"{g['keystroke_p99_ms']:.2f}, search {g['search_p99_ms']:.2f} ms" for g in grown)
    ratio, cpu = (max(g[name] / small[name] for g in grown[1:]) for name in ("import_us", "import_cpu_us"))
    return Measure("store", f"cost of importing a resource into {large['resources']:,} against {small['resources']:,}",
                   round(large["import_us"], 1), "µs", round(small["import_us"], 1), "the dearest over the smallest store's", ratio,
                   1.5, "lower",
                   {"operations": large["import_resources"], "batch": import_batch(), "grown": grown, "load": load_average()},
                   f"{costs}; CPU ratio {cpu:.2f}; {others}")


def measure_people(patients):
    kept, about = bench_records.demo_store(patients, "demographics")
    say(f"store: names of {about['patients']:,} people")
    return measure_keystrokes(Run([bench_program("bench-store-search"), kept, str(2 * OPERATIONS)]).json(), about)


def run(options):
    measures, grown = [], []
    for scale in SCALES[:SCALES.index(options.scale) + 1]:
        more, growth = measure_scale(scale)
        measures += more
        grown.append(growth)
    if len(grown) > 1:
        measures.append(measure_growth(grown))
    measures.append(measure_people(options.people))
    return measures
