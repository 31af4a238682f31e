// Every `<time datetime data-style>` in the reader's own zone and language; today and yesterday by name.
// The server has written the same styles (intranet/kernel/times.py) in the organisation's zone.

const LANG = document.documentElement.lang || "en";
const LOCALE = LANG === "en" ? "en-GB" : LANG;
const SELECTOR = "time[data-style]";
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const formats = {
  clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayOfYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short" },
  shortOfYear: { day: "numeric", month: "short", year: "numeric" },
};
for (const name in formats) formats[name] = new Intl.DateTimeFormat(LOCALE, formats[name]);

/** The text of a moment: clock, day, date, short or full. */
export function timeText(ms, style, now = Date.now()) {
  const at = new Date(ms);
  const clock = () => formats.clock.format(at);
  const inYear = at.getFullYear() === new Date(now).getFullYear();
  const daysAgo = dayNumber(now) - dayNumber(ms);
  const named = daysAgo === 0 || daysAgo === 1 ? relative.format(-daysAgo, "day") : "";
  switch (style) {
    case "clock": return clock();
    case "day": return capital(named) || (inYear ? formats.day : formats.dayOfYear).format(at);
    case "date": return formats.dayOfYear.format(at);
    case "short": return daysAgo === 0 ? clock() : named || (inYear ? formats.short : formats.shortOfYear).format(at);
    case "full": return `${formats.dayOfYear.format(at)}, ${clock()}`;
    default: throw new RangeError(`no such style of time: ${style}`);
  }
}

/** Rewrite the times in an element (and the element itself, if it is one). */
export function localise(root = document) {
  if (root.matches?.(SELECTOR)) write(root);
  for (const time of root.querySelectorAll(SELECTOR)) write(time);
}

/** Rewrite the page's times now, those that arrive later as they arrive, and all of them when the day changes. */
export function start() {
  localise();
  new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes)
        if (node.nodeType === Node.ELEMENT_NODE) localise(node);
  }).observe(document.body, { childList: true, subtree: true });
  let today = dayNumber(Date.now());
  const turn = () => {
    if (today !== dayNumber(Date.now())) localise();
    today = dayNumber(Date.now());
  };
  const atMidnight = () => {
    turn();
    setTimeout(atMidnight, untilMidnight());
  };
  setTimeout(atMidnight, untilMidnight());
  // A sleeping phone misses midnight.
  document.addEventListener("visibilitychange", turn);
}

function write(time) {
  const at = Date.parse(time.dateTime);
  if (Number.isNaN(at)) return;
  const text = timeText(at, time.dataset.style);
  if (time.textContent !== text) time.textContent = text;
  if (time.dataset.style !== "full") time.title = timeText(at, "full");
}

/** Days since 1970 of the reader's calendar, not of the clock: a day with 23 or 25 hours counts as one. */
function dayNumber(ms) {
  const at = new Date(ms);
  return Math.round(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000);
}

function untilMidnight() {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 0, 0, 1) - now;
}

function capital(text) {
  return text.charAt(0).toLocaleUpperCase(LOCALE) + text.slice(1);
}
