#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pharmacy's counter beside a hub, as an external system: each of its faults, and being killed and cut at every step."""
import os
import re
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from hub import DIRECT, PROGRAM, Hub, HubClient, wait_for  # noqa: E402

COUNTER = os.environ.get('BEDSIDE_PHARMACY', 'bedside-pharmacy')
SYSTEM = 'https://bedside.health/fhir/task'
LONG = 60


class Counter:
    def __init__(self, clinic, *faults):
        self.process = subprocess.Popen(
            [COUNTER, '--server', clinic.hub.url, '--token-file', clinic.token_file, '--organization', clinic.owner, *faults],
            stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert re.fullmatch(r'http://127\.0\.0\.1:\d+/[^/]+/', self.url), self.url

    def stop(self, kill=False):
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait(20)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()


class Clinic:
    """A hub, a pharmacy that may sign in, and orders sent to it."""

    def __init__(self, hub):
        self.hub, self.orders = hub, 0
        organization = next(o for o in hub.search('Organization?name=Harbour') if 'Pharmacy' in o['name'])
        self.owner = f"Organization/{organization['id']}"
        self.patient = hub.search('Patient?_count=1')[0]
        token = subprocess.run([PROGRAM, 'token', '--data', hub.data(), '--key-file', hub.key, '--user', 'pharmacy'],
                               capture_output=True, text=True, check=True).stdout.strip()
        self.counter = HubClient(hub.url, token)
        self.token_file = os.path.join(hub.folder, 'pharmacy-token')
        with open(os.open(self.token_file, os.O_CREAT | os.O_WRONLY, 0o600), 'w') as file:
            file.write(token + '\n')

    def order(self, medicine='Amlodipine 5 mg <b>tablet</b>', repeats=0):
        """A prescription that the patient has sent to the pharmacy."""
        self.orders += 1
        name = f'cycle-{self.orders}'
        subject = {'reference': f"Patient/{self.patient['id']}"}
        status, _ = self.hub.ask('PUT', f'MedicationRequest/{name}', {
            'resourceType': 'MedicationRequest', 'id': name, 'status': 'active', 'intent': 'order', 'subject': subject,
            'medicationCodeableConcept': {'text': medicine}, 'dosageInstruction': [{'text': 'one tablet once a day'}],
            'dispenseRequest': {'numberOfRepeatsAllowed': repeats, 'quantity': {'value': 28, 'unit': 'tablet'}}})
        assert status == 201, status
        self.put_task(f'{name}-task', 'dispense', name, self.owner)
        return name

    def put_task(self, task, code, name, owner):
        status, answer = self.hub.ask('PUT', f'Task/{task}', {
            'resourceType': 'Task', 'id': task, 'status': 'requested', 'intent': 'order',
            'code': {'coding': [{'system': SYSTEM, 'code': code}]}, 'authoredOn': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()),
            'focus': {'reference': f'MedicationRequest/{name}'}, 'for': {'reference': f"Patient/{self.patient['id']}"},
            'owner': {'reference': owner}})
        assert status == 201, (status, answer)

    def put_token(self, name, token):
        """As the workstation sends what it printed."""
        status, answer = self.hub.ask('PUT', f'Task/{name}-code', {
            'resourceType': 'Task', 'id': f'{name}-code', 'status': 'requested', 'intent': 'order',
            'identifier': [{'system': 'https://bedside.health/fhir/collect-token', 'value': token}],
            'code': {'coding': [{'system': SYSTEM, 'code': 'collect'}]},
            'focus': {'reference': f'MedicationRequest/{name}'}, 'for': {'reference': f"Patient/{self.patient['id']}"}})
        assert status == 201, (status, answer)

    def cancel(self, name):
        request = self.hub.ask('GET', f'MedicationRequest/{name}')[1]
        assert self.hub.ask('PUT', f'MedicationRequest/{name}', {**request, 'status': 'cancelled'})[0] == 200
        self.put_task(f'{name}-cancel', 'cancel-supply', name, self.owner)

    def status(self, task):
        return self.hub.ask('GET', f'Task/{task}')[1]['status']

    def wait_status(self, task, status):
        began = time.monotonic()
        wait_for(f'{task} is {status}, it is {self.status(task)}', lambda: self.status(task) == status, LONG)
        print(f'# {task}: {status} after {time.monotonic() - began:.2f} s', flush=True)

    def handed_out(self, name):
        return self.hub.search(f'MedicationDispense?prescription=MedicationRequest/{name}')


def test_dispenses(clinic):
    name = clinic.order()
    with Counter(clinic):
        clinic.wait_status(f'{name}-task', 'completed')
    handed = clinic.handed_out(name)
    assert len(handed) == 1 and handed[0]['quantity']['value'] == 28 and handed[0]['status'] == 'completed', handed
    assert handed[0]['subject']['reference'] == f"Patient/{clinic.patient['id']}"


