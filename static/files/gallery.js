// Photos large: arrows and swipes through all photos of the page, Esc or a tap beside them goes back.

import { word } from "../kernel/words.js";

const SWIPE_PX = 50;
let dialog = null, links = [], at = 0;

function button(name, icon, run) {
  const one = Object.assign(document.createElement("button"), { type: "button", className: "icon-btn" });
  one.setAttribute("aria-label", name);
  one.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"/></svg>`;
  one.onclick = run;
  return one;
}

function build() {
  dialog = Object.assign(document.createElement("dialog"), { className: "gallery" });
  dialog.setAttribute("aria-label", word("Photos"));
  dialog.innerHTML = "<header><span class=\"grow\" role=\"status\"></span></header><figure><img alt=\"\"><figcaption></figcaption></figure>";
  const original = Object.assign(document.createElement("a"), { className: "icon-btn" });
  original.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-download"/></svg>';
  original.setAttribute("aria-label", word("Download"));
  original.download = "";
  dialog.querySelector("header").append(original, button(word("Close"), "x", () => dialog.close()));
  const back = button(word("Earlier photo"), "chevron-left", () => turn(-1));
  const on = button(word("Next photo"), "chevron-right", () => turn(1));
  back.classList.add("turn", "back");
  on.classList.add("turn", "on");
  dialog.append(back, on);
  Object.assign(dialog, { original, back, on });
  dialog.addEventListener("keydown", ({ key }) => { if (key === "ArrowLeft") turn(-1); else if (key === "ArrowRight") turn(1); });
  dialog.addEventListener("click", ({ target }) => { if (target.matches("figure")) dialog.close(); });
  let from = null;
  dialog.addEventListener("pointerdown", ({ clientX, isPrimary }) => { from = isPrimary ? clientX : null; });
  dialog.addEventListener("pointerup", ({ clientX }) => {
    if (from !== null && Math.abs(clientX - from) > SWIPE_PX) turn(clientX < from ? 1 : -1);
    from = null;
  });
  document.body.append(dialog);
}

function turn(by) {
  const next = at + by;
  if (next < 0 || next >= links.length) return;
  at = next;
  show();
}

function show() {
  const link = links[at];
  const small = link.querySelector("img");
  const large = dialog.querySelector("img");
  large.src = link.href;
  large.alt = small.alt;
  dialog.querySelector("figcaption").textContent = link.parentElement.querySelector("figcaption")?.textContent ?? "";
  dialog.querySelector("[role=status]").textContent = links.length > 1 ? word("{n} of {all}", { n: at + 1, all: links.length }) : "";
  dialog.original.href = link.dataset.original;
  dialog.back.hidden = at === 0;
  dialog.on.hidden = at === links.length - 1;
}

export function open(link) {
  if (!dialog) build();
  links = [...document.querySelectorAll("[data-look]")];
  at = links.indexOf(link);
  show();
  dialog.showModal();
}
