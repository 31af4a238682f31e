// The rows of the outbox, sealed in IndexedDB.
// A row is {n, id, place, state, at, last, write, label, echo, why}; only the first six lie readable on the device.

import { result, storeOf } from "./store.js";

const KEEP_MS = 14 * 24 * 3600 * 1000;
const KEEP_BYTES = 5_000_000;
const TRIM_EVERY = 40;

const about = (id) => `outbox/${id}`;
const byAge = (a, b) => a.n - b.n;

export class SealedRows {
  #opened = new Map(); // n + state -> payload, so that a long outbox is opened once and not at every step
  #acknowledged = 0;

  constructor(person, seal) {
    this.person = person;
    this.seal = seal;
    this.store = storeOf(person);
  }

  #close({ id, write, label, echo, why }) { return this.seal.close({ write, label, echo, why }, about(id)); }

  // Resolves when the row is on disk, with the ids of those whose place it took: of last values only the newest waits.
  // null: it was there already.
  async add(row) {
    const sealed = await this.#close(row);
    const { id, place, at, last } = row;
    const record = { id, place, state: row.state ?? "waiting", at, sealed, ...(last && { last }) };
    return this.store.write(["outbox"], async (outbox) => {
      if (await result(outbox.index("id").getKey(id)) !== undefined) return null;
      const replaced = last ? (await result(outbox.index("last").getAll(last))).filter((old) => old.state === "waiting") : [];
      for (const old of replaced) outbox.delete(old.n);
      outbox.add(record);
      return replaced.map((old) => old.id);
    });
  }

  async list() {
    const records = await this.store.all("outbox");
    const rows = await Promise.all(records.map((record) => this.#open(record)));
    return rows.sort(byAge);
  }

  async #open({ sealed, ...plain }) {
    const key = `${plain.n} ${plain.state}`;
    if (!this.#opened.has(key)) {
      // Only a server that lost its keys makes rows unreadable; they are shown as such, not hidden.
      const payload = await this.seal.open(sealed, about(plain.id)).catch(() => ({ write: null, why: { code: "unreadable" } }));
      this.#opened.set(key, payload);
    }
    const payload = this.#opened.get(key);
    return { ...plain, ...payload, state: payload.write ? plain.state : "refused" };
  }

  async #change(id, state, why) {
    const row = (await this.list()).find((one) => one.id === id);
    if (!row) return;
    const sealed = await this.#close({ ...row, why });
    this.#opened.clear();
    await this.store.write(["outbox"], async (outbox) => {
      const record = await result(outbox.get(row.n));
      if (record) outbox.put({ ...record, state, sealed });
    });
  }

  refuse(row, why) { return this.#change(row.id, "refused", why); }
  retry(id) { return this.#change(id, "waiting", undefined); }

  remove(id) {
    return this.store.write(["outbox"], async (outbox) => {
      const n = await result(outbox.index("id").getKey(id));
      if (n !== undefined) outbox.delete(n);
    });
  }

  // Acknowledged: out of the outbox and, sealed, into `sent`, in one transaction. Last values are not compared later.
  async acknowledge(row, { place = row.place, seq = 0, epoch = null }) {
    const { id, write, label, echo } = row;
    const sealed = await this.seal.close({ write, label, echo, place, seq, epoch }, `sent/${id}`);
    await this.store.write(["outbox", "sent"], async (outbox, sent) => {
      outbox.delete(row.n);
      if (!row.last) sent.put({ id, at: Date.now(), size: sealed.data.byteLength, sealed });
    });
    if (++this.#acknowledged % TRIM_EVERY === 1) await this.trim();
  }

  async trim(now = Date.now()) {
    const rows = (await this.store.all("sent")).sort((a, b) => b.at - a.at);
    let size = 0;
    const old = rows.filter((row) => (size += row.size) > KEEP_BYTES || row.at < now - KEEP_MS);
    if (old.length) await this.store.write(["sent"], (sent) => { for (const row of old) sent.delete(row.id); });
  }

  async sent() {
    const records = await this.store.all("sent");
    const open = ({ id, sealed }) => this.seal.open(sealed, `sent/${id}`).then((row) => ({ id, ...row }), () => null);
    return (await Promise.all(records.map(open))).filter(Boolean);
  }
}
