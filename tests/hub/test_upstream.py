# SPDX-License-Identifier: GPL-3.0-or-later
"""bedside-hub serve --upstream: pages and signalling in front of another FHIR server, and nothing kept. The other server is a
second bedside-hub with the demo clinic; for the waiting room also one that nobody here wrote."""
import base64
import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import peers  # noqa: E402
from front import Front, Patient  # noqa: E402
from hub import DIRECT, PROGRAM, Hub, HubClient, wait_for  # noqa: E402
from websocket import WebSocket  # noqa: E402

peers.require_packages()
FOLDER = tempfile.mkdtemp(prefix='bedside-upstream-')
VISIT = 'https://bedside.health/fhir/StructureDefinition/visit-'
TASK = 'https://bedside.health/fhir/task'


def token_of(hub, user):
    return subprocess.run([PROGRAM, 'token', '--data', hub.data(), '--key-file', hub.key, '--user', user],
                          capture_output=True, text=True, check=True).stdout.strip()


def code_of(task):
    return task['code']['coding'][0]['code']


def seal(key, body):
    return base64.urlsafe_b64encode(hmac.new(key, b'join:' + body.encode(), hashlib.sha256).digest()).decode().rstrip('=')


def booked(hub):
    """A new patient's appointment, and when the patient was born."""
    born = '1961-03-12'
    patient = made(hub, {'resourceType': 'Patient', 'birthDate': born, 'name': [{'family': 'Quillfeather', 'given': ['Marigold']}]})
    start = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 600))
    end = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 1800))
    return made(hub, {'resourceType': 'Appointment', 'status': 'booked', 'start': start, 'end': end, 'participant': [
        {'actor': {'reference': f"Patient/{patient['id']}"}, 'status': 'accepted'}]}), born


def made(hub, resource):
    status, answer = hub.ask('POST', resource['resourceType'], resource)
    assert status == 201, (status, answer)
    return answer


def link_of(front, token, appointment):
    return HubClient(front.url, token).join_link(appointment)


def expect(line, kind, seconds=10, text=None):
    """The next message of this kind; a chat of this text, for a room says again what was said in it."""
    found = []

    def look():
        found.extend(message for message in line.take() if message['type'] == kind and text in (None, message.get('text')))
        return found
    wait_for(f'a message “{kind}”', look, seconds)
    return found[0]


class Clinic:
    def __init__(self, hub, front):
        self.hub, self.front = hub, front
        self.doctor = token_of(hub, 'doctor')


def test_link_is_signed(clinic):
    appointment, born = booked(clinic.hub)
    link = link_of(clinic.front, clinic.doctor, appointment)
    token = link.rsplit('/', 1)[1]
    body, mark = token.split('.')
    key = bytes.fromhex(open(clinic.front.link_key).read().strip())
    assert mark == seal(key, body)
    said = base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)).decode()
    assert said.endswith(':' + appointment['id']) and clinic.hub.patient_of(appointment)['id'] not in said
    assert Patient(link).page()[0] == 200
    status, answer = Patient(link).ask('state')
    assert (status, answer['step'], answer['triesLeft']) == (200, 'verify', 5) and 'name' not in answer
    version, expires, patient, name = said.split(':')
    base = link.rsplit('/', 1)[0]

    def altered(text, sealed=True):
        other = base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')
        return f'{base}/{other}.{seal(key, other) if sealed else mark}'
    other_id = booked(clinic.hub)[0]['id']
    for what, wrong in {
            'another appointment': altered(f'{version}:{expires}:{patient}:{other_id}', False),
            'a longer life': altered(f'{version}:{int(expires) + 86400}:{patient}:{name}', False),
            'no seal': f'{base}/{body}', 'half a seal': f'{base}/{token[:-3]}', 'a changed seal': f'{base}/{body}.{"A" * 43}',
            'signed, and over': altered(f'{version}:{int(time.time()) - 1}:{patient}:{name}'),
            'signed for another patient': altered(f'{version}:{expires}:{patient}:{other_id}')}.items():
        assert Patient(wrong).page()[0] == 404, what
        assert Patient(wrong).ask('state')[0] == 404, what
    assert altered(said) == link
    # who may make one
    for token in (token_of(clinic.hub, 'pharmacy'), 'nonsense'):
        assert HubClient(clinic.front.url, token).ask('POST', f"Appointment/{appointment['id']}/$join-link")[0] in (401, 403)
    # an appointment that is cancelled opens nothing any more
    clinic.hub.ask('PUT', f"Appointment/{appointment['id']}", {**appointment, 'status': 'cancelled'})
    assert Patient(link).ask('state')[0] == 404


