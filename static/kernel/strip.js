// The strip under the header and the count beside "Outbox": whether there is a line, as of when, and what waits.

import * as outbox from "./outbox.js";
import * as socket from "./socket.js";
import { word } from "./words.js";

const PATIENCE_MS = 5000; // a short interruption is nobody's business

let down = false, signedOut = false, timer = 0, lastContact = 0;

const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(at);

export function start(shownAt) {
  lastContact = shownAt;
  socket.on("open", () => { clearTimeout(timer); timer = 0; down = false; draw(); });
  socket.on("down", () => { timer ||= setTimeout(() => { down = true; draw(); }, navigator.onLine ? PATIENCE_MS : 0); });
  outbox.watch(soon);
  draw();
}

export function sayOffline() { down = true; draw(); }
export function saySignedOut() { signedOut = true; draw(); }

let drawing = 0;
function soon() { drawing ||= requestAnimationFrame(() => { drawing = 0; draw(); }); }

function sentence(waiting) {
  if (signedOut) return waiting ? word("{n} waiting. They go out after signing in again.", { n: waiting }) : word("Signing in again goes on from here.");
  const time = clock(Math.max(socket.contact(), lastContact));
  if (waiting) return word("As of {time}. Writing works, {n} waiting.", { time, n: waiting });
  return word("As of {time}. Writing works.", { time });
}

async function draw() {
  const rows = await outbox.list();
  const waiting = rows.filter((row) => row.state === "waiting" && !row.last).length;
  const refused = rows.filter((row) => row.state === "refused").length;
  for (const count of document.querySelectorAll("[data-outbox-count]")) count.textContent = waiting + refused || "";
  const strip = document.getElementById("strip");
  if (!strip) return;
  strip.hidden = !(down || signedOut);
  if (strip.hidden) return;
  strip.querySelector("b").textContent = signedOut ? word("Signed out.") : word("No network.");
  strip.querySelector("[data-strip-text]").textContent = sentence(waiting);
  const link = strip.querySelector("a");
  if (signedOut) {
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = word("Sign in");
  }
}
