// Everything a person wrote or read is kept on the device only as AES-GCM, under a key the server derives for that
// person and gives to a signed-in session. The key lies in IndexedDB as a CryptoKey that scripts cannot read out;
// signing out removes it, so the rows stay but nobody can open them until the same person signs in again.

import { device, storeOf } from "./store.js";

const text = new TextEncoder();
const plain = new TextDecoder();

// Plain http in a local network has no WebCrypto: the page then works from memory and keeps nothing on the device.
export const canSeal = () => globalThis.isSecureContext === true && Boolean(globalThis.crypto?.subtle) && "indexedDB" in globalThis;

export class Seal {
  constructor(person, key) { this.person = person; this.key = key; }

  async close(value, about) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const body = typeof value === "string" ? value : JSON.stringify(value);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: text.encode(about) }, this.key, text.encode(body));
    return { iv, data };
  }

  // `about` binds a sealed value to the row it belongs to: a row moved elsewhere does not open.
  async openText(sealed, about) {
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(about) }, this.key, sealed.data);
    return plain.decode(data);
  }

  async open(sealed, about) { return JSON.parse(await this.openText(sealed, about)); }
}

const bytes = (base64) => Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

// The seal of whoever is signed in on this device, or null.
export async function currentSeal() {
  if (!canSeal()) return null;
  const session = await device.get("meta", "session");
  return session ? new Seal(session.person, session.key) : null;
}

async function fetchKey(person) {
  const answer = await fetch("/key", { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) return null;
  const given = await answer.json();
  if (given.person !== person) return null;
  return crypto.subtle.importKey("raw", bytes(given.key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

// The seal for `person`, from the device or from the server. Somebody else's leavings are locked first.
export async function sealFor(person) {
  if (!canSeal()) return null;
  const known = await currentSeal();
  if (known?.person === person) return known;
  if (known) await lock(known.person);
  const key = await fetchKey(person);
  if (!key) return null;
  await device.put("meta", { id: "session", person, key });
  return new Seal(person, key);
}

// Signed out, or the session is dead: the key, cached pages and stored frames go. What is unsent stays, sealed.
export async function lock(person) {
  if (!canSeal()) return;
  const session = await device.get("meta", "session");
  if (!session || session.person === person) await device.remove("meta", "session");
  if (person) await storeOf(person).clear("pages", "frames");
}
