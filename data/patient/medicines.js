// SPDX-License-Identifier: GPL-3.0-or-later
// "My medicines": what was prescribed in this visit, and where the patient wants to get it; and what is taken from before.
// What shows them is loaded when there is something to show.
import { get, post } from './hub.js';
import { t } from './strings.js';

const $ = (id) => document.getElementById(id);
const AGAIN_MS = 60000; // while a pharmacy is waited for: what stalls shows by itself
const MODES = ['pick-up', 'delivery', 'mail'];

export class Medicines {
  // name: of the patient, for the paper
  constructor({ onChange, onStatus, name }) {
    Object.assign(this, { onChange, onStatus, name });
    this.data = { medicines: [], current: [], pharmacies: [] };
    this.changing = false;
    $('choice-form').addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    $('choice-form').addEventListener('change', () => {
      $('choice-error').hidden = true;
      this.showAddress();
    });
    $('print-medicines').addEventListener('click', () => this.print());
    addEventListener('afterprint', () => { delete document.body.dataset.print; });
  }

  get count() {
    return this.data.medicines.length;
  }

  // Whether there is anything at all to show.
  get any() {
    return this.count + (this.data.current?.length ?? 0);
  }

  async prepare() {
    if (this.parts)
      return;
    const [card, taking, pharmacies, strings] = await Promise.all([import('./medicine-card.js'), import('./taking.js'),
      import('./pharmacies.js'), import('./medicines-strings.js')]);
    this.parts = card;
    this.say = strings.say;
    this.taking = new taking.Taking({ place: $('current'), onData: (data) => this.show(data), announce: this.onStatus });
    this.pharmacies = new pharmacies.Pharmacies({ place: $('pharmacies'), finder: $('finder'), onChange: () => this.showModes(), announce: this.onStatus });
  }

  async load() {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    clearTimeout(this.timer);
    try {
      const data = await get('medicines');
      await this.prepare();
      this.show(data);
      if ([...data.medicines, ...(data.current ?? [])].some(({ choice, renewal }) =>
        (choice && !['done', 'refused'].includes(choice.state)) || renewal?.state === 'asked'))
        this.timer = setTimeout(() => this.load(), AGAIN_MS);
    } catch (error) {
      if (error.code === 'offline' || error instanceof TypeError)
        this.timer = setTimeout(() => this.load(), 4000);
    } finally {
      this.loading = false;
      if (this.again) {
        this.again = false;
        this.load();
      }
    }
  }

  show(data) {
    this.data = data;
    if (!this.parts)
      return;
    const context = { pharmacies: data.pharmacies, changing: this.changing, onChange: (choice) => this.change(choice) };
    const text = JSON.stringify([document.documentElement.lang, data.medicines, this.changing, data.pharmacies.length > 0]);
    // what says the same stays, with the focus that is in it
    if (text !== this.shown)
      $('medicines').replaceChildren(...data.medicines.map((medicine) => this.parts.card(medicine, context)));
    this.shown = text;
    $('print-medicines').hidden = this.any === 0;
    $('print-medicines').textContent = this.say('print');
    this.taking.show(data.current ?? [], data.omitted);
    this.showForm();
    this.onChange(this.any);
  }

  speak() {
    this.show(this.data);
  }

  // The medicines alone, on a sheet of their own.
  print() {
    document.body.dataset.print = 'medicines';
    $('printed-for').textContent = [this.name(), this.parts.day(new Date().toISOString())].filter(Boolean).join(' · ');
    print();
  }

  // Those that the form is about: without a choice, or with one that can still be changed.
  open() {
    return this.data.medicines.filter((medicine) => medicine.active &&
      (!medicine.choice || medicine.choice.state === 'refused' || (this.changing && medicine.choice.canChange)));
  }

  change(choice) {
    this.changing = true;
    this.show(this.data);
    $('choice-form').reset();
    this.pharmacies.render();
    this.select('pharmacy', choice.pharmacyId);
    this.showModes();
    this.select('mode', choice.mode);
    if (choice.address)
      $('address').value = choice.address;
    this.showAddress();
    $('choice-form').querySelector('#pharmacies input:checked, #pharmacies input')?.focus();
  }

  select(name, value) {
    for (const input of document.querySelectorAll(`input[name=${name}]`))
      input.checked = input.value === value;
  }

  showForm() {
    $('choice-form').hidden = this.open().length === 0 || this.data.pharmacies.length === 0;
    this.pharmacies.show(this.data.pharmacies, this.data.preferred, this.data.pharmaciesOmitted);
    $('mode-mail').textContent = this.say('mode.mail');
    this.showModes();
    if ($('address').value === '')
      $('address').value = this.data.deliveryAddress ?? '';
  }

  // The ways of the pharmacy that is chosen; before that, all that one of them has.
  showModes() {
    const { chosen } = this.pharmacies;
    const offered = (chosen ? [chosen] : this.data.pharmacies).flatMap(({ modes }) => modes ?? []);
    for (const mode of MODES) {
      const input = document.querySelector(`input[name=mode][value=${mode}]`);
      input.closest('label').hidden = !offered.includes(mode);
      if (input.checked && !offered.includes(mode)) {
        input.checked = false;
        this.onStatus(this.say('mode.gone'));
      }
    }
    this.showAddress();
  }

  showAddress() {
    $('delivery').hidden = !['delivery', 'mail'].includes(document.querySelector('input[name=mode]:checked')?.value);
  }

  fail(key, field) {
    const error = $('choice-error');
    error.textContent = t(key);
    error.hidden = false;
    field?.focus();
  }

  async send() {
    const pharmacy = document.querySelector('input[name=pharmacy]:checked');
    const mode = document.querySelector('input[name=mode]:checked');
    const address = $('address').value.trim();
    const button = $('choice-form').querySelector('button.main');
    $('choice-error').hidden = true;
    if (!pharmacy)
      return this.fail('choice.needPharmacy', document.querySelector('input[name=pharmacy]'));
    if (!mode)
      return this.fail('choice.needMode', document.querySelector('input[name=mode]'));
    if (mode.value !== 'pick-up' && address.length < 5)
      return this.fail('choice.needAddress', $('address'));
    button.disabled = true;
    try {
      const data = await post('choice', {
        medicines: this.open().map((medicine) => medicine.id),
        pharmacy: pharmacy.value,
        mode: mode.value,
        ...(mode.value === 'pick-up' ? {} : { address }),
      });
      this.changing = false;
      this.show(data);
      this.onStatus(t('choice.saved'));
      $('medicines-title').focus();
    } catch (error) {
      if (error.code === 'tooLate') {
        this.changing = false;
        this.load();
      }
      this.fail({ tooLate: 'choice.tooLate', offline: 'offline.text', busy: 'busy.text', records: 'records.text' }[error.code] ?? 'server.text');
    } finally {
      button.disabled = false;
    }
  }
}
