// Runs before the first paint (a classic script, the only one): the scheme chosen on this device, else the system's.
const theme = new URLSearchParams(location.search).get("theme") ?? localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
document.documentElement.dataset.js = "";
