# SPDX-License-Identifier: GPL-3.0-or-later
"""The sync engine against servers that nobody here wrote, against bedside-hub, and against any server: see tests/README.md.

    test_peers.py SYNC-PEER [SERVER]     SERVER: medplum, medplum-own-ids, asymmetrik, hub; else all

Each case seeds records, lets a workstation without windows (sync-peer) read and change them, and then asks the server whether
everything arrived exactly once.
"""
import contextlib
import datetime
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import peers  # noqa: E402
from hub import DIRECT, Hub, wait_for  # noqa: E402
from station import Workstation, change  # noqa: E402

OBSERVATIONS = 55  # more than a page of the medplum peer
WRITES = [['create', 'DocumentReference'], ['create', 'MedicationRequest'], ['create', 'Provenance'], ['delete', 'Task'],
          ['update', 'Patient']]
SEEDED = ['Practitioner', 'Patient', 'Appointment', 'AllergyIntolerance', 'MedicationRequest', 'Task', 'Observation']


class Server:
    """A FHIR server, and what this test put there."""

    def __init__(self, base, token=None):
        self.base, self.token, self.mark = base.rstrip('/'), token, None
        self.root = self.base.rsplit('/', 1)[0]
        self.ids = {}

    def ask(self, method, url, body=None):
        """(status, headers, object) of a request"""
        headers = {'Content-Type': 'application/fhir+json', 'Accept': 'application/fhir+json', 'X-Peer-Test': '1'}
        if self.token:
            headers['Authorization'] = f'Bearer {self.token}'
        request = urllib.request.Request(url if '://' in url else f'{self.base}/{url}', method=method, headers=headers,
                                         data=json.dumps(body).encode() if body is not None else None)
        try:
            with DIRECT.open(request, timeout=20) as answer:
                text = answer.read()
                return answer.status, answer.headers, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode(errors='replace')

    def create(self, resource):
        status, headers, answer = self.ask('POST', resource['resourceType'], resource)
        assert status == 201, (status, answer)
        parts = headers['Location'].split('/_history')[0].split('/')
        self.ids.setdefault(parts[-2], []).append(parts[-1])
        return parts[-1]

    def read(self, type_, id_):
        status, _, answer = self.ask('GET', f'{type_}/{id_}')
        return answer if status == 200 else None

    def everything(self, type_):
        url, found = f'{type_}?_count=500', []
        while url:
            status, _, bundle = self.ask('GET', url)
            assert status == 200, (url, status, bundle)
            found += [entry['resource'] for entry in bundle.get('entry', [])]
            url = next((link['url'] for link in bundle.get('link', []) if link['relation'] == 'next'), None)
        return found

    def faults(self, **faults):
        status, _, answer = self.ask('POST', f'{self.root}/$faults', faults)
        assert status == 200, answer

    def seed(self):
        """A patient with a small chart, and other patients."""
        mark = self.mark = uuid.uuid4().hex
        reference = {}

        def make(type_, **elements):
            reference[type_] = f'{type_}/{self.create({"resourceType": type_, **elements})}'
            return {'reference': reference[type_]}

        who = make('Practitioner', name=[{'family': 'Osei', 'given': ['Ama']}])
        for number in range(3):
            make('Patient', name=[{'family': f'Other-{mark}', 'given': [f'Number {number}']}])
        patient = make('Patient', name=[{'family': f'Peer-{mark}', 'given': ['Ana', 'María']}], gender='female',
                       birthDate='1961-03-12', identifier=[{'system': 'https://example.org/mrn', 'value': mark}])
        start = datetime.datetime.now(datetime.timezone.utc)
        make('Appointment', status='booked', start=start.isoformat(timespec='seconds'),
             end=(start + datetime.timedelta(minutes=20)).isoformat(timespec='seconds'),
             participant=[{'actor': patient, 'status': 'accepted'}, {'actor': who, 'status': 'accepted'}])
        make('AllergyIntolerance', patient=patient, code={'text': 'penicillin'}, clinicalStatus={'coding': [{
            'system': 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'code': 'active'}]})
        make('MedicationRequest', status='active', intent='order', subject=patient,
             medicationCodeableConcept={'text': 'metformin 500 mg tablet'})
        make('Task', status='requested', intent='order', description='Call back', **{'for': patient})
        for number in range(OBSERVATIONS):
            make('Observation', status='final', code={'text': 'Heart rate'}, subject=patient,
                 valueQuantity={'value': 60 + number, 'unit': '/min'}, effectiveDateTime='2026-11-09T09:00:00Z')
        return mark, reference

    def writes(self):
        """[[verb, type]] of what was done since the seeding; None where the server does not tell"""
        return None

    def begin(self):
        self.ids = {}

    def end(self):
        pass