def still(state):
    """What a state says, but for the time at which it was asked."""
    return {key: value for key, value in state.items() if key != 'now'}


def test_waiting_room_is_upstream(clinic):
    appointment, born = booked(clinic.hub)
    patient = Patient(link_of(clinic.front, clinic.doctor, appointment))
    answer = patient.wait(born)
    assert answer['step'] == 'waiting' and answer['name']
    assert clinic.hub.ask('GET', f"Appointment/{appointment['id']}")[1]['status'] == 'arrived'
    encounter, = clinic.hub.search(f"Encounter?appointment=Appointment/{appointment['id']}")
    assert encounter['id'] == answer['visit'] and encounter['status'] == 'arrived' and encounter['class']['code'] == 'VR'
    told = {extension['url']: extension for extension in encounter['extension']}
    assert told[VISIT + 'stated-location']['valueString'] == 'Bus stop, Mill Road'
    task, = clinic.hub.search(f"Task?encounter=Encounter/{encounter['id']}&code={TASK}|join-link")
    assert task['status'] == 'draft'
    assert still(answer) == still(patient.ask('state')[1])
    patient.ask('leave', {})
    assert clinic.hub.ask('GET', f"Encounter/{encounter['id']}")[1]['status'] == 'planned'
    assert patient.ask('state')[1]['step'] == 'left'


def test_wrong_dates_are_counted_upstream(clinic):
    appointment, born = booked(clinic.hub)
    link = link_of(clinic.front, clinic.doctor, appointment)
    wrong = '1899-02-03'
    for left in (4, 3):
        assert Patient(link).verify(wrong)[1]['triesLeft'] == left
    clinic.front.stop(kill=True)
    clinic.front.start()
    for left in (2, 1, 0):
        status, answer = Patient(link).verify(wrong)
        assert (status, answer['triesLeft']) == (403, left)
    assert Patient(link).verify(born) == (403, {'error': 'closed'})
    focus = f"focus=Appointment/{appointment['id']}"
    tasks = [task for task in clinic.hub.search(f'Task?{focus}') if code_of(task) == 'link-closed']
    assert len(tasks) == 1 and tasks[0]['status'] == 'requested'


def test_nothing_is_kept(clinic):
    appointment, born = booked(clinic.hub)
    patient = Patient(link_of(clinic.front, clinic.doctor, appointment))
    patient.wait(born)
    assert clinic.front.kept() == [], clinic.front.kept()
    record = clinic.hub.patient_of(appointment)
    said = clinic.front.said()
    for secret in (record['id'], record['birthDate'], record['name'][0]['family'], 'Mill Road', patient.link.rsplit('/', 1)[1]):
        assert secret not in said, secret
    assert 'audit: write by patient by join link: Encounter/' in said


def test_fhir_says_where(clinic):
    client = HubClient(clinic.front.url, clinic.doctor)
    for method, path in (('GET', 'metadata'), ('GET', 'Patient?name=a'), ('POST', 'Patient')):
        status, outcome = client.ask(method, path, {'resourceType': 'Patient'} if method == 'POST' else None)
        assert status == 404 and f'{clinic.hub.url}/fhir' in outcome['issue'][0]['diagnostics'], (status, outcome)
    with DIRECT.open(f'{clinic.front.url}/fhir/.well-known/smart-configuration') as answer:
        configuration = json.loads(answer.read())
    assert configuration['token_endpoint'] == f'{clinic.hub.url}/auth/token'
    assert configuration['bedside_fhir_base'] == f'{clinic.hub.url}/fhir'


