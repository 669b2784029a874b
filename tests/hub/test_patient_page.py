# SPDX-License-Identifier: GPL-3.0-or-later
"""The patient's page in a real Chromium against a real hub. A second Chromium makes the clinician's side of the media; its
signalling goes through a WebSocket with the doctor's token, as the workstation's does. Frames are counted by the clocks in them.

    test_patient_page.py VISIT-SERVER [SCREENSHOT-FOLDER]
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from visit_server import Server  # noqa: E402
from webdriver import Browser, Patient  # noqa: E402
from websocket import WebSocket  # noqa: E402

CONNECTIONS = '''
window.testConnections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...args) {
    super(...args);
    testConnections.push(this);
  }
};
'''

CLINICIAN = '''
const done = arguments[0];
window.outgoing = []; window.epoch = 0;
import('/patient/test-clock.js').then((clock) => {
  window.track = clock.paint()();
  window.video = document.createElement('video');
  Object.assign(video, { muted: true, autoplay: true });
  document.body.append(video);
  const side = { video, epoch: 0 };
  window.seen = clock.watch(side);
  const step = () => { side.onFrame(); video.requestVideoFrameCallback(step); };
  video.requestVideoFrameCallback(step);
  window.ready = true;
});
window.call = async (epoch, withChannel = false) => {
  window.pc?.close();
  window.epoch = epoch;
  const pc = window.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const stream = new MediaStream();
  pc.ontrack = ({ track }) => { stream.addTrack(track); video.srcObject = stream; video.play(); };
  pc.onicecandidate = ({ candidate }) => candidate && outgoing.push(
    { type: 'candidate', epoch, mline: candidate.sdpMLineIndex, candidate: candidate.candidate });
  if (withChannel) openChannel();
  pc.addTransceiver(track, { direction: 'sendrecv' });
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const sink = sound.createMediaStreamDestination();
  tone.connect(sink); tone.start();
  pc.addTransceiver(sink.stream.getAudioTracks()[0], { direction: 'sendrecv' });
  await pc.setLocalDescription(await pc.createOffer());
  outgoing.push({ type: 'offer', epoch, sdp: pc.localDescription.sdp });
};
// What is shown to the patient goes over the channel "visit": "card", then the bytes that "more" asks for.
window.heard = [];
window.openChannel = () => {
  window.channel = pc.createDataChannel('visit');
  channel.onopen = () => channel.send('hello id=life');
  channel.onmessage = ({ data }) => {
    heard.push(data);
    const more = data.match(/^more n=([0-9]+) size=([0-9]+)/);
    if (!more) return;
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, Number(more[1]));
    channel.send(new Blob([head, shown.slice(0, Number(more[2]))]));
  };
};
window.showCard = async (number, hash) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#c01030';
  pen.fillRect(0, 0, 320, 240);
  window.shown = new Uint8Array(await (await new Promise((done) => canvas.toBlob(done))).arrayBuffer());
  const sum = [...new Uint8Array(await crypto.subtle.digest('SHA-256', shown))].map((each) => each.toString(16).padStart(2, '0')).join('');
  channel.send(`card n=${number} size=${shown.length} kind=png hash=${hash ?? sum} text=X-ray%20of%20the%20wrist at=12%20March`);
};
window.handle = async (message) => {
  if (message.epoch !== window.epoch) return;
  if (message.type === 'answer') await pc.setRemoteDescription({ type: 'answer', sdp: message.sdp });
  if (message.type === 'candidate') await pc.addIceCandidate({ candidate: message.candidate, sdpMLineIndex: message.mline });
};
'''


class Visit:
    """Patient's browser, clinician's browser and the clinician's signalling, on one hub."""

    def __init__(self, server, patient, clinician, folder=None):
        self.server, self.patient, self.clinician, self.folder = server, patient, clinician, folder
        self.seen = []

    def shot(self, name):
        if not self.folder:
            return
        os.makedirs(self.folder, exist_ok=True)
        for width, height in ((390, 844), (1100, 800)):
            for scheme in ('light', 'dark'):
                self.patient.look(width, height, scheme == 'dark')
                time.sleep(0.2)
                self.patient.screenshot(f'{self.folder}/patient-{name}-{width}-{scheme}.png')
        self.patient.look(390, 844)

    def connect(self, encounter):
        self.clinician.go(self.server.url)
        self.clinician.wait_view('verify')
        self.clinician.script(CLINICIAN)
        self.clinician.wait('return window.ready')
        self.socket = WebSocket(self.server.port, f'/visit/{encounter}/signal', token=self.server.token)
        self.socket.send({'type': 'hello', 'role': 'clinician', 'epoch': 0})

    def pump(self, until, what, patience=20):
        """Carries messages to and fro until UNTIL says so."""
        end = time.monotonic() + patience
        while not until():
            assert time.monotonic() < end, f'{what} did not happen; seen: {self.seen[-20:]}; page: {self.patient.text()[:300]}'
            for message in self.clinician.script('return window.outgoing.splice(0)'):
                self.socket.send(message)
            for message in self.socket.take():
                self.seen.append(message['type'])
                if message['type'] in ('answer', 'candidate'):
                    self.clinician.script('handle(arguments[0])', message)
                if message['type'] == 'renew':
                    self.call(message['epoch'])
            time.sleep(0.05)

    def call(self, epoch):
        self.clinician.script('call(arguments[0])', epoch)

    def epoch(self):
        return self.clinician.script('return window.epoch')

    def frames(self):
        """Clocks read so far, by the patient and by the clinician."""
        return (self.patient.script('return window.bedsideTest?.clocksRead ?? 0'),
                self.clinician.script('return window.seen.clocksRead'))

    def pump_frames(self, what, count=20):
        before = self.frames()
        self.pump(lambda: all(now >= was + count for now, was in zip(self.frames(), before)), what)


