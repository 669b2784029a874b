// SPDX-License-Identifier: GPL-3.0-or-later
// The pharmacies of the list: opening hours, and how far away they are. Where the patient is stays in this page: nothing
// here asks anybody.
import { clinicZoneName } from './strings.js';
import { element } from './medicine-card.js';
import { language, say } from './medicines-strings.js';

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const EARTH_KM = 6371;

// ---- how far ----

const radians = (degrees) => degrees * Math.PI / 180;

export function distance(a, b) {
  const [south, north] = [radians(a.latitude), radians(b.latitude)];
  const half = (x) => Math.sin(x / 2) ** 2;
  const part = half(north - south) + Math.cos(south) * Math.cos(north) * half(radians(b.longitude - a.longitude));
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(part)));
}

// @place: what was typed; empty: from where the patient is
function sayDistance(km, place) {
  const digits = km < 10 ? 1 : 0;
  const format = new Intl.NumberFormat(language(), { style: 'unit', unit: 'kilometer', minimumFractionDigits: digits, maximumFractionDigits: digits });
  return say(place ? 'finder.from' : 'finder.away', { distance: format.format(km), place });
}

const fold = (text) => (text ?? '').normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().replace(/[\s-]+/g, '');

// How well a pharmacy's address answers to what was typed: 2 the town or whole code, 1 the beginning of one, 0 not.
function fit(pharmacy, typed) {
  const names = [fold(pharmacy.city), fold(pharmacy.postalCode)].filter(Boolean);
  if (names.includes(typed))
    return 2;
  return names.some((name) => name.startsWith(typed) || (typed.length >= 4 && typed.startsWith(name))) ? 1 : 0;
}

const hasPlace = (pharmacy) => Number.isFinite(pharmacy.latitude) && Number.isFinite(pharmacy.longitude);

// The middle of the pharmacies in a place: what is known of where it is.
function middle(pharmacies) {
  const placed = pharmacies.filter(hasPlace);
  const mean = (name) => placed.reduce((sum, each) => sum + each[name], 0) / placed.length;
  return placed.length ? { latitude: mean('latitude'), longitude: mean('longitude') } : null;
}

// @here: a position; @typed: a town or code; @preferred: the id of the one before, which comes first where nothing else is known.
// Each with its distance in km where one can be reckoned, the nearest first.
export function sorted(pharmacies, { here = null, typed = '', preferred = '' } = {}) {
  const folded = fold(typed);
  const fits = new Map(pharmacies.map((each) => [each, folded ? fit(each, folded) : 0]));
  const best = Math.max(0, ...fits.values());
  const centre = here ?? (best ? middle(pharmacies.filter((each) => fits.get(each) === best)) : null);
  const far = (each) => (centre && hasPlace(each) ? distance(centre, each) : Infinity);
  const list = pharmacies.map((pharmacy, index) => ({ pharmacy, index, fit: fits.get(pharmacy), km: far(pharmacy) }));
  list.sort((a, b) => (here ? 0 : b.fit - a.fit) || (folded || here ? 0 : (b.pharmacy.id === preferred) - (a.pharmacy.id === preferred)) || (a.km === b.km ? 0 : a.km - b.km) || a.index - b.index);
  // within a town that was typed, nobody knows how far
  for (const each of list)
    if (!here && each.fit === best)
      each.km = Infinity;
  return { list, found: best > 0 || !!here };
}

// ---- when it is open ----

const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