class Peer(Server):
    """One that can be emptied, and whose list of writes shows what a search does not."""

    def writes(self):
        done = self.ask('GET', f'{self.root}/$tail')[2]
        return [[write['verb'], write['type']] for write in done[sum(map(len, self.ids.values())):] if write['type'] != 'Subscription']

    def begin(self):
        super().begin()
        assert self.ask('POST', f'{self.root}/$reset')[0] == 200


class Anybody(Server):
    """Somebody's server: takes back what was put there, as far as it lets us."""

    def end(self):
        for type_ in 'Provenance', 'DocumentReference', 'MedicationRequest':
            for record in self.everything(type_):
                if self.mark and self.mark in json.dumps(record):
                    self.ask('DELETE', f'{type_}/{record["id"]}')
        for type_ in reversed(SEEDED):
            for id_ in self.ids.get(type_, []):
                self.ask('DELETE', f'{type_}/{id_}')


def timeless(record):
    """Without the time of its version, which a poor server's answer to a write does not tell."""
    return {**record, 'meta': {**record['meta'], 'lastUpdated': None}}


class Changes:
    """What a clinician does in a minute: a signed prescription, a new phone number, a task taken back, a note."""

    def __init__(self, workstation, mark, reference):
        self.mark, self.reference = mark, reference
        self.patient = reference['Patient'].split('/')[1]
        self.task = reference['Task'].split('/')[1]
        self.workstation = workstation

    def write(self, group, *changes, priority=0):
        answer = self.workstation.ask(do='write', group=group, patient=self.patient, priority=priority, changes=changes)
        assert 'error' not in answer, answer

    def prescribe(self):
        subject = {'reference': self.reference['Patient']}
        request, signature = str(uuid.uuid4()), str(uuid.uuid4())
        self.write('rx', change('create', {
            'resourceType': 'MedicationRequest', 'id': request, 'status': 'active', 'intent': 'order', 'subject': subject,
            'identifier': [{'system': 'https://bedside.health/fhir/prescription-id', 'value': request}],
            'medicationCodeableConcept': {'text': 'nitrofurantoin 100 mg capsule'}, 'note': [{'text': self.mark}],
            'dispenseRequest': {'quantity': {'value': 14, 'unit': 'capsules'}}}),
            change('create', {
                'resourceType': 'Provenance', 'id': signature, 'recorded': '2026-11-09T09:00:00Z',
                'target': [{'reference': f'MedicationRequest/{request}'}],
                'agent': [{'who': {'reference': self.reference['Practitioner'], 'display': self.mark}}]}), priority=10)

    def edit_patient(self):
        def edited():  # unless another version came meanwhile
            record = self.workstation.records('Patient')[self.patient]
            answer = self.workstation.ask(do='write', group='phone', patient=self.patient, changes=[
                change('update', {**record, 'telecom': [{'system': 'phone', 'value': self.mark}]})])
            return 'error' not in answer
        wait_for('the edit', edited)

    def delete_task(self):
        self.write('task', change('delete', {'resourceType': 'Task', 'id': self.task}))

    def write_note(self):
        self.write('note', change('create', {
            'resourceType': 'DocumentReference', 'id': str(uuid.uuid4()), 'status': 'current', 'description': self.mark,
            'type': {'coding': [{'system': 'http://loinc.org', 'code': '11506-3'}]},
            'subject': {'reference': self.reference['Patient']},
            'content': [{'attachment': {'contentType': 'text/plain; charset=utf-8', 'data': 'V2VsbC4='}}]}))

    def make(self):
        self.prescribe()
        self.edit_patient()
        self.delete_task()
        self.write_note()

    def on_server(self, type_):
        return [record for record in self.workstation.server.everything(type_) if self.mark in json.dumps(record)
                and record['id'] not in self.workstation.server.ids.get(type_, [])]

    def check(self, state):
        """Everything arrived, once, and both sides agree."""
        server, workstation = self.workstation.server, self.workstation
        assert {entry['state'] for entry in state['journal']} == {'done'}, state
        assert not state['aside'] and state['waiting'] == state['refused'] == state['held'] == state['conflicts'] == 0, state
        assert sorted(server.writes() or WRITES) == WRITES, server.writes()
        request, = self.on_server('MedicationRequest')
        signature, = self.on_server('Provenance')
        note, = self.on_server('DocumentReference')
        assert [target['reference'] for target in signature['target']] == [f'MedicationRequest/{request["id"]}'], signature
        assert request['subject']['reference'] == note['subject']['reference'] == self.reference['Patient']
        patient = server.read('Patient', self.patient)
        assert patient['telecom'] == [{'system': 'phone', 'value': self.mark}], patient
        assert patient['name'] == [{'family': f'Peer-{self.mark}', 'given': ['Ana', 'María']}], patient
        assert server.read('Task', self.task) is None
        for record in request, signature, note, patient:
            here = workstation.records(record['resourceType'])
            assert timeless(here[record['id']]) == timeless(record), (here[record['id']], record)
            ours = [one for one in here if one not in server.ids.get(record['resourceType'], [])]
            assert sum(self.mark in json.dumps(here[one]) for one in ours) == (record is not patient), ours
        assert self.task not in workstation.records('Task')
        assert state['state'] == 'idle' and state['sentence'], state