def test_refuses(clinic):
    name = clinic.order()
    with Counter(clinic, '--refuse'):
        clinic.wait_status(f'{name}-task', 'rejected')
    assert clinic.hub.ask('GET', f'Task/{name}-task')[1]['statusReason']['text'] == 'we do not supply this'
    assert clinic.handed_out(name) == []


def test_waits_with_a_reason(clinic):
    for fault, words in (('--ask', 'is this dose meant'), ('--out-of-stock', 'out of stock')):
        name = clinic.order()
        with Counter(clinic, fault):
            clinic.wait_status(f'{name}-task', 'on-hold')
        assert words in clinic.hub.ask('GET', f'Task/{name}-task')[1]['statusReason']['text']
        assert clinic.handed_out(name) == []


def test_loses_each_answer(clinic):
    name = clinic.order()
    with Counter(clinic, '--lose-answer'):
        clinic.wait_status(f'{name}-task', 'completed')
    assert len(clinic.handed_out(name)) == 1
    # accepted, ready, completed: each message was sent twice and counted once
    assert clinic.hub.ask('GET', f'Task/{name}-task')[1]['meta']['versionId'] == '4'


def test_substitutes(clinic):
    name = clinic.order()
    with Counter(clinic, '--substitute'):
        clinic.wait_status(f'{name}-task', 'completed')
    handed = clinic.handed_out(name)
    assert len(handed) == 1 and handed[0]['substitution']['wasSubstituted'] is True, handed
    assert 'another maker' in handed[0]['medicationCodeableConcept']['text']


def test_hands_out_a_part(clinic):
    name = clinic.order()
    with Counter(clinic, '--partial'):
        clinic.wait_status(f'{name}-task', 'on-hold')
    handed = clinic.handed_out(name)
    assert len(handed) == 1 and handed[0]['quantity']['value'] == 14, handed


def test_is_slow(clinic):
    name = clinic.order()
    with Counter(clinic, '--slow', '1'):
        clinic.wait_status(f'{name}-task', 'completed')
    assert len(clinic.handed_out(name)) == 1


def test_stops_what_is_cancelled(clinic):
    name = clinic.order()
    with Counter(clinic, '--keep'):
        clinic.wait_status(f'{name}-task', 'ready')
        clinic.cancel(name)
        clinic.wait_status(f'{name}-cancel', 'completed')
    assert clinic.status(f'{name}-task') == 'cancelled' and clinic.handed_out(name) == []


def test_cannot_stop_what_is_on_its_way(clinic):
    before = len(clinic.hub.search(f'Task?code={SYSTEM}%7Ccall-patient'))
    name = clinic.order()
    with Counter(clinic, '--keep', '--deliver'):
        clinic.wait_status(f'{name}-task', 'ready')
        clinic.cancel(name)
        clinic.wait_status(f'{name}-cancel', 'rejected')
    calls = clinic.hub.search(f'Task?code={SYSTEM}%7Ccall-patient')
    assert len(calls) == before + 1
    assert calls[-1]['priority'] == 'urgent'


def test_killed_and_cut_at_every_step(clinic):
    """The counter is killed after each step, the hub in between: handed out exactly once."""
    name = clinic.order()
    for step, faults in (('accepted', ('--ask', '--slow', '2')), ('ready', ('--keep',)), ('completed', ())):
        counter = Counter(clinic, *faults)
        clinic.wait_status(f'{name}-task', step)
        counter.stop(kill=True)
        clinic.hub.stop(kill=True)
        clinic.hub.start()
    with Counter(clinic):
        probe = clinic.order()  # it has looked at all again once this one is done
        clinic.wait_status(f'{probe}-task', 'completed')
    handed = clinic.handed_out(name)
    assert len(handed) == 1 and handed[0]['meta']['versionId'] == '1', handed


def test_page(clinic):
    name = clinic.order(medicine='<script>alert(1)</script>')
    with Counter(clinic, '--keep') as counter:
        clinic.wait_status(f'{name}-task', 'ready')

        def page():
            with DIRECT.open(counter.url, timeout=20) as answer:
                assert "default-src 'none'" in answer.headers['Content-Security-Policy']
                return answer.read().decode()
        wait_for('the page shows the order', lambda: '&lt;script&gt;' in page(), LONG)
        assert '<script' not in page() and 'No certification is claimed' in page()
        for wrong in ('', 'x/', '../'):
            try:
                DIRECT.open(re.match(r'http://[^/]+/', counter.url).group(0) + wrong, timeout=20)
                raise AssertionError('the page is open to who does not know its address')
            except urllib.error.HTTPError as error:
                assert error.code == 404
    clinic.hub.ask('PUT', f'Task/{name}-task', {**clinic.hub.ask('GET', f'Task/{name}-task')[1], 'status': 'cancelled'})


