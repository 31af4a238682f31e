// Speaking: record, pause, listen to the level, send or throw away. Closing the sheet keeps what was said so far, and
// each second lies sealed on this device (takes.js) until it is sent or thrown away.

import { newId } from "../kernel/outbox.js";
import { openSheet } from "../kernel/shell.js";
import { word } from "../kernel/words.js";
import { peaksOf, strokes } from "./peaks.js";
import * as takes from "./takes.js";

const LONGEST_MS = 5 * 60_000;
const TICK_MS = 50;
const TICKS_PER_BAR = 5;
const BARS = 40;
const BOX = { height: 88, step: 8 };
const TYPES = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

const clock = takes.lengthOf;
let recorder = null;

class Recorder {
  #chunks = [];
  #levels = [];
  #length = 0;
  #keeping = Promise.resolve();

  constructor(sheet) {
    this.sheet = sheet;
    sheet.addEventListener("close", () => this.#pause());
    sheet.addEventListener("click", (event) => this.#act(event.target.closest("[data-act]")?.dataset.act));
    addEventListener("pagehide", () => this.#silence()); // the take stays, to be offered again
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.isOn) this.media.requestData(); });
  }

  part(name) { return this.sheet.querySelector(`[data-slot="${name}"]`); }

  // where: {place, topic} under which the take lies here. take: one of before, to be sent or thrown away.
  // send(spoken, forget) forgets the take once it has what was spoken safe elsewhere.
  async open({ to = "", send, where, take = null }) {
    Object.assign(this, { send, where });
    if (to) this.part("to").textContent = to;
    openSheet(this.sheet);
    if (this.media || this.take) { this.#draw(); return; } // kept from before, paused
    if (take) { await this.#bringBack(take); return; }
    this.#say(word("asks for the microphone"), false);
    this.#draw();
    try {
      await this.#begin();
    } catch (error) {
      this.#refused(error);
    }
  }

  async #begin() {
    if (!navigator.mediaDevices || !globalThis.MediaRecorder) throw new DOMException("", "NotSupportedError");
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    if (!this.sheet.open) { this.#silence(); return; }
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.media = new MediaRecorder(this.stream, { ...(mimeType && { mimeType }), audioBitsPerSecond: 32_000 });
    this.media.ondataavailable = ({ data }) => { if (data.size) this.#keep(data); };
    this.#hold({ id: newId(), at: Date.now(), ...this.where, type: this.media.mimeType });
    this.context = new AudioContext();
    this.analyser = new AnalyserNode(this.context, { fftSize: 1024 });
    this.context.createMediaStreamSource(this.stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.media.start(1000);
    this.at = performance.now();
    this.timer = setInterval(() => this.#tick(), TICK_MS);
    this.#draw();
  }

  #hold(take) {
    this.take = take;
    this.release = takes.hold(take.id);
  }

  #keep(piece) {
    this.#chunks.push(piece);
    const take = { ...this.take, type: this.media.mimeType, length: Math.round(this.#length), levels: this.#levels.map((level) => Math.round(255 * level)) };
    const n = this.#chunks.length;
    this.#keeping = this.#keeping.then(() => takes.keep(take, n, piece)).catch(() => {}); // no room: it goes on in memory
  }

  async #bringBack(take) {
    this.#hold(take);
    this.#chunks = [await takes.blobOf(take)];
    this.#levels = take.levels.map((level) => level / 255);
    this.#length = take.length;
    this.#draw();
    this.#say(takes.titleOf(take), false);
  }

  get isOn() { return this.media?.state === "recording"; }

  #tick() {
    if (!this.isOn) return;
    const now = performance.now();
    this.#length += now - this.at;
    this.at = now;
    this.analyser.getFloatTimeDomainData(this.samples);
    let peak = 0;
    for (const sample of this.samples) peak = Math.max(peak, Math.abs(sample));
    this.#levels.push(Math.min(1, peak));
    if (this.#levels.length % TICKS_PER_BAR === 0) this.#draw();
    if (this.#length >= LONGEST_MS) this.#pause();
  }

  #draw() {
    const bars = [];
    for (let n = 0; n < this.#levels.length; n += TICKS_PER_BAR) bars.push(Math.max(...this.#levels.slice(n, n + TICKS_PER_BAR)));
    const shown = bars.slice(-(BARS - 8));
    this.part("wave").setAttribute("d", strokes(shown.map(Math.sqrt), BOX));
    this.part("ahead").setAttribute("d", strokes(Array(BARS - shown.length).fill(0), { ...BOX, from: shown.length }));
    const level = this.isOn ? Math.round(100 * Math.sqrt(shown.at(-1) ?? 0)) : 0;
    this.part("level").value = level;
    this.part("heard").textContent = !this.isOn ? "" : level > 25 ? word("well heard") : level > 5 ? word("quiet") : word("nothing heard");
    this.part("length").textContent = clock(this.#length);
    this.part("left").textContent = word("{time} left.", { time: clock(Math.max(0, LONGEST_MS - this.#length)) });
    this.part("send").disabled = this.#length < 500;
    const pause = this.part("pause");
    pause.disabled = !this.media || (!this.isOn && this.#length >= LONGEST_MS);
    pause.setAttribute("aria-label", this.isOn ? word("Pause") : word("Go on speaking"));
    pause.querySelector("use").setAttribute("href", this.isOn ? "#i-pause" : "#i-mic");
    if (this.media) this.#say(this.isOn ? word("records") : word("paused"), this.isOn);
  }

  #say(text, isOn) {
    const now = this.part("now");
    if (now.lastElementChild.textContent !== text) now.lastElementChild.textContent = text;
    now.classList.toggle("still", !isOn);
  }

  #act(name) {
    if (name === "rec-pause") { if (this.isOn) this.#pause(); else this.#goOn(); }
    else if (name === "rec-drop") this.#drop();
    else if (name === "rec-send") this.#finish();
  }

  #pause() {
    if (!this.isOn) return;
    this.#tick();
    this.media.pause();
    this.media.requestData();
    this.#draw();
  }

  #goOn() {
    if (this.media?.state !== "paused") return;
    this.at = performance.now();
    this.media.resume();
    this.#draw();
  }

  async #finish() {
    if (!this.take) return;
    await this.#stop();
    const { take } = this;
    const spoken = spokenOf({ ...take, length: Math.round(this.#length), levels: this.#levels }, new Blob(this.#chunks, { type: this.media?.mimeType ?? take.type }));
    await this.#keeping;
    this.#silence();
    this.sheet.close();
    await this.send(spoken, () => takes.forget(take.id));
  }

  async #stop() {
    if (!this.media) return;
    this.#pause();
    const stopped = new Promise((resolve) => { this.media.onstop = resolve; });
    this.media.stop();
    await stopped;
  }

  async #drop() {
    const { take } = this;
    this.#silence();
    this.sheet.close();
    await this.#keeping;
    if (take) await takes.forget(take.id);
  }

  // The microphone is let go, and what this page knows of the recording.
  #silence() {
    clearInterval(this.timer);
    if (this.media && this.media.state !== "inactive") { this.media.onstop = this.media.ondataavailable = null; this.media.stop(); }
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.context?.close();
    this.release?.();
    Object.assign(this, { media: null, stream: null, context: null, take: null, release: null });
    this.#chunks = [];
    this.#levels = [];
    this.#length = 0;
  }

  #refused({ name }) {
    const missing = name === "NotFoundError" ? word("There is no microphone on this device.")
      : name === "NotAllowedError" ? word("The microphone is not allowed. The browser's settings for this site change that.")
      : word("This browser does not record here.");
    this.#silence();
    this.#say(missing, false);
  }
}

function spokenOf({ at, length, levels }, blob) {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }).format(at);
  return { blob, duration: length, peaks: peaksOf(levels), name: word("Voice message {time}", { time: time.replaceAll(/[/:]/g, "-") }) };
}

// A take of before as it would have been sent, without opening the sheet.
export async function sendTake(take, send) {
  const spoken = spokenOf({ ...take, levels: take.levels.map((level) => level / 255) }, await takes.blobOf(take));
  await send(spoken, () => takes.forget(take.id));
}

export function openRecorder(sheet, options) {
  recorder ??= new Recorder(sheet);
  return recorder.open(options);
}
