# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Chromium, driven over chromedriver's HTTP interface with the standard library alone.

    with Browser () as browser:
        browser.go (url)
        browser.click ('#devices-start')
        browser.wait ("return document.body.dataset.view == 'waiting'")

Every wait is bounded and says what it waited for. What is started here is ended here, by its own
process, and the profile is thrown away. Nothing leaves the machine: Chromium's own errands are off.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = [
    '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--password-store=basic', '--no-first-run', '--no-default-browser-check', '--disable-default-apps', '--disable-domain-reliability',
    '--disable-client-side-phishing-detection', '--disable-features=OptimizationHints,MediaRouter,Translate',
    '--disable-dev-shm-usage', '--mute-audio', '--autoplay-policy=no-user-gesture-required', '--force-device-scale-factor=1',
    '--use-fake-device-for-media-stream=fps=30', '--use-fake-ui-for-media-stream', '--allow-loopback-in-peer-connection',
]
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'


class WebDriverError(Exception):
    pass


class Browser:
    """One Chromium with fake camera and microphone. deny_devices: as if the patient refused them."""

    def __init__(self, width=1024, height=800, dark=False, deny_devices=False, patience=15, flags=()):
        self.patience = patience
        self.profile = tempfile.mkdtemp(prefix='bedside-chromium-')
        self.session = None
        self.driver = subprocess.Popen([shutil.which('chromedriver') or 'chromedriver', '--port=0', '--log-level=SEVERE'],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.base = f'http://127.0.0.1:{self._port()}'
            used = [flag for flag in FLAGS if not (deny_devices and flag == '--use-fake-ui-for-media-stream')]
            if deny_devices:
                used.append('--deny-permission-prompts')
            answer = self._ask('POST', '/session', {'capabilities': {'alwaysMatch': {
                'browserName': 'chrome',
                'goog:chromeOptions': {'args': used + list(flags) + [f'--user-data-dir={self.profile}', f'--window-size={width},{height}'],
                                       'binary': shutil.which('chromium') or 'chromium'},
                'goog:loggingPrefs': {'browser': 'ALL'},
            }}})
            self.session = f"/session/{answer['sessionId']}"
            self.look(width, height, dark)
        except BaseException:
            self.quit()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.quit()

    def _port(self):
        for line in self.driver.stdout:
            found = re.search(r'successfully on port (\d+)', line)
            if found:
                return int(found.group(1))
        raise WebDriverError('chromedriver did not start')

    def _ask(self, method, path, body=None):
        data = None if method == 'GET' else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data, {'Content-Type': 'application/json'}, method=method)
        try:
            with DIRECT.open(request, timeout=60) as answer:
                return json.load(answer)['value']
        except urllib.error.HTTPError as error:
            value = json.load(error)['value']
            raise WebDriverError(f"{value.get('error')}: {value.get('message', '').splitlines()[0]}") from None

    def _in_session(self, method, path, body=None):
        return self._ask(method, self.session + path, body)

    def cdp(self, command, **parameters):
        return self._in_session('POST', '/goog/cdp/execute', {'cmd': command, 'params': parameters})

    def look(self, width, height, dark=False, mobile=None):
        """Sets the size of the page itself, not of the window, and the colour scheme."""
        self.cdp('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600 if mobile is None else mobile)
        self.cdp('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}])

    def go(self, url):
        self._in_session('POST', '/url', {'url': url})

    def script(self, source, *arguments):
        return self._in_session('POST', '/execute/sync', {'script': source, 'args': list(arguments)})

    def wait(self, source, *arguments, patience=None):
        """Runs SOURCE until it returns something true, and returns that."""
        end = time.monotonic() + (patience or self.patience)
        while True:
            value = self.script(source, *arguments)
            if value:
                return value
            if time.monotonic() > end:
                raise WebDriverError(f'waited in vain for: {source}\nthe page says: {self.text()[:600]}')
            time.sleep(0.05)

    def find(self, selector):
        self.wait('const e = document.querySelector(arguments[0]); return !!e && e.getClientRects().length > 0', selector)
        return self._in_session('POST', '/element', {'using': 'css selector', 'value': selector})[ELEMENT]

    def click(self, selector):
        self._in_session('POST', f'/element/{self.find(selector)}/click')

    def type(self, selector, text):
        element = self.find(selector)
        self._in_session('POST', f'/element/{element}/clear')
        self._in_session('POST', f'/element/{element}/value', {'text': text})

    def attach(self, selector, path):
        """Gives a file to a field for files, which need not be in sight."""
        element = self._in_session('POST', '/element', {'using': 'css selector', 'value': selector})[ELEMENT]
        self._in_session('POST', f'/element/{element}/value', {'text': path})

    def choose(self, selector, value):
        self.script("const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                    "e.dispatchEvent(new Event('change', {bubbles: true}))", selector, value)

    def press(self, keys):
        """Presses keys where the focus is; '\\ue004' is Tab, '\\ue007' Enter, '\\ue00d' Space."""
        actions = [action for key in keys for action in ({'type': 'keyDown', 'value': key}, {'type': 'keyUp', 'value': key})]
        self._in_session('POST', '/actions', {'actions': [{'type': 'key', 'id': 'keys', 'actions': actions}]})

    def text(self):
        return self.script('return document.body.innerText')

    def visible(self, selector):
        return self.script('const e = document.querySelector(arguments[0]); return !!e && e.getClientRects().length > 0', selector)

    def view(self):
        return self.script('return document.body.dataset.view')

    def wait_view(self, name, patience=None):
        self.wait('return document.body.dataset.view === arguments[0]', name, patience=patience)

    def console(self):
        return [entry['message'] for entry in self._in_session('POST', '/se/log', {'type': 'browser'})]

    def screenshot(self, path, whole=False):
        if whole:
            image = self.cdp('Page.captureScreenshot', format='png', captureBeyondViewport=True)['data']
        else:
            image = self._in_session('GET', '/screenshot')
        with open(path, 'wb') as file:
            file.write(base64.b64decode(image))

    def accessibility(self):
        """The computed accessibility tree as (role, name) pairs, without what is ignored."""
        nodes = self.cdp('Accessibility.getFullAXTree')['nodes']
        return [(node.get('role', {}).get('value'), node.get('name', {}).get('value'))
                for node in nodes if not node.get('ignored')]

    def quit(self):
        try:
            if self.session:
                self._in_session('DELETE', '')
        except (WebDriverError, OSError):
            pass
        finally:
            self.session = None
            self.driver.terminate()
            try:
                self.driver.wait(10)
            except subprocess.TimeoutExpired:
                self.driver.kill()
                self.driver.wait()
            shutil.rmtree(self.profile, ignore_errors=True)


class Patient:
    """The steps of the patient's page, as a person takes them."""

    def __init__(self, browser, url, test_clock=False):
        self.browser = browser
        browser.go(url + ('#test-clock' if test_clock else ''))

    def verify(self, day, month, year):
        self.browser.wait_view('verify')
        self.browser.type('#birth-day', str(day))
        self.browser.choose('#birth-month', str(month))
        self.browser.type('#birth-year', str(year))
        self.browser.click('#verify-form button.main')

    def details(self, place, number):
        self.browser.wait_view('details')
        self.browser.type('#location', place)
        self.browser.type('#callback', number)
        self.browser.click('#details-form button.main')

    def agree(self):
        """To a visit by video. Who has agreed already is not asked again."""
        self.browser.wait("return ['consent', 'devices', 'waiting'].includes(document.body.dataset.view)")
        if self.browser.view() == 'consent':
            self.browser.click('#consent-yes')

    def test_devices(self):
        self.agree()
        self.browser.wait_view('devices')
        self.browser.click('#devices-start')
        for name in ('camera', 'microphone', 'network'):
            self.browser.wait("return ['ok', 'amber', 'failed'].includes(document.getElementById('test-' + arguments[0]).dataset.result)",
                              name)
        self.browser.click('#speaker-play')
        self.browser.click('#speaker-yes')
        self.browser.wait("return document.getElementById('test-speaker').dataset.result === 'ok'")

    def wait(self):
        self.browser.click('#devices-done')
        self.browser.wait_view('waiting')

    def join(self, birth=(12, 3, 1961), place='12 Mill Road, Harbour', number='+44 20 7946 0777'):
        """From the opened link to the waiting room."""
        self.verify(*birth)
        self.details(place, number)
        self.test_devices()
        self.wait()
