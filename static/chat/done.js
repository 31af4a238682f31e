// The tick beside a topic in a list: done, at once and with a way back. What came of it is said on the topic's own page.

import { send } from "../kernel/outbox.js";
import { toast } from "../kernel/shell.js";
import { word } from "../kernel/words.js";

const close = (place, topic, closed) => send({ do: "chat.topic_close", place, topic, closed });

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close-topic]");
  if (!button) return;
  const [place, topic] = button.closest("li").id.split("-").slice(1).map(Number);
  close(place, topic, true);
  button.closest("li").querySelector("a").focus({ preventScroll: true });
  button.remove();
  toast(word("Topic is done"), { action: word("Undo"), run: () => close(place, topic, false) });
});
