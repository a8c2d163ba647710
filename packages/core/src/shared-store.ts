/** Where something is kept when several processes serve: structurally a `Keyv`. */
export interface SharedStore {
  get(key: string): Promise<unknown>;
  /** @param ttl milliseconds */
  set(key: string, value: string, ttl?: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

/** For one process: forgets what has expired and, once there are too many, what was not used for the longest time. */
export function memoryStore(most: number): SharedStore {
  const entries = new Map<string, { readonly value: string; readonly until: number }>();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.until <= Date.now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    async set(key, value, ttl = Number.POSITIVE_INFINITY) {
      entries.delete(key);
      entries.set(key, { value, until: Date.now() + ttl });
      const [oldest] = entries.keys();
      if (entries.size > most && oldest !== undefined) entries.delete(oldest);
    },
    delete: async (key) => entries.delete(key),
  };
}