def test_asks_and_goes_on_with_the_answer(clinic):
    """What a prescriber approves is prepared, what one declines is not: each kind of question, by the Task that the hub makes."""
    for fault, kind, answer, end in (('--ask', 'dose-question', 'approved', 'completed'),
                                     ('--ask-substitute', 'substitution', 'approved', 'completed'),
                                     ('--out-of-stock', 'out-of-stock', 'declined', 'rejected')):
        name = clinic.order()
        with Counter(clinic, fault):
            clinic.wait_status(f'{name}-task', 'on-hold')
            asked = clinic.hub.search(f'Task?code={SYSTEM}%7Cchange-request&focus=MedicationRequest/{name}')
            assert len(asked) == 1 and asked[0]['businessStatus']['coding'][0]['code'] == kind, asked
            status = 'completed' if answer == 'approved' else 'rejected'
            changed = {**asked[0], 'status': status, 'businessStatus': {'coding': [{'system': SYSTEM, 'code': answer}]}}
            assert clinic.hub.ask('PUT', f"Task/{asked[0]['id']}", changed)[0] == 200
            clinic.wait_status(f'{name}-task', end)
        handed = clinic.handed_out(name)
        assert len(handed) == (1 if end == 'completed' else 0), handed
        assert not handed or handed[0]['substitution']['wasSubstituted'] is (fault == '--ask-substitute')


def test_asks_for_a_renewal(clinic):
    name = clinic.order()
    with Counter(clinic, '--renew', '--lose-answer'):
        clinic.wait_status(f'{name}-task', 'completed')
    asked = clinic.hub.search(f'Task?code={SYSTEM}%7Crenewal&focus=MedicationRequest/{name}')
    assert len(asked) == 1 and asked[0]['requester']['reference'] == clinic.owner, asked


def code_of(number, token):
    """As the paper and the patient's page have it."""
    body, total = f'RX1/{number}/{token}'.upper(), 0
    for sign in body:
        total = (total * 39 + '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./'.index(sign)) % 97
    return f'{body}/{total:02}'


def test_takes_a_code(clinic):
    """Printed without a network: the code of the paper, typed at the counter, then exactly one dispensing. What is no code is opened
    by nobody."""
    name, token = clinic.order(), 'feedfacefeedfacefeedface'
    task = clinic.hub.ask('GET', f'Task/{name}-task')[1]
    clinic.hub.ask('PUT', f'Task/{name}-task', {**task, 'status': 'cancelled'})
    with Counter(clinic) as counter:
        def send(text):
            body = urllib.parse.urlencode({'code': text}).encode()
            try:
                with DIRECT.open(counter.url + 'code', body, timeout=20) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode()

        def page():
            with DIRECT.open(counter.url, timeout=20) as answer:
                return answer.read().decode()
        for hostile in ('', 'http://127.0.0.1:1/', 'javascript:alert(1)', '<script>alert(1)</script>', 'RX1/a/b/00', 'x' * 5000,
                        code_of(name, token)[:-1] + 'X'):
            status, text = send(hostile)
            assert status == 400 and '<script' not in text and 'alert(1)' not in text, (hostile, status, text)
        assert send(code_of(name, token))[0] == 200
        wait_for('an unknown code is said', lambda: 'No prescription has this code here' in page(), LONG)
        clinic.put_token(name, token)
        assert send(' ' + code_of(name, token).lower() + '\r\n')[0] == 200
        clinic.wait_status(f'{name}-task', 'completed')
        wait_for('it is said', lambda: f'Prescription {name} is here.' in page(), LONG)
        assert token not in page()
    assert len(clinic.handed_out(name)) == 1


TESTS = [test_asks_and_goes_on_with_the_answer, test_asks_for_a_renewal, test_takes_a_code, test_dispenses, test_refuses, test_waits_with_a_reason, test_loses_each_answer, test_substitutes,
         test_hands_out_a_part, test_is_slow, test_stops_what_is_cancelled, test_cannot_stop_what_is_on_its_way,
         test_killed_and_cut_at_every_step, test_page]


def main():
    failed = False
    print(f'1..{len(TESTS)}')
    with Hub() as hub:
        clinic = Clinic(hub)
        for number, test in enumerate(TESTS, 1):
            try:
                test(clinic)
                print(f'ok {number} - {test.__name__}', flush=True)
            except Exception:
                failed = True
                print('# ' + traceback.format_exc().replace('\n', '\n# '))
                print(f'not ok {number} - {test.__name__}', flush=True)
    return 1 if failed else 0


sys.exit(main())
