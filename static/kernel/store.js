// What this device keeps: one IndexedDB database per person, and one (`binnen`) that knows who is signed in here.
// Everything people wrote lies in these stores sealed (sealed.js); only ids, times and states are readable.

const SHAPES = {
  outbox: { key: { keyPath: "n", autoIncrement: true }, indexes: ["id", "last"] },
  sent: { key: { keyPath: "id" }, indexes: ["at"] },
  frames: { key: { keyPath: ["place", "to"] }, indexes: ["place"] },
  pages: { key: { keyPath: "url" }, indexes: ["place"] },
  uploads: { key: { keyPath: "id" }, indexes: [] },
  drafts: { key: { keyPath: "id" }, indexes: [] },
  meta: { key: { keyPath: "id" }, indexes: [] },
};

const opened = new Map();

function build(db) {
  for (const [name, { key, indexes }] of Object.entries(SHAPES)) {
    const store = db.createObjectStore(name, key);
    for (const field of indexes) store.createIndex(field, field);
  }
}

function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => build(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = db.onclose = () => { db.close(); opened.delete(name); };
      resolve(db);
    };
  });
}

function database(name) {
  if (!opened.has(name)) {
    const opening = openDatabase(name);
    opening.catch(() => opened.delete(name));
    opened.set(name, opening);
  }
  return opened.get(name);
}

const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// Runs `work(stores)` in one transaction and resolves with its value once the transaction is on disk.
// `work` may await requests of this transaction only: anything else (crypto, fetch) would end it.
async function transact(name, stores, mode, work) {
  const db = await database(name);
  const tx = db.transaction(stores, mode, { durability: mode === "readwrite" ? "strict" : "default" });
  const done = new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
  done.catch(() => {});
  let value;
  try {
    value = await work(...stores.map((store) => tx.objectStore(store)));
  } catch (error) {
    try { tx.abort(); } catch { /* already ended by itself */ }
    throw error;
  }
  await done;
  return value;
}

export class Store {
  constructor(name) { this.name = name; }
  read(stores, work) { return transact(this.name, stores, "readonly", work); }
  write(stores, work) { return transact(this.name, stores, "readwrite", work); }
  get(store, key) { return this.read([store], (s) => result(s.get(key))); }
  put(store, row) { return this.write([store], (s) => result(s.put(row))); }
  remove(store, key) { return this.write([store], (s) => result(s.delete(key))); }
  clear(...stores) { return this.write(stores, (...all) => { for (const s of all) s.clear(); }); }
  all(store, index, value) {
    return this.read([store], (s) => result(index ? s.index(index).getAll(value) : s.getAll()));
  }
  count(store) { return this.read([store], (s) => result(s.count())); }
}

export const device = new Store("binnen");
export const storeOf = (person) => new Store(`binnen-${person}`);
export { result };
