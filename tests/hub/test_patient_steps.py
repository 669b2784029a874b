# SPDX-License-Identifier: GPL-3.0-or-later
"""Every step of the patient's page in a real Chromium, by the keyboard alone, in every language, at 360 pixels and with text of
twice the size; and what the clinic is told on the way.

    test_patient_steps.py VISIT-SERVER [SCREENSHOT-FOLDER]
"""
import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from page_walk import DEVICES, ENTER, ESCAPE, LOOK, PATIENCE, SPACE, TAB, Walk  # noqa: E402
from visit_server import Server  # noqa: E402
from webdriver import Browser, Patient  # noqa: E402
from websocket import WebSocket  # noqa: E402

class Steps(Walk):
    """On every step there is a way to be called."""
    views = set()

    def check(self, what):
        super().check(what)
        if what != 'try':
            assert self.browser.visible('#call-me-open'), f'no way to be called: {what}'
            self.views.add(self.browser.view())


def pull_a_chosen_headset(walk):
    browser = walk.browser
    browser.go(f'http://127.0.0.1:{walk.server.port}/try')
    browser.click('#devices-start')
    browser.wait("return document.getElementById('choose-microphone').offsetParent != null", patience=PATIENCE)
    chosen = browser.script("return [...document.getElementById('choose-microphone').options].at(-1).value")
    browser.choose('#choose-microphone', chosen)
    browser.wait('return testDevices.asked.some(({ wanted }) => wanted.audio?.deviceId?.exact === arguments[0])', chosen)
    browser.wait("return testDevices.tracks.findLast(({ kind }) => kind === 'audio').getSettings().deviceId === arguments[0]", chosen)
    browser.script('''testDevices.asked = [];
                      testDevices.refuse = (wanted) => (wanted.audio?.deviceId ? 'OverconstrainedError' : null);
                      testDevices.end('audio')''')
    browser.wait("return testDevices.tracks.findLast(({ kind }) => kind === 'audio').readyState === 'live'")
    asked = browser.script('return testDevices.asked')
    assert [entry['wanted']['audio'].get('deviceId') for entry in asked] == [{'exact': chosen}, None], asked
    browser.wait("return document.getElementById('choose-microphone').value !== arguments[0]", chosen)


def rehearse_without_a_link(walk):
    browser = walk.browser
    browser.go(f'http://127.0.0.1:{walk.server.port}/try')
    walk.heading_has_focus('devices')
    walk.check('try')
    walk.press_on('devices-start')
    for name in ('camera', 'microphone', 'network'):
        browser.wait("return ['ok', 'amber', 'failed'].includes(document.getElementById('test-' + arguments[0]).dataset.result)", name,
                     patience=PATIENCE)
    assert browser.script("return document.getElementById('test-network').dataset.result") != 'failed', browser.text()
    walk.press_on('devices-done')
    browser.wait_view('message')
    assert walk.device_test() == {}, 'a rehearsal must tell the clinic nothing'
    assert browser.script('return document.cookie') == ''


def choose_a_language(walk):
    browser = walk.browser
    browser.go(walk.server.url)
    walk.heading_has_focus('verify')
    titles = set()
    for tag in ('de', 'fr', 'es', 'ja', 'en'):
        browser.choose('#language', tag)
        browser.wait('return document.documentElement.lang === arguments[0]', tag)
        titles.add(browser.script("return document.querySelector('[data-section=verify] h1').textContent"))
        problems = browser.script(LOOK)
        assert not problems, (tag, problems)
        if walk.folder:
            browser.look(360, 740)
            browser.screenshot(f'{walk.folder}/verify-{tag}.png', whole=True)
    assert len(titles) == 5, titles
    browser.choose('#language', 'de')
    browser.script('location.reload()')
    browser.wait("return document.documentElement.lang === 'de'")  # it is kept
    browser.choose('#language', 'en')
    browser.wait("return document.documentElement.lang === 'en'")
    walk.check('verify')


