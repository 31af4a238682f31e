// What this device has not delivered: the state on it, and the ways on when it was refused.

import * as outbox from "../kernel/outbox.js";
import { reasonOf } from "../kernel/reasons.js";
import { word } from "../kernel/words.js";

function button(className, textContent, onclick) {
  return Object.assign(document.createElement("button"), { type: "button", className, textContent, onclick });
}

// Says on the echo why it was not taken, with "again" and "discard"; what else one can do comes before them.
export function refuse(echo, id, why, ...more) {
  if (!echo) return;
  echo.classList.replace("waits", "refused");
  const state = echo.querySelector("[data-state]");
  state.classList.add("bad");
  state.textContent = word("refused: {reason}", { reason: reasonOf(why) });
  echo.querySelector(".ways")?.remove();
  const ways = Object.assign(document.createElement("div"), { className: "acts ways" });
  ways.append(...more, button("btn compact", word("Try again"), () => outbox.retry(id)), button("btn plain ink compact", word("Discard"), () => outbox.discard(id)));
  state.after(ways);
}
