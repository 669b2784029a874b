#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's patient: prints her join link, or joins as a headless Chromium with fake camera and microphone.

usage: demo_patient.py HUB-URL TOKEN [--join]
"""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hub import HubClient  # noqa: E402


def main():
    client = HubClient(sys.argv[1], sys.argv[2])
    appointment, patient = client.appointment("Smith")
    link = client.join_link(appointment)
    year, month, day = patient["birthDate"].split("-")
    if "--join" not in sys.argv:
        print(link)
        print(f"{int(day)} {time.strftime('%B', time.strptime(month, '%m'))} {year}")
        return
    from webdriver import Browser, Patient
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the browser is ended and its profile removed
    with Browser(width=420, height=860) as browser:
        Patient(browser, link).join((int(day), int(month), int(year)), "27 Anchor Close, Westhaven", "+44 1632 960 714")
        print("The patient waits.", flush=True)
        while True:  # until the demo ends
            time.sleep(3600)


main()
