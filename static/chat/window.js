// The part of a long list that is on the page: fetches older and newer messages before they are needed, drops the far
// end, and never moves what the reader looks at.

import { breathe } from "../kernel/frames.js";
import { catchMissed, entered, forget, newest, parse } from "../kernel/rule.js";
import * as mine from "../kernel/mine.js";
import { adorn, after, isMessage, messagesOf, sweep, tidy } from "./lines.js";

const NEAR_PX = 2000; // on either side of what is seen: less, and more is fetched
const FAR_PX = 2600; // what is further away is dropped
const SPARE = 20; // but never fewer messages than this at once
const SLICE = 5; // messages put in before the browser may paint

export class Window {
  constructor(scroller, list, channel) {
    Object.assign(this, { scroller, list, channel, loading: null, space: 0 });
    this.topic = list.dataset.list.startsWith("topic-") ? list.dataset.list.split("-")[2] : null;
    scroller.addEventListener("scroll", () => this.#soon(), { passive: true });
  }

  get atStart() { return this.list.dataset.start !== undefined; }
  get atEnd() { return this.list.dataset.end !== undefined; }
  get below() { const s = this.scroller; return s.scrollHeight - s.scrollTop - s.clientHeight; }

  #soon() { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.look(); }); }

  // Loads on whichever side the reader comes near the edge of what is there.
  look() {
    if (this.loading) return;
    const { scrollTop } = this.scroller;
    const { from, to } = this.list.dataset;
    if (!this.atStart && scrollTop < NEAR_PX) this.#load(`before=${from}`, "start");
    else if (!this.atEnd && this.below < NEAR_PX) this.#load(`after=${to}`, "end");
  }

  #load(query, side) {
    this.loading = this.#fetch(query)
      .then((page) => page && this.#extend(page, side))
      .catch(() => {}) // no line: the next scroll or reconnect asks again
      .finally(() => { this.loading = null; });
    return this.loading.then(() => this.look());
  }

  async #fetch(query) {
    const topic = this.topic === null ? "" : `&topic=${this.topic}`;
    const answer = await fetch(`/c/${this.channel}/messages?${query}${topic}`, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const content = parse(await answer.text());
    mine.fromIsland(content);
    return content.querySelector("[data-list]");
  }

  async #extend(page, side) {
    const elements = [...page.children];
    const slices = [];
    for (let at = 0; at < elements.length; at += SLICE) slices.push(elements.slice(at, at + SLICE));
    if (side === "start") slices.reverse();
    for (const slice of slices) {
      this.#steady(() => this.#put(slice, side));
      await breathe();
    }
    this.#grown(page, side);
    await this.#trim(side === "start" ? "end" : "start");
  }

  // One slice at one side; its lines are drawn anew, as neighbours decide them.
  #put(slice, side) {
    const { list } = this;
    const edge = side === "start" ? list.firstElementChild : null;
    const put = [];
    for (const element of slice) {
      const one = isMessage(element) ? newest(element, list) : element.id === "unread" ? null : element;
      if (!one) continue;
      list.insertBefore(one, edge);
      if (isMessage(one)) put.push(one);
    }
    for (const message of put) { adorn(message); entered(message, list); tidy(message); }
    const next = put.length && after(put.at(-1));
    if (next) tidy(next);
  }

  #grown({ dataset }, side) {
    const own = this.list.dataset;
    if (side === "start") {
      if (dataset.from) own.from = dataset.from;
      if (dataset.start !== undefined) own.start = "";
    } else {
      if (dataset.to) own.to = dataset.to;
      if (dataset.end !== undefined) own.end = "";
    }
    catchMissed(this.list);
  }

  // Drops what is far away, but always some at once.
  async #trim(side) {
    const gone = this.#far(side);
    if (gone.length < SPARE) return;
    delete this.list.dataset[side];
    for (let at = 0; at < gone.length; at += SLICE * 4) {
      this.#steady(() => { for (const message of gone.slice(at, at + SLICE * 4)) forget(message); });
      const left = messagesOf(this.list);
      if (side === "end") this.list.dataset.to = left[left.length - 1].dataset.seq; else this.list.dataset.from = left[0].dataset.seq;
      await breathe();
    }
    this.#steady(() => sweep(this.list));
  }

  // The messages that are far from view on one side, the furthest first.
  #far(side) {
    const { top, bottom } = this.scroller.getBoundingClientRect();
    const messages = [...messagesOf(this.list)];
    if (side === "end") messages.reverse();
    const isFar = (message) => {
      const box = message.getBoundingClientRect();
      return side === "end" ? box.top > bottom + FAR_PX : box.bottom < top - FAR_PX;
    };
    const first = messages.findIndex((message) => !isFar(message));
    return first < 0 ? [] : messages.slice(0, first);
  }

  // Shows the window around a message, from what is here or from the server.
  async jump(query) {
    await this.loading;
    const page = await this.#fetch(query);
    const { list } = this;
    for (const message of messagesOf(list)) forget(message);
    list.replaceChildren();
    for (const name of ["from", "to", "start", "end"]) delete list.dataset[name];
    Object.assign(list.dataset, page.dataset);
    this.#put([...page.children], "end");
    catchMissed(list);
  }

  // ---- what the reader looks at stays where it is ------------------------------------------------------------------

  // The first message that reaches into view, by halving: reading 9 boxes instead of 400.
  anchor() {
    const top = this.scroller.getBoundingClientRect().top;
    const all = this.list.children;
    let low = 0, high = all.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle].getBoundingClientRect().bottom > top) high = middle; else low = middle + 1;
    }
    let one = all[low];
    while (one && !isMessage(one)) one = one.nextElementSibling;
    return one ?? null;
  }

  // Browsers scroll by whole pixels only; the fraction that is left over goes into the space above the first message.
  #steady(work) {
    const anchor = this.anchor();
    const top = () => anchor.getBoundingClientRect().top;
    const was = anchor && top();
    this.scroller.style.overflowAnchor = "none"; // or the browser does half of this first
    work();
    if (anchor?.isConnected) this.#scrollBy(top() - was, () => top() - was);
    this.scroller.style.overflowAnchor = "";
  }

  #scrollBy(by, still) {
    const fraction = Math.ceil(by) - by;
    if (fraction) {
      this.space = (this.space + fraction) % 1;
      this.list.style.paddingTop = `${this.space}px`;
    }
    const moved = Math.round(still());
    if (moved) this.scroller.scrollTop += moved;
  }

  steady(work) { this.#steady(work); }
}
