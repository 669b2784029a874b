#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A call of an hour with a Chromium: memory stays flat, picture and sound stay together. TAP."""
import os
import sys

import bench_visit

SECONDS = int(os.environ.get("BEDSIDE_LONG_SECONDS", "3600"))


def main():
    print("TAP version 14\n1..2")
    failed = 0
    for number, measure in enumerate(bench_visit.soak(SECONDS), 1):
        print(f"# {measure.what}: {measure.ours} {measure.unit}; {measure.relation} {measure.value:.2f}, limit {measure.limit}")
        print(f"{'ok' if measure.met() else 'not ok'} {number} - {measure.what}", flush=True)
        failed += not measure.met()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
