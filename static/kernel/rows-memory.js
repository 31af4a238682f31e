// The rows of the outbox in memory, where the browser offers no safe place to keep them (plain http).

export class MemoryRows {
  #rows = [];
  #n = 0;

  async add(row) {
    if (this.#rows.some((one) => one.id === row.id)) return null;
    const replaced = this.#rows.filter(({ last, state }) => row.last && last === row.last && state === "waiting");
    this.#rows = this.#rows.filter((one) => !replaced.includes(one));
    this.#rows.push({ state: "waiting", ...row, n: ++this.#n });
    return replaced.map(({ id }) => id);
  }
  async list() { return this.#rows.map((row) => ({ ...row })); }
  #set(id, change) { Object.assign(this.#rows.find((row) => row.id === id) ?? {}, change); }
  async refuse({ id }, why) { this.#set(id, { state: "refused", why }); }
  async retry(id) { this.#set(id, { state: "waiting", why: undefined }); }
  async remove(id) { this.#rows = this.#rows.filter((row) => row.id !== id); }
  async acknowledge({ id }) { await this.remove(id); }
  async sent() { return []; }
}
