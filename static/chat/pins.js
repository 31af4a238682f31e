// What is pinned, beside the conversation: drawn anew by the server when a pinned message changes or is one no more.

import { exchange, part } from "../kernel/nav.js";
import { parse } from "../kernel/rule.js";

export async function drawPins() {
  const html = await part(location.pathname);
  const fresh = html && parse(html).getElementById("pins");
  if (fresh) exchange(document.getElementById("pins"), fresh.innerHTML); // else the next change, or the next visit
}