def reads_everything(server):
    server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        for type_ in SEEDED:
            missing = set(server.ids[type_]) - set(workstation.records(type_))
            assert not missing, f'{len(missing)} of {type_} did not come'


def sends_everything_once(server):
    mark, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        changes = Changes(workstation, mark, reference)
        changes.make()
        changes.check(workstation.settle())


def survives_faults(server, seed):
    mark, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        changes = Changes(workstation, mark, reference)
        server.faults(fail=0.15, drop=0.3, latency=5, seed=seed)
        changes.make()
        time.sleep(1)
        server.faults()
        changes.check(workstation.settle())


def survives_kill_and_cut_answers(server):
    mark, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        changes = Changes(workstation, mark, reference)
        server.faults(drop=1)
        changes.make()
        time.sleep(0.5)
        workstation.kill()
        server.faults()
        workstation.start()
        changes.check(workstation.settle())


def reads_through_faults(server):
    server.seed()
    server.faults(fail=0.1, drop=0.1, latency=2, seed=3)
    with Workstation(server) as workstation:
        time.sleep(2)
        server.faults()
        workstation.wait_pull(90)
        for type_ in SEEDED:
            assert set(server.ids[type_]) <= set(workstation.records(type_)), type_


def merges_what_another_changed(server, cut):
    mark, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        changes = Changes(workstation, mark, reference)
        if cut:
            server.faults(fail=1)
        changes.edit_patient()
        status, _, answer = server.ask('PUT', f'Patient/{changes.patient}',
                                       {**server.read('Patient', changes.patient), 'birthDate': '1961-03-13'})
        assert status == 200, answer
        if cut:
            server.faults()
        state = workstation.settle()
        patient = server.read('Patient', changes.patient)
        assert patient['birthDate'] == '1961-03-13', (patient, state)
        assert patient['telecom'] == [{'system': 'phone', 'value': mark}], (patient, state)


def names_what_is_refused(server):
    mark, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        changes = Changes(workstation, mark, reference)
        changes.write('bad', change('update', {**workstation.records('Observation')[server.ids['Observation'][0]], 'code': {}}))
        changes.write('bad', change('update', {**workstation.records('Patient')[server.ids['Patient'][0]], 'gender': 'female'}))
        changes.write_note()
        state = workstation.settle()
        states = {entry['group']: entry['state'] for entry in state['journal']}
        assert states == {'bad': 'refused', 'note': 'done'}, state
        assert state['refused'] == 1 and 'Missing required property' in ''.join(state['aside']), state
        assert len(changes.on_server('DocumentReference')) == 1
        assert 'gender' not in server.read('Patient', server.ids['Patient'][0]), 'half a group was taken'


