// What can be done with channels on every page: their forms go through the outbox, and the star stays where it is.

import * as mine from "../kernel/mine.js";
import { send } from "../kernel/outbox.js";
import { use } from "../kernel/shell.js";

const forms = () => import("./forms.js");
// A form on the page may be sent where there is no line.
export const ready = document.querySelector("form[data-then]") && forms().catch(() => {});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.dataset.then === undefined || submitter?.formMethod === "get") return;
  event.preventDefault();
  use(forms(), ({ go }) => go(form, submitter));
});

function star(button, place) {
  const on = button.getAttribute("aria-pressed") !== "true";
  mine.apply({ [`fav/${place}`]: on || null });
  send({ do: "channels.favourite", place, on }, { last: `fav/${place}` });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mine^='fav/']");
  if (!button) return;
  event.preventDefault();
  star(button, Number(button.dataset.mine.split("/")[1]));
});

mine.subscribe("fav", (key, value) => {
  for (const button of document.querySelectorAll(`[data-mine="${CSS.escape(key)}"]`)) button.setAttribute("aria-pressed", String(Boolean(value)));
});
