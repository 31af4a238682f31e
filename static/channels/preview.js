// Beside the list of conversations, where there is room: what was said last in the one that is looked at. Reading here
// marks nothing as read; Enter or a click opens it.

const wide = matchMedia("(min-width: 1180px)");
const pane = document.getElementById("preview");
const list = document.querySelector("[data-live]");
const PAUSE_MS = 120;
let shown = null, timer = 0, asked = 0;

const rows = () => [...list.querySelectorAll(".talk[data-place]")];
const rowOf = (place) => rows().find((row) => row.dataset.place === place);

function mark(row) {
  for (const one of rows()) one.toggleAttribute("data-previewed", one === row);
}

async function show(row) {
  const mine = ++asked;
  shown = row.dataset.place;
  mark(row);
  const answer = await fetch(`/c/${shown}/messages?at=end`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const messages = page.querySelector("[data-list]");
  if (!messages) return;
  const stream = pane.querySelector(".stream");
  const { place } = row.dataset;
  const name = pane.querySelector("[data-preview-name]");
  name.textContent = row.querySelector(".who b").textContent;
  name.dataset.name = place;
  pane.querySelector("a[data-preview-open]").href = row.href;
  stream.replaceChildren(...[...messages.childNodes].map((node) => document.adoptNode(node)));
  for (const one of stream.querySelectorAll("[id]")) one.removeAttribute("id"); // frames do not concern it
  if (!stream.childElementCount) stream.append(pane.querySelector("template").content.cloneNode(true));
  pane.hidden = false;
  const scroller = pane.querySelector(".scroll");
  scroller.scrollTop = scroller.scrollHeight;
}

function soon(row) {
  clearTimeout(timer);
  if (row && wide.matches) timer = setTimeout(show, PAUSE_MS, row);
}

function begin() {
  if (wide.matches && !shown) soon(rows()[0]);
}

if (pane && list) {
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest("li")?.closest(".rows > li")?.querySelector(".talk") ?? null;
    if (row && row.dataset.place !== shown) soon(row);
  });
  document.addEventListener("binnen:parts", () => {
    const row = rowOf(shown);
    if (row) soon(row);
    else { shown = null; begin(); }
  });
  wide.addEventListener("change", begin);
  begin();
}
