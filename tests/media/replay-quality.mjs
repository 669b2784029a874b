// SPDX-License-Identifier: GPL-3.0-or-later
// Reads lines "NOW BEAT_AGO HEARD_AGO SAYS" (ms; BEAT_AGO -1: no beat in this epoch yet) and prints what the
// patient's page shows at each of them. The page's own quality.js does the work.
import { readFileSync } from 'node:fs';

const code = readFileSync(process.argv[2], 'utf8');
const { Quality } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
let quality = null;
let shown = 'unknown';
for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
  const [now, beatAgo, heardAgo] = line.split(' ').map(Number);
  const says = line.split(' ')[3];
  if (!quality || beatAgo < 0)
    quality = new Quality(now - heardAgo, shown);
  else
    quality.take(`beat n=1 says=${says} send=sd`, now - beatAgo);
  quality.alive(Math.max(quality.heard, now - heardAgo));
  shown = quality.verdict(now);
  console.log(shown);
}
