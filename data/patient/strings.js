// SPDX-License-Identifier: GPL-3.0-or-later
// Every sentence that a patient reads: English here, the others in strings-<language>.js, of which a
// browser loads the one it needs. A sentence is translated whole; {name} is filled in.
const tables = {
  en: {
    'clinic': 'Your clinic',
    'title': 'Your video visit',
    'title.ready': '● Your clinician is ready',
    'loading': 'One moment…',
    'continue': 'Continue',
    'again': 'Try again',
    'yes': 'Yes',
    'no': 'No',
    'step': 'Step {step} of 4',
    'callClinic': 'Call {phone}',
    'emergency': 'If this is an emergency, call your local emergency number now.',
    'wayOn.phone': 'You can call the clinic on {phone}.',
    'wayOn.none': 'Please call the clinic on the number you have from them.',
    'language': 'Language',
    'language.note': '',
    'time.both': '{here} (at the clinic, {zone}: {there})',

    'gone.title': 'This link does not open a visit',
    'gone.text': 'It may have expired, or a part of it may be missing. Please open the newest link from the clinic again.',
    'closed.title': 'This link is closed',
    'closed.text': 'The date of birth did not match five times. To protect your privacy the link was closed, and the clinic was told.',
    'finished.title': 'This visit has ended',
    'finished.text': 'Thank you for your visit.',
    'left.title': 'You have left the waiting room',
    'left.text': 'The clinic can see that you left. You can come back while your link is open.',
    'left.back': 'Go back to the waiting room',
    'elsewhere.title': 'The visit is open in another window',
    'elsewhere.text': 'You opened this visit on another device or in another window. This one has stopped.',
    'elsewhere.here': 'Use this window instead',
    'offline.title': 'We cannot reach the clinic',
    'offline.text': 'Please check that you are connected to the internet. Nothing that you typed is lost.',
    'busy.text': 'That was many tries in a short time. Please wait a minute and try again.',
    'records.text': 'The clinic cannot reach its records just now. Nothing you did is lost. Please try again in a minute.',
    'server.text': 'Something went wrong at the clinic. Please try again in a moment.',

    'verify.title': 'First, please tell us your date of birth',
    'verify.why': 'It tells us that the right person has this link. If you are here for someone else, such as your child, enter the date of birth of the person who is the patient.',
    'verify.legend': 'Date of birth of the patient',
    'verify.day': 'Day',
    'verify.month': 'Month',
    'verify.monthEmpty': 'Choose',
    'verify.year': 'Year',
    'verify.incomplete': 'Please fill in the day, the month and the year. The year has four digits.',
    'verify.impossible': 'There is no such date. Please check the day, the month and the year.',
    'verify.wrong': 'This date does not match what the clinic has. You have {left} tries left.',
    'verify.wrongLast': 'This date does not match what the clinic has. You have 1 try left. After that, please call the clinic.',

    'details.hello': 'Hello {name}, where are you now?',
    'details.title': 'Where are you now?',
    'details.why': 'If you become unwell in the visit, we need to know where to send help, and how to reach you if we are cut off.',
    'details.location': 'The address where you are right now',
    'details.locationHelp': 'Street, number and town. If you are not at an address, describe the place.',
    'details.callback': 'Your phone number',
    'details.callbackHelp': 'We call this number if we are cut off.',
    'details.needLocation': 'Please tell us where you are now.',
    'details.needCallback': 'Please give a phone number with at least 3 digits.',
    'details.shortLocation': 'You are at',
    'details.shortCallback': 'If we are cut off, we call',

    'devices.title': 'Let us test picture and sound',
    'devices.why': 'Your browser will ask for your camera and microphone. Please choose “Allow”.',
    'devices.start': 'Start the test',
    'devices.skip': 'Go on without the test',
    'devices.done': 'Go to the waiting room',
    'devices.open': 'Camera and sound',
    'devices.again': 'Test again',
    'devices.camera': 'Camera',
    'devices.microphone': 'Microphone',
    'devices.speaker': 'Speaker',
    'devices.network': 'Connection',
    'devices.noPicture': 'No picture',
    'devices.play': 'Play a sound',
    'devices.heard': 'Did you hear it?',
    'devices.testing': 'testing…',
    'devices.ok': 'works',
    'devices.amber': 'may be a problem',
    'devices.failed': 'does not work',
    'devices.unknown': 'not tested',
    'devices.level': 'Loudness of your voice',
    'devices.speak': 'Say a few words: the bar should move.',
    'devices.quiet': 'We hear nothing yet. Say a few words. If the bar does not move, check that the microphone is not muted.',
    'devices.insecure': 'This page was not opened over a secure connection, so the browser does not give it a camera. Please open the link exactly as you got it.',
    'devices.black': 'The picture is dark. Is something in front of the camera?',
    'devices.unheard': 'Turn up the sound, or plug in headphones, and play it again. You can also go on: the clinician can call you.',
    'devices.playFirst': 'Play a sound to test it.',
    'devices.network.ok': '{rate} Mbit/s, {delay} ms',
    'devices.network.slow': 'Your connection is slow ({rate} Mbit/s, {delay} ms). Move closer to your Wi-Fi, or close other programs. The visit may go on with sound only.',

    'waiting.title': 'You are in the waiting room',
    'waiting.seen': 'The clinic can see that you are waiting. Please stay on this page.',
    'waiting.hold': 'You are on hold: nobody sees or hears you now. Please stay on this page, your clinician comes back.',
    'waiting.phone': 'Your visit goes on by phone. Your clinician calls you on {number}: please answer it.',
    'waiting.phoneOver': 'The phone call has ended for now. Please stay on this page: your clinician may call again.',
    'waiting.clinicianLeft': 'The call has ended for now. Please stay on this page: your clinician may call again.',
    'waiting.youLeft': 'You have left the call. You can join again.',
    'waiting.joinAsked': 'Your clinician can call you again now. Please stay on this page.',
    'waiting.calling': 'Your clinician is calling.',
    'waiting.joined': 'Your clinician can see you are here.',
    'waiting.who': 'Visit with {clinician}, planned for {time}',
    'waiting.whoNoTime': 'Visit with {clinician}',
    'waiting.whoTimeOnly': 'Planned for {time}',
    'waiting.soon': 'It should be your turn within a few minutes.',
    'waiting.about': 'It should be your turn in about {minutes} minutes.',
    'waiting.lateSoon': 'The clinic is running late. It should be your turn within a few minutes.',
    'waiting.lateAbout': 'The clinic is running late. It should be your turn in about {minutes} minutes.',
    'waiting.said': 'Your clinician is sorry to be running late. It should be your turn in about {minutes} minutes.',
    'waiting.whoNow': '{clinician} will see you now instead. You keep your place.',
    'waiting.open': 'The clinic is running late: the visit before yours takes longer than planned. It may be about {minutes} minutes, or more.',
    'waiting.noMicrophone': 'Your microphone does not work here. The clinic can see that, and can call you on {number}.',
    'waiting.leave': 'Leave the waiting room',
    'waiting.offline': 'The connection to the clinic is interrupted. We try again by ourselves; you keep your place.',
    'waiting.online': 'Connected again. The clinic can see that you are waiting.',

    'call.title': 'Video call with your clinician',
    'call.starting': 'Your clinician lets you in…',
    'call.connected': 'You are connected.',
    'call.reconnecting': 'Reconnecting…',
    'call.fallback': 'If this does not come back, the clinician calls you on {number}.',
    'call.slate': 'Your clinician sends no camera picture.',
    'call.clinicianCameraOff': 'Your clinician switched the camera off.',
    'call.clinicianMuted': 'Your clinician is muted.',
    'call.clinicianDeaf': 'Your clinician’s microphone does not work: you cannot hear them. You can write to each other under “Messages”.',
    'call.mute': 'Mute',
    'call.unmute': 'Unmute',
    'call.cameraOn': 'Camera on',
    'call.cameraOff': 'Camera off',
    'call.noCamera': 'No camera',
    'call.noMicrophone': 'No microphone',
    'call.muted': 'You are muted.',
    'call.unmuted': 'You can be heard.',
    'call.hangup': 'Leave call',
    'call.joinAgain': 'Join the call again',
    'call.answer': 'Join the call',
    'call.sound': 'Tap to hear your clinician',
    'call.controls': 'Call',

    'chat.title': 'Messages with the clinic',
    'chat.open': 'Messages',
    'chat.openLong': 'Write to the clinic',
    'chat.newLong': 'New message from the clinic',
    'chat.close': 'Close',
    'chat.label': 'Your message',
    'chat.send': 'Send',
    'chat.you': 'You',
    'chat.clinic': 'Clinic',
    'chat.sending': 'waiting to be sent',
    'chat.new': 'New message: {text}',

    'medicines.title': 'My medicines',
    'medicines.none': 'No medicine was prescribed in this visit so far. If one is, it appears here by itself.',
    'medicines.some': 'These were prescribed for you in this visit.',
    'medicines.thanks': 'Your visit has ended. Thank you.',
    'medicines.between': 'These medicines have been prescribed for you. If one is running out, ask the clinic here to renew it.',
    'medicines.betweenNone': 'Nothing that the clinic has prescribed for you is open. If you need a medicine, call the clinic.',
    'medicines.amount': 'Amount: {amount}',
    'medicines.repeats': 'Can be repeated {count} times',
    'medicines.repeatsOne': 'Can be repeated once',
    'medicines.by': 'Prescribed by {clinician}',
    'medicines.stopped': 'Cancelled by the clinic. Do not collect or take this one; ask the clinic if you are not sure.',
    'medicines.noInstruction': 'No instruction was written. Ask the clinic how to take it before you do.',
    'medicines.see': 'See my medicines',
    'medicines.back': 'Back to the visit',

    'choice.title': 'Where do you want to get them?',
    'choice.pharmacy': 'Pharmacy',
    'choice.mode': 'How',
    'choice.pickUp': 'I pick it up',
    'choice.delivery': 'Deliver it to me',
    'choice.address': 'Deliver to this address',
    'choice.send': 'Send my choice',
    'choice.change': 'Change my choice',
    'choice.needPharmacy': 'Please choose a pharmacy.',
    'choice.needMode': 'Please choose how you want to get it.',
    'choice.needAddress': 'Please give the address to deliver to.',
    'choice.tooLate': 'The pharmacy has already accepted it, so it can no longer be changed here. Please call the pharmacy.',
    'choice.none': 'The clinic has no pharmacy on its list. Please ask the clinic where to get your medicine.',
    'choice.notYet': 'Please choose a pharmacy below.',
    'choice.sent.pick-up': 'You asked to pick it up at {pharmacy}. The pharmacy has not answered yet.',
    'choice.sent.delivery': 'You asked {pharmacy} to deliver it. The pharmacy has not answered yet.',
    'choice.accepted.pick-up': '{pharmacy} has accepted it. You pick it up there.',
    'choice.accepted.delivery': '{pharmacy} has accepted it and delivers it.',
    'choice.ready.pick-up': 'Ready: you can pick it up at {pharmacy}.',
    'choice.ready.delivery': '{pharmacy} is delivering it.',
    'choice.done': 'Handed over by {pharmacy}.',
    'choice.refused': '{pharmacy} cannot supply it. Please choose another pharmacy.',
    'choice.saved': 'Your choice was sent.',

    'cancelled.title': 'This appointment was cancelled',
    'cancelled.text': 'The clinic took this appointment back, so there is nobody to meet here. If you did not expect that, call the clinic; a new appointment gets a link of its own.',

    'verify.help': 'Three dates did not match. Is it the date of birth of the person who is the patient, and are day and month in the right places? If it is right and still does not match, call the clinic: they can check what they have on record.',
    'verify.try': 'Test your camera, microphone and connection first',

    'consent.video.title': 'Do you agree to a visit by video?',
    'consent.video.what': 'You and the clinic see and hear each other over the internet. The call is encrypted and is not recorded. You can switch off your camera or leave at any time.',
    'consent.video.else': 'If you would rather not, the clinic calls you by phone at the number you gave. Everything else stays the same.',
    'consent.video.yes': 'Yes, by video',
    'consent.video.no': 'No, call me by phone',
    'consent.video.change': 'Use video after all',

    'devices.way.camera': 'Without a camera the visit goes on with sound.',
    'devices.way.microphone': 'Without a microphone the clinic calls you on {number}.',
    'devices.way.phone': 'Without a microphone the clinic calls you by phone.',
    'devices.network.unreachable': 'We could not measure your connection. If the video does not work, the clinician calls you on your number.',
    'devices.network.socket': 'This network lets web pages through, but not the line that a visit needs. Switch off a VPN or proxy, or try mobile data instead of this Wi-Fi.',
    'devices.network.webrtc': 'This browser does not allow video calls. Switch off add-ons that block WebRTC, or open the link in another browser.',
    'devices.network.blocked': 'This network blocks video calls. Try mobile data or another Wi-Fi; otherwise the clinic calls you by phone.',
    'devices.network.relay': 'Your network lets the call through by a detour only. It works, perhaps with less picture quality.',

    'choose.camera': 'Which camera',
    'choose.microphone': 'Which microphone',
    'choose.speaker': 'Which speaker',
    'choose.failed': 'That one does not work just now. The one from before is used again.',

    'hint.denied.chrome': 'Chrome blocks it for this page. Click the icon at the left end of the address bar, switch on Camera and Microphone, then press “Test again”.',
    'hint.denied.android': 'Tap the icon at the left end of the address bar, then “Permissions”, and allow Camera and Microphone. Then press “Test again”.',
    'hint.denied.apple': 'Open the Settings app, scroll to the name of this browser, and switch on Camera and Microphone. Come back here and press “Test again”.',
    'hint.denied.edge': 'Click the lock at the left end of the address bar, set Camera and Microphone to “Allow”, then press “Test again”.',
    'hint.denied.firefox': 'Click the crossed-out camera or microphone at the left of the address, remove the block with the ×, then press “Test again” and choose “Allow”.',
    'hint.denied.firefoxAndroid': 'Tap the lock at the left of the address, tap Camera and Microphone until each says “Allowed”, then press “Test again”.',
    'hint.denied.safariPhone': 'Tap the page sign or “AA” beside the address, then “Website Settings”, set Camera and Microphone to “Allow”, and press “Test again”.',
    'hint.denied.safariMac': 'In the menu bar choose Safari, then “Settings for This Website…”, set Camera and Microphone to “Allow”, and press “Test again”.',
    'hint.denied.samsung': 'Tap the lock at the left of the address, then “Permissions”, allow Camera and Microphone, and press “Test again”.',
    'hint.denied.appApple': 'The browser inside {app} does not hand it over. Tap the three dots or the share sign, choose “Open in Safari”, or copy the link above into Safari.',
    'hint.denied.appAndroid': 'The browser inside {app} does not hand it over. Tap the three dots, choose “Open in Chrome” or “Open in browser”, or copy the link above into your browser.',
    'hint.denied.other': 'The browser may not use it. Open the page’s permissions beside the address, allow Camera and Microphone, then press “Test again”.',
    'hint.system.phone': 'Your phone blocks it for this browser. Open Settings, then Apps, this browser, Permissions, allow Camera and Microphone, and press “Test again”.',
    'hint.system.mac': 'Your Mac blocks it for this browser. Open System Settings, “Privacy & Security”, switch your browser on under “Camera” and “Microphone”, and start the browser anew.',
    'hint.system.windows': 'Windows blocks it. Open Settings, “Privacy & security”, then “Camera” and “Microphone”, switch on “Let desktop apps access” in both, and press “Test again”.',
    'hint.system.other': 'Your computer blocks it for this browser. Allow it in the computer’s privacy settings, and press “Test again”.',
    'hint.taken.phone': 'Another app is using it, perhaps a phone call. End the call or close the app, then press “Test again”.',
    'hint.taken.computer': 'Another program is using it. Close Teams, Zoom, Skype and other tabs with video, then press “Test again”.',
    'hint.none.camera': 'No camera was found. If yours has a cover, a switch or a cable, check those, then press “Test again”.',
    'hint.none.microphone': 'No microphone was found. If yours is in a headset, check its plug or its Bluetooth connection, then press “Test again”.',

    'inApp.this': 'this app',
    'inApp.maybe': 'You opened this page inside {app}. If camera or sound do not work here, open it in your own browser.',
    'inApp.no': 'Camera and microphone cannot be used in {app}. Open this page in your own browser; or go on here, and the clinic calls you by phone.',
    'inApp.guest': 'Camera and microphone cannot be used in {app}. Please open this page in your own browser.',
    'inApp.open.apple': 'Tap the three dots or the share sign and choose “Open in Safari”. Or copy this link, open Safari, and paste it:',
    'inApp.open.android': 'Tap the three dots and choose “Open in Chrome” or “Open in browser”. Or copy this link, open your browser, and paste it:',
    'inApp.open.other': 'Copy this link, open Chrome, Edge, Firefox or Safari, and paste it:',
    'inApp.link': 'Link to your visit',
    'inApp.copy': 'Copy the link',
    'inApp.copied': 'The link is copied',

    'early.title': 'See you at your visit',
    'early.text': 'Your visit is on {time}. You can test now, and come back with the same link then.',
    'early.bye': 'Your visit is on {time}. Open the same link then. You can test again as often as you like.',
    'early.later': 'Done for now',
    'early.now': 'Go to the waiting room already',

    'try.title': 'Try it out',
    'try.lead': 'This tests your camera, microphone, speaker and connection for a video visit. Nothing is sent to the clinic and nothing is kept.',
    'try.done': 'Finish the test',
    'try.ended.title': 'That was the test',
    'try.ended.text': 'Use the same device and browser for your visit. Its link is in the message from the clinic.',

    'waiting.byPhone': 'The clinic can see that you are waiting, and calls you by phone. Please keep your phone with you.',
    'waiting.phoneNow': 'It is your turn. The clinic calls you by phone now.',
    'waiting.noCamera': 'Your camera does not work here. The visit goes on with sound.',

    'away.now.microphone': 'Something else took your microphone, perhaps a phone call. The clinic can see that. When the call is over, you are heard again.',
    'away.now.camera': 'Something else took your camera. The clinic can see that, and still hears you.',
    'away.back.hidden': 'This page was not on your screen. The clinic could see that. Please keep it open.',
    'away.back.hidden.minutes': 'Your screen was locked, or another app was in front, for {minutes} min. The clinic could see that. Please keep this page open.',
    'away.back.microphone': 'Your microphone is back. You can be heard again.',
    'away.back.microphone.minutes': 'Your microphone is back after {minutes} min. You can be heard again.',
    'away.back.camera': 'Your camera is back. You can be seen again.',
    'away.back.camera.minutes': 'Your camera is back after {minutes} min. You can be seen again.',

    'medicines.original': 'This is shown as the clinic wrote it.',

    'after.title': 'After your visit',
    'after.waiting': 'If the clinic writes a summary of your visit, it appears here by itself.',
    'after.ready': 'The summary of your visit is on this page now.',
    'after.print': 'Print, or save as a file',

    'survey.title': 'Two questions, if you like',
    'survey.why': 'The clinic reads your answers together with your visit. They change nothing about your care, and you can leave them out.',
    'survey.technical': 'How did picture and sound work?',
    'survey.technical.well': 'Well',
    'survey.technical.some': 'With some trouble',
    'survey.technical.much': 'With much trouble',
    'survey.answered': 'Was what you came for dealt with?',
    'survey.answered.yes': 'Yes',
    'survey.answered.partly': 'In part',
    'survey.answered.no': 'No',
    'survey.send': 'Send my answers',
    'survey.skip': 'Skip the questions',
    'survey.thanks': 'Thank you. The clinic has your answers.',
    'survey.skipped': 'You skipped the questions. Nothing was sent.',
    'survey.none': 'Please choose an answer, or skip the questions.',

    'people.title': 'People in this visit',
    'people.open': 'People',
    'people.close': 'Close',
    'people.patient': 'Patient',
    'people.guest': 'Guest',
    'people.interpreter': 'Interpreter',
    'people.clinician': 'Clinician',
    'people.named': '{name}, {role}',
    'people.picture': 'Video of {name}',
    'people.level': 'Loudness of {name}',
    'people.mute': 'Mute for me',
    'people.unmute': 'Hear again',
    'people.muteName': 'Mute {name} for me',
    'people.unmuteName': 'Hear {name} again',
    'people.cameraOff': 'Camera is off.',
    'people.muted': 'Muted.',
    'people.state.waiting': 'Waits until your clinician lets them in',
    'people.state.in': 'In the call',
    'people.state.aside': 'Waits aside: hears and sees nothing',
    'people.nobody': 'Only you and your clinician.',
    'people.asks': '{name} has opened the link. Your clinician decides when to let them in.',
    'people.joined': '{name} is in the call.',
    'people.gone': '{name} has left.',
    'people.sendAway': 'Send away',
    'people.sendAwayName': 'Send {name} away',
    'people.sentAway': 'They are out of the visit, and their link does not work any more.',
    'people.alone': 'Speak alone with my clinician',
    'people.aloneHelp': 'Your guest then hears and sees nothing. They are not told who asked for it.',
    'people.aloneEnd': 'Let my guest hear and see again',
    'people.aloneOn': 'You are speaking alone. Your guest hears and sees nothing.',
    'people.aloneOff': 'Your guest can hear and see again.',
    'people.add': 'Add someone',
    'people.addHelp': 'You can ask one person, such as a carer or one of your family, to join. Your clinician lets them in.',
    'people.link': 'Link for your guest',
    'people.linkHelp': 'Send this link to them yourself. It works for one person, for four hours at most. A new link replaces it.',
    'people.copy': 'Copy the link',
    'people.copied': 'The link is copied.',
    'people.share': 'Share the link',
    'people.addFailed': 'The link could not be made. Please try again, or ask your clinician.',
    'guest.title': 'You are invited to a video visit',
    'guest.titleInterpreter': 'Interpreting for a video visit',
    'guest.why': 'The clinic sees what you type here. You are let in by the clinician.',
    'guest.name': 'Your name',
    'guest.nameOptional': 'Your name (if you like)',
    'guest.relation': 'You are the patient’s…',
    'guest.relationEmpty': 'Choose',
    'guest.relation.PRN': 'Parent',
    'guest.relation.CHILD': 'Child',
    'guest.relation.SPS': 'Husband, wife or partner',
    'guest.relation.SIB': 'Brother or sister',
    'guest.relation.FRND': 'Friend or neighbour',
    'guest.relation.carer': 'Carer',
    'guest.relation.guardian': 'Guardian or legal representative',
    'guest.number': 'Your interpreter number',
    'guest.numberHelp': 'The number that your service identifies you by. It goes into the patient’s note.',
    'guest.language': 'The language you interpret',
    'guest.enter': 'Join with camera and microphone',
    'guest.needName': 'Please give your name.',
    'guest.needRelation': 'Please choose who you are to the patient.',
    'guest.needNumber': 'Please give your number.',
    'guest.needLanguage': 'Please give the language.',
    'guest.waiting.title': 'Please wait',
    'guest.waiting': 'The clinic can see that you are here. The clinician lets you in. Please stay on this page.',
    'guest.aside.title': 'You are waiting aside',
    'guest.aside': 'The others are speaking without you for a moment. You hear and see nothing, and nobody hears or sees you. Please stay on this page.',
    'guest.in': 'You have been let in. The call starts.',
    'guest.over': 'The call has stopped for now. Please stay on this page.',
    'guest.offline': 'The connection to the clinic is interrupted. We try again by ourselves.',
    'guest.quiet': 'The clinician asks you to mute your microphone.',
    'guest.quietDo': 'Mute now',
    'guest.leave': 'Leave',
    'guest.left.title': 'You have left',
    'guest.left.text': 'You can come back with your link while the visit goes on.',
    'guest.left.back': 'Come back',
    'guest.away.title': 'You are no longer in this visit',
    'guest.away.text': 'The clinic has ended your part in it. Your link does not work any more.',
    'guest.ended.title': 'This visit has ended',
    'guest.ended.text': 'Thank you.',
    'guest.noMicrophone': 'Your microphone does not work here, so nobody will hear you. Press “Camera and sound” to see what helps.',
    'guest.now.microphone': 'Something else took your microphone, perhaps a phone call. When the call is over, you are heard again.',
    'guest.now.camera': 'Something else took your camera. You can still be heard.',
    'guest.back.hidden': 'This page was not on your screen. Please keep it open.',
    'guest.back.hidden.minutes': 'Your screen was locked, or another app was in front, for {minutes} min. Please keep this page open.',

  },
};