def notices_what_is_gone(server):
    _, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        gone = [reference['Observation'], reference['AllergyIntolerance']]
        for one in gone:
            assert server.ask('DELETE', one)[0] in (200, 204), one
        workstation.ask(do='reconcile')
        wait_for('the deletions to be noticed', lambda: not any(
            one.split('/')[1] in workstation.records(one.split('/')[0]) for one in gone), 30)
        for type_ in SEEDED:
            left = {id_ for id_ in server.ids[type_] if f'{type_}/{id_}' not in gone}
            assert left <= set(workstation.records(type_)), type_


def never_refills_an_emptied_server(server):
    mark, reference = server.seed()
    with Workstation(server) as workstation:
        workstation.wait_pull()
        changes = Changes(workstation, mark, reference)
        before = {type_: set(workstation.records(type_)) for type_ in SEEDED}
        workstation.kill()
        seeded, server.ids = server.ids, {}
        server.begin()
        workstation.start()
        changes.edit_patient()
        changes.write_note()
        wait_for('the server to be noticed', lambda: 'emptied' in workstation.ask(do='state')['sentence'])
        workstation.ask(do='wake')
        time.sleep(1)
        state = workstation.ask(do='state')
        assert 'emptied' in state['sentence'], state
        assert server.writes() == [], server.writes()
        assert {entry['state'] for entry in state['journal']} == {'waiting'}, state
        assert all(before[type_] <= set(workstation.records(type_)) for type_ in seeded)


FAULTY = [('survives-faults-1', lambda server: survives_faults(server, 1)),
          ('survives-faults-2', lambda server: survives_faults(server, 2)),
          ('survives-kill-and-cut-answers', survives_kill_and_cut_answers), ('reads-through-faults', reads_through_faults),
          ('merges-what-another-changed', lambda server: merges_what_another_changed(server, True))]
SOUND = [('reads-everything', reads_everything), ('sends-everything-once', sends_everything_once)]
ANYWHERE = SOUND + [('merges-what-another-changed', lambda server: merges_what_another_changed(server, False))]
GOING = [('notices-what-is-gone', notices_what_is_gone), ('never-refills-an-emptied-server', never_refills_an_emptied_server)]
REFUSING = [('names-what-is-refused', names_what_is_refused)]


@contextlib.contextmanager
def peer(script, *arguments, token=None):
    with peers.Peer(script, *arguments, *(['--token', token] if token else [])) as process:
        yield Peer(process.base, token)


@contextlib.contextmanager
def hub():
    with Hub() as process:
        yield Server(f'{process.url}/fhir', process.token)


@contextlib.contextmanager
def anybody():
    yield Anybody(os.environ['BEDSIDE_TEST_FHIR_BASE'], os.environ.get('BEDSIDE_TEST_FHIR_TOKEN'))


SUITE = [
    ('medplum', lambda: peer('medplum-peer.mjs', '--update-create', token='secret'), SOUND + REFUSING + GOING + FAULTY),
    ('medplum-own-ids', lambda: peer('medplum-peer.mjs', token='secret'), SOUND + FAULTY),
    ('asymmetrik', lambda: peer('asymmetrik-peer.mjs'), SOUND + GOING + FAULTY),
    ('hub', hub, ANYWHERE),
]
if os.environ.get('BEDSIDE_TEST_FHIR_BASE'):
    SUITE = [('hub', anybody, ANYWHERE)]  # in the hub's place


def run(number, name, server, case):
    begun = time.monotonic()
    failed = None
    try:
        server.begin()
        case(server)
    except Exception as error:  # every case is run, and each failure told
        failed = f'{type(error).__name__}: {error}'
        print('# ' + failed[:6000].replace('\n', '\n# '))
    finally:
        server.end()
    print(f'{"not " if failed else ""}ok {number} - {name} # {time.monotonic() - begun:.1f} s', flush=True)
    return not failed


def main():
    if not os.environ.get('BEDSIDE_TEST_FHIR_BASE'):
        peers.require_packages()
    suite = [entry for entry in SUITE if not sys.argv[2:] or entry[0] in sys.argv[2:]]
    print(f'1..{sum(len(cases) for _, _, cases in suite)}', flush=True)
    number, green = 0, True
    for name, start, cases in suite:
        with start() as server:
            for title, case in cases:
                number += 1
                green &= run(number, f'{name}-{title}', server, case)
    sys.exit(0 if green else 1)


main()