def go_to_waiting_room(visit):
    visit.patient.cdp('Page.addScriptToEvaluateOnNewDocument', source=CONNECTIONS)
    page = Patient(visit.patient, visit.server.url, test_clock=True)
    visit.patient.wait_view('verify')
    assert 'Marigold' not in visit.patient.script('return document.documentElement.outerHTML')
    visit.shot('verify')
    page.verify(1, 1, 1961)
    visit.patient.wait("return document.getElementById('verify-error').textContent.includes('4 tries')")
    page.verify(12, 3, 1961)
    page.details('Bus stop, Mill Road', '+44 20 7946 0777')
    page.test_devices()
    visit.shot('devices')
    page.wait()
    visit.encounter = visit.server.ask('Encounter?appointment=Appointment/a1')
    record = json.loads(visit.server.ask(f'Encounter/{visit.encounter}'))
    assert record['status'] == 'arrived', record
    assert 'Bus stop, Mill Road' in json.dumps(record)
    # the turn comes at the planned time, in minutes, and is told by the hub
    visit.patient.wait("return /^It should be your turn/.test(document.getElementById('waiting-estimate').innerText)")
    visit.shot('waiting')


def exchange_messages(visit):
    visit.connect(visit.encounter)
    visit.pump(lambda: 'waiting' in visit.seen, 'the waiting patient')
    visit.socket.send({'type': 'chat', 'text': 'I am with you in a minute.', 'id': 'c1'})
    visit.patient.wait("return document.getElementById('waiting-chat').innerText.includes('New message')")
    visit.patient.click('#waiting-chat')
    visit.patient.type('#chat-text', 'My ear still rings.')
    visit.patient.click('#chat-form button:not([type])')
    visit.pump(lambda: 'chat' in visit.seen, 'the message')
    visit.patient.wait("return !document.getElementById('chat-log').innerText.includes('waiting to be sent')")
    visit.shot('messages')
    visit.patient.click('#chat-close')


def hold_a_call(visit):
    visit.socket.send({'type': 'admit'})
    visit.patient.wait_view('call')
    visit.call(1)
    visit.pump_frames('the first frames', 30)
    visit.shot('call')
    visit.patient.click('#mute')
    visit.patient.click('#camera')
    visit.patient.wait("return document.getElementById('mute').getAttribute('aria-pressed') === 'true'")
    visit.shot('muted')
    visit.patient.click('#mute')
    visit.patient.click('#camera')


def change_the_microphone(visit):
    """In the middle of the call: the new one's track takes the place of the old one's, and nothing is connected anew."""
    patient = visit.patient
    sent = "return testConnections.at(-1).getSenders().find(({ track }) => track?.kind === 'audio')?.track.getSettings().deviceId"
    patient.click('#call-devices-open')
    patient.wait("return document.getElementById('choose-microphone').offsetParent != null")
    visit.shot('call-devices')
    assert not patient.visible('#test-network'), 'nothing is measured beside a call'
    chosen = patient.script("return [...document.getElementById('choose-microphone').options].at(-1).value")
    connections = patient.script('return testConnections.length')
    assert patient.script(sent) != chosen
    patient.choose('#choose-microphone', chosen)
    visit.pump(lambda: patient.script(sent) == chosen, 'the other microphone')
    patient.click('#devices-panel-close')
    visit.pump_frames('frames with the other microphone')
    assert patient.script('return testConnections.length') == connections