// In their own words, so that who cannot read the page finds the way to one that they can.
export const languages = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français', ja: '日本語' };
const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];
const KEPT = 'bedside-language';

function kept() {
  try { return localStorage.getItem(KEPT); } catch { return null; }
}

const wanted = [kept(), ...(navigator.languages ?? [])].filter(Boolean);
let language = wanted.map((tag) => tag.split('-')[0]).find((tag) => tag in languages) ?? 'en';

async function load(tag) {
  if (!(tag in tables))
    tables[tag] = (await import(`/patient/strings-${tag}.js`)).default;
}

await load(language).catch(() => { language = 'en'; });

export const currentLanguage = () => language;

// Returns whether the page speaks it now.
export async function setLanguage(tag) {
  if (!(tag in languages))
    return false;
  try { await load(tag); } catch { return false; }
  language = tag;
  try { localStorage.setItem(KEPT, tag); } catch { /* private browsing: for this page only */ }
  return true;
}

export function months() {
  return Array.from({ length: 12 }, (_, month) =>
    new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, month, 15)));
}

export function t(key, values = {}) {
  const text = tables[language][key] ?? tables.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

let clinicZone = null;

// The zone that the clinic's clocks show, by its IANA name; what a browser does not know is left out.
export function setClinicZone(zone) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    clinicZone = zone ?? null;
  } catch {
    clinicZone = null;
  }
}

