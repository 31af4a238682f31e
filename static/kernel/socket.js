// The wire to the server: says hello with the cursors, hands frames on, notices silence, comes back with jitter.
// Losing it costs delay, never data: writes go by the outbox, cursors say what is missing.

import * as frames from "./frames.js";

const SILENCE_MS = 45_000;
const STABLE_MS = 60_000;
const LONGEST_MS = 60_000;
const AFTER_BEHIND = { 4400: LONGEST_MS, 4413: LONGEST_MS, 4429: 30_000 };

const listeners = new Map(); // whisper, here, heads, open, down, signedOut
let socket = null, options, failures = 0, pause = null, timer = 0, watchdog = 0, stable = 0;
let lastContact = 0;

export function on(event, fn) {
  if (!listeners.has(event)) listeners.set(event, new Set());
  listeners.get(event).add(fn);
}
const tell = (event, given) => { for (const fn of listeners.get(event) ?? []) fn(given); };

export const isOpen = () => socket?.readyState === WebSocket.OPEN;
export const contact = () => lastContact;

export function start(given) {
  options = given;
  addEventListener("online", now);
  addEventListener("offline", gone);
  addEventListener("pagehide", () => socket?.close(1000));
  addEventListener("pageshow", (event) => { if (event.persisted) now(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !isOpen()) now(); });
  connect();
}

export function say(message) { if (isOpen()) socket.send(JSON.stringify(message)); }

function now() {
  failures = 0;
  if (socket && socket.readyState < WebSocket.CLOSING) return;
  clearTimeout(timer);
  connect();
}

function connect() {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const mine = socket = new WebSocket(url);
  mine.onopen = () => opened(mine);
  mine.onmessage = ({ data }) => { if (mine === socket) heard(JSON.parse(data)); };
  mine.onclose = ({ code }) => { if (mine === socket) closed(code); };
}

function opened(mine) {
  const { open, lang, person } = options;
  mine.send(JSON.stringify({ t: "hello", dialect: "html", lang, person, ...(open && { open }), cursors: frames.all() }));
  stable = setTimeout(() => { failures = 0; }, STABLE_MS);
  listen();
  tell("open");
}

// The browser hides protocol pings, so silence is the only sign of a dead line.
function listen() {
  lastContact = Date.now();
  clearTimeout(watchdog);
  watchdog = setTimeout(gone, SILENCE_MS);
}

function gone() {
  const dead = socket;
  if (!dead) return; // waits for its next try already
  closed(0);
  dead.close();
}

function heard(message) {
  listen();
  switch (message.t) {
    case "frame": case "mine": frames.take(message); break;
    case "heads": case "behind": frames.heads(message.heads); tell("heads", message.heads); break;
    case "beat": if (message.heads) frames.heads(message.heads); break;
    case "more": frames.catchUp(message.place); break;
    case "left": frames.left(message.place); break;
    case "reset": frames.startOver(message.place); break;
    case "bye": pause = message.retry_after_ms ?? null; break;
    case "whisper": case "here": tell(message.t, message); break;
    default: // complete, answer
  }
}

function closed(code) {
  clearTimeout(watchdog);
  clearTimeout(stable);
  socket = null;
  tell("down", code);
  if (code === 4401 || code === 4403) { tell("signedOut", code); return; }
  const ceiling = Math.min(LONGEST_MS, 1000 * 2 ** failures++);
  const delay = pause ?? Math.random() * Math.max(ceiling, AFTER_BEHIND[code] ?? 0);
  pause = null;
  timer = setTimeout(connect, Math.max(delay, 100));
}
