# SPDX-License-Identifier: GPL-3.0-or-later
"""What a patient reads and says of medicines, in a real Chromium: in five languages, by the keyboard, at 360 pixels, with text of
twice the size, and on paper.

    test_medicines_page.py VISIT-SERVER [SCREENSHOT-FOLDER]
"""
import base64
import json
import os
import re
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from page_walk import ENTER, LOOK, PATIENCE, Walk  # noqa: E402
from visit_server import Server  # noqa: E402
from webdriver import Browser, Patient  # noqa: E402

RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm'
MODES = 'https://bedside.health/fhir/supply-mode'
LANGUAGES = ('de', 'fr', 'es', 'ja', 'en')


def order(identity, name, code, encounter=None, **more):
    return {'resourceType': 'MedicationRequest', 'id': identity, 'status': 'active', 'intent': 'order',
            'subject': {'reference': 'Patient/p1'}, 'authoredOn': '2026-08-01', 'requester': {'display': 'Dr Ama Osei'},
            'medicationCodeableConcept': {'text': name, 'coding': [{'system': RXNORM, 'code': code}]},
            **({'encounter': {'reference': f'Encounter/{encounter}'}} if encounter else {}), **more}


def put(walk, resource):
    walk.server.ask(json.dumps(resource))


def list_pharmacies(walk):
    for key, latitude, days in (('pine', 51.50, ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), ('quay', 51.60, ['mon', 'wed'])):
        put(walk, {'resourceType': 'Location', 'id': f'{key}-place', 'status': 'active', 'managingOrganization': {'reference': f'Organization/{key}'},
                   'position': {'latitude': latitude, 'longitude': -0.1}})
        put(walk, {'resourceType': 'HealthcareService', 'id': f'{key}-counter', 'active': True, 'providedBy': {'reference': f'Organization/{key}'},
                   'characteristic': [{'coding': [{'system': MODES, 'code': code}]} for code in ('pick-up', 'mail')],
                   'availableTime': [{'daysOfWeek': days, 'allDay': True} if key == 'pine' else
                                     {'daysOfWeek': days, 'availableStartTime': '09:00:00', 'availableEndTime': '12:30:00'}]})
    put(walk, {'resourceType': 'Organization', 'id': 'far', 'name': 'Uphill Pharmacy', 'address': [{'line': ['9 Hill'], 'city': 'Uphill', 'postalCode': 'UP4 4PU'}],
               'type': [{'coding': [{'system': 'https://bedside.health/fhir/organization-type', 'code': 'pharmacy'}]}]})


def go_in(walk):
    """By phone, so that nothing is asked of the devices."""
    put(walk, order('old', 'Metformin 500 mg tablet', '861007', dosageInstruction=[{'patientInstruction': 'Take 1 tablet with breakfast.'}]))
    list_pharmacies(walk)
    page = Patient(walk.browser, walk.server.url)
    walk.browser.wait_view('verify')
    assert 'Metformin' not in walk.browser.script('return document.documentElement.outerHTML')
    page.verify(12, 3, 1961)
    page.details('12 Mill Road', '020 7946 0777')
    walk.browser.click('#consent-no')
    walk.browser.wait_view('waiting')


