import { OptionError } from "../option-error.js";
import type { AccessToken } from "../provider.js";
import type { SigningKey } from "./signature-source.js";

/**
 * Remembering tokens that were verified.
 *
 * The trade-off: within `ttl` a token is not checked again except for its expiry, its key and the revocation hook.
 * A signed token that was valid stays valid until it expires, so nothing is lost by it but memory.
 */
export interface TokenCacheOptions {
  /** Tokens held at most. Default 10000. */
  readonly size?: number;
  /** Seconds for which a token is remembered, if it does not expire before. Default 60. */
  readonly ttl?: number;
}

interface Entry {
  readonly token: AccessToken;
  readonly key: SigningKey | undefined;
  /** Milliseconds. */
  readonly from: number;
  readonly until: number;
}

/**
 * Verified tokens under a hash of theirs, so that no token can be read out of the memory. Two generations bound it:
 * when the young one is full, it becomes the old one, and what nobody asked for since is forgotten.
 */
export class TokenCache {
  readonly #half: number;
  readonly #ttl: number;
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();

  /** @throws {OptionError} */
  constructor({ size = 10_000, ttl = 60 }: TokenCacheOptions = {}) {
    if (!(Number.isInteger(size) && size >= 2))
      throw new OptionError("cache.size", size, "write how many tokens to hold, or cache: false.");
    if (!(Number.isFinite(ttl) && ttl > 0))
      throw new OptionError("cache.ttl", ttl, "write seconds, or cache: false.");
    this.#half = size >> 1;
    this.#ttl = ttl;
  }

  /** @param now milliseconds */
  get(hash: string, now: number): AccessToken | undefined {
    const young = this.#young.get(hash);
    const entry = young ?? this.#old.get(hash);
    if (!entry) return undefined;
    if (now < entry.from || now >= entry.until || entry.key?.retired) {
      this.#young.delete(hash);
      this.#old.delete(hash);
      return undefined;
    }
    if (!young) this.#put(hash, entry);
    return entry.token;
  }

  /** @param key the key that verified it: when the issuer takes it back, the token is forgotten */
  set(hash: string, token: AccessToken, key: SigningKey | undefined, now: number): void {
    this.#put(hash, {
      token,
      key,
      from: now,
      until: Math.min(token.expiresAt * 1000, now + this.#ttl * 1000),
    });
  }

  #put(hash: string, entry: Entry): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(hash, entry);
  }
}
