#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A controlled drug: refused without the second factor, which is set up, signs once, and no second time."""
import base64
import hashlib
import hmac
import os
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import Clinic, dialog_press, field, prescribe, run, wait_until  # noqa: E402

DIGITS = "Six digits of your second factor"


def digits_of(secret, ahead=0):
    """What an authenticator shows that was not made by us (RFC 6238: SHA-1, 30 seconds, six digits); AHEAD: so many steps on."""
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


def write_order(workstation, window, words, reason=None):
    prescribe(workstation, window, words)
    field(workstation, window, "Dose").set_text("1")
    workstation.find("radio button", "Once a day", within=window).press()
    field(workstation, window, "Quantity to supply").set_text("6")
    workstation.find("label", contains="one tablet once a day", within=window)
    if reason:
        field(workstation, window, "Reason for prescribing it anyway").set_text(reason)
    workstation.find("button", "Sign…", within=window).press()


def type_digits(workstation, digits):
    field(workstation, None, DIGITS).set_text(digits)
    dialog_press(workstation, "Sign")


def test_second_factor():
    with Clinic() as clinic:
        hub = clinic.hub
        encounter = hub.search("Encounter?status=arrived")[0]
        patient = encounter["subject"]["reference"].split("/")[1]

        def orders():
            return hub.search(f"MedicationRequest?patient={patient}&status=active")

        before = len(orders())
        clinic.step("open the chart")
        workstation = clinic.open_workstation()
        workstation.find("label", contains="All sent", seconds=40)
        clinic.activate("open", patient)
        window = workstation.window(hub.ask("GET", f"Patient/{patient}")[1]["name"][0]["family"].upper())
        workstation.find("button", "Admit", within=window).press()
        workstation.find("radio button", "Prescribe", within=window).press()
        workstation.find("button", "New Prescription", within=window).press()

        clinic.step("sign without a second factor")
        write_order(workstation, window, "lorazepam 0.5 tab")
        workstation.find("label", contains="schedule IV")
        clinic.step("with digits of nobody")
        type_digits(workstation, "123456")
        workstation.find("label", contains="You have no second factor on this computer")
        clinic.step("not signed")
        assert len(orders()) == before, "signed without a second factor"

        clinic.step("set it up from where it is asked")
        workstation.find("button", "Sign…", within=window).press()
        dialog_press(workstation, "Set Up the Second Factor…")
        secret = wait_until("the secret", lambda: field(workstation, None, "Secret; on a further computer, the one you have").text())
        code = field(workstation, None, "Six digits that the telephone shows now")
        code.set_text(f"{(int(digits_of(secret)) + 1) % 1000000:06}")
        dialog_press(workstation, "Set Up")
        workstation.find("label", contains="These six digits are not right")
        clinic.step("wrong digits")
        code.set_text(digits_of(secret))
        dialog_press(workstation, "Set Up")
        workstation.gone("button", "Set Up", seconds=20)

        clinic.step("sign with it")
        signed_with = digits_of(secret, 1)
        type_digits(workstation, signed_with)
        wait_until("the prescription on the hub", lambda: len(orders()) == before + 1, 40)
        workstation.find("label", contains="All sent", seconds=40)

        clinic.step("the same digits do not sign again")
        workstation.find("button", "New Prescription", within=window).press()
        write_order(workstation, window, "tramadol 50 tab", "Taken with it for years, no sedation")
        type_digits(workstation, signed_with)
        workstation.find("label", contains="These six digits were used already")
        clinic.step("refused")
        assert len(orders()) == before + 1, "the same digits signed twice"
        clinic.step("done")


run("second-factor", test_second_factor)