def say_what_is_taken(walk):
    browser = walk.browser
    walk.press_on('see-medicines')
    walk.heading_has_focus('medicines')
    browser.wait("return document.getElementById('current').innerText.includes('Are you taking it?')")
    walk.check('taking')
    walk.reach(lambda focus: focus['id'] == 'taking-send-old', 'the answer')
    browser.press(ENTER)
    browser.wait("return document.getElementById('taking-error-old').textContent === 'Please choose an answer.'")
    browser.click('#taking-old-differently')
    browser.type('#words-old', 'Half a tablet')
    # another language and news from the clinic leave what is typed
    browser.choose('#language', 'de')
    browser.wait("return document.getElementById('current').innerText.includes('Nehmen Sie es?')")
    put(walk, order('other', 'Ibuprofen 400 mg tablet', '310965', dosageInstruction=[{'text': 'As before'}]))
    browser.wait("return document.getElementById('current').innerText.includes('Ibuprofen')")
    assert browser.script("return document.getElementById('words-old').value") == 'Half a tablet'
    browser.choose('#language', 'en')
    browser.wait("return document.documentElement.lang === 'en'")
    walk.check('taking-differently')
    nothing = {'latency': 0, 'downloadThroughput': -1, 'uploadThroughput': -1}
    browser.cdp('Network.enable')
    browser.cdp('Network.emulateNetworkConditions', offline=True, **nothing)
    walk.press_on('taking-send-old')
    browser.wait("return document.getElementById('taking-error-old').textContent.startsWith('There is no connection')")
    browser.cdp('Network.emulateNetworkConditions', offline=False, **nothing)
    walk.press_on('taking-send-old')
    browser.wait("return document.getElementById('said-old')?.textContent.includes('differently: Half a tablet')")
    browser.wait("return document.activeElement?.id === 'said-old'")
    statement = json.loads(walk.server.ask('MedicationStatement/' + walk.server.ask('MedicationStatement?patient=Patient/p1')))
    assert statement['dosage'] == [{'text': 'Half a tablet'}] and statement['informationSource']['reference'] == 'Patient/p1', statement
    assert 'Last change: ' in browser.script("return document.querySelector('#current .taking-said').innerText")
    walk.check('taking-said')


def ask_for_a_renewal(walk):
    browser = walk.browser
    walk.press_on('renew-old')
    browser.wait("return document.activeElement?.id === 'wish-old'")
    browser.press('Three are left')
    walk.check('renewal')
    walk.press_on('wish-send-old')
    browser.wait("return document.getElementById('renewal-old')?.textContent.includes('has not answered yet')")
    task = json.loads(walk.server.ask('Task/' + walk.server.ask('Task?code=https://bedside.health/fhir/task|renewal')))
    assert 'Three are left' in task['description'], task
    task.update(status='rejected', statusReason={'text': 'Please come for a blood test first'})
    put(walk, task)
    browser.wait("return document.getElementById('current').innerText.includes('The clinic says: Please come for a blood test first')")
    walk.check('renewal-refused')


def read_about_a_medicine(walk):
    browser = walk.browser
    put(walk, order('new', 'Amoxicillin 500 mg capsule', '308191', walk.encounter(), reasonCode=[{'text': 'sore throat'}],
                    dosageInstruction=[{'text': 'Take 1 capsule orally 3 times a day', 'timing': {'repeat': {'frequency': 3, 'period': 1, 'periodUnit': 'd'}},
                                        'doseAndRate': [{'doseQuantity': {'value': 1, 'unit': 'capsule'}}]}],
                    dispenseRequest={'quantity': {'value': 21, 'unit': 'capsules'}, 'numberOfRepeatsAllowed': 0}))
    browser.wait("return document.querySelectorAll('#medicines .about-part').length >= 4")
    read = set()
    for tag in LANGUAGES:
        browser.choose('#language', tag)
        browser.wait("return document.documentElement.lang === arguments[0] && [...document.querySelectorAll('#medicines .about-part p[lang]')]"
                     ".every((p) => p.lang === arguments[0]) && !!document.querySelector('#medicines .about-part p[lang]')", tag, patience=PATIENCE)
        read.add(browser.script("return document.querySelector('#medicines .about').innerText"))
        browser.look(360, 740)
        problems = browser.script(LOOK)
        assert not problems, (tag, problems)
        if walk.folder:
            browser.screenshot(f'{walk.folder}/about-{tag}.png', whole=True)
    assert len(read) == len(LANGUAGES), read
    about = browser.script("return document.querySelector('#medicines .about').innerText")
    assert 'sore throat' in about and 'No pharmacist has checked' in about, about
    walk.check('about')


