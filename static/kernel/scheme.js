// Light or dark: the other one now, remembered only where it differs from what the system says.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

export function switchTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  if (dark === system.matches) {
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  } else { // back to what the system says: nothing to remember
    delete root.dataset.theme;
    localStorage.removeItem("theme");
  }
}
