// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the screen on while somebody waits for the call, or is in it.
let lock = null;

export async function keepAwake() {
  try {
    lock = await navigator.wakeLock?.request('screen');
  } catch { /* the battery is low, or the page is hidden: asked again when it is shown */ }
}

export function letSleep() {
  lock?.release().catch(() => {});
  lock = null;
}