// Day of the week and minute at the clinic, whose clocks its pharmacies show.
function now(date, zone) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(zone ? { timeZone: zone } : {}) })
    .formatToParts(date).map(({ type, value }) => [type, value]));
  return { day: parts.weekday.toLowerCase(), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

// Until when it is open; null: it is closed.
export function openUntil(hours, date, zone) {
  const { day, minute } = now(date, zone);
  const span = hours.find(({ days, from, to }) => days.includes(day) && minutes(from) <= minute && minute < minutes(to));
  return span?.to ?? null;
}

function dayNames(days) {
  const names = days.map((day) => new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' })
    .format(Date.UTC(2024, 0, 1 + WEEK.indexOf(day)))); // 1 January 2024 was a Monday
  return new Intl.ListFormat(language(), { style: 'short', type: 'unit' }).format(names);
}

// Monday to Friday is one stretch: "Mon–Fri".
function sayDays(days) {
  const places = days.map((day) => WEEK.indexOf(day)).sort((a, b) => a - b);
  const stretch = places.length > 2 && places.every((place, index) => index === 0 || place === places[index - 1] + 1);
  const name = (place) => dayNames([WEEK[place]]);
  return stretch ? `${name(places[0])}–${name(places.at(-1))}` : dayNames(places.map((place) => WEEK[place]));
}

function sayHours({ from, to }) {
  return from === '00:00' && to === '24:00' ? say('hours.allDay') : `${from}–${to}`;
}

function hoursOf(pharmacy) {
  const hours = pharmacy.hours ?? [];
  if (hours.length === 0)
    return [element('small', say('hours.unknown'))];
  const until = openUntil(hours, new Date(), clinicZoneName());
  const state = element('small', until ? say('hours.open', { time: until }) : say('hours.closed'), until ? 'open' : 'closed');
  const list = element('small', hours.filter(({ days }) => days.length).map((span) => `${sayDays(span.days)} ${sayHours(span)}`).join(' · '));
  list.prepend(element('span', say('hours.title'), 'visually-hidden'), ' ');
  return [state, list, ...(pharmacy.exceptions ? [element('small', pharmacy.exceptions)] : [])];
}

// ---- choosing one ----

export class Pharmacies {
  // place: takes the radio buttons; finder: takes the field for a town; onChange: another one was chosen
  constructor({ place, finder, onChange, announce }) {
    Object.assign(this, { place, finder, onChange, announce, pharmacies: [], here: null });
    this.label = element('label', '', 'field');
    this.input = element('input');
    this.help = element('small');
    this.button = element('button');
    this.line = element('p', '', 'quiet');
    this.label.htmlFor = this.input.id = 'finder-place';
    this.help.id = 'finder-help';
    Object.assign(this.input, { type: 'text', maxLength: 60, autocomplete: 'postal-code' });
    this.input.setAttribute('aria-describedby', 'finder-help');
    this.button.type = 'button';
    this.button.id = 'finder-here';
    this.line.setAttribute('role', 'status');
    this.input.addEventListener('input', () => { this.here = null; this.render(); });
    // Enter looks, and sends nothing
    this.input.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); this.render(); } });
    this.button.addEventListener('click', () => this.locate());
    finder.append(this.label, this.help, this.input, this.button, this.line);
    this.more = element('p', '', 'note');
    this.more.id = 'pharmacies-omitted';
    this.more.hidden = true;
    place.after(this.more);
  }

  // omitted: how many of the clinic's list are not among them
  show(pharmacies, preferred, omitted = 0) {
    const text = JSON.stringify([language(), pharmacies, preferred, omitted, Math.floor(Date.now() / 60000)]);
    if (text === this.shown)
      return;
    this.shown = text;
    this.pharmacies = pharmacies;
    this.preferred = preferred;
    this.label.textContent = say('finder.label');
    this.help.textContent = say('finder.help');
    this.button.textContent = say('finder.here');
    this.button.hidden = !navigator.geolocation || !pharmacies.some(hasPlace);
    this.finder.hidden = pharmacies.length < 2;
    this.more.hidden = omitted === 0;
    this.more.textContent = say('finder.omitted', { count: omitted });
    this.render();
  }

  get chosen() {
    return this.pharmacies.find(({ id }) => id === this.place.querySelector('input:checked')?.value);
  }

  locate() {
    this.button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      this.button.disabled = false;
      this.here = { latitude: coords.latitude, longitude: coords.longitude };
      this.input.value = '';
      this.render();
    }, () => {
      this.button.disabled = false;
      this.line.textContent = say('finder.failed');
      this.input.focus();
    }, { timeout: 15000, maximumAge: 600000 });
  }

  render() {
    const typed = this.input.value.trim();
    const { list, found } = sorted(this.pharmacies, { here: this.here, typed, preferred: this.preferred });
    const chosen = this.chosen?.id;
    const focus = document.activeElement?.name === 'pharmacy' ? document.activeElement.value : null;
    this.place.replaceChildren(...list.map(({ pharmacy, km }) => this.row(pharmacy, km, this.here ? '' : typed, pharmacy.id === chosen)));
    if (focus)
      [...this.place.querySelectorAll('input')].find(({ value }) => value === focus)?.focus({ preventScroll: true });
    this.line.textContent = this.here || (typed && found) ? say('finder.near') : typed.length > 2 ? say('finder.none', { place: typed }) : '';
  }

  row(pharmacy, km, place, checked) {
    const label = element('label', '', 'choice');
    const input = element('input');
    const text = element('span');
    Object.assign(input, { type: 'radio', name: 'pharmacy', value: pharmacy.id, checked });
    input.addEventListener('change', () => this.onChange());
    text.append(element('strong', pharmacy.name));
    if (pharmacy.id === this.preferred)
      text.append(element('small', say('finder.last'), 'last'));
    if (Number.isFinite(km))
      text.append(element('small', sayDistance(km, place), 'away'));
    for (const line of [pharmacy.address, pharmacy.phone])
      if (line)
        text.append(element('small', line));
    text.append(...hoursOf(pharmacy));
    label.append(input, text);
    return label;
  }
}
