# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest and an interpreter beside the patient, in real Chromiums against a real hub: their pages, and the connection of
each pair of pages. The clinician's signalling is this program's. Frames are counted by the clocks in them.

    test_people_page.py VISIT-SERVER [SCREENSHOT-FOLDER]
"""
import json
import os
import re
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from page_walk import DEVICES, ESCAPE, Walk  # noqa: E402
from webdriver import DIRECT, Browser, Patient  # noqa: E402
from websocket import WebSocket  # noqa: E402


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=dict(os.environ, BEDSIDE_TEST_HOOKS='1'))
        self.url = self.process.stdout.readline().strip()
        self.token = self.process.stdout.readline().strip()
        self.port = int(re.search(r':(\d+)/', self.url).group(1))

    def ask(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def invite(self, encounter, role):
        request = urllib.request.Request(f'http://127.0.0.1:{self.port}/fhir/Encounter/{encounter}/$invite?role={role}', b'',
                                         {'Authorization': f'Bearer {self.token}'}, method='POST')
        with DIRECT.open(request, timeout=20) as answer:
            return next(p['valueUrl'] for p in json.load(answer)['parameter'] if p['name'] == 'url')

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Visit:
    def __init__(self, server, patient, other, folder):
        self.server, self.patient, self.other, self.folder = server, patient, other, folder
        self.people = {}
        self.walk = Walk(server, other, folder)

    def shot(self, browser, name):
        if not self.folder:
            return
        os.makedirs(self.folder, exist_ok=True)
        for width, height in ((360, 780), (1200, 800)):
            for scheme in ('light', 'dark'):
                browser.look(width, height, scheme == 'dark')
                time.sleep(0.3)
                browser.screenshot(f'{self.folder}/people-{name}-{width}-{scheme}.png')
        browser.look(390, 844)

    def send(self, kind, **members):
        self.socket.send({'type': kind, **members})

    def until(self, condition, what, patience=40):
        """Reads what the clinician is told until CONDITION."""
        end = time.monotonic() + patience
        while True:
            for message in self.socket.take():
                if message['type'] == 'person':
                    self.people[message['role']] = message
                self.last = message
            if condition():
                return
            assert time.monotonic() < end, f'{what} did not happen; people: {self.people}; patient: {self.patient.text()[:300]}; ' \
                                           f'other: {self.other.text()[:300]}'
            time.sleep(0.05)

    def stands(self, role, state, present=True):
        self.until(lambda: self.people.get(role, {}).get('state') == state and self.people[role]['present'] == present,
                   f'the {role} {state}')

    def enter(self, url, **fields):
        self.other.go(url + '#test-clock')
        self.other.wait_view('enter')
        self.walk.check('people-enter-' + ('guest' if 'relation' in fields else 'interpreter'))
        self.walk.submit('Join with camera and microphone')  # nothing is filled in: the page says what is missing
        self.other.wait("return !document.getElementById('enter-error').hidden")
        for name, value in fields.items():
            (self.other.choose if name == 'relation' else self.other.type)('#' + name, value)
        self.walk.submit('Join with camera and microphone')
        self.walk.heading_has_focus('waiting')
        self.walk.check('people-waiting')


# The page's sockets to the hub, and how often it was told to connect.
SOCKETS = '''
    window.testSockets = [];
    window.testConnects = 0;
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        testSockets.push(this);
        this.addEventListener('message', ({ data }) => { testConnects += data.includes('"type":"connect"'); });
      }
    };'''


def clocks(browser, role):
    """How many clocks this page has read in the picture of ROLE."""
    return browser.script('return window.bedsidePeople?.[arguments[0]]?.clocksRead ?? 0', role)


def both_see(visit, role, count=20):
    visit.until(lambda: clocks(visit.patient, role) >= count and clocks(visit.other, 'patient') >= count,
                f'{count} clocks both ways between patient and {role}')


def the_page_is_opened_inside_another_app(visit):
    visit.other.cdp('Network.setUserAgentOverride', userAgent='Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/126.0 Mobile '
                    'Safari/537.36 [FBAN/EMA;FBAV/400.0]')
    visit.other.go(visit.server.url.replace('/join/', '/guest/'))
    visit.other.wait_view('message')
    visit.other.wait("return document.getElementById('browser-note').innerText.includes('inside Facebook')")
    assert 'Open in Chrome' in visit.other.text(), visit.other.text()
    visit.walk.check('people-in-app')
    visit.other.cdp('Network.setUserAgentOverride', userAgent='')
    visit.other.cdp('Page.addScriptToEvaluateOnNewDocument', source=DEVICES)


def the_interpreter_comes_first(visit):
    visit.patient.cdp('Page.enable')
    visit.patient.cdp('Page.addScriptToEvaluateOnNewDocument', source=SOCKETS)
    page = Patient(visit.patient, visit.server.url, test_clock=True)
    page.join()
    visit.encounter = visit.server.ask('Encounter?appointment=Appointment/a1')
    visit.socket = WebSocket(visit.server.port, f'/visit/{visit.encounter}/signal', token=visit.server.token)
    visit.send('hello', role='clinician', epoch=0)
    visit.enter(visit.server.invite(visit.encounter, 'interpreter'), name='Łucja Nowak', number='4711', language='Polish')
    visit.stands('interpreter', 'waiting')
    told = visit.people['interpreter']
    assert (told['name'], told['number'], told['language']) == ('Łucja Nowak', '4711', 'Polish'), told
    page = visit.other.script('return document.documentElement.outerHTML')
    assert not any(word in page for word in ('Marigold', 'Quillfeather', 'ringing', 'Bramblewood', 'Osei')), page
    visit.send('admit', to='interpreter')
    visit.stands('interpreter', 'in')
    visit.other.wait("return document.getElementById('waiting-text').textContent.includes('let in')")
    assert not visit.patient.visible('#people .person') and visit.patient.view() == 'waiting'


def patient_and_interpreter_meet(visit):
    visit.send('admit')
    visit.patient.wait_view('call')
    both_see(visit, 'interpreter')
    visit.shot(visit.patient, 'call')
    assert visit.patient.script("return document.querySelector('.person').getAttribute('aria-label')") == 'Łucja Nowak, Interpreter'
    visit.patient.click('.person button')
    visit.patient.wait("return document.querySelector('.person video').muted")
    visit.patient.click('.person button')


def the_interpreter_reads_another_language(visit):
    other = visit.other
    other.choose('#page-language', 'de')
    other.wait("return document.documentElement.lang === 'de' && document.getElementById('waiting-devices-open').textContent === 'Kamera und Ton'")
    assert 'let in' not in other.text() and 'Patient' in other.script("return document.querySelector('.person').getAttribute('aria-label')")
    other.choose('#page-language', 'en')
    other.wait("return document.getElementById('waiting-text').textContent.includes('let in')")


def the_interpreter_chooses_a_microphone(visit):
    other, walk = visit.other, visit.walk
    other.script('testDevices.asked = []')
    walk.press_on('waiting-devices-open')
    other.wait("return document.activeElement?.id === 'devices-panel-title'")
    other.wait("return document.getElementById('choose-microphone').offsetParent != null")
    assert not other.visible('#test-network'), 'a guest has no such test'
    walk.check('people-devices')
    chosen = other.script("return [...document.getElementById('choose-microphone').options].at(-1).value")
    other.choose('#choose-microphone', chosen)
    other.wait("return testDevices.tracks.findLast(({ kind }) => kind === 'audio').getSettings().deviceId === arguments[0]", chosen)
    assert len(other.script('return testDevices.asked')) == 1, 'the camera goes on'
    other.press(ESCAPE)
    other.wait("return document.activeElement?.id === 'waiting-devices-open'")
    both_see(visit, 'interpreter', clocks(visit.patient, 'interpreter') + 10)


def the_interpreter_loses_the_microphone(visit):
    """A phone call takes it: the others are told, and it is asked for until it is there again."""
    visit.other.script('''window.refusals = 2; testDevices.asked = [];
                          testDevices.refuse = () => (refusals-- > 0 ? 'NotReadableError' : null);
                          testDevices.end('audio')''')
    visit.patient.wait("return document.querySelector('.person p').textContent.includes('Muted')")
    visit.other.wait("return document.getElementById('back-note').textContent.includes('perhaps a phone call')")
    assert 'The clinic' not in visit.other.script("return document.getElementById('back-note').textContent")
    visit.patient.wait("return !document.querySelector('.person p').textContent.includes('Muted')")
    visit.other.wait("return document.getElementById('back-note').textContent.includes('can be heard again')")
    assert len(visit.other.script('return testDevices.asked')) == 3


def the_interpreters_call_by_the_keyboard_alone(visit):
    visit.other.script("window.wakeLocks = 0; navigator.wakeLock.request = async () => { wakeLocks++; return { release: async () => {} }; };"
                       "document.dispatchEvent(new Event('visibilitychange'))")
    assert visit.other.script('return wakeLocks') == 1, 'the screen stays on'
    visit.send('offer', to='interpreter', epoch=1, sdp='what cannot be answered shows the call all the same')
    visit.other.wait_view('call')
    visit.walk.check('people-guest-call')
    visit.walk.press_on('mute')
    visit.patient.wait("return document.querySelector('.person p').textContent.includes('Muted')")
    visit.walk.press_on('mute')
    visit.patient.wait("return !document.querySelector('.person p').textContent.includes('Muted')")
    visit.walk.press_on('call-devices-open')
    visit.other.wait("return document.activeElement?.id === 'devices-panel-title'")
    visit.other.press(ESCAPE)
    visit.other.wait("return document.activeElement?.id === 'call-devices-open'")


def a_new_page_is_connected_anew(visit):
    visit.other.script('location.reload()')
    visit.until(lambda: clocks(visit.other, 'patient') >= 20, 'clocks after a reload')
    visit.stands('interpreter', 'in')
    visit.patient.script("return void bedsidePeople.interpreter.clocksRead")
    both_see(visit, 'interpreter')


def the_call_parts_and_comes_back(visit):
    visit.send('hold')
    visit.patient.wait_view('waiting')
    visit.until(lambda: not visit.patient.script("return document.querySelector('.person')"), 'the tile to go')
    visit.send('admit')
    both_see(visit, 'interpreter')
    visit.send('quiet', to='interpreter')
    # the interpreter's page is on its waiting view where no clinician's picture has come: asked all the same
    visit.other.wait("return !document.getElementById('quiet-asked').hidden")
    visit.other.script("document.getElementById('quiet-do').click()")
    visit.patient.wait("return document.querySelector('.person p').textContent.includes('Muted')")
    visit.other.script("document.getElementById('hangup').click()")
    visit.other.wait_view('message')
    visit.stands('interpreter', 'in', present=False)


def who_left_is_not_connected(visit):
    """The patient has hung up, and the hub does not know that any more: the page comes back and says that it waits."""
    visit.patient.click('#hangup')
    visit.patient.wait_view('waiting')
    visit.patient.wait("return !document.querySelector('.person')")
    visit.patient.script('testConnects = 0; testSockets.at(-1).close()')
    visit.patient.wait('return testConnects > 0')
    assert not visit.patient.script("return document.querySelector('.person')"), 'connected though the patient left'
    visit.patient.click('#join-again')
    visit.send('admit')
    visit.patient.wait_view('call')
    visit.patient.script("return void bedsidePeople.interpreter?.clocksRead")
    both_see(visit, 'interpreter')


def the_patient_invites_a_guest(visit):
    # what is announced gives way to the next
    visit.patient.script("const status = document.getElementById('status'); window.testSaid = [];"
                         'new MutationObserver(() => testSaid.push(status.textContent)).observe(status, { childList: true, characterData: true, subtree: true })')
    visit.patient.click('#people-open')
    visit.patient.click('#people-add')
    visit.patient.find('#people-link')
    visit.shot(visit.patient, 'link')
    url = visit.patient.script("return document.getElementById('people-link').value")
    visit.patient.click('#people-close')
    visit.enter(url, name='Bert Quill', relation='CHILD')
    visit.stands('guest', 'waiting')
    assert visit.people['guest']['by'] == 'patient' and visit.people['guest']['relation'] == 'CHILD', visit.people
    visit.patient.wait("return testSaid.some((text) => text.includes('Bert Quill has opened the link'))")
    visit.shot(visit.other, 'waiting')
    visit.send('admit', to='guest')
    both_see(visit, 'guest')


def speaking_alone(visit):
    visit.patient.click('#people-open')
    visit.shot(visit.patient, 'panel')
    visit.patient.click('#people-alone')
    visit.stands('guest', 'aside')
    visit.other.wait_view('waiting')
    text = visit.other.text()
    assert 'You hear and see nothing' in text and 'asked' not in text, text
    visit.shot(visit.other, 'aside')
    visit.until(lambda: not visit.patient.script("return document.querySelector('.person')"), 'the tile to go')
    assert visit.other.script("return document.querySelector('.person')") is None
    visit.patient.wait("return document.getElementById('people-alone').getAttribute('aria-pressed') === 'true'")
    visit.patient.click('#people-alone')
    visit.stands('guest', 'in')
    both_see(visit, 'guest')


def the_patient_sends_the_guest_away(visit):
    visit.patient.click('#people-list button')
    visit.other.wait("return document.body.innerText.includes('You are no longer in this visit')")
    visit.until(lambda: not visit.people['guest']['present'], 'the guest to go')
    visit.other.script('location.reload()')
    visit.other.wait("return document.body.innerText.includes('does not open a visit')")
    visit.shot(visit.other, 'gone')
    for browser in (visit.patient, visit.other):
        names = [name for role, name in browser.accessibility() if role in ('button', 'link', 'textbox', 'combobox', 'meter')]
        assert all(names), 'something that can be pressed has no name'
        strange = [line for line in browser.console() if not any(known in line for known in (
            'favicon', 'Failed to load resource', 'WebSocket', 'AudioContext', 'chrome://', 'The offer could not be answered'))]
        assert not strange, strange


STEPS = [the_page_is_opened_inside_another_app, the_interpreter_comes_first, patient_and_interpreter_meet, the_interpreter_reads_another_language,
         the_interpreter_chooses_a_microphone, the_interpreter_loses_the_microphone, the_interpreters_call_by_the_keyboard_alone, a_new_page_is_connected_anew, who_left_is_not_connected,
         the_call_parts_and_comes_back, the_patient_invites_a_guest, speaking_alone, the_patient_sends_the_guest_away]


def main():
    server = Server(sys.argv[1])
    print(f'1..{len(STEPS)}', flush=True)
    try:
        with Browser(390, 844, patience=40) as patient, Browser(390, 844, patience=40) as other:
            visit = Visit(server, patient, other, sys.argv[2] if len(sys.argv) > 2 else None)
            for number, step in enumerate(STEPS, 1):
                start = time.monotonic()
                step(visit)
                print(f'ok {number} - {step.__name__.replace("_", "-")} # {time.monotonic() - start:.1f} s', flush=True)
    finally:
        server.close()


main()
