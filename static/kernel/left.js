// The page of a place that its reader has left or was taken out of: it says so, keeps what was typed, and leads on.

export function show() {
  const main = document.getElementById("main");
  const typed = [...main.querySelectorAll("textarea")].map(({ value }) => value.trim()).filter(Boolean).join("\n\n");
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  document.querySelector("aside.context")?.remove();
  main.replaceChildren(document.getElementById("left").content.cloneNode(true));
  const kept = main.querySelector("[data-typed]");
  kept.hidden = !typed;
  kept.querySelector("textarea").value = typed;
  const title = main.querySelector("h1");
  title.tabIndex = -1;
  title.focus();
}
