#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the hub is cut in the middle of a call, and the hub is killed: picture and visit go on."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import NUMBER, PLACE, Browser, Clinic, Patient, resource, run, wait_until  # noqa: E402
from cut_proxy import CutProxy  # noqa: E402

READ = "return window.bedsideTest ? window.bedsideTest.clocksRead : 0"


def wait_for_pictures(clinic, browser, count, what):
    """Until both sides read COUNT more of the other's painted clocks."""
    here, there = clinic.frames_read(), browser.script(READ)
    wait_until(what + " at the workstation", lambda: clinic.frames_read() >= here + count, 40)
    wait_until(what + " at the patient", lambda: browser.script(READ) >= there + count, 40)


def test_call_cut():
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        hub = clinic.hub
        appointment, patient = hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))
        network = CutProxy(hub.port)

        clinic.step("a call")
        workstation = clinic.open_workstation(server=network.url)
        workstation.find("label", contains="SMITH, Jane")
        Patient(browser, hub.join_link(appointment), test_clock=True).join((day, month, year), PLACE, NUMBER)
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")
        clinic.activate("open", patient["id"])
        window = workstation.window("SMITH, Jane")
        workstation.find("label", contains="The patient is in the waiting room", within=window)
        workstation.find("button", "Admit", within=window).press()
        wait_for_pictures(clinic, browser, 30, "the picture")

        clinic.step("cut: the picture needs no hub")
        network.cut()
        workstation.find("label", contains="Offline since")
        wait_for_pictures(clinic, browser, 60, "the picture without a hub")
        workstation.find("label", contains="If cut off: " + NUMBER, within=window)

        clinic.step("hang up while cut: the patient's page is told when the network is back")
        workstation.find("button", "Hang Up", within=window).press()
        workstation.find("label", contains="The visit is still open", within=window)
        network.restore()
        browser.wait_view("waiting", patience=30)

        clinic.step("call while cut: it begins by itself when the network is back")
        network.cut()
        workstation.find("label", contains="Offline since")
        workstation.find("button", "Call", within=window).press()
        workstation.find("label", contains="The visit is open. Video needs the connection", within=window)
        network.restore()
        wait_for_pictures(clinic, browser, 30, "the picture after the cut")

        clinic.step("the hub is killed and started again")
        hub.stop(kill=True)
        wait_for_pictures(clinic, browser, 30, "the picture with the hub dead")
        hub.start()
        workstation.find("label", contains="All sent", seconds=40)

        clinic.step("what is said goes through again")
        workstation.find("button", "Hang Up", within=window).press()
        browser.wait_view("waiting", patience=30)
        assert hub.ask("GET", f"Encounter/{encounter['id']}")[1]["status"] == "in-progress"
        clinic.step("done")


run("call-cut", test_call_cut)
