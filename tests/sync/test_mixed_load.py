# SPDX-License-Identifier: GPL-3.0-or-later
"""Two workstations at work with one hub, while processes are killed and lines are cut at random.

    test_mixed_load.py SYNC-PEER KILLS [SEED]

Every change that a workstation took must be on the hub in the end, once and in its first version, and all three must say the
same. A change whose answer the kill swallowed is there whole or not at all.
"""
import os
import random
import subprocess
import sys
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from cut_proxy import CutProxy  # noqa: E402
from hub import Hub, PROGRAM, wait_for  # noqa: E402
from station import OPEN, Workstation, change  # noqa: E402

PATIENT, TASK = 'mixed-patient', 'mixed-task'
PRESCRIPTION = 'https://bedside.health/fhir/prescription-id'
CALM = 120  # seconds until everything is settled


class Line:
    """The way of one workstation to the hub."""

    def __init__(self, hub):
        self.proxy, self.token = CutProxy(hub.port), hub.token
        self.base = f'{self.proxy.url}/fhir'


class Clinician:
    """What a person at one workstation wrote, and what must be left of it."""

    def __init__(self, number, hub):
        self.number, self.line = number, Line(hub)
        self.station = Workstation(self.line)
        self.taken, self.doubtful = {}, {}  # group → what it is
        self.said = None  # in the task that both of them edit
        self.count = 0

    def name(self):
        self.count += 1
        return f'w{self.number}-{self.count}'

    def record(self, kind):
        subject, id_ = {'reference': f'Patient/{PATIENT}'}, str(uuid.uuid4())
        if kind == 'order':
            return {'resourceType': 'MedicationRequest', 'id': id_, 'status': 'active', 'intent': 'order', 'subject': subject,
                    'identifier': [{'system': PRESCRIPTION, 'value': id_}],
                    'medicationCodeableConcept': {'text': f'medicine {id_}'}}
        if kind == 'file':
            return {'resourceType': 'DocumentReference', 'id': id_, 'status': 'current', 'subject': subject,
                    'content': [{'attachment': {'contentType': 'text/plain', 'data': 'A' * 200_000}}]}
        return {'resourceType': 'Observation', 'id': id_, 'status': 'final', 'subject': subject, 'code': {'text': 'Pulse'}}

    def begin_write(self):
        """Sends a write without waiting for the answer: (group, what it is)."""
        group, kind = self.name(), random.choice(['observation'] * 5 + ['order', 'order', 'file', 'task', 'pair'])
        if kind == 'task':
            record = self.station.records('Task').get(TASK)
            if record is None:
                return None
            member = 'description' if self.number == 0 else 'priority'
            value = group if self.number == 0 else random.choice(['routine', 'urgent', 'asap', 'stat'])
            changes, what = [change('update', {**record, member: value})], ('task', member, value)
        else:
            records = [self.record('observation' if kind == 'pair' else kind) for _ in range(2 if kind == 'pair' else 1)]
            changes = [change('create', record) for record in records]
            what = ('created', [(record['resourceType'], record['id']) for record in records])
        self.station.say(do='write', group=group, patient=PATIENT, priority=10 if kind == 'order' else 0, changes=changes)
        return group, what

    def take(self, group, what):
        self.taken[group] = what
        if what[0] == 'task':
            self.said = what

    def write(self, killed=False):
        """Writes something; killed: the program does not live to answer."""
        begun = self.begin_write()
        if begun is None:
            return
        if killed:
            time.sleep(random.random() * 0.01)
            self.station.kill()
            self.doubtful[begun[0]] = begun[1]
            return
        answer = self.station.hear()
        if 'error' not in answer:
            self.take(*begun)
        else:  # another version came meanwhile
            assert begun[1][0] == 'task', answer

    def start(self):
        """Starts again; what was in doubt is either in its outbox or was never written."""
        self.station.start()
        groups = {entry['group'] for entry in self.station.ask(do='state')['journal']}
        for group in [*self.taken]:
            assert group in groups, f'{group} was taken and is lost'
        for group, what in self.doubtful.items():
            if group in groups:
                self.take(group, what)
        self.doubtful = {}

    def tidy(self):
        """Goes through the outbox: whether it is empty."""
        state = self.station.ask(do='state')
        aside = {entry['group']: entry for entry in state['journal'] if entry['state'] in ('held', 'refused')}
        for group, entry in aside.items():
            assert entry['state'] == 'held', entry
            conflict = (entry['reason'] or '').startswith('conflict')
            self.station.ask(do='decide', group=group, decision='mine' if conflict else 'renew')
        waiting = [entry for entry in state['journal'] if entry['state'] in OPEN]
        if waiting:
            self.station.ask(do='wake')
        return not aside and not waiting and state['state'] == 'idle'