def test_sockets_meet(clinic):
    appointment, born = booked(clinic.hub)
    patient = Patient(link_of(clinic.front, clinic.doctor, appointment))
    visit = patient.wait(born)['visit']
    path = f'/visit/{visit}/signal'
    for refused in ({}, {'token': 'nonsense'}, {'token': token_of(clinic.hub, 'pharmacy')}, {'cookie': 'bedside-visit-0=x'}):
        try:
            WebSocket(clinic.front.port, path, **refused)
        except ConnectionError as error:
            assert '401' in str(error), error
        else:
            raise AssertionError(f'{refused} was let in')
    clinic.front.stop(kill=True)
    clinic.front.start()  # forgets all sessions: the visit's Task knows them
    browser = WebSocket(clinic.front.port, path, cookie=patient.cookie())
    browser.send({'type': 'hello', 'role': 'patient', 'epoch': 1})
    browser.send({'type': 'waiting'})
    doctor = WebSocket(clinic.front.port, path, token=clinic.doctor)
    doctor.send({'type': 'hello', 'role': 'clinician', 'epoch': 1})
    expect(doctor, 'waiting')
    browser.send({'type': 'chat', 'text': 'Hello doctor', 'id': '1'})
    expect(doctor, 'chat', text='Hello doctor')
    doctor.send({'type': 'admit'})
    expect(browser, 'admit')
    # the Encounter ends upstream, however: the room hears of it
    encounter = clinic.hub.ask('GET', f'Encounter/{visit}')[1]
    clinic.hub.ask('PUT', f'Encounter/{visit}', {**encounter, 'status': 'finished'})
    expect(browser, 'ended', 15)
    assert patient.ask('after') == (200, {'over': True, 'sheets': False}), patient.ask('after')  # no summary is promised


def test_lobby_asks_upstream(clinic):
    WebSocket(clinic.front.port, '/lobby', token=token_of(clinic.hub, 'doctor')).cut()  # one that the front has not met
    for refused in ({}, {'token': 'nonsense'}, {'token': token_of(clinic.hub, 'pharmacy')}):
        try:
            WebSocket(clinic.front.port, '/lobby', **refused)
        except ConnectionError as error:
            assert '401' in str(error), error
        else:
            raise AssertionError(f'{refused} was let in')


def test_upstream_down_and_back(clinic):
    appointment, born = booked(clinic.hub)
    patient = Patient(link_of(clinic.front, clinic.doctor, appointment))
    assert patient.verify(born)[0] == 200
    clinic.hub.stop(kill=True)
    assert patient.page()[0] == 200  # the page loads, and says so itself
    assert patient.ask('state') == (503, {'error': 'records'})
    status, outcome = HubClient(clinic.front.url, clinic.doctor).ask('POST', f"Appointment/{appointment['id']}/$join-link")
    assert status == 503 and 'clinic\'s records' in outcome['issue'][0]['diagnostics'], (status, outcome)
    assert 'cannot be reached' in clinic.front.said()
    clinic.hub.start()
    status, answer = patient.ask('state')
    assert (status, answer['step']) == (200, 'details')
    assert 'can be reached again' in clinic.front.said()


def test_token_is_read_again(clinic):
    appointment, born = booked(clinic.hub)
    link = link_of(clinic.front, clinic.doctor, appointment)
    good = open(clinic.front.token_file).read().strip()
    clinic.front.put_token('an-old-one')
    clinic.front.stop()
    clinic.front.start()
    assert Patient(link).ask('state') == (503, {'error': 'records'})
    assert 'does not take the hub\'s sign-in' in clinic.front.said()
    clinic.front.put_token(good)
    assert Patient(link).ask('state')[0] == 200


def free_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