def weigh_the_page(walk):
    """What a telephone has to load before the first step, packed; and nothing of it from anybody else."""
    browser = walk.browser
    browser.cdp('Network.enable')
    browser.cdp('Network.setCacheDisabled', cacheDisabled=True)
    browser.go(walk.server.url)
    browser.wait_view('verify')
    loaded = browser.script("return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                            ".map((e) => [e.name, e.encodedBodySize, e.decodedBodySize])")
    strangers = [name for name, _, _ in loaded if not name.startswith(f'http://127.0.0.1:{walk.server.port}/')]
    assert not strangers, strangers
    packed, plain = sum(entry[1] for entry in loaded), sum(entry[2] for entry in loaded)
    print(f'# {len(loaded)} requests, {packed} bytes of {plain}', flush=True)
    assert packed < 100_000, loaded
    browser.cdp('Network.setCacheDisabled', cacheDisabled=False)
    for _ in range(2):  # kept by the first, asked for by the second
        browser.script('location.reload()')
        browser.wait_view('verify')
    again = browser.script("return performance.getEntriesByType('resource').filter((e) => e.name.includes('/patient/'))"
                           ".reduce((sum, e) => sum + e.transferSize, 0)")
    assert again < packed / 2, again


def type_three_wrong_dates(walk):
    browser = walk.browser
    for day in ('1', '2', '3'):
        browser.type('#birth-day', day)
        browser.choose('#birth-month', '1')
        browser.type('#birth-year', '1961')
        browser.press(ENTER)
        browser.wait("return document.getElementById('verify-error').textContent.includes(arguments[0])", f'{5 - int(day)} tries')
        assert browser.visible('#verify-help') == (day == '3'), day
    assert '+44 20 7946 0100' in browser.script("return document.getElementById('verify-call').textContent")
    walk.check('verify-wrong')


def ask_to_be_called_before_the_date_of_birth(walk):
    browser = walk.browser
    browser.go(walk.server.url)
    walk.heading_has_focus('verify')
    walk.press_on('call-me-open')
    browser.wait("return document.activeElement?.id === 'call-me-number'")
    walk.check('call-me')
    browser.press('12' + ENTER)
    browser.wait("return !document.getElementById('call-me-error').hidden && document.activeElement.id === 'call-me-number'")
    browser.press('0 20 7946 0788' + ENTER)
    browser.wait("return document.getElementById('call-me-line').dataset.state === 'asked'")
    assert browser.script('return document.activeElement.id') == 'call-me-open'
    walk.check('call-me-asked')
    assert len(walk.server.ask('Task?patient=Patient/p1').split()) == 1


def take_back_to_be_called(walk):
    """As soon as it is known who asked."""
    walk.press_on('call-me-works')
    walk.browser.wait("return document.getElementById('call-me-works').hidden")


def go_in_by_the_keyboard_alone(walk):
    browser = walk.browser
    browser.go(walk.server.url)
    walk.heading_has_focus('verify')
    walk.reach(lambda focus: focus['id'] == 'birth-day', 'the day')
    browser.press('12' + TAB + 'M' + TAB + '1961' + ENTER)
    walk.heading_has_focus('details')
    walk.check('details')
    walk.reach(lambda focus: focus['id'] == 'location', 'the place')
    browser.press('12 Mill Road' + TAB)
    browser.press('020 7946 0777' + ENTER)
    walk.heading_has_focus('consent')
    walk.check('consent')
    walk.press_on('consent-yes')
    walk.heading_has_focus('devices')
    walk.check('devices-before')
    walk.press_on('devices-start')
    browser.wait("return document.getElementById('test-camera').dataset.result === 'ok'", patience=PATIENCE)
    walk.wait_for(lambda: walk.device_test().get('camera') == 'ok', 'the clinic is told of the camera while the test goes on')
    browser.wait("return ['ok', 'amber', 'failed'].includes(document.getElementById('test-network').dataset.result)", patience=PATIENCE)
    walk.press_on('speaker-play')
    walk.press_on('speaker-no', SPACE)
    walk.wait_for(lambda: walk.device_test().get('speaker-why') == 'unheard', 'the clinic is told what was not heard')
    assert 'Chrome' in walk.device_test()['browser']
    walk.check('devices')
    walk.press_on('devices-done')
    walk.heading_has_focus('waiting')
    walk.check('waiting')
    consent = json.loads(walk.server.ask('Consent/' + walk.server.ask('Consent?patient=Patient/p1')))
    assert consent['status'] == 'active' and consent['policy'][0]['uri'].endswith('/video/1'), consent


def read_the_time_of_both_places(walk):
    """Somebody far away sees their own hour and the clinic's, by its name."""
    walk.browser.cdp('Emulation.setTimezoneOverride', timezoneId='Asia/Tokyo')
    walk.browser.script('location.reload()')
    walk.browser.wait_view('waiting')
    walk.browser.wait("return document.getElementById('waiting-who').textContent.includes('19:00 (at the clinic, UTC: 10:00)')")
    walk.check('far-away')
    walk.browser.cdp('Emulation.setTimezoneOverride', timezoneId='UTC')
    walk.browser.script('location.reload()')
    walk.browser.wait_view('waiting')
    walk.browser.wait("return document.getElementById('waiting-who').textContent.endsWith('10:00')")


def choose_in_the_waiting_room(walk):
    """Another microphone, and the hints, without a way back through the steps."""
    browser = walk.browser
    browser.script('testDevices.asked = []')
    walk.press_on('waiting-devices-open')
    browser.wait("return document.activeElement?.id === 'devices-panel-title'")
    browser.wait("return document.getElementById('test-camera').dataset.result === 'ok'", patience=PATIENCE)
    browser.wait("return ['ok', 'amber', 'failed'].includes(document.getElementById('test-network').dataset.result)", patience=PATIENCE)
    assert not browser.script('return testDevices.asked'), 'what runs goes on'
    walk.check('devices-panel')
    chosen = browser.script("return [...document.getElementById('choose-microphone').options].at(-1).value")
    browser.choose('#choose-microphone', chosen)
    browser.wait("return testDevices.tracks.findLast(({ kind }) => kind === 'audio').getSettings().deviceId === arguments[0]", chosen)
    assert len(browser.script('return testDevices.asked')) == 1, 'the camera goes on'
    # one that does not work: the one before is used again, and it is said
    browser.script('''testDevices.refuse = (wanted) => (wanted.audio?.deviceId?.exact === arguments[0] ? 'NotReadableError' : null)''',
                   browser.script("return document.getElementById('choose-microphone').options[1].value"))
    browser.choose('#choose-microphone', browser.script("return document.getElementById('choose-microphone').options[1].value"))
    browser.wait("return document.getElementById('test-microphone').textContent.includes('used again')")
    assert browser.script("return document.getElementById('choose-microphone').value") == chosen
    browser.script('testDevices.refuse = () => null')
    browser.press(ESCAPE)
    browser.wait("return document.activeElement?.id === 'waiting-devices-open'")
    assert browser.view() == 'waiting' and not browser.visible('#devices-panel')


def open_the_clinicians_side(walk):
    walk.socket = WebSocket(walk.server.port, f'/visit/{walk.encounter()}/signal', token=walk.server.token)
    walk.socket.send({'type': 'hello', 'role': 'clinician', 'epoch': 0})
    walk.seen = []

    def said(kind, **parts):
        walk.seen += walk.socket.take()
        for index, message in enumerate(walk.seen):
            if message['type'] == kind and all(message.get(name) == value for name, value in parts.items()):
                del walk.seen[:index + 1]
                return True
        return False
    walk.said = said


def be_away_and_come_back(walk):
    browser = walk.browser
    open_the_clinicians_side(walk)
    walk.wait_for(lambda: walk.said('waiting'), 'the patient waits')
    browser.cdp('Page.setWebLifecycleState', state='frozen')
    walk.wait_for(lambda: walk.said('away', reason='hidden'), 'the clinic is told that the page is asleep')
    time.sleep(1.6)  # what is shorter is a blink, and not explained
    browser.cdp('Page.setWebLifecycleState', state='active')
    browser.cdp('Emulation.setFocusEmulationEnabled', enabled=True)  # only then it is in front again
    walk.wait_for(lambda: walk.said('away', reason='back'), 'the clinic is told that the patient is back')
    browser.wait("return !document.getElementById('back-note').hidden")
    assert 'not on your screen' in browser.text(), browser.text()[:300]
    walk.check('back')
    # a camera that the system takes away is asked for again
    browser.script("document.getElementById('self-video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    walk.wait_for(lambda: walk.said('away', reason='camera'), 'the clinic is told of the camera')
    walk.wait_for(lambda: walk.said('away', reason='back'), 'the camera is back')


def type_what_was_measured(walk):
    """In the waiting room, by the keyboard: what is wrong is said at its field, and what is typed reaches the clinic."""
    browser = walk.browser
    error = "return document.getElementById('measure-error').hidden ? '' : document.getElementById('measure-error').textContent"
    walk.socket.send({'type': 'measure', 'id': 'm1', 'kinds': 'blood-pressure temperature glucose'})
    browser.wait("return document.activeElement?.id === 'measure-asked-title'")
    walk.check('measure')
    walk.reach(lambda focus: focus['id'] == 'measure-blood-pressure-upper', 'the first number')
    browser.press('82' + TAB + '128' + ENTER)
    browser.wait("return document.activeElement?.id === 'measure-blood-pressure-lower'")
    assert 'below the upper one' in browser.script(error), browser.script(error)
    walk.check('measure-wrong')
    browser.press('60' + TAB + '37,55')
    browser.choose('#measure-temperature-unit', 'Cel')
    walk.press_on('measure-send')
    assert 'one digit after the decimal mark' in browser.script(error), browser.script(error)
    browser.press('37,5')
    walk.reach(lambda focus: focus['id'] == 'measure-glucose-one', 'the glucose')
    browser.press('5.4' + ENTER)
    assert 'choose the unit' in browser.script(error), browser.script(error)
    browser.choose('#measure-glucose-unit', 'mg/dL')
    walk.press_on('measure-send')
    assert 'whole number' in browser.script(error), browser.script(error)
    browser.choose('#measure-glucose-unit', 'mmol/L')
    assert not walk.said('measured'), 'nothing is sent before all is right'
    walk.press_on('measure-send')
    walk.wait_for(lambda: walk.said('measured', id='m1', values='blood-pressure=82/60 mm[Hg];temperature=37.5 Cel;glucose=5.4 mmol/L'), 'the clinic has the measurements')
    browser.wait("return document.getElementById('measure-asked').hidden && document.getElementById('measure-open').hidden")


def lose_the_microphone_to_a_phone_call(walk):
    """It is asked for calmly until it is there again; meanwhile its button asks too."""
    browser = walk.browser
    browser.script('''window.refusals = 2; testDevices.asked = [];
                      testDevices.refuse = () => (refusals-- > 0 ? 'NotReadableError' : null);
                      testDevices.end('audio')''')
    walk.wait_for(lambda: walk.said('away', reason='microphone'), 'the clinic is told of the microphone')
    browser.wait("return document.getElementById('back-note').textContent.includes('perhaps a phone call')")
    browser.wait("return document.getElementById('mute').textContent === 'No microphone'")
    walk.check('no-microphone')
    walk.wait_for(lambda: walk.said('away', reason='back'), 'the microphone is back by itself')
    asked = browser.script('return testDevices.asked')
    assert len(asked) == 3 and all('video' not in entry['wanted'] for entry in asked), asked
    assert all(later['at'] - former['at'] > 1900 for former, later in zip(asked, asked[1:])), asked
    browser.wait("return document.getElementById('mute').textContent === 'Mute'")
    assert 'heard again' in browser.script("return document.getElementById('back-note').textContent")
    # not before the next try, when something changes: a device, or its button is pressed
    for again in ("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))", "document.getElementById('mute').click()",
                  "document.dispatchEvent(new Event('visibilitychange'))"):
        browser.script('''window.refusals = 1; testDevices.asked = []; testDevices.end('audio')''')
        browser.wait('return testDevices.asked.length === 1')
        browser.wait("return document.getElementById('mute').textContent === 'No microphone'")
        browser.script(again)
        browser.wait('return testDevices.asked.length === 2')
        asked = browser.script('return testDevices.asked')
        assert asked[1]['at'] - asked[0]['at'] < 1900, (again, asked)
        browser.wait("return document.getElementById('mute').textContent === 'Mute'")
        walk.wait_for(lambda: walk.said('away', reason='back'), 'the microphone is back')
    # a refusal is not asked again by itself: each try would ask the person
    browser.script('''testDevices.asked = []; testDevices.refuse = () => 'NotAllowedError'; testDevices.end('audio')''')
    walk.wait_for(lambda: walk.said('away', reason='microphone'), 'the clinic is told of the refusal')
    time.sleep(2.5)
    assert len(browser.script('return testDevices.asked')) == 1
    walk.press_on('mute')
    browser.wait("return document.getElementById('devices-panel').innerText.includes('left end of the address bar')")
    walk.check('call-devices')
    browser.script('testDevices.refuse = () => null')
    walk.press_on('devices-again')
    walk.wait_for(lambda: walk.said('away', reason='back'), 'the microphone that was let in')
    walk.press_on('devices-panel-close')
    browser.wait("return document.getElementById('mute').textContent === 'Mute'")
    assert browser.view() == 'call'


def be_asked_for_a_picture(walk):
    """A Consent for this picture, and no other."""
    browser = walk.browser
    walk.socket.send({'type': 'picture', 'id': 'p1', 'on': True})
    browser.wait("return document.activeElement?.id === 'picture-asked-title'")
    walk.check('picture')
    walk.press_on('picture-no')
    walk.wait_for(lambda: walk.said('agree', id='p1', on=False), 'the clinic is told of the refusal')
    walk.socket.send({'type': 'picture', 'id': 'p2', 'on': True})
    browser.wait("return !document.getElementById('picture-asked').hidden")
    walk.socket.send({'type': 'picture', 'id': 'p2', 'on': False})
    browser.wait("return document.getElementById('picture-asked').hidden")
    walk.socket.send({'type': 'picture', 'id': 'p3', 'on': True})
    browser.wait("return !document.getElementById('picture-asked').hidden")
    walk.press_on('picture-yes')
    walk.wait_for(lambda: walk.said('agree', id='p3', on=True), 'the clinic is told of the agreement')
    consents = [json.loads(walk.server.ask(f'Consent/{each}')) for each in
                walk.server.ask('Consent?category=https://bedside.health/fhir/consent|picture').split()]
    assert sorted(consent['provision']['type'] for consent in consents) == ['deny', 'permit'], consents
    assert all(consent['language'] == 'en' for consent in consents), consents


def be_admitted(walk):
    walk.socket.send({'type': 'admit'})
    walk.browser.wait_view('call')
    walk.check('call')
    be_asked_for_a_picture(walk)


def leave_the_call(walk):
    walk.press_on('hangup')
    walk.heading_has_focus('waiting') if walk.browser.view() != 'waiting' else None
    walk.browser.wait_view('waiting')
    walk.press_on('leave')
    walk.heading_has_focus('message')
    walk.check('left')
    walk.press_on('message-again')
    walk.heading_has_focus('waiting')


def read_the_sheet_and_answer(walk):
    browser = walk.browser
    encounter = walk.encounter()
    record = json.loads(walk.server.ask(f'Encounter/{encounter}'))
    record['status'] = 'finished'
    # as a hub answers that stands in front of another server: no summary is promised there
    browser.script('''window.realFetch = fetch; window.answered = 0;
                      window.fetch = (url, ...rest) => (!String(url).endsWith('/after') ? realFetch(url, ...rest)
                        : Promise.resolve(new Response(JSON.stringify({ over: false, sheets: ++answered < 0 }))))''')
    walk.socket.send({'type': 'ended'})
    browser.wait_view('medicines')
    browser.wait('return answered > 0')
    time.sleep(0.2)
    assert not browser.visible('#sheet-waiting')
    browser.script('window.fetch = realFetch')
    browser.wait("return document.getElementById('sheet-waiting').offsetParent != null")
    walk.server.ask(json.dumps(record))
    browser.wait("return !document.getElementById('sheet').hidden && !document.getElementById('survey').hidden", patience=PATIENCE)
    assert 'ringing in the left ear' in browser.script("return document.getElementById('sheet').textContent")
    walk.check('after')
    browser.choose('#language', 'ja')
    browser.wait("return document.getElementById('sheet').lang === 'ja'", patience=PATIENCE)
    browser.choose('#language', 'en')
    browser.wait("return document.getElementById('sheet').lang === 'en'", patience=PATIENCE)
    browser.cdp('Emulation.setEmulatedMedia', media='print')
    assert not browser.visible('#print') and not browser.visible('#survey') and browser.visible('#sheet')
    if walk.folder:
        browser.screenshot(f'{walk.folder}/after-print.png', whole=True)
    browser.cdp('Emulation.setEmulatedMedia', media='')
    walk.reach(lambda focus: focus['name'] == 'technical', 'the first question')
    browser.press(SPACE)
    walk.submit('Send my answers')
    browser.wait("return !document.getElementById('survey-thanks').hidden")
    answer = json.loads(walk.server.ask('QuestionnaireResponse/' + walk.server.ask('QuestionnaireResponse?patient=Patient/p1')))
    assert answer['item'][0]['answer'][0]['valueCoding']['code'] == 'well', answer
    browser.script('location.reload()')
    browser.wait_view('medicines')
    browser.wait("return !document.getElementById('sheet').hidden", patience=PATIENCE)
    assert not browser.visible('#survey'), 'it is asked once'
    assert walk.views == {'verify', 'details', 'consent', 'devices', 'waiting', 'call', 'message', 'medicines'}, walk.views


def refuse_the_devices(server, folder):
    """Another Chromium, whose person says no: a hint, and the clinic reads why."""
    with Browser(390, 844, deny_devices=True) as browser:
        walk = Steps(server, browser, folder)
        page = Patient(browser, server.url)
        page.verify(12, 3, 1961)
        page.details('12 Mill Road', '020 7946 0777')
        page.agree()
        browser.click('#devices-start')
        browser.wait("return document.getElementById('test-camera').dataset.result === 'failed'", patience=PATIENCE)
        assert 'left end of the address bar' in browser.text(), browser.text()
        assert 'calls you on 020 7946 0777' in browser.text(), browser.text()
        walk.wait_for(lambda: walk.device_test().get('microphone-why') == 'denied', 'the clinic is told what was refused')
        walk.check('denied')
        browser.click('#devices-done')
        browser.wait_view('waiting')
        browser.wait("return document.getElementById('waiting-devices').textContent.includes('does not work here')")
        walk.press_on('waiting-devices-open')
        browser.wait("return document.getElementById('devices-panel').innerText.includes('left end of the address bar')")


def open_it_inside_another_app(server, folder):
    with Browser(390, 844) as browser:
        walk = Steps(server, browser, folder)
        browser.cdp('Network.setUserAgentOverride', userAgent='Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 '
                    '(KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/470.0]')
        browser.cdp('Page.addScriptToEvaluateOnNewDocument',
                    source="Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined })")
        page = Patient(browser, server.url)
        browser.wait("return !document.getElementById('browser-note').hidden")
        assert 'Facebook' in browser.text() and 'Open in Safari' in browser.text(), browser.text()
        walk.check('in-app')
        page.verify(12, 3, 1961)
        page.details('12 Mill Road', '020 7946 0777')
        browser.click('#consent-no')
        browser.wait_view('waiting')
        assert 'calls you by phone' in browser.text(), browser.text()
        walk.check('by-phone')
        assert walk.server.ask('Consent?patient=Patient/p1')


STEPS = [pull_a_chosen_headset, rehearse_without_a_link, choose_a_language, weigh_the_page, type_three_wrong_dates,
         ask_to_be_called_before_the_date_of_birth, go_in_by_the_keyboard_alone, take_back_to_be_called, read_the_time_of_both_places, choose_in_the_waiting_room, be_away_and_come_back, type_what_was_measured,
         be_admitted, lose_the_microphone_to_a_phone_call, leave_the_call, read_the_sheet_and_answer]
STRANGERS = [refuse_the_devices, open_it_inside_another_app]


def main():
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    if folder:
        os.makedirs(folder, exist_ok=True)
    print(f'1..{len(STEPS) + len(STRANGERS)}', flush=True)
    number = 0

    def run(step, *arguments):
        nonlocal number
        number += 1
        start = time.monotonic()
        step(*arguments)
        print(f'ok {number} - {step.__name__.replace("_", "-")} # {time.monotonic() - start:.1f} s', flush=True)

    server = Server(sys.argv[1])
    try:
        with Browser(390, 844) as browser:
            walk = Steps(server, browser, folder)
            browser.cdp('Page.addScriptToEvaluateOnNewDocument', source=DEVICES)
            for step in STEPS:
                run(step, walk)
            strange = [line for line in browser.console() if re.search(r'Uncaught|SyntaxError|TypeError|ReferenceError|Content Security', line)]
            assert not strange, strange
    finally:
        server.close()
    for step in STRANGERS:
        server = Server(sys.argv[1])
        try:
            run(step, server, folder)
        finally:
            server.close()


main()
