// What has been read: one marker per conversation, sent when its newest message was really seen, the highest wins.

import * as mine from "../kernel/mine.js";
import { send } from "../kernel/outbox.js";
import { me } from "../kernel/page.js";

const PAUSE_MS = 500;

const key = (place, topic) => `read/${place}/${topic}`;
// "seen" is the marker of conversations never opened.
export const marker = (place, topic) => Number(mine.get(key(place, topic)) ?? mine.get(`seen/${place}`) ?? 0);

export class Reading {
  #seen = new Map(); // topic -> seq
  #timer = 0;
  #held = new Map(); // topic -> seq from which a person wants it unread: seeing it again does not undo that

  constructor(scroller, place) {
    this.place = place;
    this.watcher = new IntersectionObserver((entries) => this.#saw(entries), { root: scroller, threshold: 0.4 });
    document.addEventListener("visibilitychange", () => this.#soon());
    addEventListener("focus", () => this.#soon());
  }

  // Only what is unread is watched.
  watch(message) {
    const { seq, topic = "0", by } = message.dataset;
    if (by !== String(me) && Number(seq) > marker(this.place, topic)) this.watcher.observe(message);
  }

  #saw(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !target.isConnected) continue;
      const { topic = "0", seq } = target.dataset;
      if (Number(seq) >= (this.#held.get(topic) ?? Infinity)) continue;
      this.#seen.set(topic, Math.max(this.#seen.get(topic) ?? 0, Number(seq)));
      this.watcher.unobserve(target);
    }
    this.#soon();
  }

  #soon() {
    if (document.hidden || !document.hasFocus() || this.#seen.size === 0) return;
    this.#timer ||= setTimeout(() => { this.#timer = 0; this.#flush(); }, PAUSE_MS);
  }

  #flush() {
    if (document.hidden) return;
    for (const [topic, seq] of this.#seen) if (seq > marker(this.place, topic)) this.#mark(topic, { seq });
    this.#seen.clear();
  }

  // "Unread from here": the one case in which the lower marker wins, because it names the one it replaces.
  unreadFrom(message) {
    const { topic = "0", seq } = message.dataset;
    this.#held.set(topic, Number(seq));
    this.#seen.delete(topic);
    return this.#mark(topic, { seq: Number(seq) - 1, replaces: marker(this.place, topic) });
  }

  // What people post themselves they have read.
  posted(topic) { this.#held.delete(String(topic)); }

  #mark(topic, fields) {
    mine.apply({ [key(this.place, topic)]: fields.seq });
    return send({ do: "chat.read", place: this.place, topic: Number(topic), ...fields }, { last: key(this.place, topic) });
  }
}