def show_the_code(walk):
    """Opened by the keyboard: a square that says what it is, the same in letters, nothing clinical; and gone when a pharmacy has it."""
    browser = walk.browser
    letters = "return document.querySelector('#medicines .code-letters')?.textContent ?? ''"
    walk.press_on('code-new')
    browser.wait(letters.replace('return ', 'return (') + ").startsWith('RX1/NEW/')")
    first = browser.script(letters)
    assert browser.script("return document.querySelector('#medicines .code-square').getAttribute('aria-label')")
    assert 'moxicillin' not in first
    walk.check('code')
    browser.choose('#language', 'ja')
    browser.wait("return document.documentElement.lang === 'ja'")
    browser.wait(letters.replace('return ', 'return (') + ") === arguments[0]", first)
    walk.check('code-ja')
    browser.choose('#language', 'en')
    browser.wait("return document.documentElement.lang === 'en'")
    # one that was used is followed by another where it is opened again
    task = json.loads(walk.server.ask('Task/' + walk.server.ask('Task?code=https://bedside.health/fhir/task|collect')))
    task.update(status='completed')
    put(walk, task)
    walk.press_on('code-new')
    browser.wait("return !document.querySelector('#medicines details.code').open")
    walk.press_on('code-new')
    browser.wait(letters.replace('return ', 'return (') + ").startsWith('RX1/NEW/') && " + letters.replace('return ', '(') + ") !== arguments[0]", first)


def choose_the_nearest(walk):
    browser = walk.browser
    names = "return [...document.querySelectorAll('#pharmacies strong')].map((e) => e.textContent)"
    walk.reach(lambda focus: focus['id'] == 'finder-place', 'the town')
    before = browser.script("return performance.getEntriesByType('resource').length")
    browser.press('up4')
    browser.wait(names.replace('return ', 'return (') + ")[0] === 'Uphill Pharmacy'")
    browser.press(ENTER)
    assert browser.view() == 'medicines' and browser.visible('#choice-form')
    origin = f'http://127.0.0.1:{walk.server.port}'
    browser.cdp('Browser.grantPermissions', origin=origin, permissions=['geolocation'])
    browser.cdp('Emulation.setGeolocationOverride', latitude=51.61, longitude=-0.1, accuracy=10)
    walk.press_on('finder-here')
    browser.wait(names.replace('return ', 'return (') + ")[0] === 'Quay Pharmacy'")
    first = browser.script("return document.querySelector('#pharmacies .away').textContent")
    assert first == 'about 1.1 km away', first
    # where the patient is went nowhere
    asked = browser.script("return performance.getEntriesByType('resource').slice(arguments[0]).map((e) => e.name)", before)
    known = tuple(f'{walk.server.url.split("#")[0]}/{name}' for name in ('medicines', 'language', 'state', 'call-state', 'code'))
    assert all(name in known for name in asked), asked  # what comes again by itself
    text = browser.script("return document.getElementById('pharmacies').innerText")
    assert 'Open now, until 24:00' in text and 'Mon, Wed 09:00–12:30' in text and 'not recorded' in text, text
    walk.check('pharmacies')
    browser.click('input[name=pharmacy][value=quay]')
    assert not browser.visible('input[name=mode][value=delivery]') and browser.visible('input[name=mode][value=mail]')
    walk.reach(lambda focus: focus['name'] == 'mode', 'the way')
    browser.click('input[name=mode][value=mail]')
    browser.wait("return document.getElementById('address').value.includes('Bramblewood')")
    walk.submit('Send my choice')
    browser.wait("return document.body.innerText.includes('You asked Quay Pharmacy to mail it')")
    task = json.loads(walk.server.ask('Task/' + walk.server.ask('Task?focus=MedicationRequest/new&code=https://bedside.health/fhir/task|dispense')))
    assert task['input'][0]['valueCode'] == 'mail', task
    task.update(status='on-hold', statusReason={'text': 'out of stock until Thursday'}, lastModified='2026-11-19T09:00:00Z')
    put(walk, task)
    browser.wait("return document.body.innerText.includes('The pharmacy says: out of stock until Thursday')")
    assert 'Nothing has changed for two days' in browser.text(), browser.text()
    assert not browser.script("return [...document.querySelectorAll('.choice-state button')].some((e) => e.textContent.includes('Change'))")
    walk.check('stalled')


