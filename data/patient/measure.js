// SPDX-License-Identifier: GPL-3.0-or-later
// What can be measured at home, in which units, and how a number is read. The hub reads what is sent
// by the same rules: src/care/care-measured.c. Nothing is converted or rounded.

// What can be typed at all: no bound between ill and well (source: unverified).
export const KINDS = {
  'blood-pressure': { parts: ['upper', 'lower'], units: [{ ucum: 'mm[Hg]', shown: 'mmHg', low: 20, high: 300, decimals: 0 }] },
  pulse: { parts: ['one'], units: [{ ucum: '/min', shown: '/min', low: 20, high: 300, decimals: 0 }] },
  temperature: { parts: ['one'], units: [
    { ucum: 'Cel', shown: '°C', low: 30, high: 45, decimals: 1 }, { ucum: '[degF]', shown: '°F', low: 86, high: 113, decimals: 1 }] },
  weight: { parts: ['one'], units: [
    { ucum: 'kg', shown: 'kg', low: 1, high: 500, decimals: 1 }, { ucum: '[lb_av]', shown: 'lb', low: 2, high: 1100, decimals: 1 }] },
  saturation: { parts: ['one'], units: [{ ucum: '%', shown: '%', low: 40, high: 100, decimals: 0 }] },
  glucose: { parts: ['one'], choose: true, units: [
    { ucum: 'mg/dL', shown: 'mg/dL', low: 10, high: 1000, decimals: 0 }, { ucum: 'mmol/L', shown: 'mmol/L', low: 0.5, high: 55, decimals: 1 }] },
};

// Where a thermometer and a scale show °F and lb. The meter for glucose has to be looked at.
const customary = /-US\b/i.test(navigator.language ?? '');

export function usualUnit(kind) {
  const { units, choose } = KINDS[kind];
  return choose ? null : units[customary && units.length > 1 ? 1 : 0];
}

export function kindsOf(text) {
  return String(text ?? '').split(' ').filter((kind) => kind in KINDS);
}

// One decimal mark, a point or a comma, with one digit after it: 37.5 and 37,5 are the same, and
// nothing that groups digits is taken. Returns { text } as it is sent, or { error }: 'number',
// 'whole' or 'range'.
export function readNumber(typed, unit) {
  const match = typed.normalize('NFKC').trim().match(/^(\d{1,4})(?:[.,](\d))?$/);
  if (!match)
    return { error: unit.decimals ? 'number' : 'whole' };
  if (match[2] !== undefined && !unit.decimals)
    return { error: 'whole' };
  const text = String(Number(match[1])) + (match[2] === undefined ? '' : `.${match[2]}`);
  return Number(text) < unit.low || Number(text) > unit.high ? { error: 'range' } : { text };
}

// typed: { kind: { unit, parts: [text] } }. What was left empty is left out. Returns { values } as they
// travel, or { kind, part, error } of the first that is wrong.
export function readAll(typed) {
  const values = [];
  for (const [kind, { unit, parts }] of Object.entries(typed)) {
    if (parts.every((part) => part.trim() === ''))
      continue;
    if (!unit)
      return { kind, part: 0, error: 'unit' };
    const read = parts.map((part) => (part.trim() === '' ? { error: 'both' } : readNumber(part, unit)));
    const wrong = read.findIndex((one) => one.error);
    if (wrong >= 0)
      return { kind, part: wrong, error: read[wrong].error, unit };
    if (read.length === 2 && Number(read[1].text) >= Number(read[0].text))
      return { kind, part: 1, error: 'order', unit };
    values.push(`${kind}=${read.map((one) => one.text).join('/')} ${unit.ucum}`);
  }
  return values.length ? { values: values.join(';') } : { kind: Object.keys(typed)[0], part: 0, error: 'nothing' };
}
