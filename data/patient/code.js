// SPDX-License-Identifier: GPL-3.0-or-later
// The code of a prescription, for a counter that has it not yet: fetched whenever it is opened, for one that was used is
// followed by another; as a square and in letters.
import { post } from './hub.js';
import { say } from './medicines-strings.js';

const codes = new Map(); // id of a medicine -> { code, path, width }
const open = new Set();
const QUIET = 4; // modules of white around a square
const SVG = 'http://www.w3.org/2000/svg';

// Black on white, whatever the page's colours: that is what readers read.
function square({ path, width }) {
  const picture = document.createElementNS(SVG, 'svg');
  const size = width + 2 * QUIET;
  picture.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${size} ${size}`);
  picture.setAttribute('class', 'code-square');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', say('code.alt'));
  picture.setAttribute('shape-rendering', 'crispEdges');
  const back = document.createElementNS(SVG, 'rect');
  for (const [name, value] of [['x', -QUIET], ['y', -QUIET], ['width', size], ['height', size], ['fill', '#fff']])
    back.setAttribute(name, value);
  const dark = document.createElementNS(SVG, 'path');
  dark.setAttribute('d', path);
  dark.setAttribute('fill', '#000');
  picture.append(back, dark);
  return picture;
}

function text(name, words, className) {
  const made = document.createElement(name);
  made.textContent = words;
  made.className = className ?? '';
  return made;
}

function show(place, known) {
  if (known.failed)
    place.replaceChildren(text('p', say('code.failed'), 'error'));
  else
    place.replaceChildren(square(known), text('p', say('code.letters'), 'quiet'), text('code', known.code, 'code-letters'),
                          text('p', say('code.help'), 'quiet'));
}

async function load(id, place) {
  try {
    codes.set(id, await post('code', { medicine: id }));
  } catch (error) {
    // at a counter without a connection the last one is better than none
    if (error.code !== 'offline')
      codes.delete(id);
  }
  show(place, codes.get(id) ?? { failed: true });
}

// Only while a pharmacy may still be chosen: what one has, is there.
export function code(medicine) {
  const state = medicine.choice?.state;
  if (!medicine.active || (state && !['sent', 'refused'].includes(state)))
    return [];
  const details = document.createElement('details');
  const place = document.createElement('div');
  const summary = text('summary', say('code.show'));
  details.className = 'code';
  summary.id = `code-${medicine.id}`;
  place.setAttribute('aria-live', 'polite');
  details.append(summary, place);
  details.open = open.has(medicine.id);
  details.addEventListener('toggle', () => {
    open[details.open ? 'add' : 'delete'](medicine.id);
    if (details.open)
      load(medicine.id, place);
  });
  return [details];
}
