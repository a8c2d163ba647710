import { generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";
import type { Identifiers } from "./identifiers.js";

/** Every mode of the key server. */
export const KEY_SERVER_MODES: readonly KeyServerMode[] = [
  "healthy",
  "slow",
  "error",
  "gone",
  "html",
  "empty",
  "shapeless",
  "hang",
];

/** How the key server at `/keys` behaves. Everything but `"healthy"` is an outage to test against. */
export type KeyServerMode =
  | "healthy"
  /** 500 with a JSON error. */
  | "error"
  /** 404, as if the key set had moved. */
  | "gone"
  /** 200 with an HTML page, as captive portals and firewalls answer. */
  | "html"
  /** 200 with `{"keys":[]}`. */
  | "empty"
  /** 200 with `{}`. */
  | "shapeless"
  /** The right answer, after five seconds. */
  | "slow"
  /** No answer at all: the connection stays open until the client gives up. */
  | "hang";

/** An RSA key as a JSON Web Key (RFC 7517), with the members that a key set needs. */
export interface SigningKey {
  readonly kid: string;
  readonly privateJwk: Readonly<JsonWebKey> & KeyUse;
  readonly publicJwk: Readonly<JsonWebKey> & KeyUse;
}

/** Signing keys as they are written to a file. */
export type KeyState = readonly SigningKey[];

interface KeyUse {
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "RS256";
}

const generate = promisify(generateKeyPair);

/**
 * The environment's signing keys: one that signs, and the set that is published.
 *
 * Generating an RSA key takes longer than everything else at start-up together, so the first key is made in
 * the background and waited for by whoever needs it first.
 */
export class SigningKeys {
  mode: KeyServerMode = "healthy";
  readonly #identifiers: Identifiers;
  #current: Promise<SigningKey>;
  #published: readonly SigningKey[] = [];

  readonly #listeners = new Set<() => void>();

  /** @param state keys of an earlier run; the first one signs */
  constructor(identifiers: Identifiers, state: KeyState = []) {
    this.#identifiers = identifiers;
    const [first] = state;
    this.#published = state;
    this.#current = first ? Promise.resolve(first) : this.#add();
    // Whoever awaits `current` sees the failure; nobody awaiting it must not end the process.
    this.#current.catch(() => {});
  }

  /** Calls `listener` after every change of keys. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The published keys, the one that signs first, with their private parts: for this server's own file only. */
  async state(): Promise<KeyState> {
    await this.#current;
    return this.#published;
  }

  /** The key that signs now. */
  current(): Promise<SigningKey> {
    return this.#current;
  }

  /** The published key set. */
  async keySet(): Promise<{ readonly keys: readonly SigningKey["publicJwk"][] }> {
    await this.#current;
    return { keys: this.#published.map((key) => key.publicJwk) };
  }

  /** Signs with a new key from now on; the old one stays published, so that its tokens remain valid. */
  async rotate(): Promise<void> {
    await this.#current;
    const next = await this.#add();
    this.#current = Promise.resolve(next);
    this.#changed();
  }

  /** Takes a key out of the published set: tokens that it signed must no longer be accepted. */
  async revoke(kid?: string): Promise<void> {
    const current = await this.#current;
    const revoked = kid ?? current.kid;
    if (revoked === current.kid) await this.rotate();
    this.#published = this.#published.filter((key) => key.kid !== revoked);
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  async #add(): Promise<SigningKey> {
    const kid = this.#identifiers("snk");
    const { privateKey, publicKey } = await generate("rsa", { modulusLength: 2048 });
    const use: KeyUse = { kid, use: "sig", alg: "RS256" };
    const key: SigningKey = {
      kid,
      privateJwk: { ...privateKey.export({ format: "jwk" }), ...use },
      publicJwk: { ...publicKey.export({ format: "jwk" }), ...use },
    };
    this.#published = [key, ...this.#published];
    this.#changed();
    return key;
  }
}
