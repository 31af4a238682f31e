// What this device has not delivered yet, shown where it will stand: waiting, or refused with the reason and a way on.

import * as outbox from "../kernel/outbox.js";
import { reasonOf } from "../kernel/reasons.js";
import { arrivedAlready } from "../kernel/rule.js";
import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";

const fresh = (id) => document.getElementById(id).content.cloneNode(true);
const find = (id) => document.querySelector(`[data-echo="${CSS.escape(id)}"]`);
const subject = (row) => document.getElementById(`m-${row.place}-${row.write.message}`);

export class Echoes {
  constructor(list, place, { topic = null, onNew = () => {}, undo = {} } = {}) {
    Object.assign(this, { place, topic, onNew, undo });
    this.box = document.createElement("div");
    this.box.className = "list-of-messages";
    this.box.dataset.echoes = place;
    list.after(this.box);
    outbox.watch((change) => this.#changed(change));
  }

  // After a reload: everything of this place that still waits or was refused, in its order.
  async restore() {
    for (const row of await outbox.list()) if (this.#isHere(row)) this.#changed({ ...row, row, again: true });
  }

  #isHere(row) {
    return row?.write?.place === this.place && (this.topic === null || String(row.write.topic ?? 0) === this.topic || row.write.message);
  }

  #changed({ id, state, row, why, again }) {
    if (row && !this.#isHere(row)) return;
    const kind = row?.write?.do;
    if (kind && kind !== "chat.post" && kind !== "polls.open") { this.#other(state, row, why); return; }
    if (state === "waiting" && row) this.#draw(row, again, state);
    else if (state === "refused") { if (row && !find(id)) this.#draw(row, true, state); this.#refuse(id, why ?? row?.why); }
    else if (state === "gone") find(id)?.remove();
    else if (state === "delivered") this.#delivered(id);
  }

  #draw(row, again, state) {
    if (state !== "refused" && arrivedAlready(row.id)) return;
    const echo = fresh("echo").firstElementChild;
    echo.dataset.echo = row.id;
    echo.id = `w-${row.id}`;
    const text = echo.querySelector(".text");
    text.textContent = row.write.text ?? row.write.question;
    text.classList.add("as-typed");
    if (row.echo?.quote) text.before(quoted(row.echo.quote));
    if (row.write.files?.length) text.after(tiles(row.write.files));
    const standing = find(row.id);
    if (standing) standing.replaceWith(echo); else this.box.append(echo);
    echo.dispatchEvent(new CustomEvent("binnen:echo", { bubbles: true }));
    if (!again) this.onNew(echo);
  }

  #refuse(id, why) {
    const echo = find(id);
    if (!echo) return;
    echo.classList.replace("waits", "refused");
    const refused = fresh("echo-refused");
    refused.querySelector("[data-reason]").textContent = reasonOf(why);
    for (const old of echo.querySelectorAll("[data-state], .acts")) old.remove();
    echo.querySelector(".from").append(refused.querySelector("[data-state]"));
    echo.querySelector(".body").append(refused);
    echo.querySelector('[data-act="again"]').onclick = () => outbox.retry(id);
    echo.querySelector('[data-act="drop"]').onclick = () => outbox.discard(id);
  }

  // Delivered by another tab or the worker: the frame brings the message; until then the echo says so.
  #delivered(id) {
    const echo = find(id);
    if (!echo) return;
    echo.classList.remove("waits");
    echo.querySelector("[data-state]")?.replaceWith(fresh("message-state"));
  }

  // Edits, deletions: marked at the message until its new fragment comes; a refusal says why and undoes the mark.
  #other(state, row, why) {
    const message = subject(row);
    if (state === "waiting" && message) {
      message.classList.add("waits");
      if (row.write.do === "chat.edit") message.querySelector(".text")?.replaceChildren(row.write.text);
    } else if (state === "delivered" || state === "gone") {
      message?.classList.remove("waits");
    } else if (state === "refused") {
      message?.classList.remove("waits");
      this.undo[row.write.do]?.(row);
      if (!row.last) toast(`${row.label || word("Refused")}: ${reasonOf(why)}`);
    }
  }
}

function quoted({ name, text }) {
  const quote = document.createElement("span");
  quote.className = "quote";
  const author = document.createElement("b");
  author.textContent = name;
  quote.append(author, ` ${text}`);
  return quote;
}

function tiles(files) {
  const box = Object.assign(document.createElement("div"), { className: "files" });
  for (const { id, name } of files) {
    const one = fresh("echo-file").firstElementChild;
    one.dataset.tile = id;
    one.querySelector("b").textContent = name;
    box.append(one);
  }
  return box;
}
