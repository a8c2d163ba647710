import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch; left out: never. */
  readonly expires?: number;
}

/** Everything in a store, by model and id. */
export type StoreState = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

/** A standing approval: what a user granted to a client. */
export interface Consent {
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
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
  readonly #listeners = new Set<() => void>();

  constructor(replayed: Replayed) {
    this.#replayed = replayed;
  }

  /** Calls `listener` after every change. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  adapter(model: string): Adapter {
    const entries = this.#entries(model);
    return {
      upsert: async (id, payload, expiresIn) => {
        entries.set(id, { payload, ...(expiresIn ? { expires: Date.now() + expiresIn * 1000 } : {}) });
        this.#changed();
      },
      find: async (id) => live(entries, id)?.payload,
      findByUid: async (uid) => [...entries.values()].find((entry) => entry.payload.uid === uid)?.payload,
      findByUserCode: async () => undefined,
      consume: async (id) => this.#consume(live(entries, id)),
      destroy: async (id) => {
        entries.delete(id);
        this.#changed();
      },
      revokeByGrantId: async (grantId) => {
        revokeByGrant(entries, grantId);
        this.#changed();
      },
    };
  }

  /** What was granted, and neither expired nor was revoked. */
  consents(): readonly Consent[] {
    const entries = this.#entries("Grant");
    return [...entries.keys()].flatMap((id) => consentOf(id, live(entries, id)));
  }

  /** Ends a grant with its codes and refresh tokens. JWTs that were issued live on until they expire. */
  revoke(grantId: string): boolean {
    const existed = this.#entries("Grant").has(grantId);
    this.#revokeGrant(grantId);
    return existed;
  }

  state(): StoreState {
    const kept = [...this.#models].filter(([model]) => !TRANSIENT.has(model));
    return Object.fromEntries(kept.map(([model, entries]) => [model, Object.fromEntries(current(entries))]));
  }

  restore(state: StoreState): void {
    for (const [model, entries] of Object.entries(state)) {
      const target = this.#entries(model);
      for (const [id, entry] of Object.entries(entries)) target.set(id, entry);
    }
  }

  #consume(entry: Entry | undefined): void {
    if (entry && !entry.payload.consumed) {
      entry.payload.consumed = Math.floor(Date.now() / 1000);
      this.#changed();
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
    this.#changed();
  }

  #entries(model: string): Map<string, Entry> {
    const existing = this.#models.get(model);
    if (existing) return existing;
    const created = new Map<string, Entry>();
    this.#models.set(model, created);
    return created;
  }
}

/** Worth nothing after a restart. */
const TRANSIENT: ReadonlySet<string> = new Set(["Interaction", "ReplayDetection"]);

function current(entries: Map<string, Entry>): [string, Entry][] {
  return [...entries].filter(([, { expires }]) => expires === undefined || expires > Date.now());
}

function consentOf(id: string, entry: Entry | undefined): Consent[] {
  const { accountId, clientId, resources, openid } = (entry?.payload ?? {}) as Partial<GrantPayload>;
  if (!accountId || !clientId) return [];
  const scopes = [openid?.scope ?? "", ...Object.values(resources ?? {})].join(" ");
  return [{ id, accountId, clientId, scopes: scopes.split(" ").filter((scope) => scope !== "") }];
}

interface GrantPayload {
  readonly accountId: string;
  readonly clientId: string;
  readonly resources: Readonly<Record<string, string>>;
  readonly openid: { readonly scope?: string };
}

function live(entries: Map<string, Entry>, id: string): Entry | undefined {
  const entry = entries.get(id);
  if (entry?.expires === undefined || entry.expires > Date.now()) return entry;
  entries.delete(id);
  return undefined;
}

function revokeByGrant(entries: Map<string, Entry>, grantId: string): void {
  for (const [id, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(id);
}
