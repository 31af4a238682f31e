// The reader's own: a flat map of keys ("read/17/0", "react/m-17-482") from the page's island, answers and the person's
// own place. Empty elements marked data-mine="<key>" are filled here; modules subscribe by the key's first word.

const values = new Map();
const subscribers = new Map(); // first word -> fns(key, value, old)
const painters = new Map(); // first word -> fn(element, value)

const word = (key) => key.split("/", 1)[0];

export const get = (key) => values.get(key);
export const keys = (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix));

export function subscribe(first, fn) {
  if (!subscribers.has(first)) subscribers.set(first, new Set());
  subscribers.get(first).add(fn);
}

// How values of one kind are put onto their elements; painted at once for what is on the page.
export function paint(first, fn) {
  painters.set(first, fn);
  dress(document);
}

function fill(element) {
  const { mine } = element.dataset;
  const painter = painters.get(word(mine));
  if (painter) painter(element, values.get(mine));
}

export function dress(root) {
  if (root.dataset?.mine) fill(root);
  for (const element of root.querySelectorAll("[data-mine]")) fill(element);
}

// null = gone. Says what changed to whoever subscribed, and repaints.
export function apply(map) {
  for (const [key, value] of Object.entries(map ?? {})) {
    const old = values.get(key);
    if (value === null) values.delete(key); else values.set(key, value);
    for (const element of document.querySelectorAll(`[data-mine="${CSS.escape(key)}"]`)) fill(element);
    for (const fn of subscribers.get(word(key)) ?? []) fn(key, value ?? undefined, old);
  }
}

export function fromIsland(root = document) {
  for (const island of root.querySelectorAll('script#mine, script[data-mine-island]')) apply(JSON.parse(island.textContent || "{}"));
}
