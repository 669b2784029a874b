#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole virtual visit: link, waiting room, admit, video both ways, note, prescription, pharmacy, outcome."""
import base64
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clinic import (NUMBER, PLACE, Browser, Clinic, Patient, dialog_press, extension, field, frames_shown,  # noqa: E402
                    prescribe, resource, run, wait_until)

NOTE = "Sore throat three days, fever 38.4 at home. No trismus."


def keep_a_picture(clinic, workstation, window, browser, encounter):
    clinic.activate_in_windows("visit-capture")
    browser.wait("return !document.getElementById('picture-asked').hidden")
    browser.click("#picture-yes")
    workstation.find("label", contains="Born ")
    workstation.find("button", "Keep").press()
    picture = resource(clinic, f"DocumentReference?encounter=Encounter/{encounter['id']}",
                       lambda d: d["content"][0]["attachment"].get("contentType") == "image/jpeg", seconds=30)
    provenance = resource(clinic, f"Provenance?target=DocumentReference/{picture['id']}")
    consent = next(e["what"]["reference"] for e in provenance["entity"] if e["what"]["reference"].startswith("Consent/"))
    assert clinic.hub.ask("GET", consent)[1]["provision"]["type"] == "permit", consent
    assert picture["content"][0]["attachment"]["size"] > 1000, picture


OFFER = """
const bytes = new TextEncoder().encode("Rest, and drink.");
crypto.subtle.digest('SHA-256', bytes).then((hash) => {
  const hex = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const chunk = new Uint8Array(bytes.length + 4);
  new DataView(chunk.buffer).setUint32(0, 7);
  chunk.set(bytes, 4);
  window.offered = { message: { type: 'offer', n: '7', size: String(bytes.length), kind: 'text', hash: hex, text: '../advice.txt' }, chunk };
  window.bedsideFiles.message(window.offered.message);
});
"""


def exchange_files(clinic, browser, workstation, window, encounter):
    """A file from the patient into the chart, one that is refused, and one that the patient may save."""
    for name, content in (("diary.txt", b"Pulse 72, slept well.\n" * 2000), ("game.pdf", b"MZ\x90\x00" * 100)):
        with open(os.path.join(clinic.hub.folder, name), "wb") as file:
            file.write(content)
    browser.click("#chat-open")
    browser.type("#chat-text", "I send you my diary.")
    browser.click("#chat-form button:not([type])")
    browser.wait("return !document.getElementById('chat-log').innerText.includes('waiting to be sent')")
    browser.attach("#file-input", os.path.join(clinic.hub.folder, "game.pdf"))
    browser.wait("return document.getElementById('chat-log').innerText.includes('only PDF, JPEG, PNG')")
    browser.attach("#file-input", os.path.join(clinic.hub.folder, "diary.txt"))
    browser.wait("return document.getElementById('chat-log').innerText.includes('the clinic has received it')", patience=40)
    workstation.find("toggle button", "Chat (1)", within=window)
    workstation.find("button", contains="Add to the Chart of SMITH, Jane", within=window).press()
    browser.wait("return document.getElementById('chat-log').innerText.includes('added it to your record')")
    document = resource(clinic, f"DocumentReference?encounter=Encounter/{encounter['id']}", seconds=40)
    assert document["type"]["text"] == "Sent by the patient in a visit", document
    assert document["content"][0]["attachment"]["size"] == 22 * 2000, document
    browser.script(OFFER)
    browser.wait("return document.getElementById('chat-log').innerText.includes('The clinic wants to send you “advice.txt”')")
    browser.click(".file[data-state=asked] button")
    browser.script("window.bedsideFiles.bytes(window.offered.chunk.buffer)")
    browser.wait("const a = document.querySelector('.file a.save'); return a && a.download === 'advice.txt'")
    browser.click("#chat-close")


