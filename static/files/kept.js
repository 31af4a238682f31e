// Files that wait on this device: in pieces, sealed like everything people wrote, or in memory where nothing may be kept.
// A row is {id, name, size, kind, place, topic, message, upload, attach, sha256, done, why, …}; its bytes lie beside it.

import { result, storeOf } from "../kernel/store.js";
import { Sha256 } from "./sha256.js";

export const PIECE = 512 * 1024;

const text = new TextEncoder();
const rowsOf = () => IDBKeyRange.bound("f/", "f0");
const piecesOf = (id = "") => IDBKeyRange.bound(`b/${id}`, id ? `b/${id}/￿` : "b0");
const breathe = () => new Promise((resolve) => setTimeout(resolve));

// Reads a blob piece by piece; `take(bytes, n)` gets each, the answer is the hash of all.
async function inPieces(blob, take) {
  const hash = new Sha256();
  for (let at = 0, n = 0; at < blob.size; at += PIECE, n++) {
    const bytes = new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
    hash.update(bytes);
    await take(bytes, n);
    await breathe();
  }
  return hash.hex();
}

export class SealedFiles {
  constructor(person, seal) {
    this.seal = seal;
    this.store = storeOf(person);
  }

  #about(id) { return { additionalData: text.encode(`uploads/${id}`) }; }

  // The row is written last: a file that is not whole has none, and its pieces are swept.
  async add(row, blob) {
    const sha256 = await inPieces(blob, async (bytes, n) => {
      const id = `b/${row.id}/${n}`;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, ...this.#about(id) }, this.seal.key, bytes);
      await this.store.put("uploads", { id, iv, data });
    });
    return this.put({ ...row, sha256 });
  }

  async put(row) {
    const id = `f/${row.id}`;
    await this.store.put("uploads", { id, at: row.at, sealed: await this.seal.close(row, `uploads/${id}`) });
    return row;
  }

  async list() {
    const records = await this.store.read(["uploads"], (store) => result(store.getAll(rowsOf())));
    const open = ({ id, sealed }) => this.seal.open(sealed, `uploads/${id}`).catch(() => null);
    return (await Promise.all(records.map(open))).filter(Boolean).sort((a, b) => a.at - b.at);
  }

  // From an offset to the end of its piece at most.
  async bytes({ id }, offset) {
    const n = Math.floor(offset / PIECE);
    const key = `b/${id}/${n}`;
    const { iv, data } = await this.store.get("uploads", key);
    const whole = await crypto.subtle.decrypt({ name: "AES-GCM", iv, ...this.#about(key) }, this.seal.key, data);
    return new Uint8Array(whole, offset - n * PIECE);
  }

  remove(id) {
    return this.store.write(["uploads"], (store) => { store.delete(`f/${id}`); store.delete(piecesOf(id)); });
  }

  // Pieces of files that were never whole.
  async sweep() {
    await this.store.write(["uploads"], async (store) => {
      const rows = new Set((await result(store.getAllKeys(rowsOf()))).map((key) => key.slice(2)));
      for (const key of await result(store.getAllKeys(piecesOf()))) if (!rows.has(key.split("/")[1])) store.delete(key);
    });
  }
}

export class MemoryFiles {
  #files = new Map();

  async add(row, blob) {
    const sha256 = await inPieces(blob, () => {});
    this.#files.set(row.id, { row: { ...row, sha256 }, blob });
    return { ...row, sha256 };
  }
  async put(row) { this.#files.get(row.id).row = row; return row; }
  async list() { return [...this.#files.values()].map(({ row }) => ({ ...row })); }
  async bytes({ id }, offset) { return new Uint8Array(await this.#files.get(id).blob.slice(offset, offset + PIECE).arrayBuffer()); }
  async remove(id) { this.#files.delete(id); }
  async sweep() { /* what was never whole was never here */ }
}
