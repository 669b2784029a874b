# SPDX-License-Identifier: GPL-3.0-or-later
"""A large file over a thin line: what else is to be sent and read does not wait for it.

    test_large_upload.py SYNC-PEER MEGABYTES MEGABITS

How long something waited is counted in the bytes of the file that went up meanwhile, so that a busy machine changes nothing.
"""
import json
import os
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from hub import Hub, wait_for  # noqa: E402
from slow_proxy import SlowProxy  # noqa: E402
from station import Workstation, change  # noqa: E402

PATIENT = 'large-patient'
SUBJECT = {'reference': f'Patient/{PATIENT}'}
ORDERS = 3
BUFFERS = 192 * 1024  # what is in the sender's and the line's buffers
TOO_LARGE = 60  # MB, more than the hub takes
MB = 1_000_000


class Line:
    def __init__(self, hub, megabits):
        self.proxy, self.token = SlowProxy(hub.port, megabits * MB), hub.token
        self.base = f'{self.proxy.url}/fhir'


def document(id_, megabytes):
    return {'resourceType': 'DocumentReference', 'id': id_, 'status': 'current', 'subject': SUBJECT,
            'content': [{'attachment': {'contentType': 'image/jpeg', 'data': 'QUFB' * (megabytes * MB // 4)}}]}


def order(id_):
    return {'resourceType': 'MedicationRequest', 'id': id_, 'status': 'active', 'intent': 'order', 'subject': SUBJECT,
            'identifier': [{'system': 'https://bedside.health/fhir/prescription-id', 'value': id_}],
            'medicationCodeableConcept': {'text': f'medicine {id_}'}}


class Upload:
    def __init__(self, hub, megabytes, megabits):
        self.hub, self.megabytes = hub, megabytes
        self.line = Line(hub, megabits)
        self.rate = self.line.proxy.rate

    def write(self, group, record, priority=0):
        answer = self.station.ask(do='write', group=group, patient=PATIENT, priority=priority, changes=[change('create', record)])
        assert 'error' not in answer, answer

    def state(self, group):
        state = self.station.ask(do='state')
        return next(entry for entry in state['journal'] if entry['group'] == group), state['sentence']

    def wait_state(self, group, wanted, seconds):
        wait_for(f'{group} to be {wanted}', lambda: self.state(group)[0]['state'] == wanted, seconds)

    def wait_told(self, earlier=None):
        """The sentence in which a person reads how far the file is."""
        return wait_for('the file to be told', lambda: next(
            (said for said in [self.state('file')[1]] if 'A large file is on its way' in said and said != earlier), None), 60)

    def orders_pass(self):
        for number in range(ORDERS):
            before, name = self.line.proxy.busiest(), f'rx{number}'
            self.write(name, order(str(uuid.uuid4())), priority=10)
            self.wait_state(name, 'done', 120)
            went = self.line.proxy.busiest() - before
            print(f'# while {name} was sent, {went} bytes of the file went: {went / self.rate:.2f} s of the line', flush=True)
            assert went <= self.rate + BUFFERS, f'{name} waited for {went} bytes of the file'

    def others_are_read(self):
        status, _ = self.hub.ask('PUT', 'Task/large-task', {'resourceType': 'Task', 'id': 'large-task', 'status': 'requested',
                                                            'intent': 'order', 'for': SUBJECT})
        assert status == 201
        self.station.ask(do='open', patient=PATIENT)
        wait_for('what another wrote', lambda: 'large-task' in self.station.records('Task'), 120)

    def is_cut(self):
        """The line fails for a moment: the file begins again, once, and nothing else is in doubt."""
        self.line.proxy.cut()
        self.line.proxy.restore()
        self.station.ask(do='wake')

    def is_there_once(self):
        there = self.hub.search(f'DocumentReference?subject=Patient/{PATIENT}')
        assert [record['meta']['versionId'] for record in there] == ['1'], [record['meta'] for record in there]
        assert len(there[0]['content'][0]['attachment']['data']) == self.megabytes * MB
        assert len(self.hub.search(f'MedicationRequest?subject=Patient/{PATIENT}')) == ORDERS
        most = 2.2 * self.megabytes * MB
        assert self.line.proxy.total <= most, f'{self.line.proxy.total} bytes went up for one cut'

    def too_large_is_refused(self):
        self.line.proxy.rate = 1_000 * MB
        self.write('huge', document('huge', TOO_LARGE))
        self.wait_state('huge', 'refused', 120)
        entry, _ = self.state('huge')
        print(f'# {entry["reason"]}', flush=True)
        self.write('after', {'resourceType': 'Observation', 'id': str(uuid.uuid4()), 'status': 'final', 'subject': SUBJECT,
                             'code': {'text': 'Pulse'}})
        self.wait_state('after', 'done', 60)

    def run(self):
        assert self.hub.ask('PUT', f'Patient/{PATIENT}', {'resourceType': 'Patient', 'id': PATIENT})[0] == 201
        with Workstation(self.line) as self.station:
            self.station.wait_pull(120)
            self.write('file', document('large', self.megabytes))
            said = self.wait_told()
            print(f'# {said}', flush=True)
            self.wait_told(said)
            self.orders_pass()
            self.others_are_read()
            assert self.state('file')[0]['state'] == 'sending', json.dumps(self.state('file'))
            self.is_cut()
            seconds = 60 + 4 * self.megabytes * MB / self.rate
            self.wait_state('file', 'done', seconds)
            wait_for('the end to be told', lambda: 'A large file' not in self.state('file')[1], 60)
            self.is_there_once()
            self.too_large_is_refused()


def main():
    megabytes, megabits = int(sys.argv[2]), float(sys.argv[3])
    print('1..1', flush=True)
    failed = None
    try:
        with Hub() as hub:
            Upload(hub, megabytes, megabits).run()
    except Exception as error:
        failed = f'{type(error).__name__}: {error}'
        print('# ' + failed[:3000].replace('\n', '\n# '))
    print(f'{"not " if failed else ""}ok 1 - {megabytes} MB over {megabits} Mbit/s', flush=True)
    sys.exit(1 if failed else 0)


main()