export const clinicZoneName = () => clinicZone;

function format(instant, options, zone) {
  return new Intl.DateTimeFormat(language, { hourCycle: 'h23', ...options, ...(zone ? { timeZone: zone } : {}) }).format(new Date(instant));
}

// In the patient's zone; and in the clinic's, by name, where its clocks show something else then.
function formatBoth(instant, options) {
  const here = format(instant, options);
  const whole = { year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' };
  if (!clinicZone || format(instant, whole) === format(instant, whole, clinicZone))
    return here;
  const zone = clinicZone.split('/').pop().replaceAll('_', ' ');
  return t('time.both', { here, there: format(instant, options, clinicZone), zone });
}

export function clockTime(instant) {
  return format(instant, { hour: '2-digit', minute: '2-digit' });
}

export function plannedTime(instant) {
  return formatBoth(instant, { hour: '2-digit', minute: '2-digit' });
}

export function plannedDay(instant) {
  return formatBoth(instant, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
}

export function fillIn(root = document) {
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr';
  for (const element of root.querySelectorAll('[data-t]'))
    element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-t-label]'))
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  for (const element of root.querySelectorAll('[data-step]'))
    element.textContent = t('step', { step: element.dataset.step });
}

// The choice of a language in a page's head: @element is its select, @changed is called afterwards.
export function offerLanguages(element, changed = () => {}) {
  element.replaceChildren(...Object.entries(languages).map(([tag, name]) => {
    const option = new Option(name, tag, false, tag === language);
    option.lang = tag;
    return option;
  }));
  element.addEventListener('change', async () => {
    if (await setLanguage(element.value)) {
      fillIn();
      changed();
    } else {
      element.value = language;
    }
  });
}
