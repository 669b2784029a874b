// SPDX-License-Identifier: GPL-3.0-or-later
// Reads lines "MS SOUND-BYTES PICTURE-BYTES FRAMES", all counted since the call began, as a browser's getStats ()
// would give them, and prints what the patient's page answers of each. The page's own quality.js does the work.
import { readFileSync } from 'node:fs';

const code = readFileSync(process.argv[2], 'utf8');
const { Meter, Quality } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
const meter = new Meter();
const quality = new Quality(0);
for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
  const [timestamp, sound, pictures, framesDecoded] = line.split(' ').map(Number);
  const figures = meter.read([
    { type: 'inbound-rtp', kind: 'audio', bytesReceived: sound, timestamp },
    { type: 'inbound-rtp', kind: 'video', bytesReceived: pictures, framesDecoded, timestamp },
  ]);
  quality.take('beat n=1 says=good send=sd', timestamp);
  console.log(quality.answer(figures, timestamp));
}
