import type { JWK } from "jose";
import { decodeBase64url, isObject } from "./base64url.js";
import type { CheckSignature, SignaturePort } from "./signature.js";

/** A JSON Web Key Set (RFC 7517 §5). */
export interface JSONWebKeySet {
  readonly keys: readonly object[];
}

/** A public key that was imported once. Its identity is what a remembered token hangs on. */
export interface VerificationKey {
  readonly kid: string | undefined;
  /** The `alg`s that this key may verify. */
  readonly algorithms: readonly string[];
  readonly check: CheckSignature;
  /** The public members, to know the key again in the issuer's next answer. */
  readonly fingerprint: string;
  /** The issuer has taken it back: nothing that it verified counts any more. */
  retired: boolean;
}

/** Keys that share a `kid` are all tried (RFC 7517 §4.5 allows them), but not without end. */
const mostPerKid = 4;

export class KeyRing {
  readonly #byKid = new Map<string | undefined, VerificationKey[]>();
  readonly #all: readonly VerificationKey[];

  /** Keys that cannot be used are left out, so that one malformed key does not close the server (RFC 7517 §5). */
  constructor(jwks: readonly unknown[], port: SignaturePort, previous?: KeyRing) {
    this.#all = jwks.map((jwk) => verificationKey(jwk, port, previous)).filter((key) => key !== undefined);
    for (const key of this.#all) {
      const sharing = this.#byKid.get(key.kid) ?? [];
      if (sharing.length < mostPerKid) this.#byKid.set(key.kid, [...sharing, key]);
    }
  }

  /** `next` is what counts from now on; keys that it does not hold are retired. */
  giveWayTo(next: KeyRing): void {
    for (const key of this.#all) key.retired = !next.#all.includes(key);
  }

  get size(): number {
    return this.#all.length;
  }

  /** Without a `kid`: the keys that have none. */
  get(kid: string | undefined): readonly VerificationKey[] {
    return this.#byKid.get(kid) ?? [];
  }

  find(fingerprint: string): VerificationKey | undefined {
    return this.#all.find((key) => key.fingerprint === fingerprint);
  }
}

/** @returns `undefined` for a key that cannot be used */
export function verificationKey(
  jwk: unknown,
  port: SignaturePort,
  previous?: KeyRing,
): VerificationKey | undefined {
  if (!isObject(jwk)) return undefined;
  const { kid, alg, use, key_ops: operations, kty, crv, n, e, x, y } = jwk;
  if (use !== undefined && use !== "sig") return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify")))
    return undefined;
  if (kid !== undefined && typeof kid !== "string") return undefined;
  const suited = algorithmsFor(jwk);
  const algorithms = alg === undefined ? suited : suited.filter((name) => name === alg);
  if (algorithms.length === 0) return undefined;
  // Public members only: a private key that an issuer published by mistake is not taken in.
  const members = { kty, crv, n, e, x, y };
  const fingerprint = JSON.stringify([kid, algorithms, members]);
  const known = previous?.find(fingerprint);
  if (known) return known;
  try {
    return { kid, algorithms, check: port.importKey(members as JWK), fingerprint, retired: false };
  } catch {
    return undefined;
  }
}

const rsa = ["RS256", "PS256", "RS384", "RS512", "PS384", "PS512"];
const curves: Record<string, readonly string[]> = {
  "EC P-256": ["ES256"],
  "EC P-384": ["ES384"],
  "EC P-521": ["ES512"],
  "OKP Ed25519": ["EdDSA", "Ed25519"],
};

/** What a key's type can verify; nothing for symmetric keys, and for RSA keys below 2048 bits (RFC 7518 §3.3). */
function algorithmsFor({ kty, crv, n, e }: Record<string, unknown>): readonly string[] {
  if (kty !== "RSA") return curves[`${kty} ${crv}`] ?? [];
  if (typeof n !== "string" || typeof e !== "string" || e.length > 8) return [];
  const modulus = decodeBase64url(n);
  const bits = modulus?.[0] ? 8 * modulus.length - Math.clz32(modulus[0]) + 24 : 0;
  // The upper bound is on the work that a key can make us do.
  return bits >= 2048 && bits <= 8192 ? rsa : [];
}
