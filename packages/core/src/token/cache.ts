import { OptionError } from "../option-error.js";
import type { AccessToken } from "../provider.js";

/**
 * Remembering tokens that were verified; signed ones from their second use on.
 *
 * The trade-off: within `ttl` a token is not checked again except for its expiry, its key and the revocation hook.
 * A signed token that was valid stays valid until it expires, so nothing is lost by it but memory; an introspected
 * one that its server revokes goes on for `ttl` at most.
 */
export interface TokenCacheOptions {
  /** Tokens held at most. Default 10000. */
  readonly size?: number;
  /** Seconds for which a token is remembered, if it does not expire before. Default 60. */
  readonly ttl?: number;
}

/** A bounded map of two generations: when the young one is full it becomes the old one, and what nobody asked for since goes. */
export class BoundedMap<T, K = string> {
  readonly #half: number;
  #young = new Map<K, T>();
  #old = new Map<K, T>();

  constructor(size: number) {
    this.#half = Math.max(1, size >> 1);
  }

  get(key: K): T | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: T): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}

/** What a remembered token hangs on: when the issuer takes it back, the token is forgotten. */
interface Key {
  readonly retired: boolean;
}

interface Entry {
  readonly token: AccessToken;
  readonly key: Key | undefined;
  /** Milliseconds. */
  readonly from: number;
  readonly until: number;
}

/** Verified tokens under a hash of theirs, so that no token can be read out of the memory. */
export class TokenCache {
  readonly #ttl: number;
  readonly #entries: BoundedMap<Entry>;

  /** @throws {OptionError} */
  constructor({ size = 10_000, ttl = 60 }: TokenCacheOptions = {}) {
    if (!(Number.isInteger(size) && size >= 2))
      throw new OptionError("cache.size", size, "write how many tokens to hold, or cache: false.");
    if (!(Number.isFinite(ttl) && ttl > 0))
      throw new OptionError("cache.ttl", ttl, "write seconds, or cache: false.");
    this.#ttl = ttl * 1000;
    this.#entries = new BoundedMap(size);
  }

  /** @param now milliseconds */
  get(hash: string, now: number): AccessToken | undefined {
    const entry = this.#entries.get(hash);
    if (!entry) return undefined;
    // `from`: when the clock was set back, nobody knows how old the entry is.
    if (now >= entry.from && now < entry.until && !entry.key?.retired) return entry.token;
    this.#entries.delete(hash);
    return undefined;
  }

  /** @param now milliseconds */
  set(hash: string, token: AccessToken, now: number, key?: Key): void {
    const until = Math.min(token.expiresAt * 1000, now + this.#ttl);
    this.#entries.set(hash, { token, key, from: now, until });
  }
}

/**
 * Verified tokens that were used more than once. The first use of a token leaves only a number behind, made from the end
 * of its signature: many are used once, and those are not worth a hash and the memory.
 */
export class RepeatedTokenCache {
  readonly #usedOnce: BoundedMap<true, number>;
  readonly #tokens: TokenCache;
  readonly #sha256: (text: string) => string;

  /** @throws {OptionError} */
  constructor(sha256: (text: string) => string, options: TokenCacheOptions = {}) {
    this.#tokens = new TokenCache(options);
    this.#usedOnce = new BoundedMap(options.size ?? 10_000);
    this.#sha256 = sha256;
  }

  /** @param now milliseconds */
  get(text: string, now: number): AccessToken | undefined {
    return this.#usedOnce.get(endOf(text)) ? this.#tokens.get(this.#sha256(text), now) : undefined;
  }

  /** @param now milliseconds */
  set(text: string, token: AccessToken, now: number, key: Key): void {
    const end = endOf(text);
    if (this.#usedOnce.get(end)) this.#tokens.set(this.#sha256(text), token, now, key);
    else this.#usedOnce.set(end, true);
  }
}

/**
 * Of the last 16 characters, enough to tell tokens apart. Not the characters: in V8 a string that was cut from another
 * keeps the whole of that in memory. 30 bits, because V8 holds such numbers without an object.
 */
function endOf(text: string): number {
  let end = 0;
  for (let at = text.length - 16; at < text.length; at++)
    end = (Math.imul(end, 31) + text.charCodeAt(at)) | 0;
  return end & 0x3fffffff;
}
