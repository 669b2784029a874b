# SPDX-License-Identifier: GPL-3.0-or-later
"""What every step of a patient's page is held to: names, 360 pixels, twice the text, and the keyboard alone."""
import json
import time

TAB, ENTER, SPACE, ESCAPE = '\ue004', '\ue007', '\ue00d', '\ue00c'
CONTROLS = ('button', 'link', 'textbox', 'radio', 'combobox', 'meter', 'checkbox', 'spinbutton', 'listbox')
PATIENCE = 40

# What is wrong with what is on the screen now.
LOOK = r'''
const problems = [];
const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
  problems.push('the page is wider than the screen: ' + document.documentElement.scrollWidth);
for (const e of document.querySelectorAll('main *, header *, section *, footer *')) {
  if (!shown(e) || e.closest('.visually-hidden, .status, svg')) continue;
  const box = e.getBoundingClientRect();
  if (box.right > document.documentElement.clientWidth + 1 || box.left < -1) problems.push('off the screen: ' + e.tagName + '#' + e.id + ' ' + e.textContent.slice(0, 40));
  if (e.children.length === 0 && /^[a-z]+(\.[a-zA-Z]+)+$/.test(e.textContent.trim())) problems.push('a key, no sentence: ' + e.textContent);
  const style = getComputedStyle(e);
  if (['hidden', 'clip'].includes(style.overflowX) && !e.matches('video, input[type=tel], input[readonly]') && !e.querySelector('video') && e.scrollWidth > e.clientWidth + 1)
    problems.push('cut off: ' + e.tagName + '#' + e.id);
}
for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) problems.push('out of order: ' + e.id);
if (!document.documentElement.lang || !document.documentElement.dir) problems.push('no language');
return problems;
'''

# What the page asks of the browser, and what it gets: kept, and refused where a test says so.
DEVICES = '''
    if (navigator.mediaDevices) {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      window.testDevices = { asked: [], tracks: [], refuse: () => null };
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const error = testDevices.refuse(wanted);
        testDevices.asked.push({ at: Date.now(), wanted, error: error ?? '' });
        if (error)
          throw new DOMException('', error);
        const stream = await real(wanted);
        testDevices.tracks.push(...stream.getTracks());
        return stream;
      };
      // as where a headset is pulled, or a phone call takes the microphone
      testDevices.end = (kind) => {
        const track = testDevices.tracks.findLast((each) => each.kind === kind);
        track.stop();
        track.dispatchEvent(new Event('ended'));
      };
    }'''

# Where the focus is, and whether that can be seen.
FOCUS = r'''
const e = document.activeElement;
if (!e || e === document.body) return null;
const seen = e.closest('.choice') ?? e;
const style = getComputedStyle(seen);
const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
return { id: e.id, tag: e.tagName, type: e.type ?? '', value: e.value ?? '', name: e.name ?? '', ring, text: e.textContent.trim().slice(0, 60) };
'''


class Walk:
    def __init__(self, server, browser, folder=None):
        self.server, self.browser, self.folder = server, browser, folder

    def check(self, what):
        """What is on the screen has names, fits 360 pixels in light and dark, and twice the text."""
        for width, height, scale in ((1100, 800, 1), (360, 740, 1), (360, 740, 2)):
            for dark in (False, True):
                if dark and not self.folder:
                    continue
                self.browser.look(width, height, dark)
                self.browser.script("document.documentElement.style.fontSize = arguments[0]", f'{106.25 * scale}%' if scale > 1 else '')
                problems = self.browser.script(LOOK)
                assert not problems, (what, width, scale, problems)
                if self.folder:
                    name = f'{self.folder}/{what}-{width}{"-large" if scale > 1 else ""}-{"dark" if dark else "light"}.png'
                    self.browser.screenshot(name, whole=True)
        self.browser.script("document.documentElement.style.fontSize = ''")
        self.browser.look(390, 844)
        unnamed = [role for role, name in self.browser.accessibility() if role in CONTROLS and not (name or '').strip()]
        assert not unnamed, (what, 'controls without a name', unnamed)

    def reach(self, test, what):
        """Presses Tab until the focus is where TEST says. Whatever has the focus on the way shows it."""
        passed = []
        for _ in range(40):
            self.browser.press(TAB)
            focus = self.browser.script(FOCUS)
            if focus is None:
                continue
            assert focus['ring'], ('the focus cannot be seen', focus)
            passed.append(focus['id'] or focus['text'])
            if test(focus):
                return
        raise AssertionError(f'{what} is not reached by Tab; passed: {passed}')

    def press_on(self, identity, key=ENTER):
        # what comes with an answer of the server is not there at once
        self.browser.wait(f"return document.getElementById('{identity}')?.offsetParent != null")
        self.reach(lambda focus: focus['id'] == identity, identity)
        self.browser.press(key)

    def submit(self, words):
        self.reach(lambda focus: focus['tag'] == 'BUTTON' and focus['text'] == words, words)
        self.browser.press(ENTER)

    def heading_has_focus(self, view):
        self.browser.wait_view(view)
        self.browser.wait("return document.activeElement?.tagName === 'H1'")

    def encounter(self):
        return self.server.ask('Encounter?appointment=Appointment/a1')

    def device_test(self):
        """The extension on the Appointment, as {part: value}."""
        record = json.loads(self.server.ask('Appointment/a1'))
        for extension in record.get('extension', []):
            if extension['url'].endswith('/visit-device-test'):
                return {part['url']: part.get('valueCode', part.get('valueString')) for part in extension['extension']}
        return {}

    def wait_for(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f'{what}; the page says: {self.browser.text()[:400]}'
            time.sleep(0.1)
