# SPDX-License-Identifier: GPL-3.0-or-later
"""A backup of the hub is restored while a workstation has newer records: nothing is lost, and what the backup lacks comes back.

    test_restore.py SYNC-PEER
"""
import os
import subprocess
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
from hub import Hub, PROGRAM, wait_for  # noqa: E402
from station import Workstation, change  # noqa: E402

PATIENT = 'restored-patient'
SUBJECT = {'reference': f'Patient/{PATIENT}'}
PULSES = 4


class Line:
    def __init__(self, hub):
        self.base, self.token = f'{hub.url}/fhir', hub.token


def run(hub, *words):
    subprocess.run([PROGRAM, words[0], '--data', hub.data(), '--key-file', hub.key, *words[1:]], check=True,
                   stdout=subprocess.DEVNULL)


def restore(hub, backup):
    """The hub goes away, gets the records of the backup, and comes back; every sign-in has ended."""
    hub.stop()
    run(hub, 'restore', '--input', backup, '--replace')
    hub.start()
    hub.token = subprocess.run([PROGRAM, 'token', '--data', hub.data(), '--key-file', hub.key, '--user', 'admin'],
                               capture_output=True, text=True, check=True).stdout.strip()


def patient(city):
    return {'resourceType': 'Patient', 'id': PATIENT, 'address': [{'city': city}]}


def pulses_on(hub):
    return {record['id']: record['meta']['versionId'] for record in hub.search(f'Observation?subject=Patient/{PATIENT}')}


def write(station, group, verb, record):
    answer = station.ask(do='write', group=group, patient=PATIENT, changes=[change(verb, record)])
    assert 'error' not in answer, answer


def states(station):
    return {entry['group']: entry['state'] for entry in station.ask(do='state')['journal']}


def gives_back(hub):
    backup = os.path.join(hub.folder, 'backup')
    assert hub.ask('PUT', f'Patient/{PATIENT}', patient('Leith'))[0] == 201
    line = Line(hub)
    with Workstation(line) as station:
        wait_for('the patient', lambda: PATIENT in station.records('Patient'), 60)
        run(hub, 'backup', '--output', backup)
        ids = [str(uuid.uuid4()) for _ in range(PULSES)]
        for number, id_ in enumerate(ids):
            write(station, f'pulse{number}', 'create', {'resourceType': 'Observation', 'id': id_, 'status': 'final',
                                                        'subject': SUBJECT, 'code': {'text': 'Pulse'}})
        write(station, 'moved', 'update', {**station.records('Patient')[PATIENT], 'address': [{'city': 'Granton'}]})
        wait_for('the changes to be sent', lambda: set(states(station).values()) == {'done'}, 60)
        station.kill()

        restore(hub, backup)
        assert not pulses_on(hub)
        line.token = hub.token
        station.start()
        write(station, 'again', 'update', {**station.records('Patient')[PATIENT], 'address': [{'city': 'Newhaven'}]})
        wait_for('the restore to be noticed', lambda: 'earlier day' in station.ask(do='state')['sentence'], 60)
        assert states(station)['again'] == 'waiting' and not pulses_on(hub)
        assert set(ids) <= set(station.records('Observation'))

        station.ask(do='accept', offer=True)
        wait_for('what the backup lacks', lambda: set(pulses_on(hub)) == set(ids), 60)
        assert set(pulses_on(hub).values()) == {'1'}, pulses_on(hub)
        # What waited was based on a version that the hub never had: a person sees both sides.
        wait_for('both sides', lambda: states(station)['again'] == 'held', 60)
        assert hub.ask('GET', f'Patient/{PATIENT}')[1]['address'] == [{'city': 'Leith'}]
        station.ask(do='decide', group='again', decision='mine')
        wait_for('the choice', lambda: hub.ask('GET', f'Patient/{PATIENT}')[1]['address'] == [{'city': 'Newhaven'}], 60)
        station.ask(do='reconcile')
        wait_for('everything', lambda: station.ask(do='state')['state'] == 'idle', 60)
        assert set(ids) <= set(station.records('Observation'))


def main():
    print('1..1', flush=True)
    failed = None
    try:
        with Hub() as hub:
            gives_back(hub)
    except Exception as error:
        failed = f'{type(error).__name__}: {error}'
        print('# ' + failed[:3000].replace('\n', '\n# '))
    print(f'{"not " if failed else ""}ok 1 - what a restored backup lacks comes back', flush=True)
    sys.exit(1 if failed else 0)


main()
