// SPDX-License-Identifier: GPL-3.0-or-later
// Camera and sound while somebody waits or is in the call: the device test beside it, which leaves what runs
// alone. Its list is one element, which moves between here and its place in the page.

const $ = (id) => document.getElementById(id);

const PANEL = `
  <header><h2 id="devices-panel-title" tabindex="-1" data-t="devices.open"></h2>
    <button type="button" class="plain" id="devices-panel-close" data-t="chat.close"></button></header>
  <div></div>`;

export class DevicePanel {
  // inCall: whether the call is shown, which nothing is measured beside; onOpen: other panels are to go
  constructor({ devices, inCall, onOpen = () => {} }) {
    Object.assign(this, { devices, inCall, onOpen });
    this.home = [...devices.place.childNodes];
    this.panel = document.createElement('section');
    Object.assign(this.panel, { className: 'chat devices-panel', id: 'devices-panel', hidden: true, innerHTML: PANEL });
    this.panel.setAttribute('aria-labelledby', 'devices-panel-title');
    document.body.append(this.panel);
    this.openers = [$('waiting-devices-open'), $('call-devices-open')];
    for (const button of this.openers)
      button.addEventListener('click', () => (this.panel.hidden ? this.open() : this.close()));
    $('devices-panel-close').addEventListener('click', () => this.close());
    this.panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') this.close(); });
    // Another panel takes this one's place.
    document.addEventListener('click', ({ target }) => {
      const other = target.closest?.('[aria-controls]')?.getAttribute('aria-controls');
      if (['chat', 'people-panel'].includes(other))
        this.close({ focus: false });
    }, true);
  }

  // ask: for what is missing
  open({ ask = true } = {}) {
    if (this.panel.hidden)
      this.onOpen();
    this.panel.lastElementChild.append(...this.home);
    this.panel.hidden = false;
    document.body.dataset.chat = 'open';
    this.say(true);
    $('devices-panel-title').focus();
    this.run(ask);
  }

  run(ask = true) {
    return this.devices.run({ calm: true, ask, ...(this.inCall() ? { network: false } : {}) });
  }

  get shown() {
    return !this.panel.hidden;
  }

  close({ focus = true } = {}) {
    if (this.panel.hidden)
      return;
    this.devices.end();
    this.panel.hidden = true;
    this.devices.place.append(...this.home);
    delete document.body.dataset.chat;
    this.say(false);
    if (focus)
      this.openers.find((button) => button.offsetParent)?.focus();
  }

  say(open) {
    for (const button of this.openers)
      button.setAttribute('aria-expanded', String(open));
  }
}
