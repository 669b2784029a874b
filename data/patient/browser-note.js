// SPDX-License-Identifier: GPL-3.0-or-later
// Says where the page was opened inside another app, or where a browser gives no camera, and the way out.
import { browser, hasDevices, hintFor } from './browser.js';
import { t } from './strings.js';

const $ = (id) => document.getElementById(id);

const NOTE = `
  <p id="browser-note-text"></p>
  <p id="browser-note-how"></p>
  <p class="row"><input id="browser-note-link" readonly data-t-label="inApp.link">
    <button type="button" id="browser-note-copy" data-t="inApp.copy"></button></p>`;

export class BrowserNote {
  // no: what becomes of the visit without devices
  constructor({ say, no = 'inApp.no' }) {
    Object.assign(this, { say, no });
    $('browser-note').innerHTML = NOTE;
    $('browser-note-copy').addEventListener('click', () => this.copy());
  }

  show() {
    const note = $('browser-note');
    note.hidden = hasDevices ? browser.app === null : !isSecureContext;
    if (note.hidden)
      return;
    const app = browser.app || t('inApp.this');
    $('browser-note-text').textContent = t(hasDevices ? 'inApp.maybe' : this.no, { app });
    $('browser-note-how').textContent = t(hintFor('camera', 'in-app'), { app });
    $('browser-note-link').value = location.href;
  }

  async copy() {
    const field = $('browser-note-link');
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand('copy');
    }
    this.say(t('inApp.copied'));
    $('browser-note-copy').textContent = t('inApp.copied');
  }
}