def leave_and_join_again(visit):
    visit.patient.click('#hangup')
    visit.patient.wait_view('waiting')
    visit.pump(lambda: 'hangup' in visit.seen, 'the hang-up')
    before = visit.seen.count('answer')
    visit.call(2)
    visit.pump(lambda: 'calling' in visit.patient.script("return document.getElementById('waiting-text').textContent"), 'the call sign')
    assert visit.seen.count('answer') == before, 'who has left must not be put on the air'
    visit.shot('left')
    visit.patient.click('#join-again')
    visit.pump_frames('frames after joining again')


def survive_a_reload(visit):
    visit.patient.script('location.reload()')
    visit.pump(lambda: visit.patient.script('return (window.bedsideTest?.clocksRead ?? 0) > 10'), 'frames after a reload', 30)
    assert visit.epoch() == 3, visit.epoch()


def survive_a_dead_connection(visit):
    visit.clinician.script('pc.close()')
    visit.pump(lambda: visit.patient.script("return document.body.dataset.call === 'reconnecting'"), 'the notice')
    visit.shot('reconnecting')
    visit.pump_frames('frames after a new connection')
    assert visit.epoch() == 4, visit.epoch()


def survive_a_cut_socket(visit):
    visit.patient.cdp('Network.enable')
    nothing = {'latency': 0, 'downloadThroughput': -1, 'uploadThroughput': -1}
    visit.patient.script("document.getElementById('chat-open').click()")
    visit.patient.cdp('Network.emulateNetworkConditions', offline=True, **nothing)
    visit.patient.type('#chat-text', 'Typed while the line was cut')
    visit.patient.click('#chat-form button:not([type])')
    visit.patient.cdp('Network.emulateNetworkConditions', offline=False, **nothing)
    visit.pump(lambda: visit.seen.count('chat') >= 2, 'the message that waited')
    visit.patient.click('#chat-close')


def be_held_and_admitted(visit):
    visit.socket.send({'type': 'hold'})
    visit.patient.wait_view('waiting')
    visit.patient.wait("return document.getElementById('waiting-text').innerText.includes('on hold')")
    visit.shot('hold')
    visit.socket.send({'type': 'admit'})
    visit.patient.wait_view('call')
    visit.call(visit.epoch() + 1)
    visit.pump_frames('frames after the hold')


def go_by_phone_and_back(visit):
    visit.socket.send({'type': 'phone', 'on': True})
    visit.patient.wait_view('waiting')
    visit.patient.wait("return document.getElementById('waiting-text').innerText.includes('calls you on +44 20 7946 0777')")
    visit.patient.wait("return document.getElementById('waiting-phone').href.startsWith('tel:')")
    visit.patient.wait("return !document.getElementById('self-video').srcObject")  # the phone needs the microphone
    visit.shot('phone')
    visit.patient.script('location.reload()')
    visit.patient.wait("return document.getElementById('waiting-text')?.innerText.includes('calls you on')")
    visit.socket.send({'type': 'phone', 'on': False})
    visit.patient.wait("return document.getElementById('waiting-text').innerText.includes('has ended for now')")
    visit.call(visit.epoch() + 1)
    visit.pump_frames('frames after the phone')


def see_what_the_clinician_shows(visit):
    patient, clinician = visit.patient, visit.clinician

    def heard(line):
        return clinician.script('return heard.includes(arguments[0])', line)

    def connect():
        clinician.script('heard.length = 0; call(arguments[0], true)', visit.epoch() + 1)
        visit.pump(lambda: clinician.script("return heard.some((line) => line.startsWith('hello'))"), 'the channel', 30)
        patient.wait_view('call')

    connect()
    clinician.script("showCard(6, 'a'.repeat(64))")
    visit.pump(lambda: heard('refuse n=6 why=hash'), 'what is not what was promised is refused')
    assert not patient.visible('#shared')
    clinician.script('showCard(7)')
    visit.pump(lambda: heard('done n=7'), 'the card is shown')
    assert patient.visible('#shared')
    card = patient.script('''const canvas = document.querySelector('#shared canvas');
        return [document.getElementById('shared-title').textContent, document.getElementById('shared-date').textContent,
                canvas.getAttribute('aria-label'), canvas.width, ...canvas.getContext('2d').getImageData(9, 9, 1, 1).data]''')
    assert card == ['X-ray of the wrist', '12 March', 'X-ray of the wrist', 320, 192, 16, 48, 255], card
    # the way to be called stays, above the card
    for width, height in ((360, 740), (1100, 800)):
        patient.look(width, height)
        assert patient.script('''const box = document.getElementById('call-me-open').getBoundingClientRect();
            return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)?.id''') == 'call-me-open', width
    patient.look(390, 844)
    visit.shot('shared')
    clinician.script("channel.send('stop n=7')")
    patient.wait("return document.getElementById('shared').hidden")
    clinician.script('showCard(8)')
    visit.pump(lambda: heard('done n=8'), 'the second card')
    patient.click('#shared-stop')
    visit.pump(lambda: heard('stop n=8'), 'the clinician is told that it was put away')
    assert not patient.visible('#shared')
    clinician.script('showCard(9)')
    visit.pump(lambda: heard('done n=9'), 'the third card')
    connect()  # gone with the old connection, and shown again over the new one
    assert not patient.visible('#shared')
    clinician.script('showCard(9)')
    visit.pump(lambda: heard('done n=9'), 'the card over the new connection')
    assert patient.visible('#shared')
    clinician.script("channel.send('stop n=9')")
    patient.wait("return document.getElementById('shared').hidden")


