import type { Eventually } from "../eventually.js";
import { OptionError } from "../option-error.js";
import type { VerifierHealth } from "../provider.js";
import { BackOff } from "./back-off.js";
import { isObject } from "./base64url.js";
import { KeyRing, type VerificationKey } from "./keys.js";
import type { SignaturePort } from "./signature.js";
import type { Unavailable } from "./verification.js";

/** How an issuer's keys are kept. Times are in seconds. */
export interface KeySetOptions {
  /** Age at which keys must be asked for again; a key that was removed is refused from then on. They are refreshed in the background from half of it. Default 600. */
  readonly maxAge?: number;
  /** Age up to which the last good keys serve while their source cannot be reached; then tokens cannot be checked (503). Default 21600. */
  readonly maxStale?: number;
  /** Shortest time between two fetches for the sake of a `kid` that nobody knows. Default 30. */
  readonly cooldown?: number;
  /** How long a fetch may take. Default 5. */
  readonly timeout?: number;
  /** Bytes of the key set or the metadata. Default 262144. */
  readonly maxBytes?: number;
  /** Keys in the set. Default 100. */
  readonly maxKeys?: number;
}

export const keySetDefaults: Required<KeySetOptions> = {
  maxAge: 600,
  maxStale: 21_600,
  cooldown: 30,
  timeout: 5,
  maxBytes: 262_144,
  maxKeys: 100,
};

/** @throws {OptionError} */
export function keySetOptions(given: KeySetOptions = {}): Required<KeySetOptions> {
  const settings = { ...keySetDefaults, ...given };
  for (const [name, value] of Object.entries(settings))
    if (!(Number.isFinite(value) && value > 0))
      throw new OptionError(`keySet.${name}`, value, "write a positive number.");
  return settings;
}

/** Where the keys of an issuer are. */
export interface KeySource {
  /** The keys named `kid`; none when the issuer has no such key. */
  keysFor(kid: string | undefined): Eventually<readonly VerificationKey[] | Unavailable>;
  /** Asks for the keys, unless somebody is asking already or the last failure is too recent. Never rejects. */
  refresh(): Promise<void>;
  health(): VerifierHealth;
}

/** Keys that were configured. */
export function fixedKeys(ring: KeyRing): KeySource {
  return {
    keysFor: (kid) => ring.get(kid),
    refresh: async () => {},
    health: () => ({ ready: true }),
  };
}

/**
 * One issuer's keys: fetched when first needed, refreshed in the background, kept while their source is down.
 *
 * Two clocks keep the source from being flooded, and they are not the same one. A failure waits for its back-off, so
 * that a server that recovers is used within a second or two; an unknown `kid`, which anybody can send, waits for the cool-down.
 */
export class KeySet implements KeySource {
  readonly #load: () => Promise<unknown>;
  readonly #port: SignaturePort;
  readonly #settings: Required<KeySetOptions>;
  #ring: KeyRing | undefined;
  #loadedAt = 0;
  #searchedAt = Number.NEGATIVE_INFINITY;
  readonly #backOff = new BackOff();
  #inFlight: Promise<void> | undefined;

  /** @param load fetches the JSON Web Key Set; whatever it rejects with counts as a failure of the source */
  constructor(load: () => Promise<unknown>, port: SignaturePort, settings: Required<KeySetOptions>) {
    this.#load = load;
    this.#port = port;
    this.#settings = settings;
  }

  keysFor(kid: string | undefined): Eventually<readonly VerificationKey[] | Unavailable> {
    const age = this.#age();
    const expired = age > this.#settings.maxAge && !this.#backOff.isRecent;
    if (!this.#ring || expired || age > this.#settings.maxStale)
      return this.refresh().then(() => this.#heldKeys(kid));
    if (age > this.#settings.maxAge / 2) void this.refresh();
    const held = this.#ring.get(kid);
    return held.length > 0 || kid === undefined ? held : this.#search(kid);
  }

  refresh(): Promise<void> {
    if (this.#inFlight) return this.#inFlight;
    if (this.#backOff.wait > 0) return Promise.resolve();
    this.#inFlight = this.#fetch().finally(() => {
      this.#inFlight = undefined;
    });
    return this.#inFlight;
  }

  health(): VerifierHealth {
    const age = this.#age();
    return {
      ready: this.#ring !== undefined && age <= this.#settings.maxStale,
      ...(this.#ring && { keysAge: Math.round(age) }),
      ...this.#backOff.lastError,
    };
  }

  /** A `kid` that we do not hold: perhaps the issuer has a new key. */
  async #search(kid: string): Promise<readonly VerificationKey[] | Unavailable> {
    const sinceLast = Date.now() - this.#searchedAt;
    if (!this.#backOff.failing && sinceLast >= 0 && sinceLast < this.#settings.cooldown * 1000) return [];
    await this.refresh();
    if (this.#backOff.failing) return this.#backOff.unavailable("keys");
    const found = this.#heldKeys(kid);
    // A search that found something was worth its fetch; only the fruitless ones are rationed.
    if (Array.isArray(found) && found.length === 0) this.#searchedAt = Date.now();
    return found;
  }

  #heldKeys(kid: string | undefined): readonly VerificationKey[] | Unavailable {
    return this.#ring && this.#age() <= this.#settings.maxStale
      ? this.#ring.get(kid)
      : this.#backOff.unavailable("keys");
  }

  async #fetch(): Promise<void> {
    const askedAt = Date.now();
    try {
      const jwks = await this.#load();
      const { maxKeys } = this.#settings;
      if (!isObject(jwks) || !Array.isArray(jwks.keys)) throw new Error("not a JSON Web Key Set");
      if (jwks.keys.length > maxKeys) throw new Error(`more than ${maxKeys} keys`);
      const ring = new KeyRing(jwks.keys, this.#port, this.#ring);
      if (ring.size === 0) throw new Error("no key in the set can verify signatures");
      this.#ring?.giveWayTo(ring);
      this.#ring = ring;
      this.#loadedAt = askedAt;
      this.#backOff.succeeded();
    } catch (error) {
      this.#backOff.failed(error);
    }
  }

  /** Seconds. A clock that was set back makes keys as good as new, not good for ever. */
  #age(): number {
    return Math.max(0, Date.now() - this.#loadedAt) / 1000;
  }
}
