// What a file is and whether it may go, as far as this browser can see: the server looks at the bytes and decides.

import { word } from "../kernel/words.js";

const MB = 1024 * 1024;
const WAIT_MS = 3000;
const { mostFiles = "10", mostBytes = String(100 * MB) } = document.body.dataset;
const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

export const mostAtOnce = Number(mostFiles);

export function kindOf({ type }) {
  if (type.startsWith("image/") && type !== "image/svg+xml") return "photo";
  if (type.startsWith("video/")) return "video";
  return type === "application/pdf" ? "pdf" : "file";
}

export const sizeOf = (bytes) => (bytes < MB ? `${numbers.format(Math.max(1, Math.round(bytes / 1024)))} KB` : `${numbers.format(bytes < 10 * MB ? bytes / MB : Math.round(bytes / MB))} MB`);

// A sentence, or "" when it may go.
export function objection({ name, size }) {
  if (size === 0) return word("{name} is empty.", { name });
  if (size > Number(mostBytes)) return word("{name} is too large: {limit} at most.", { name, limit: `${Math.floor(Number(mostBytes) / MB)} MB` });
  return "";
}

const within = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, WAIT_MS))]).catch(() => null);

// Width, height, length, so that the place for it is held free on every screen before it is there.
export async function measure(file, kind) {
  if (kind === "photo") {
    const picture = await within(createImageBitmap(file));
    const shown = picture ? { width: picture.width, height: picture.height } : {};
    picture?.close();
    return shown;
  }
  if (kind !== "video") return {};
  const video = document.createElement("video");
  video.preload = "metadata";
  const address = URL.createObjectURL(file);
  const ready = new Promise((resolve) => { video.onloadedmetadata = () => resolve(true); video.onerror = () => resolve(null); });
  video.src = address;
  const known = await within(ready);
  const { videoWidth: width, videoHeight: height, duration } = video;
  URL.revokeObjectURL(address);
  return known && Number.isFinite(duration) ? { width, height, duration: Math.round(duration * 1000) } : {};
}
