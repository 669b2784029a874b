// SPDX-License-Identifier: GPL-3.0-or-later
// How the connection is. The workstation decides, so that both ends read the same: twice a second it
// sends "beat n=17 says=good send=sd", and this page sends the number back with what it measures. Only
// silence is noticed here, because then nothing can be told.

const LOST_MS = 3000; // as in the workstation
const STARVING_MS = 2000; // four beats missing: the path is so full that the sound suffers

// One sentence for each verdict of the workstation (src/media/media-quality.c), in plain words.
const sentences = {
  en: {
    good: 'Picture and sound are good.',
    slow: 'The connection is slow. The picture may be small or jerky; you will still hear each other.',
    shaky: 'The connection is shaky. Some words may be lost: please pause after you speak.',
    sound: 'Pictures are paused so that you can hear each other.',
    lost: 'Nothing gets through just now. If it stays so, the clinic calls you by phone.',
  },
  de: {
    good: 'Bild und Ton sind gut.',
    slow: 'Die Verbindung ist langsam. Das Bild kann klein sein oder ruckeln; Sie hören einander weiter.',
    shaky: 'Die Verbindung ist wackelig. Manche Wörter gehen verloren: Bitte machen Sie nach dem Sprechen eine Pause.',
    sound: 'Die Bilder sind angehalten, damit Sie einander hören.',
    lost: 'Im Moment kommt nichts durch. Bleibt das so, ruft die Praxis Sie an.',
  },
  fr: {
    good: 'L’image et le son sont bons.',
    slow: 'La connexion est lente. L’image peut être petite ou saccadée ; vous vous entendez toujours.',
    shaky: 'La connexion est instable. Des mots peuvent se perdre : faites une pause après avoir parlé.',
    sound: 'Les images sont en pause pour que vous vous entendiez.',
    lost: 'Rien ne passe pour le moment. Si cela dure, le cabinet vous appelle par téléphone.',
  },
  ja: {
    good: '映像と音声は良好です。',
    slow: '接続が遅くなっています。映像が小さくなったり、なめらかでなくなったりしますが、声は届きます。',
    shaky: '接続が不安定です。言葉が途切れることがあります。話したあとは少し間をおいてください。',
    sound: '声が届くように、映像を止めています。',
    lost: '今は何も届いていません。このまま続く場合は、診療所からお電話します。',
  },
  es: {
    good: 'La imagen y el sonido son buenos.',
    slow: 'La conexión es lenta. La imagen puede ser pequeña o ir a saltos; se siguen oyendo.',
    shaky: 'La conexión es inestable. Pueden perderse palabras: haga una pausa después de hablar.',
    sound: 'Las imágenes están en pausa para que puedan oírse.',
    lost: 'Ahora no llega nada. Si sigue así, el centro le llama por teléfono.',
  },
};

export function sentence(verdict, language) {
  return (sentences[language] ?? sentences.en)[verdict] ?? '';
}

// What a rung lets the camera send; the sound is never touched.
const rungs = {
  hd: { active: true, maxBitrate: 1200000 },
  sd: { active: true, maxBitrate: 1200000 },
  thumbnail: { active: true, maxBitrate: 300000, maxFramerate: 15, scaleResolutionDownBy: 2 },
  audio: { active: false },
  phone: { active: false },
};

export function encodingFor(rung) {
  return rungs[rung] ?? rungs.sd;
}

// Pure: time and figures come in, so that the same can be run over recorded profiles.
export class Quality {
  // before: what was shown with the connection before; silence lasts until something comes
  constructor(now, before) {
    this.said = before === 'lost' ? before : 'unknown';
    this.send = 'sd';
    this.heard = now; // anything at all
    this.began = now;
  }

  // Media or a beat came.
  alive(now) {
    this.heard = now;
  }

  // Returns whether it was a beat; its number is kept to be sent back.
  take(text, now) {
    const found = /^beat n=(\d{1,9}) says=([a-z]{1,10}) send=([a-z]{1,10})$/.exec(text);
    if (!found)
      return false;
    this.heard = this.beat = now;
    this.number = found[1];
    if (found[2] === 'unknown' || sentences.en[found[2]])
      this.said = found[2];
    if (rungs[found[3]])
      this.send = found[3];
    return true;
  }

  verdict(now) {
    return now - this.heard >= LOST_MS ? 'lost' : this.said;
  }

  // What is sent: as asked, but small and then no pictures while not even beats get through.
  sending(now) {
    const missing = this.beat === undefined ? 0 : now - this.beat;
    if (missing < STARVING_MS || this.send === 'audio' || this.send === 'phone')
      return this.send;
    return missing < STARVING_MS + 1000 ? 'thumbnail' : 'audio';
  }

