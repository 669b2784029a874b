# SPDX-License-Identifier: GPL-3.0-or-later
"""sync: a workstation without windows reads a panel of patients from the hub, then what changed; against paging that keeps nothing."""
import os

import bench_records
from bench_serve import Wire, served
from bench_support import BenchError, Measure, Run, bench_program, load_average, say, scratch

CHANGES, IN_ONE = 1000, 50
TAG = "https://example.org/bench"
PANEL, LIMIT_SECONDS = 2000, 60
LEFT_OUT = ("AuditEvent", "Binary", "Bundle", "CapabilityStatement", "OperationOutcome", "Parameters", "SearchParameter",
            "StructureDefinition", "Subscription", "ValueSet", "CodeSystem")  # as src/sync/sync-pull.c


def types_of(wire):
    """What there is to read: types with a search and at least one record."""
    rest = wire.json("GET", "metadata")["rest"][0]["resource"]
    names = [r["type"] for r in rest if any(i["code"] == "search-type" for i in r.get("interaction", []))]
    return [name for name in names if name not in LEFT_OUT]


def page_all(base, token, queries):
    return Run([bench_program("bench-sync-paging"), base, *queries], env={**os.environ, "BEDSIDE_TEST_FHIR_TOKEN": token}).json()


def pull(base, token, folder):
    return Run([bench_program("bench-sync-pull"), base, folder, "Observation", f"_tag={TAG}|delta&_count={CHANGES}"],
               env={**os.environ, "BEDSIDE_TEST_FHIR_TOKEN": token}).json()


def change(wire):
    """Marks 1,000 observations, in transactions; the instant before."""
    bundle = wire.json("GET", f"Observation?_count={CHANGES}")
    records = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Observation"]
    if len(records) < CHANGES:
        raise BenchError(f"the panel holds {len(records)} observations: too few to change {CHANGES}")
    for start in range(0, CHANGES, IN_ONE):
        entries = []
        for record in records[start:start + IN_ONE]:
            record["meta"] = {"tag": [{"system": TAG, "code": "delta"}]}
            entries.append({"resource": record, "request": {"method": "PUT", "url": f"Observation/{record['id']}"}})
        answer = wire.json("POST", "", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
        if any(not entry["response"]["status"].startswith("200") for entry in answer["entry"]):
            raise BenchError("the changes were not all taken")


def measure_panel(panel, paging, about):
    patients = about["patients"]
    limit, rate = LIMIT_SECONDS * patients / PANEL, panel["resources"] / panel["seconds"]
    note = (f"{rate:.0f} resources/s, CPU {panel['cpu_seconds']:.2f} s; paging without reading or writing: {paging['pages']:,} pages, "
            f"{paging['bytes'] / 1e6:.0f} MB, ours takes {panel['seconds'] / paging['seconds']:.2f} times as long; the target is "
            f"{LIMIT_SECONDS} s for {PANEL:,} patients")
    return Measure("sync", f"the first reading of {bench_records.made_of(about)}", round(panel["seconds"], 2), "s",
                   round(paging["seconds"], 2), "limit", panel["seconds"], limit, "lower",
                   {"operations": panel["resources"], "resources": panel["resources"], "bytes": paging["bytes"], "panel": panel,
                    "paging": paging, "pragmas": panel["pragmas"], "made": about, "load": load_average()}, note)


def measure_delta(delta, nothing, paging):
    note = (f"from the opening of the store to the word that all is read, CPU {delta['cpu_seconds']:.2f} s; held against a paging of "
            f"what was changed. Where nothing had changed: {nothing['seconds']:.2f} s, CPU {nothing['cpu_seconds']:.2f} s, for what the "
            "hub got in the ten seconds before its newest is read again, and that is much of a store that was just made")
    return Measure("sync", f"a delta of {CHANGES:,} changes", round(delta["seconds"], 2), "s", round(paging["seconds"], 2), "limit",
                   delta["seconds"], 2, "lower", {"operations": CHANGES, "resources": delta["resources"], "delta": delta, "nothing": nothing,
                                                  "paging": paging, "pragmas": delta["pragmas"]}, note)


def measure_memory(panel, delta):
    most = max(panel["peak_mb"], delta["peak_mb"])
    return Measure("sync", "memory of the workstation while it reads", round(most, 1), "MB", None, "limit", most, 200, "lower",
                   {"operations": panel["resources"]},
                   f"VmHWM of /proc/self/status, an engine without windows; {delta['peak_mb']:.1f} MB while it reads the delta")


def run(options):
    kept, about = bench_records.demo_store(options.patients, "light")
    with scratch() as folder:
        copy = bench_records.copy_store(kept, os.path.join(folder, "hub"))
        station = os.path.join(folder, "station")
        os.mkdir(station)
        with served(copy) as hub:
            token = hub.token()
            wire = Wire(hub.base, token)
            types = types_of(wire)
            say("sync: plain paging")
            paging = page_all(hub.base, token, [f"{name}?_sort=_lastUpdated&_count=500" for name in types])
            say("sync: the panel")
            panel = pull(hub.base, token, station)
            if panel["resources"] < paging["entries"]:
                raise BenchError(f"the hub gave {paging['entries']} records and the workstation has {panel['resources']}")
            say("sync: the delta")
            nothing = pull(hub.base, token, station)
            change(wire)
            changed = page_all(hub.base, token, [f"Observation?_tag={TAG}%7Cdelta&_sort=_lastUpdated&_count=500"])
            delta = pull(hub.base, token, station)
            if delta["found"] != CHANGES or changed["entries"] != CHANGES:
                raise BenchError(f"of {CHANGES} changes the hub shows {changed['entries']} and the workstation {delta['found']}")
            wire.close()
    return [measure_panel(panel, paging, about), measure_delta(delta, nothing, changed), measure_memory(panel, delta)]
