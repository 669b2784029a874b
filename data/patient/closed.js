// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a link that opens nothing, in the patient's language. It reads without a script as well.
import { t, fillIn, offerLanguages } from './strings.js';

const way = document.getElementById('way');

function speak() {
  const { phone } = way.dataset;
  document.title = t('title');
  way.textContent = phone ? t('wayOn.phone', { phone }) : t('wayOn.none');
}

fillIn();
speak();
offerLanguages(document.getElementById('language'), speak);
document.querySelector('.language').hidden = false;