def test_visit():
    with Clinic() as clinic, Browser(width=420, height=860) as browser:
        hub = clinic.hub
        appointment, patient = hub.appointment("Smith")
        year, month, day = (int(part) for part in patient["birthDate"].split("-"))

        clinic.step("the workstation opens on the day")
        workstation = clinic.open_workstation()
        workstation.find("label", contains="SMITH, Jane")

        clinic.step("the patient joins")
        page = Patient(browser, hub.join_link(appointment), test_clock=True)
        before = browser.script("return document.documentElement.innerText")
        assert "Jane" not in before and "Smith" not in before and "throat" not in before, before
        page.join((day, month, year), PLACE, NUMBER)
        waits = time.monotonic()

        clinic.step("the clinic window shows who waits")
        workstation.find("label", contains=PLACE, seconds=5)
        print(f"# shown {time.monotonic() - waits:.1f} s after the patient began to wait")
        encounter = resource(clinic, f"Encounter?appointment=Appointment/{appointment['id']}")
        assert encounter["status"] == "arrived", encounter
        assert extension(encounter, "visit-identity")["valueCode"] == "date-of-birth-typed"

        clinic.step("opening the patient")
        workstation.find("button", "Open Chart").press()
        window = workstation.window("SMITH, Jane")
        workstation.find("label", contains="Penicillin", within=window)
        workstation.find("label", contains=NUMBER, within=window)

        clinic.step("admit")
        workstation.find("button", "Admit", within=window).press()
        frames_shown(browser, 60)
        wait_until("60 of the patient's clocks", lambda: clinic.frames_read() >= 60, 30)
        shown = browser.script("return window.bedsideTest")
        print(f"# browser: {shown['framesShown']} frames, {shown['clocksRead']} clocks read, "
              f"last {shown['lastDelay']} ms old; workstation: {clinic.frames_read()} clocks read")
        workstation.find("label", contains="Now at: " + PLACE, within=window)

        clinic.step("files both ways")
        exchange_files(clinic, browser, workstation, window, encounter)

        clinic.step("identity, mute, hang up, call again")
        workstation.find("button", "Identity Confirmed", within=window).press()
        resource(clinic, f"Encounter?_id={encounter['id']}",
                 lambda e: extension(e, "visit-identity").get("valueCode") == "confirmed")
        workstation.find("button", "Hang Up", within=window).press()
        browser.wait_view("waiting")
        assert hub.ask("GET", f"Encounter/{encounter['id']}")[1]["status"] == "in-progress"
        frames = clinic.frames_read()
        workstation.find("button", "Call", within=window).press()
        wait_until("the call to come back", lambda: clinic.frames_read() >= frames + 30, 30)

        clinic.step("the patient leaves and asks to be called again")
        browser.click("#hangup")
        workstation.find("label", contains="The patient left the call", within=window)
        browser.click("#join-again")
        workstation.find("label", contains="The patient asks to join the call again", within=window)
        # the clinician's camera does not go live because the other side wishes it
        assert not workstation.find_all("button", "Hang Up", within=window)
        frames = clinic.frames_read()
        workstation.find("button", "Call", within=window).press()
        wait_until("the call to come back", lambda: clinic.frames_read() >= frames + 30, 30)

        clinic.step("a picture out of the call, once the patient agrees")
        keep_a_picture(clinic, workstation, window, browser, encounter)

        clinic.step("note")
        note = workstation.find("text", "Visit note", within=window)
        note.type(NOTE)
        workstation.find("label", contains="Draft, on disk since", within=window)

        clinic.step("prescribe: amoxicillin meets the allergy")
        workstation.find("radio button", "Prescribe", within=window).press()
        workstation.find("button", "New Prescription", within=window).press()
        prescribe(workstation, window, "amox 500 caps")
        workstation.find("label", contains="enicillin", within=window)
        field(workstation, window, "Reason for prescribing it anyway")

        clinic.step("prescribe: another drug")
        workstation.find("button", "Change Drug", within=window).press()
        prescribe(workstation, window, "azithromycin 250 tab")
        workstation.gone("label", contains="belongs to the penicillins")
        field(workstation, window, "Dose").set_text("1")
        workstation.find("radio button", "Once a day", within=window).press()
        field(workstation, window, "Quantity to supply").set_text("6")
        workstation.find("label", contains="one tablet once a day", within=window)
        workstation.find("button", "Sign…", within=window).press()
        dialog_press(workstation, "Sign")
        signed = time.monotonic()
        workstation.find("button", "Undo", within=window)

        clinic.step("the prescription leaves after its rest, once")
        request = resource(clinic, f"MedicationRequest?encounter=Encounter/{encounter['id']}", seconds=30)
        print(f"# on the hub {time.monotonic() - signed:.1f} s after signing")
        assert request["medicationCodeableConcept"]["coding"][0]["code"], request
        requests = hub.search(f"MedicationRequest?encounter=Encounter/{encounter['id']}")
        assert len(requests) == 1, requests

        clinic.step("the patient reads it in plain words and chooses a pharmacy")
        workstation.find("radio button", "Note", within=window).press()
        workstation.find("button", "End Visit…", within=window).press()
        workstation.find("toggle button", "Settled").press()
        dialog_press(workstation, "End Visit")
        encounter = resource(clinic, f"Encounter?_id={encounter['id']}", lambda e: e["status"] == "finished")
        assert encounter["class"]["code"] == "VR" and encounter["period"]["end"], encounter
        assert extension(encounter, "visit-outcome")["valueCode"] == "settled", encounter
        assert all(p["period"]["start"] for p in encounter["participant"]), encounter
        document = resource(clinic, f"DocumentReference?encounter=Encounter/{encounter['id']}",
                            lambda d: d.get("docStatus") == "final")
        text = base64.b64decode(document["content"][0]["attachment"]["data"]).decode()
        # a picture was kept, so the course of the visit stands below it
        assert text.startswith(NOTE) and document["docStatus"] == "final", text
        assert "A picture from the call was kept; the patient agreed to it." in text, text
        assert resource(clinic, f"Appointment?_id={appointment['id']}")["status"] == "fulfilled"

        browser.wait_view("medicines")
        browser.wait("return document.getElementById('medicines').innerText.includes('zithromycin')")
        browser.screenshot(os.path.join(os.environ.get("BEDSIDE_E2E_SHOTS", "/tmp"), "patient-medicines.png"), whole=True)
        browser.script("[...document.querySelectorAll('#pharmacies label')].find((e) => e.textContent.includes('Harbour Pharmacy')).click()")
        browser.click('input[name="mode"][value="delivery"]')
        browser.click("#choice-form button.main")
        task = resource(clinic, f"Task?focus=MedicationRequest/{request['id']}")
        chosen = time.monotonic()
        workstation.find("radio button", "Prescribe", within=window).press()
        workstation.find("label", contains="elivery", within=window, seconds=10)
        print(f"# the chart showed the choice {time.monotonic() - chosen:.1f} s after the hub had it")
        assert task["owner"]["reference"].startswith("Organization/"), task
        clinic.step("done")


run("visit", test_visit)