def choose_a_pharmacy(visit):
    visit.server.ask(json.dumps({
        'resourceType': 'MedicationRequest', 'id': 'm1', 'status': 'active', 'intent': 'order',
        'subject': {'reference': 'Patient/p1'}, 'encounter': {'reference': f'Encounter/{visit.encounter}'},
        'medicationCodeableConcept': {'text': 'Amoxicillin 500 mg capsule'}, 'requester': {'display': 'Dr Ama Osei'},
        'dosageInstruction': [{'patientInstruction': 'Take 1 capsule 3 times a day for 7 days.'}],
        'dispenseRequest': {'quantity': {'value': 21, 'unit': 'capsules'}, 'numberOfRepeatsAllowed': 0}}))
    visit.patient.click('#see-medicines')
    visit.patient.wait_view('medicines')
    visit.patient.click('#choice-form button.main')
    visit.patient.wait("return !document.getElementById('choice-error').hidden")
    visit.patient.click('input[name=pharmacy][value=pine]')
    visit.patient.click('input[name=mode][value=delivery]')
    assert 'Bramblewood' in visit.patient.script("return document.getElementById('address').value")
    visit.shot('choice')
    visit.patient.click('#choice-form button.main')
    visit.patient.wait("return document.body.innerText.includes('Pine Pharmacy to deliver it')")
    tasks = visit.server.ask('Task?focus=MedicationRequest/m1').split()
    assert len(tasks) == 1, tasks
    task = json.loads(visit.server.ask(f'Task/{tasks[0]}'))
    task['status'] = 'ready'
    visit.server.ask(json.dumps(task))
    visit.patient.wait("return document.body.innerText.includes('Pine Pharmacy is delivering it')")
    visit.shot('chosen')


def end_the_visit(visit):
    visit.socket.send({'type': 'ended'})
    visit.patient.wait("return document.body.innerText.includes('Your visit has ended')")
    visit.pump(lambda: visit.socket.closed is not None, 'the end of the socket')
    assert visit.socket.closed == 1000, visit.socket.closed
    names = [name for role, name in visit.patient.accessibility() if role in ('button', 'link', 'textbox', 'radio')]
    assert all(names), 'something that can be pressed has no name'
    strange = [line for line in visit.patient.console()
               if 'favicon' not in line and 'Failed to load resource' not in line and 'ERR_INTERNET_DISCONNECTED' not in line
               and 'WebSocket' not in line and 'AudioContext' not in line and 'chrome://' not in line]
    assert not strange, strange


STEPS = [go_to_waiting_room, exchange_messages, hold_a_call, change_the_microphone, leave_and_join_again, survive_a_reload, survive_a_dead_connection,
         survive_a_cut_socket, be_held_and_admitted, go_by_phone_and_back, see_what_the_clinician_shows, choose_a_pharmacy, end_the_visit]


def main():
    server = Server(sys.argv[1])
    print(f'1..{len(STEPS)}', flush=True)
    try:
        with Browser(390, 844) as patient, Browser(800, 600) as clinician:
            visit = Visit(server, patient, clinician, sys.argv[2] if len(sys.argv) > 2 else None)
            for number, step in enumerate(STEPS, 1):
                start = time.monotonic()
                step(visit)
                print(f'ok {number} - {step.__name__.replace("_", "-")} # {time.monotonic() - start:.1f} s', flush=True)
    finally:
        server.close()


main()
