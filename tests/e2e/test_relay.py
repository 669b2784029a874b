#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A visit through a relay and nothing else: both ends take the hub's names, and neither learns the other's address."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, frames_shown, run, wait_until  # noqa: E402
from turn import Turn  # noqa: E402


def test_relay():
    with Turn() as turn, Clinic(options=turn.options()) as clinic, Browser(width=420, height=860) as browser:
        appointment, patient = clinic.hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        clinic.step("the patient joins")
        workstation = clinic.open_workstation()
        workstation.find("label", contains="SMITH, Jane", seconds=60)
        page = Patient(browser, clinic.hub.join_link(appointment), test_clock=True)
        page.join((day, month, year), PLACE, NUMBER)
        workstation.find("label", contains=PLACE, seconds=30)
        workstation.find("button", "Open Chart").press()
        window = workstation.window("SMITH, Jane")
        clinic.step("admit")
        workstation.find("button", "Admit", within=window, seconds=60).press()
        frames_shown(browser, 30)
        wait_until("30 of the patient's clocks", lambda: clinic.frames_read() >= 30, 60)
        users = set(re.findall(r"user <([0-9]+:[0-9a-f]+)>: incoming packet ALLOCATE processed, success", turn.log()))
        print(f"# {len(users)} names at the relay")
        assert len(users) >= 2, turn.log()
        logs = clinic.desktop.log() + open(clinic.hub.log, errors="replace").read()
        assert turn.SECRET not in logs and not any(user in logs for user in users), "a name stands in a log"


run("relay", test_relay)
