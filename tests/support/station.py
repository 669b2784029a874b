# SPDX-License-Identifier: GPL-3.0-or-later
"""A workstation without windows: tests/sync/sync-peer.c, driven by lines."""
import json
import os
import subprocess
import sys
import tempfile

from hub import wait_for

OPEN = ('waiting', 'sending', 'unknown')


def change(verb, resource):
    return {'verb': verb, 'resource': json.dumps(resource, ensure_ascii=False)}


class Workstation:
    """A store in a folder and the engine; can be killed and started again. The program is the first argument of the test.

    server: has a base and a token
    """

    def __init__(self, server):
        self.server, self.folder = server, tempfile.TemporaryDirectory(prefix='bedside-peer-')
        self.start()

    def start(self):
        environment = {name: value for name, value in os.environ.items() if name != 'BEDSIDE_TEST_FHIR_TOKEN'}
        if self.server.token:
            environment['BEDSIDE_TEST_FHIR_TOKEN'] = self.server.token
        self.process = subprocess.Popen([sys.argv[1], self.server.base, self.folder.name], env=environment, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if exception[0] is not None and self.process.poll() is None:
            print(f'# the workstation: {self.ask(do="state")}', flush=True)
        self.process.stdin.close()
        status = self.process.wait(20)
        self.process.stdout.close()
        self.folder.cleanup()
        assert exception[0] is not None or status == 0, f'sync-peer ended with {status}'

    def say(self, **command):
        self.process.stdin.write(json.dumps(command) + '\n')
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, **command):
        self.say(**command)
        return self.hear()

    def records(self, type_):
        return {record['id']: record for record in map(json.loads, self.ask(do='list', type=type_)['resources'])}

    def wait_pull(self, seconds=60):
        wait_for('the first reading', lambda: self.ask(do='state')['lastPull'] > 0, seconds)

    def settle(self, seconds=60):
        """The state once no change is on its way any more, and the server is read again or a person is needed."""
        def settled():
            state = self.ask(do='state')
            closed = all(entry['state'] not in OPEN for entry in state['journal'])
            return state if closed and (state['state'] == 'idle' or state['aside']) else None
        return wait_for('the changes to be settled', settled, seconds)
