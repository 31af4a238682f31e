// A choice in a filter counts at once; without this module the button beside it does.

for (const form of document.querySelectorAll("form.tools")) {
  for (const button of form.querySelectorAll("[data-without-js]")) button.hidden = true;
  form.addEventListener("change", ({ target }) => { if (target.matches("select")) form.requestSubmit(); });
}
