// The small set of emoji with their names in three languages, as completion after ":"; chat shows it as a grid as well.

const LANGUAGES = ["en", "de", "nl"]; // as the columns of the table

let table = null;

export async function all() {
  table ??= fetch(new URL("./emoji.tsv", import.meta.url))
    .then((answer) => answer.text())
    .then((text) => text.split("\n").filter((line) => line && !line.startsWith("#")).map(row))
    .catch(() => { table = null; return []; });
  return table;
}

function row(line) {
  const [emoji, ...languages] = line.split("\t");
  const names = languages.map((some) => some.split(" "));
  const [own] = names[LANGUAGES.indexOf(document.documentElement.lang)] ?? names[0];
  return { emoji, names: names.flat(), own: own.replaceAll("_", " ") };
}

export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export async function emojiFor(wanted, most) {
  const found = [];
  for (const { emoji, names } of await all()) {
    const name = names.find((one) => plain(one).startsWith(wanted)) ?? names.find((one) => plain(one).includes(wanted));
    if (name) found.push({ emoji, name: name.replaceAll("_", " "), text: `${emoji} ` });
  }
  return found.slice(0, most);
}
