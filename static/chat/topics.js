// Asking for a topic by its name, new or there already: for the composer and for moving messages.

import { openSheet } from "../kernel/shell.js";

// take("") means: without a topic. Closing the sheet takes nothing.
export function askTopic(opener, take) {
  const dialog = document.getElementById("topic-sheet");
  const form = dialog.querySelector("form");
  form.reset();
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    const name = form.elements.topic_name.value.trim();
    if (dialog.returnValue === "none") take("");
    else if (dialog.returnValue === "take" && name) take(name);
  }, { once: true });
  openSheet(dialog, opener);
}
