# SPDX-License-Identifier: GPL-3.0-or-later
"""A bedside-hub in front of another FHIR server, which keeps nothing, and a patient at its pages."""
import http.cookiejar
import json
import os
import re
import subprocess
import tempfile
import urllib.error
import urllib.request

from hub import PROGRAM


class Front:
    """Runs in an empty folder that is also its home and its place for temporary files: `kept` lists what is in it."""

    def __init__(self, upstream, token, link_key, *options, port=0, **environment):
        self.home = tempfile.mkdtemp(prefix='bedside-front-')
        self.log = tempfile.mktemp(prefix='bedside-front-log-')
        self.token_file = f'{link_key}.token'
        self.upstream, self.link_key, self.options, self.port = upstream, link_key, options, port
        self.environment = environment
        self.put_token(token)
        self.start()

    def put_token(self, token):
        with open(os.open(self.token_file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), 'w') as file:
            file.write(token + '\n')

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, 'serve', '--upstream', self.upstream, '--upstream-token-file', self.token_file, '--link-key-file',
             self.link_key, '--port', str(self.port), *self.options], cwd=self.home, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=open(self.log, 'a'), text=True,
            env={**os.environ, **self.environment, 'HOME': self.home, 'TMPDIR': self.home, 'XDG_CACHE_HOME': self.home, 'XDG_DATA_HOME': self.home,
                 'XDG_CONFIG_HOME': self.home, 'XDG_RUNTIME_DIR': self.home,
                 'GSETTINGS_BACKEND': 'memory'})  # the desktop's proxy settings are none of ours
        line = self.process.stdout.readline()
        found = re.search(r'http://127\.0\.0\.1:(\d+)', line)
        if not found:
            raise AssertionError(f'the hub did not start: {line}{open(self.log).read()[-2000:]}')
        self.port, self.url = int(found.group(1)), found.group(0)

    def stop(self, kill=False):
        if self.process.poll() is None:
            (self.process.kill if kill else self.process.terminate)()
            self.process.wait(15)

    def kept(self):
        return sorted(os.path.join(folder, name) for folder, _, names in os.walk(self.home) for name in names)

    def said(self):
        return open(self.log, errors='replace').read()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()
        if exception[0] is not None:
            print('# ' + self.said()[-3000:].replace('\n', '\n# '))


class Patient:
    """A browser without a face: keeps its cookies, asks what the page asks."""

    def __init__(self, link):
        self.link = link
        self.cookies = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(urllib.request.ProxyHandler({}),
                                                urllib.request.HTTPCookieProcessor(self.cookies)).open

    def page(self):
        try:
            with self.open(self.link, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ask(self, action, body=None, headers=None):
        request = urllib.request.Request(f'{self.link}/{action}', json.dumps(body).encode() if body is not None else None,
                                         {'Content-Type': 'application/json', **(headers or {})})
        try:
            with self.open(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            text = error.read()
            return error.code, json.loads(text) if text else {}

    def verify(self, birth_date):
        year, month, day = (int(part) for part in birth_date.split('-'))
        return self.ask('verify', {'year': year, 'month': month, 'day': day})

    def wait(self, birth_date):
        """The whole way into the waiting room: what the last step answered."""
        for status, answer in (
                self.verify(birth_date),
                self.ask('details', {'location': 'Bus stop, Mill Road', 'callback': '+44 20 7946 0777'}),
                self.ask('device-test', {'camera': 'ok', 'microphone': 'ok', 'speaker': 'unknown', 'network': 'amber',
                                         'summary': 'slow network, 0.9 Mbit/s'}),
                self.ask('wait', {})):
            assert status == 200, (status, answer)
        return answer

    def cookie(self):
        return '; '.join(f'{cookie.name}={cookie.value}' for cookie in self.cookies)
