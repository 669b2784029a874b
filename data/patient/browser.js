// SPDX-License-Identifier: GPL-3.0-or-later
// Which browser this is, as far as the way to its camera switch depends on it. Nothing else may.
const APPS = [
  [/FBA[NV]|FB_IAB|\bMessenger/, 'Facebook'], [/Instagram/, 'Instagram'], [/MicroMessenger/, 'WeChat'], [/\bLine\//, 'LINE'],
  [/Snapchat/, 'Snapchat'], [/musical_ly|BytedanceWebview|TikTok/i, 'TikTok'], [/LinkedInApp/, 'LinkedIn'], [/\bGSA\//, 'Google'],
  [/WhatsApp/, 'WhatsApp'], [/Twitter/, 'X'], [/Pinterest/, 'Pinterest'],
];

function system(agent, touches) {
  if (/iPhone|iPod/.test(agent))
    return 'iPhone';
  // An iPad says that it is a Mac, and is none.
  if (/iPad/.test(agent) || (/Macintosh/.test(agent) && touches > 1))
    return 'iPad';
  if (/Android/.test(agent))
    return 'Android';
  return /Windows/.test(agent) ? 'Windows' : /Macintosh/.test(agent) ? 'Mac' : /CrOS/.test(agent) ? 'ChromeOS' : 'Linux';
}

// kind: which hint is right; name and system: for the clinic; app: the app whose built-in browser it
// is, '' where it is one of an app that does not say which, null where it is none.
export function recognise(agent = navigator.userAgent, touches = navigator.maxTouchPoints ?? 0) {
  const on = system(agent, touches);
  const apple = on === 'iPhone' || on === 'iPad';
  const named = APPS.find(([sign]) => sign.test(agent))?.[1];
  const bare = apple ? !/Safari\//.test(agent) : /; wv\)/.test(agent);
  const app = named ?? (bare ? '' : null);
  let [name, kind] = ['Browser', 'other'];
  if (app !== null)
    [name, kind] = [app || 'App', apple ? 'appApple' : 'appAndroid'];
  else if (/EdgiOS|EdgA|Edg\//.test(agent))
    [name, kind] = ['Edge', apple ? 'apple' : on === 'Android' ? 'android' : 'edge'];
  else if (/SamsungBrowser/.test(agent))
    [name, kind] = ['Samsung Internet', 'samsung'];
  else if (/FxiOS/.test(agent))
    [name, kind] = ['Firefox', 'apple'];
  else if (/Firefox\//.test(agent))
    [name, kind] = ['Firefox', on === 'Android' ? 'firefoxAndroid' : 'firefox'];
  else if (/CriOS/.test(agent))
    [name, kind] = ['Chrome', 'apple'];
  else if (/Chrome\/|Chromium\//.test(agent))
    [name, kind] = ['Chrome', on === 'Android' ? 'android' : 'chrome'];
  else if (/Safari\//.test(agent))
    [name, kind] = ['Safari', apple ? 'safariPhone' : 'safariMac'];
  return { name, kind, system: on, app, apple, phone: apple || on === 'Android' };
}

export const browser = recognise();
export const hasDevices = !!navigator.mediaDevices?.getUserMedia;

// One of the codes that the clinic has words for.
export function whyNot(error) {
  if (!hasDevices)
    return !isSecureContext ? 'insecure' : 'in-app';
  if (error?.name === 'NotAllowedError' || error?.name === 'SecurityError')
    return /system/i.test(error.message) ? 'denied-system' : 'denied';
  if (error?.name === 'NotReadableError' || error?.name === 'AbortError')
    return 'taken';
  return 'none';
}

// The key of what to press, in this browser, against WHY. STEP: camera or microphone.
export function hintFor(step, why) {
  switch (why) {
    case 'denied':
      return `hint.denied.${browser.kind}`;
    case 'denied-system':
      return `hint.system.${browser.phone ? 'phone' : browser.system === 'Mac' ? 'mac' : browser.system === 'Windows' ? 'windows' : 'other'}`;
    case 'taken':
      return `hint.taken.${browser.phone ? 'phone' : 'computer'}`;
    case 'none':
      return `hint.none.${step}`;
    case 'in-app':
      return browser.apple ? 'inApp.open.apple' : browser.app === null ? 'inApp.open.other' : 'inApp.open.android';
    case 'insecure':
      return 'devices.insecure';
    case 'dark':
      return 'devices.black';
    case 'quiet':
      return 'devices.quiet';
  }
  return null;
}
