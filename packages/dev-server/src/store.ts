import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch; `Infinity`: never. */
  readonly expires: number;
}

/** Says that a one-time credential was presented again. */
export type Replayed = () => Error;

/**
 * Grants, codes, tokens and sessions of all authorization servers of one environment, in memory.
 *
 * Consuming is one synchronous step here. That, and not the protocol library's check before it, is what makes
 * a code redeemable once when fifty requests bring it at the same time (RFC 6749 section 4.1.2).
 */
export class Store {
  readonly #models = new Map<string, Map<string, Entry>>();
  readonly #replayed: Replayed;

  constructor(replayed: Replayed) {
    this.#replayed = replayed;
  }

  adapter(model: string): Adapter {
    const entries = this.#entries(model);
    return {
      upsert: async (id, payload, expiresIn) => {
        entries.set(id, {
          payload,
          expires: expiresIn ? Date.now() + expiresIn * 1000 : Number.POSITIVE_INFINITY,
        });
      },
      find: async (id) => live(entries, id)?.payload,
      findByUid: async (uid) => [...entries.values()].find((entry) => entry.payload.uid === uid)?.payload,
      findByUserCode: async () => undefined,
      consume: async (id) => this.#consume(live(entries, id)),
      destroy: async (id) => void entries.delete(id),
      revokeByGrantId: async (grantId) => revokeByGrant(entries, grantId),
    };
  }

  #consume(entry: Entry | undefined): void {
    if (entry && !entry.payload.consumed) {
      entry.payload.consumed = Math.floor(Date.now() / 1000);
      return;
    }
    // A second presentation means that two parties hold it: everything that came from the grant ends
    // (RFC 6749 section 10.5, RFC 9700 section 4.14.2).
    if (entry?.payload.grantId) this.#revokeGrant(entry.payload.grantId);
    throw this.#replayed();
  }

  #revokeGrant(grantId: string): void {
    this.#entries("Grant").delete(grantId);
    for (const entries of this.#models.values()) revokeByGrant(entries, grantId);
  }

  #entries(model: string): Map<string, Entry> {
    const existing = this.#models.get(model);
    if (existing) return existing;
    const created = new Map<string, Entry>();
    this.#models.set(model, created);
    return created;
  }
}

function live(entries: Map<string, Entry>, id: string): Entry | undefined {
  const entry = entries.get(id);
  if (!entry || entry.expires > Date.now()) return entry;
  entries.delete(id);
  return undefined;
}

function revokeByGrant(entries: Map<string, Entry>, grantId: string): void {
  for (const [id, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(id);
}
