// Holes: what has another audience than its place is only a link in the fragment. Who may see it gets its card when it
// comes into view; all others read that it is not theirs.

import { parse } from "../kernel/rule.js";
import { word } from "../kernel/words.js";

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    fill(target);
  }
}, { rootMargin: "200px" });

export function openHoles(message) {
  for (const hole of message.querySelectorAll("[data-card]")) watcher.observe(hole);
}

async function fill(hole) {
  const answer = await fetch(hole.getAttribute("href"), { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const card = parse(await answer.text()).firstElementChild;
    if (card) hole.replaceWith(card);
  } else if (answer?.status === 404 || answer?.status === 403) {
    const none = document.createElement("span");
    none.className = hole.className;
    none.textContent = word("Not available to this account.");
    hole.replaceWith(none);
  } // without a network the link stays, and leads there later
}
