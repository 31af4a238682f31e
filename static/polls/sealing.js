// Closing a box on this device: the same as intranet/polls/sealing.py. Only the key that lies on the server until the
// poll ends opens it; all boxes of a poll have one length.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const text = new TextEncoder();
const bytes = (base64) => Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const base64 = (raw) => btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const CURVE = { name: "ECDH", namedCurve: "P-256" };

export const canSeal = () => globalThis.isSecureContext === true && Boolean(globalThis.crypto?.subtle);

export function newCode() {
  const drawn = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => ALPHABET[one & 31]).join("");
  return `${drawn.slice(0, 4)}-${drawn.slice(4)}`;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

function padded(content, size) {
  const plain = text.encode(JSON.stringify(content));
  if (plain.length > size) throw new RangeError("more than a box holds");
  const all = new Uint8Array(size).fill(32);
  all.set(plain);
  return all;
}

// content: {code, yes, maybe, text?}; size: of what is inside; about: "poll 9"
export async function closeBox(publicKey, content, size, about) {
  const theirs = bytes(publicKey);
  const recipient = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const fresh = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", fresh.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: recipient }, fresh.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
  const info = joined(text.encode("binnen ballot 1"), point, theirs);
  const made = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info }, material, 44 * 8);
  const key = await crypto.subtle.importKey("raw", made.slice(0, 32), "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv: made.slice(32), additionalData: text.encode(about) };
  return base64(joined(point, new Uint8Array(await crypto.subtle.encrypt(algorithm, key, padded(content, size)))));
}
