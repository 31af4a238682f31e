// The stream of a channel or topic: opens at the first unread message, stays where the reader is, grows at both ends.

import * as frames from "../kernel/frames.js";
import { me, ready } from "../kernel/page.js";
import { decorate } from "../kernel/rule.js";
import * as socket from "../kernel/socket.js";
import { startActions } from "./actions.js";
import { Echoes } from "./echoes.js";
import { adorn, after, isMessage, messagesOf, tidy } from "./lines.js";
import { Reading, marker } from "./reading.js";
import { Window } from "./window.js";

const AT_END_PX = 60;

const undo = { "chat.react": (row) => import("./reactions.js").then((reactions) => reactions.undo(row)) };

// A message that is pinned, or was when the list beside the stream was drawn.
const isPinned = ({ id, html }) => html?.includes('class="mark"') || document.querySelector(`#pins a[href$="#${id}"]`);

class Timeline {
  constructor(scroller) {
    this.scroller = scroller;
    this.list = scroller.querySelector("[data-list]");
    this.place = Number(this.list.dataset.list.split("-")[1]);
    this.topic = this.list.dataset.list.startsWith("topic-") ? this.list.dataset.list.split("-")[2] : null;
    this.window = new Window(scroller, this.list, this.place);
    this.reading = new Reading(scroller, this.place);
    this.echoes = new Echoes(this.list, this.place, { topic: this.topic, onNew: () => this.toEnd(), undo });
    this.button = scroller.querySelector("[data-to-end]");
    this.following = false;
    this.fresh = 0;
    this.stopTyping = () => {};
    import("./typing.js").then(({ startTyping }) => { this.stopTyping = startTyping(this); }, () => {});
  }

  start() {
    const messages = messagesOf(this.list);
    for (const message of messages) { adorn(message); tidy(message); }
    this.#open();
    for (const message of messages) this.reading.watch(message);
    decorate((element, list) => { if (list === this.list && isMessage(element)) this.#arrived(element); });
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.scroller.querySelector("[data-earlier]")?.closest("p").remove(); // scrolling up loads them
    this.button?.addEventListener("click", (event) => { event.preventDefault(); this.toEnd(); });
    const sizes = new ResizeObserver(() => { if (this.following) this.#stick(); });
    for (const one of [this.scroller, this.list.parentElement]) sizes.observe(one); // a keyboard comes up, a photo arrives
    addEventListener("hashchange", () => this.#toHash());
    this.scroller.addEventListener("click", (event) => this.#quoteClicked(event));
    this.window.look();
    return this.echoes.restore();
  }

  // A permalink, else the line above the first unread message, else the end.
  #open() {
    const atEnd = new URLSearchParams(location.search).get("at") === "end";
    const target = this.#hashed() ?? (atEnd ? null : this.scroller.querySelector("#unread") ?? this.#drawUnread());
    if (target) {
      target.scrollIntoView({ block: "center" });
      requestAnimationFrame(() => target.scrollIntoView({ block: "center" })); // sizes above were estimates at first
    } else {
      this.#stick();
      requestAnimationFrame(() => this.#stick());
    }
    this.#scrolled();
  }

  // On a page from the device the marker may have moved since the server drew it.
  #drawUnread() {
    const isNew = ({ dataset }) => dataset.by !== String(me) && Number(dataset.seq) > marker(this.place, dataset.topic);
    const first = [...messagesOf(this.list)].find(isNew);
    const line = first && document.getElementById("unread-line")?.content.firstElementChild.cloneNode(true);
    if (!line) return null;
    line.querySelector("time").dateTime = new Date(Number(first.dataset.at)).toISOString();
    first.before(line);
    return line;
  }

  // Every message that comes onto the page from now on, new or in a new version.
  #arrived(message) {
    const grown = !after(message) && this.window.atEnd;
    if (grown) this.stopTyping(Number(message.dataset.by));
    adorn(message);
    tidy(message);
    const next = after(message);
    if (next) tidy(next);
    this.reading.watch(message);
    this.scroller.querySelector(".empty")?.remove();
    if (this.following) this.#stick();
    else if (grown && message.dataset.by !== String(me)) this.#count(this.fresh + 1);
  }

  #scrolled() {
    this.following = this.window.atEnd && this.window.below < AT_END_PX;
    if (this.following) this.#count(0);
    if (this.button) this.button.hidden = this.window.atEnd && this.window.below < this.scroller.clientHeight;
  }

  #count(n) {
    this.fresh = n;
    const count = this.button?.querySelector("[data-below]");
    if (count) count.textContent = n || "";
  }

  #stick() { this.scroller.scrollTop = this.scroller.scrollHeight; }

  async toEnd() {
    if (!this.window.atEnd) await this.window.jump(`before=${2 ** 53 - 1}`).catch(() => {});
    this.#stick();
    this.#scrolled();
  }

  // ---- going to a message --------------------------------------------------------------------------------------------

  #hashed() { return location.hash.startsWith("#m-") ? document.getElementById(location.hash.slice(1)) : null; }

  #toHash() { if (location.hash.startsWith("#m-")) this.goTo(location.hash.slice(1)); }

  #quoteClicked(event) {
    const link = event.target.closest('a[href^="#m-"]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    history.replaceState(null, "", link.getAttribute("href"));
    this.goTo(link.getAttribute("href").slice(1));
  }

  async goTo(id) {
    if (!document.getElementById(id)) await this.window.jump(`around=${id.split("-")[2]}`).catch(() => {});
    const message = document.getElementById(id);
    if (!message) return;
    for (const old of this.list.querySelectorAll(".found")) old.classList.remove("found");
    message.classList.add("found");
    message.tabIndex = -1;
    message.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => { message.scrollIntoView({ block: "center" }); message.focus({ preventScroll: true }); });
  }
}

const scroller = document.querySelector("[data-stream]:has([data-list])");
export const timeline = scroller && new Timeline(scroller);

if (timeline) {
  await ready;
  await timeline.start();
  startActions(timeline);
  socket.on("open", () => timeline.window.look());
  frames.on("frame", ({ place, things }) => {
    if (place === timeline.place && things?.some(isPinned)) import("./pins.js").then(({ drawPins }) => drawPins(), () => {});
  });
}
