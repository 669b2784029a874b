// SPDX-License-Identifier: GPL-3.0-or-later
// Test hooks, served only by a hub that was started for tests. The wall clock, in milliseconds, is
// painted as 40 black or white cells across the top of each frame (32 bits, then 8 bits that are the
// exclusive or of its four bytes), and read back from the frames of the other side.
const CELLS = 40;
const WIDTH = 640;
const HEIGHT = 480;

function check(value) {
  return (value ^ (value >>> 8) ^ (value >>> 16) ^ (value >>> 24)) & 0xff;
}

// A camera that shows a moving picture under the clock. Returns a function that gives its track.
export function paint() {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d', { alpha: false });
  const track = canvas.captureStream(0).getVideoTracks()[0];
  let frame = 0;
  const draw = () => {
    const now = Date.now() >>> 0;
    const sum = check(now);
    const cell = WIDTH / CELLS;
    pen.fillStyle = `hsl(${frame % 360} 45% 35%)`;
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.fillStyle = '#fff';
    pen.beginPath();
    pen.arc(WIDTH / 2 + 140 * Math.sin(frame / 20), HEIGHT / 2, 60, 0, 7);
    pen.fill();
    for (let i = 0; i < CELLS; i++) {
      const bit = i < 32 ? (now >>> (31 - i)) & 1 : (sum >>> (39 - i)) & 1;
      pen.fillStyle = bit ? '#fff' : '#000';
      pen.fillRect(i * cell, 0, cell, Math.max(16, cell));
    }
    frame += 1;
    track.requestFrame();
  };
  setInterval(draw, location.hash.includes('slow') ? 100 : 1000 / 30);
  return () => track.clone(); // one that was let go can be asked for again
}

function read(video, pen) {
  const width = video.videoWidth;
  pen.canvas.width = width;
  pen.canvas.height = 16;
  pen.drawImage(video, 0, 0, width, 16, 0, 0, width, 16);
  const row = pen.getImageData(0, 8, width, 1).data;
  const bit = (i) => (row[Math.floor((i + 0.5) * width / CELLS) * 4 + 1] > 127 ? 1 : 0);
  let value = 0;
  let sum = 0;
  for (let i = 0; i < 32; i++)
    value = ((value << 1) | bit(i)) >>> 0;
  for (let i = 32; i < CELLS; i++)
    sum = (sum << 1) | bit(i);
  return sum === check(value) ? value : null;
}

// window.bedsideTest: what the remote video showed. Clocks are the low 32 bits of Date.now().
export function watch(call) {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const seen = { framesShown: 0, clocksRead: 0, lastClock: null, lastDelay: null, delays: [], epoch: 0 };
  call.onFrame = () => {
    seen.framesShown += 1;
    seen.epoch = call.epoch;
    const clock = call.video.videoWidth ? read(call.video, pen) : null;
    if (clock === null)
      return;
    seen.clocksRead += 1;
    seen.lastClock = clock;
    seen.lastDelay = ((Date.now() >>> 0) - clock) | 0;
    seen.delays.push(seen.lastDelay);
    if (seen.delays.length > 600)
      seen.delays.shift();
  };
  return seen;
}
