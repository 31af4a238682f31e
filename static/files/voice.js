// A voice note: play, pause, and the waveform as a slider. The server's <audio> stays inside and does the sound.

import { word, ready as wordsReady } from "../kernel/words.js";

const STEP_S = 5;
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
let playing = null;

class VoiceNote extends HTMLElement {
  connectedCallback() {
    if (this.audio) return; // moved along with its message
    this.audio = this.querySelector("audio");
    wordsReady.then(() => (this.#isPlayable() ? this.#build() : this.#explain()));
  }

  connectedMoveCallback() { /* goes on playing */ }

  get seconds() { return Number(this.dataset.ms) / 1000 || (Number.isFinite(this.audio.duration) ? this.audio.duration : 0); }

  #isPlayable() { return this.audio.canPlayType(this.dataset.type) !== ""; }

  #build() {
    const { audio } = this;
    audio.controls = false;
    this.button = Object.assign(document.createElement("button"), { className: "play", type: "button" });
    this.button.dataset.key = `play-${this.dataset.keep}`;
    this.button.onclick = () => (audio.paused ? this.play() : audio.pause());
    const wave = this.querySelector(".wave");
    const heard = wave.cloneNode(true);
    heard.classList.add("heard");
    this.slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: Math.max(1, this.seconds), step: 0.1, value: 0 });
    this.slider.setAttribute("aria-label", word("Position"));
    this.slider.oninput = () => this.#seek(Number(this.slider.value));
    this.slider.onkeydown = (event) => this.#key(event);
    this.track = Object.assign(document.createElement("span"), { className: "track" });
    wave.replaceWith(this.track);
    this.track.append(wave, heard, this.slider);
    this.prepend(this.button);
    this.length = this.querySelector("small");
    for (const name of ["play", "pause", "ended", "timeupdate"]) audio.addEventListener(name, () => this.#draw());
    audio.addEventListener("ended", () => { this.#seek(0); });
    audio.addEventListener("error", () => { if (navigator.onLine && audio.error?.code > 2) this.#explain(); });
    this.#draw();
  }

  play() {
    if (playing && playing !== this.audio) playing.pause();
    playing = this.audio;
    return this.audio.play().catch(() => {}); // an error says so by itself; a dead zone may try again
  }

  #key(event) {
    const by = { ArrowLeft: -STEP_S, ArrowDown: -STEP_S, ArrowRight: STEP_S, ArrowUp: STEP_S }[event.key];
    if (event.key === " " || event.key === "Enter") this.button.click();
    else if (by) this.#seek(this.audio.currentTime + by);
    else return;
    event.preventDefault();
  }

  #seek(to) {
    this.audio.currentTime = Math.min(Math.max(to, 0), Math.max(0, this.seconds - 0.05));
    this.#draw();
  }

  #draw() {
    const { audio, seconds } = this;
    const isOn = !audio.paused && !audio.ended;
    const at = Math.min(audio.currentTime, seconds);
    if (this.drawnOn !== isOn) {
      this.drawnOn = isOn;
      this.button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${isOn ? "pause" : "play"}"/></svg>`;
      this.button.setAttribute("aria-label", isOn ? word("Pause") : word("Play voice message, {length}", { length: clock(seconds) }));
    }
    this.track.style.setProperty("--at", `${seconds ? (100 * at) / seconds : 0}%`);
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", word("{at} of {length}", { at: clock(at), length: clock(seconds) }));
    this.length.textContent = clock(at > 0 ? at : seconds);
  }

  // Not every browser plays what every browser records.
  #explain() {
    const link = Object.assign(document.createElement("a"), { className: "link", href: this.dataset.original, textContent: word("Download") });
    link.download = "";
    const text = Object.assign(document.createElement("span"), { className: "grow small-text", textContent: word("This browser cannot play this voice message.") });
    text.append(" ", link);
    this.replaceChildren(text, this.querySelector("small"));
  }
}

customElements.define("voice-note", VoiceNote);
