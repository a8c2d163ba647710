import type { KeySetOptions, SigningKey, Verification, VerifierHealth } from "@mcp-authz/core";
import { isTokenFailure, messageOf, type ScalekitSdk } from "./sdk.js";

/** An SDK instance that holds keys. Which of them made a signature it does not say, so they come and go together. */
export interface KeySnapshot extends SigningKey {
  readonly client: ScalekitSdk;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  retired: boolean;
}

export type Unavailable = Extract<Verification, { kind: "unavailable" }>;

/** Times in seconds, with the meaning and the defaults that they have for `jwt()`. */
export type KeyTimes = Required<Pick<KeySetOptions, "maxAge" | "maxStale" | "cooldown" | "timeout">>;

// {"alg":"RS256"}.{"exp":0} and a signature of three zero bytes: no key set can make it valid. Without a `kid`,
// so that it fails at the signature where there are keys, and at finding a key where there are none.
const neverValid = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjB9.AAAA";

/** A failed source is asked again after 1 s, then 2 s, and so on up to this. */
const longestBackOff = 30;

/**
 * The environment's key set (RFC 7517) as SDK instances see it: an instance fetches it with its first call and
 * never again, so each instance is one snapshot. A snapshot takes the place of the one before only after it has
 * shown that it holds keys, so that no outage, rotation or captive portal costs anybody a good token.
 */
export class SdkKeySet {
  readonly #make: () => ScalekitSdk;
  readonly #times: KeyTimes;
  #snapshot: KeySnapshot | undefined;
  #searchedAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #retryAt = 0;
  #lastError: string | undefined;
  #inFlight: Promise<void> | undefined;

  constructor(make: () => ScalekitSdk, times: KeyTimes) {
    this.#make = make;
    this.#times = times;
  }

  /** The snapshot to verify with. */
  current(): KeySnapshot | Promise<KeySnapshot | Unavailable> {
    const age = this.#age();
    // Once it is known that the source fails, nobody waits for it who can do without.
    const expired = age > this.#times.maxAge && this.#failures === 0;
    if (!this.#snapshot || expired || age > this.#times.maxStale)
      return this.refresh().then(() => this.#held());
    if (age > this.#times.maxAge / 2) void this.refresh();
    return this.#snapshot;
  }

  /**
   * A snapshot newer than the one that lacks a token's key; undefined when there is none. Anybody can send tokens
   * with unknown keys, so a search that may have been in vain is not repeated before the cool-down is over.
   */
  async newerThan(snapshot: KeySnapshot): Promise<KeySnapshot | Unavailable | undefined> {
    if (this.#snapshot === snapshot) {
      const coolingDown = isWithin(Date.now() - this.#searchedAt, this.#times.cooldown * 1000);
      if (this.#failures === 0 && coolingDown) return undefined;
      await this.refresh();
      if (this.#failures > 0) return this.#sourceDown();
      this.#searchedAt = Date.now();
    }
    return this.#held();
  }

  /** A search that found something was worth its fetch; only the fruitless ones are rationed. */
  found(): void {
    this.#searchedAt = Number.NEGATIVE_INFINITY;
  }

  /** Takes a snapshot out of use that answers otherwise than with a verdict. */
  discard(snapshot: KeySnapshot): void {
    snapshot.retired = true;
    if (this.#snapshot === snapshot) this.#snapshot = undefined;
  }

  /** Asks the source, unless somebody is asking already or the last failure is too recent. Never rejects. */
  refresh(): Promise<void> {
    if (this.#inFlight) return this.#inFlight;
    if (isWithin(this.#retryAt - Date.now(), longestBackOff * 1000)) return Promise.resolve();
    this.#inFlight = this.#take().finally(() => {
      this.#inFlight = undefined;
    });
    return this.#inFlight;
  }

  health(): VerifierHealth {
    const age = this.#age();
    return {
      ready: this.#snapshot !== undefined && age <= this.#times.maxStale,
      ...(this.#snapshot && { keysAge: Math.round(age) }),
      ...(this.#lastError !== undefined && { lastError: this.#lastError }),
    };
  }

  #held(): KeySnapshot | Unavailable {
    return this.#snapshot && this.#age() <= this.#times.maxStale ? this.#snapshot : this.#sourceDown();
  }

  #sourceDown(): Unavailable {
    const wait = Math.ceil((this.#retryAt - Date.now()) / 1000);
    const retryAfter = Math.min(Math.max(wait, 1), longestBackOff);
    return { kind: "unavailable", detail: `keys: ${this.#lastError}`, retryAfter };
  }

  async #take(): Promise<void> {
    const takenAt = Date.now();
    try {
      const client = this.#make();
      await within(this.#times.timeout, fetchKeys(client));
      if (this.#snapshot) this.#snapshot.retired = true;
      this.#snapshot = { client, takenAt, retired: false };
      this.#failures = 0;
      this.#retryAt = 0;
      this.#lastError = undefined;
    } catch (error) {
      const step = Math.min(2 ** this.#failures++, longestBackOff);
      // Up to a quarter less, so that many servers do not come back at once.
      this.#retryAt = Date.now() + step * 1000 * (1 - Math.random() / 4);
      this.#lastError = messageOf(error);
    }
  }

  /** Seconds. A clock that was set back makes keys as good as new, not good for ever. */
  #age(): number {
    return this.#snapshot ? Math.max(0, Date.now() - this.#snapshot.takenAt) / 1000 : 0;
  }
}

/** Whether the SDK has no key for a token. */
export function isUnknownKey(error: Error): boolean {
  return error.message.startsWith("no applicable key found");
}

/** Makes a new instance fetch its keys, and throws unless it then has some that could verify a token. */
async function fetchKeys(client: ScalekitSdk): Promise<void> {
  try {
    await client.validateToken(neverValid);
  } catch (error) {
    if (!isTokenFailure(error)) throw error;
    if (isUnknownKey(error)) throw new Error("the key set holds no RS256 key");
    return;
  }
  throw new Error("the SDK accepts tokens that nobody signed");
}

async function within(seconds: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), seconds * 1000);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Against a clock that was set back: a wait is never longer than it can be. */
function isWithin(milliseconds: number, most: number): boolean {
  return milliseconds >= 0 && milliseconds <= most;
}
