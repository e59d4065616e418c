/** As much of IndexedDB and of locks as uploads and unsent edits use, in memory: with tabs that end, and a device that is full. */

type Listener = (event: unknown) => void;

class Target {
  private readonly listeners = new Map<string, Listener[]>();
  addEventListener(name: string, listener: Listener): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }
  fire(name: string): void {
    for (const listener of this.listeners.get(name) ?? []) listener({ target: this });
  }
}

class Request extends Target {
  result: unknown;
  error: unknown = null;
}

type Key = string | readonly (string | number)[];
const spelt = (key: Key): string => JSON.stringify(key);
type Rows = Map<string, unknown>;
interface Range {
  readonly from: Key;
  readonly to: Key;
}
const isRange = (key: unknown): key is Range => typeof key === "object" && key !== null && "from" in key;

export class Device {
  readonly stores = new Map<string, { keyPath: string | null; rows: Rows }>();
  /** Bytes that fit in yet. */
  room = Number.POSITIVE_INFINITY;
  /** Locks that are held, by the tab that holds them. */
  private readonly locks = new Map<string, number>();
  private tab = 0;

  /** From now on another tab is at work. */
  openTab(): number {
    this.tab += 1;
    return this.tab;
  }

  /** It is closed, or crashed. */
  endTab(tab: number): void {
    for (const [name, holder] of this.locks) if (holder === tab) this.locks.delete(name);
  }

  rows(store: string): Rows {
    return this.stores.get(store)?.rows ?? new Map();
  }

  readonly navigator = {
    locks: {
      request: async (name: string, ...rest: unknown[]): Promise<unknown> => {
        const work = rest.at(-1) as (lock: object | null) => unknown;
        if (rest.length > 1 && this.locks.has(name)) return work(null);
        this.locks.set(name, this.tab);
        const held = await work({});
        this.locks.delete(name);
        return held;
      },
    },
  };

  readonly indexedDB = {
    open: (): Request => {
      const request = new Request();
      request.result = new Database(this);
      queueMicrotask(() => {
        if (this.stores.size === 0) request.fire("upgradeneeded");
        request.fire("success");
      });
      return request;
    },
    deleteDatabase: (): Request => {
      const request = new Request();
      this.stores.clear();
      queueMicrotask(() => request.fire("success"));
      return request;
    },
  };

  readonly keyRange = { bound: (from: Key, to: Key): Range => ({ from, to }) };
}

class Database extends Target {
  constructor(private readonly device: Device) {
    super();
  }
  readonly objectStoreNames = { contains: (name: string): boolean => this.device.stores.has(name) };
  createObjectStore(name: string, options?: { keyPath?: string }): void {
    this.device.stores.set(name, { keyPath: options?.keyPath ?? null, rows: new Map() });
  }
  close(): void {
    this.fire("close");
  }
  transaction(): Transaction {
    return new Transaction(this.device);
  }
}

class Transaction extends Target {
  error: unknown = null;
  private readonly undo: (() => void)[] = [];

  constructor(private readonly device: Device) {
    super();
    setTimeout(() => {
      if (this.error) for (const step of this.undo.toReversed()) step();
      this.fire(this.error ? "abort" : "complete");
    });
  }

  objectStore(name: string) {
    const store = this.device.stores.get(name);
    if (!store) throw new Error(`no store ${name}`);
    const answer = (result: unknown): Request => {
      const request = new Request();
      request.result = result;
      queueMicrotask(() => request.fire("success"));
      return request;
    };
    const put = (value: unknown, given?: Key): Request => {
      const own = store.keyPath === null ? given : (value as Record<string, Key>)[store.keyPath];
      const key = spelt(own ?? "");
      const size = value instanceof ArrayBuffer ? value.byteLength : 200;
      if (size > this.device.room) {
        this.error = new DOMException("full", "QuotaExceededError");
        return new Request();
      }
      this.device.room -= size;
      const before = store.rows.get(key);
      this.undo.push(() => (before === undefined ? store.rows.delete(key) : store.rows.set(key, before)));
      store.rows.set(key, value);
      return answer(own);
    };
    return {
      get: (key: Key) => answer(store.rows.get(spelt(key))),
      getAll: () => answer([...store.rows.values()]),
      put,
      add: put,
      delete: (key: Key | Range) => {
        const first = isRange(key) ? key.from[0] : undefined;
        for (const it of store.rows.keys()) if (isRange(key) ? (JSON.parse(it) as Key)[0] === first : it === spelt(key)) store.rows.delete(it);
        return answer(undefined);
      },
    };
  }
}
