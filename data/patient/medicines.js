// SPDX-License-Identifier: GPL-3.0-or-later
// "My medicines": what was prescribed in this visit, and where the patient wants to get it.
import { get, post } from './hub.js';
import { t } from './strings.js';

const $ = (id) => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  if (text)
    made.textContent = text;
  if (className)
    made.className = className;
  return made;
}

export class Medicines {
  constructor({ onChange, onStatus }) {
    Object.assign(this, { onChange, onStatus });
    this.data = { medicines: [], pharmacies: [] };
    this.changing = false;
    $('choice-form').addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    $('choice-form').addEventListener('change', () => {
      $('choice-error').hidden = true;
      this.showAddress();
    });
  }

  get count() {
    return this.data.medicines.length;
  }

  async load() {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    try {
      this.show(await get('medicines'));
    } catch (error) {
      if (error.code === 'offline')
        setTimeout(() => this.load(), 4000);
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
    $('medicines').replaceChildren(...data.medicines.map((medicine) => this.card(medicine)));
    this.showForm();
    this.onChange(this.count);
  }

  speak() {
    this.show(this.data);
  }

  card(medicine) {
    const item = element('li', '', medicine.stopped ? 'medicine stopped' : 'medicine');
    item.append(element('h2', medicine.name));
    if (medicine.stopped) {
      item.append(element('p', t('medicines.stopped'), 'error'));
      return item;
    }
    item.append(element('p', medicine.instruction ?? t('medicines.noInstruction'), 'instruction'));
    if (medicine.original)
      item.append(element('p', t('medicines.original'), 'quiet'));
    const facts = [];
    if (medicine.amount)
      facts.push(t('medicines.amount', medicine));
    if (medicine.repeats > 0)
      facts.push(t(medicine.repeats === 1 ? 'medicines.repeatsOne' : 'medicines.repeats', { count: medicine.repeats }));
    if (medicine.by)
      facts.push(t('medicines.by', { clinician: medicine.by }));
    item.append(element('p', facts.join(' · '), 'quiet'));
    item.append(this.choiceOf(medicine));
    return item;
  }

  choiceOf(medicine) {
    const box = element('div', '', 'choice-state');
    const { choice } = medicine;
    if (!choice) {
      box.append(element('p', t(this.data.pharmacies.length ? 'choice.notYet' : 'choice.none')));
      return box;
    }
    const mode = choice.mode === 'delivery' ? 'delivery' : 'pick-up';
    const key = ['sent', 'accepted', 'ready'].includes(choice.state) ? `choice.${choice.state}.${mode}` : `choice.${choice.state}`;
    box.dataset.state = choice.state;
    box.append(element('p', t(key, choice)));
    if (choice.canChange && choice.state !== 'refused' && !this.changing) {
      const button = element('button', t('choice.change'), 'plain');
      button.type = 'button';
      button.addEventListener('click', () => this.change(choice));
      box.append(button);
    }
    return box;
  }

  // Those that the form is about: without a choice, or with one that can still be changed.
  open() {
    return this.data.medicines.filter((medicine) => !medicine.stopped &&
      (!medicine.choice || medicine.choice.state === 'refused' || (this.changing && medicine.choice.canChange)));
  }

  change(choice) {
    this.changing = true;
    this.show(this.data);
    $('choice-form').reset();
    this.select('pharmacy', choice.pharmacyId);
    this.select('mode', choice.mode);
    if (choice.address)
      $('address').value = choice.address;
    this.showAddress();
    $('choice-form').querySelector('input:checked, input')?.focus();
  }

  select(name, value) {
    for (const input of document.querySelectorAll(`input[name=${name}]`))
      input.checked = input.value === value;
  }

  showForm() {
    const form = $('choice-form');
    form.hidden = this.open().length === 0 || this.data.pharmacies.length === 0;
    const ids = this.data.pharmacies.map((pharmacy) => pharmacy.id).join();
    if (ids === this.shownPharmacies)
      return;
    this.shownPharmacies = ids;
    $('pharmacies').replaceChildren(...this.data.pharmacies.map((pharmacy) => {
      const label = element('label', '', 'choice');
      const input = element('input');
      const text = element('span');
      input.type = 'radio';
      input.name = 'pharmacy';
      input.value = pharmacy.id;
      text.append(element('strong', pharmacy.name));
      for (const line of [pharmacy.address, pharmacy.phone])
        if (line)
          text.append(element('small', line));
      label.append(input, text);
      return label;
    }));
    if ($('address').value === '')
      $('address').value = this.data.deliveryAddress ?? '';
  }

  showAddress() {
    $('delivery').hidden = document.querySelector('input[name=mode]:checked')?.value !== 'delivery';
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
    if (mode.value === 'delivery' && address.length < 5)
      return this.fail('choice.needAddress', $('address'));
    button.disabled = true;
    try {
      const data = await post('choice', {
        medicines: this.open().map((medicine) => medicine.id),
        pharmacy: pharmacy.value,
        mode: mode.value,
        ...(mode.value === 'delivery' ? { address } : {}),
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