def everything(hub, type_):
    path, found = f'{type_}?_count=500&subject=Patient/{PATIENT}', {}
    while path:
        status, bundle = hub.ask('GET', path)
        assert status == 200, (status, bundle)
        for entry in bundle.get('entry', []):
            assert entry['resource']['id'] not in found
            found[entry['resource']['id']] = entry['resource']
        link = next((link['url'] for link in bundle.get('link', []) if link['relation'] == 'next'), None)
        path = link.split('/fhir/', 1)[1] if link else None
    return found


def fault(hub, clinicians):
    """One process dies, or a line is cut, at a moment that nobody chose."""
    kind = random.choice(['hub', 'station', 'writing', 'line'])
    one = random.choice(clinicians)
    time.sleep(random.random() * 0.08)
    if kind == 'hub':
        hub.stop(kill=True)
        hub.start()
    elif kind == 'line':
        one.line.proxy.cut()
        for _ in range(random.randrange(4)):
            one.write()
        one.line.proxy.restore()
        return 0
    else:
        if kind == 'writing':
            one.write(killed=True)
        if one.station.process.poll() is None:
            one.station.kill()
        one.start()
    return 1


def check(hub, clinicians):
    created = [thing for one in clinicians for what in one.taken.values() if what[0] == 'created' for thing in what[1]]
    for type_ in 'Observation', 'MedicationRequest', 'DocumentReference':
        there, wanted = everything(hub, type_), {id_ for of, id_ in created if of == type_}
        print(f'# {len(wanted)} of {type_}, {len(there)} on the hub', flush=True)
        assert not wanted - set(there), f'{len(wanted - set(there))} of {type_} are lost'
        assert not set(there) - wanted, f'{len(set(there) - wanted)} of {type_} are there, and nobody wrote them'
        doubled = [id_ for id_, record in there.items() if record['meta']['versionId'] != '1']
        assert not doubled, f'{type_} written more than once: {doubled}'
    task = hub.ask('GET', f'Task/{TASK}')[1]
    for one in clinicians:
        if one.said:
            assert task.get(one.said[1]) == one.said[2], (one.said, task)


def settle(hub, clinicians):
    def settled():
        if not all([one.tidy() for one in clinicians]):
            return False
        task = hub.ask('GET', f'Task/{TASK}')[1]
        return all(one.station.records('Task')[TASK]['meta']['versionId'] == task['meta']['versionId'] for one in clinicians)
    wait_for('the changes to be settled', settled, CALM)


def same_everywhere(hub, clinicians):
    for type_ in 'Observation', 'MedicationRequest', 'DocumentReference':
        there = set(everything(hub, type_))
        for one in clinicians:
            wait_for(f'{type_} on workstation {one.number}',
                     lambda one=one, there=there, type_=type_: there <= set(one.station.records(type_)), CALM)


def loses_nothing(kills):
    with Hub() as hub:
        assert hub.ask('PUT', f'Patient/{PATIENT}', {'resourceType': 'Patient', 'id': PATIENT})[0] == 201
        assert hub.ask('PUT', f'Task/{TASK}', {'resourceType': 'Task', 'id': TASK, 'status': 'requested', 'intent': 'order',
                                               'for': {'reference': f'Patient/{PATIENT}'}})[0] == 201
        clinicians = [Clinician(number, hub) for number in range(2)]
        with clinicians[0].station, clinicians[1].station:
            for one in clinicians:
                wait_for('the chart', lambda one=one: TASK in one.station.records('Task'), CALM)
            done = 0
            while done < kills:
                for _ in range(random.randrange(1, 5)):
                    random.choice(clinicians).write()
                one = random.choice(clinicians)
                one.station.ask(do=random.choice(['wake', 'open']), patient=PATIENT)
                done += fault(hub, clinicians)
            settle(hub, clinicians)
            same_everywhere(hub, clinicians)
            check(hub, clinicians)
            print(f'# {sum(len(one.taken) for one in clinicians)} changes, {done} kills', flush=True)
        hub.stop()
        subprocess.run([PROGRAM, 'check', '--data', hub.data(), '--key-file', hub.key], check=True, stdout=subprocess.DEVNULL)


def main():
    kills, seed = int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
    random.seed(seed)
    print(f'1..1\n# seed {seed}', flush=True)
    failed = None
    try:
        loses_nothing(kills)
    except Exception as error:
        failed = f'{type(error).__name__}: {error}'
        print('# ' + failed[:6000].replace('\n', '\n# '))
    print(f'{"not " if failed else ""}ok 1 - loses nothing over {kills} kills', flush=True)
    sys.exit(1 if failed else 0)


main()