def come(fronts, path, hello, **who):
    """As what stands before the copies does it: to the first one that answers."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        for front in fronts:
            try:
                line = WebSocket(front.port, path, **who)
                line.send(hello)
                expect(line, 'hello', 3)
                return line
            except (OSError, TimeoutError):
                time.sleep(0.2)
    raise AssertionError('no copy took the socket')


def test_copies_meet_and_one_is_killed(clinic):
    ports = [free_port(), free_port()]
    copies = ','.join(f'http://127.0.0.1:{port}' for port in ports)
    fronts = [Front(clinic.front.upstream, token_of(clinic.hub, 'admin'), clinic.front.link_key, '--copies', copies, port=port)
              for port in ports]
    try:
        for front in fronts:
            wait_for('the copies to know each other', lambda one=front: 'is there' in one.said())
        for _ in range(8):
            appointment, born = booked(clinic.hub)
            patient = Patient(link_of(fronts[0], clinic.doctor, appointment))
            path = f"/visit/{patient.wait(born)['visit']}/signal"
            at_patient = {'type': 'hello', 'role': 'patient', 'epoch': 1}
            at_doctor = {'type': 'hello', 'role': 'clinician', 'epoch': 1}
            browser = come(fronts[:1], path, at_patient, cookie=patient.cookie())
            doctor = come(fronts[1:], path, at_doctor, token=clinic.doctor)
            browser.send({'type': 'chat', 'text': 'Can you hear me?', 'id': '1'})
            expect(doctor, 'chat', text='Can you hear me?')
        for killed in (0, 1):
            begin = time.monotonic()
            fronts[killed].stop(kill=True)
            wait_for('both ends to be cut off or to stay', lambda: browser.closed is not None or doctor.closed is not None, 10)
            browser = come(fronts, path, at_patient, cookie=patient.cookie())
            doctor = come(fronts, path, at_doctor, token=clinic.doctor)
            doctor.send({'type': 'chat', 'text': f'I am back {killed}', 'id': f'd{killed}'})
            expect(browser, 'chat', text=f'I am back {killed}')
            assert time.monotonic() - begin < 15
            fronts[killed].start()
            for _ in range(20):  # the copy that came back may take the visit over: both ends come again
                time.sleep(0.2)
            browser = come(fronts[:1], path, at_patient, cookie=patient.cookie())
            doctor = come(fronts[1:], path, at_doctor, token=clinic.doctor)
            browser.send({'type': 'chat', 'text': f'together {killed}', 'id': f'b{killed}'})
            expect(doctor, 'chat', text=f'together {killed}')
    finally:
        for front in fronts:
            if sys.exc_info()[0]:
                print('# ' + front.said()[-1500:].replace('\n', '\n# '))
            front.stop()


class Stranger:
    """Asks a server that is no hub."""

    def __init__(self, base, token):
        self.base, self.token = base, token

    ask, search, patient_of = HubClient.ask, HubClient.search, HubClient.patient_of

    @property
    def url(self):
        return self.base.removesuffix('/fhir')


def signed(front, appointment, patient):
    """A link as the hub makes it: that peer knows no people whom it could ask for one."""
    key = bytes.fromhex(open(front.link_key).read().strip())

    def digest(text):
        return base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode().rstrip('=')
    said = f"1:{int(time.time()) + 3600}:{digest('patient:' + patient)[:22]}:{appointment}"
    body = base64.urlsafe_b64encode(said.encode()).decode().rstrip('=')
    return f'{front.url}/join/{body}.{seal(key, body)}'


def test_waiting_room_in_a_strangers_server(clinic):
    with peers.Peer('medplum-peer.mjs', '--token', 'secret') as peer, \
            Front(peer.base, 'secret', os.path.join(FOLDER, 'stranger.key')) as front:
        stranger = Stranger(peer.base, 'secret')
        appointment, born = booked(stranger)
        link = signed(front, appointment['id'], stranger.patient_of(appointment)['id'])
        assert Patient(link).verify('1899-02-03')[1]['triesLeft'] == 4
        patient = Patient(link)
        answer = patient.wait(born)
        assert answer['step'] == 'waiting' and still(patient.ask('state')[1]) == still(answer)
        assert stranger.ask('GET', f"Appointment/{appointment['id']}")[1]['status'] == 'arrived'
        encounter = stranger.ask('GET', f"Encounter/{answer['visit']}")[1]
        assert encounter['status'] == 'arrived' and encounter['appointment'][0]['reference'].endswith(appointment['id'])
        task, = stranger.search(f"Task?encounter=Encounter/{answer['visit']}")
        assert code_of(task) == 'join-link' and len(stranger.search('Encounter?_count=50')) == 1
        patient.ask('leave', {})
        assert stranger.ask('GET', f"Encounter/{answer['visit']}")[1]['status'] == 'planned'
        again = patient.ask('wait', {})[1]
        assert (again['step'], again['visit']) == ('waiting', answer['visit'])


def run(tests, *arguments):
    for test in tests:
        run.number += 1
        name = test.__name__[5:].replace('_', '-')
        try:
            test(*arguments)
            print(f'ok {run.number} - {name}', flush=True)
        except Exception:
            run.failed += 1
            print(f'not ok {run.number} - {name}')
            print('# ' + traceback.format_exc().replace('\n', '\n# '), flush=True)


run.number = run.failed = 0

CLINIC = [test_link_is_signed, test_waiting_room_is_upstream, test_wrong_dates_are_counted_upstream, test_nothing_is_kept,
          test_fhir_says_where, test_sockets_meet, test_lobby_asks_upstream,
          test_upstream_down_and_back, test_token_is_read_again,
          test_copies_meet_and_one_is_killed, test_waiting_room_in_a_strangers_server]
print(f'1..{len(CLINIC)}', flush=True)
with Hub() as hub, Front(f'{hub.url}/fhir', token_of(hub, 'admin'), os.path.join(FOLDER, 'link.key')) as front:
    clinic = Clinic(hub, front)
    run(CLINIC, clinic)
    if run.failed:
        print('# ' + front.said()[-2000:].replace('\n', '\n# '))
sys.exit(run.failed > 0)
