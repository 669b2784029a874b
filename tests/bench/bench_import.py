# SPDX-License-Identifier: GPL-3.0-or-later
"""import: `bedside-hub import` into a fresh encrypted store, against the raw insert of what it left there."""
import os
import shutil

import bench_data
from bench_support import Measure, Run, bench_program, facts, hub_program, import_batch, say, scratch

ROUNDS, LONG_ROUNDS = 5, 2  # long: of more than the population
FOLLOWED = ["synchronous", "cache_size", "temp_store", "foreign_keys", "cell_size_check", "wal_autocheckpoint"]


def import_once(files, folder):
    shutil.rmtree(folder, ignore_errors=True)
    # Exit status 2: some entries were refused, each with its reason.
    run = Run([hub_program(), "import", "--data", folder, "--json", *files], allowed=(0, 2))
    return run, run.json()["total"]


def raw_once(folder, target, batch, pragmas):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(target + suffix):
            os.remove(target + suffix)
    return Run([bench_program("bench-import-raw"), os.path.join(folder, "hub.db"), os.path.join(folder, "hub.key"),
                target, str(batch), *pragmas]).json()


def run(options):
    with scratch() as folder:
        files, source = bench_data.import_files(folder, options.entries)
        hub, target, batch = os.path.join(folder, "hub"), os.path.join(folder, "raw.db"), import_batch()
        ours, raw, known = [], [], None
        rounds = ROUNDS if options.entries <= bench_data.IMPORT_ENTRIES else LONG_ROUNDS
        for i in range(rounds):
            say(f"import: round {i + 1} of {rounds}")
            done, total = import_once(files, hub)
            ours.append((total["stored"] / done.seconds, done.cpu))
            known = known or facts(hub)
            pragmas = [f"{name}={known['writer'][name]}" for name in FOLLOWED]
            again = raw_once(hub, target, batch, pragmas)
            raw.append((again["resources"] / again["seconds"], again["cpu_seconds"]))
        return [measure(ours, raw, again, total, known, batch, source)]


def measure(ours, raw, again, total, known, batch, source):
    # The best round of each: what else the machine does can only slow a round down.
    rate, cpu = max(r for r, _ in ours), min(c for _, c in ours)
    raw_rate, raw_cpu = max(r for r, _ in raw), min(c for _, c in raw)
    words = known["rows"]["name_text_docsize"] + known["rows"]["note_text_docsize"]
    return Measure(
        "import", "resources a second", round(rate), "resources/s", round(raw_rate), "share of the raw insert",
        rate / raw_rate, 0.6, "higher",
        {"files": source, "total": total, "rounds": len(ours), "batch": batch, "pragmas": known["writer"],
         "rows": known["rows"], "resources": again["resources"], "index_rows": again["index_rows"],
         "bytes": again["bytes"], "cpu_s": round(cpu, 2), "raw_cpu_s": round(raw_cpu, 2),
         "cpu_share": round(raw_cpu / cpu, 3), "rates": [round(r) for r, _ in ours],
         "raw_rates": [round(r) for r, _ in raw]},
        f"CPU {cpu:.2f} s against {raw_cpu:.2f} s, share {raw_cpu / cpu:.2f}; the raw insert leaves out {words} rows of full text")
