// A chosen photo goes at once; without this module a button beside it sends it.

for (const form of document.querySelectorAll("form.portrait")) {
  form.querySelector("[data-without-js]").hidden = true;
  form.addEventListener("change", () => {
    form.setAttribute("aria-busy", "true");
    form.requestSubmit();
  });
}