  answer(figures, now) {
    const parts = [`beat n=${this.number}`, `silent=${Math.max(0, Math.round(now - this.heardMedia(now)))}`];
    for (const [name, value] of Object.entries(figures))
      if (Number.isFinite(value) && value >= 0)
        parts.push(`${name}=${Math.round(value * 10) / 10}`);
    return parts.join(' ');
  }

  // A page that is shown nothing because nothing is filmed is not silent.
  heardMedia(now) {
    return this.media ?? now;
  }
}

const fade = 0.6;

// Figures from one getStats () to the next.
export class Meter {
  constructor() {
    this.sent = this.lost = this.frozen = 0;
  }

  read(report) {
    const figures = { jitter: -1, kbps: 0, frames: 0, available: -1 };
    let packets = 0, lost = 0, bytes = 0, pictures = 0, frames = 0, time = 0;
    report.forEach((entry) => {
      if (entry.type === 'inbound-rtp') {
        packets += entry.packetsReceived ?? 0;
        lost += (entry.packetsLost ?? 0);
        bytes += entry.bytesReceived ?? 0;
        frames += entry.framesDecoded ?? 0;
        pictures += entry.kind === 'video' ? entry.bytesReceived ?? 0 : 0;
        time = Math.max(time, entry.timestamp ?? 0);
        figures.jitter = Math.max(figures.jitter, (entry.jitter ?? 0) * 1000);
      }
      if (entry.type === 'candidate-pair' && entry.nominated && entry.availableOutgoingBitrate)
        figures.available = entry.availableOutgoingBitrate / 1000;
    });
    const last = this.last;
    this.last = { packets, lost, bytes, pictures, frames, time };
    this.bytes = bytes;
    if (!last || time <= last.time)
      return this.figures ?? {};
    const seconds = (time - last.time) / 1000;
    const missing = Math.max(0, lost - last.lost);
    this.sent = this.sent * fade + Math.max(0, packets - last.packets) + missing;
    this.lost = this.lost * fade + missing;
    figures.kbps = Math.max(0, bytes - last.bytes) * 8 / 1000 / seconds;
    figures.frames = Math.max(0, frames - last.frames) / seconds;
    // pictures come and none is shown: it stands still
    this.frozen = pictures > last.pictures && frames === last.frames ? this.frozen + seconds * 1000 : 0;
    figures.frozen = this.frozen;
    if (this.sent >= 20)
      figures.loss = 100 * this.lost / this.sent;
    this.figures = figures;
    return figures;
  }
}

// The heartbeat of one peer connection: takes beats, measures, answers.
export class Heartbeat {
  constructor(pc, before, onChange) {
    Object.assign(this, { pc, onChange });
    this.quality = new Quality(Date.now(), before);
    this.meter = new Meter();
    this.shown = '';
    this.sending = 'sd';
    pc.addEventListener('datachannel', ({ channel }) => {
      if (channel.label === 'heartbeat')
        channel.onmessage = ({ data }) => this.take(channel, data);
    });
  }

  async take(channel, data) {
    if (typeof data !== 'string' || !this.quality.take(data, Date.now()))
      return;
    // the number goes back at once: what is measured is from the time before
    channel.send(this.quality.answer(this.meter.figures ?? {}, Date.now()));
    this.tell();
    if (this.measuring)
      return;
    this.measuring = true;
    const before = this.meter.bytes;
    const report = await this.pc.getStats().catch(() => null);
    this.measuring = false;
    if (!report)
      return;
    this.meter.read(report);
    if (this.meter.bytes > (before ?? 0))
      this.quality.media = Date.now();
  }

  // Something came on the media's way, or it is time to look whether nothing did.
  look(came) {
    if (came)
      this.quality.alive(Date.now());
    this.tell();
  }

  tell() {
    const verdict = this.quality.verdict(Date.now());
    const sending = this.quality.sending(Date.now());
    if (verdict === this.shown && this.sending === sending)
      return;
    this.shown = verdict;
    this.sending = sending;
    this.onChange(verdict, this.sending);
  }
}

// Good is not said: it would only stand in the way. What is wrong is, and once that it is over.
export function showVerdict(label, verdict, say) {
  const text = sentence(verdict, document.documentElement.lang);
  const quiet = verdict === 'unknown' || (verdict === 'good' && label.hidden);
  label.dataset.verdict = verdict;
  label.hidden = verdict === 'unknown' || verdict === 'good';
  if (!quiet && label.textContent !== text && label.parentElement.classList.contains('shown'))
    say(text);
  label.textContent = text;
}