def print_it(walk):
    browser = walk.browser
    browser.script("window.print = () => { window.printed = true; }; document.getElementById('print-medicines').click()")
    assert browser.script('return window.printed && document.body.dataset.print') == 'medicines'
    browser.cdp('Emulation.setEmulatedMedia', media='print')
    for selector in ('#print-medicines', '#choice-form', '.taking', '.renewal', '#see-medicines'):
        assert not browser.visible(selector), selector
    for selector in ('#medicines .about', '#medicines .instruction', '#current .instruction'):
        assert browser.visible(selector), selector
    paper = base64.b64decode(browser.cdp('Page.printToPDF', paperWidth=8.27, paperHeight=11.69)['data'])
    pages = len(re.findall(rb'/Type\s*/Page\b', paper))
    assert pages == 1, pages
    if walk.folder:
        with open(f'{walk.folder}/medicines.pdf', 'wb') as file:
            file.write(paper)
        browser.look(794, 1123)
        browser.cdp('Emulation.setEmulatedMedia', media='print')
        browser.screenshot(f'{walk.folder}/medicines-print.png', whole=True)
    browser.cdp('Emulation.setEmulatedMedia', media='')
    browser.script("dispatchEvent(new Event('afterprint'))")
    assert browser.script('return document.body.dataset.print ?? null') is None


def medicines_link(walk):
    request = urllib.request.Request(f'http://127.0.0.1:{walk.server.port}/fhir/Patient/p1/$medicines-link', data=b'{}', method='POST',
                                     headers={'Authorization': f'Bearer {walk.server.token}', 'Content-Type': 'application/fhir+json'})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        parts = {part['name']: part for part in json.load(answer)['parameter']}
    return parts['url']['valueUrl']


def ask_between_visits(walk):
    """By a link of its own: the medicines, what became of them, and a renewal; no call, and nothing before the date of birth."""
    browser = walk.browser
    page = Patient(browser, medicines_link(walk))
    browser.wait_view('verify')
    assert 'Metformin' not in browser.script('return document.documentElement.outerHTML')
    assert not browser.visible('#call-me')
    page.verify(12, 3, 1961)
    browser.wait_view('medicines')
    browser.wait("return document.getElementById('current').innerText.includes('Quay Pharmacy')")
    assert 'These medicines have been prescribed for you.' in browser.text(), browser.text()
    for selector in ('#see-medicines', '#choice-form', '#call-me', '#prescribed-title'):
        assert not browser.visible(selector), selector
    walk.check('between')
    browser.choose('#language', 'de')
    browser.wait("return document.body.innerText.includes('Diese Medikamente wurden Ihnen verordnet.')")
    browser.choose('#language', 'en')
    browser.wait("return document.documentElement.lang === 'en'")


STEPS = [go_in, say_what_is_taken, ask_for_a_renewal, read_about_a_medicine, show_the_code, choose_the_nearest, print_it, ask_between_visits]


def main():
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    if folder:
        os.makedirs(folder, exist_ok=True)
    print(f'1..{len(STEPS)}', flush=True)
    server = Server(sys.argv[1])
    try:
        with Browser(390, 844, patience=PATIENCE) as browser:
            walk = Walk(server, browser, folder)
            for number, step in enumerate(STEPS, 1):
                start = time.monotonic()
                step(walk)
                print(f'ok {number} - {step.__name__.replace("_", "-")} # {time.monotonic() - start:.1f} s', flush=True)
            strange = [line for line in browser.console() if re.search(r'Uncaught|SyntaxError|TypeError|ReferenceError|Content Security', line)]
            assert not strange, strange
    finally:
        server.close()


main()
