import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

const generate = promisify(generateKeyPair);

/** Signature algorithms that an access token may carry (RFC 7518 §3.1, RFC 8037). */
export type Algorithm = "RS256" | "PS256" | "ES256" | "EdDSA";

/** A key pair of an issuer. */
export interface MintKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
  /** What the key server publishes (RFC 7517), with `kid`, `alg` and `use`. */
  readonly publicJwk: PublicJwk;
}

/** A public JSON Web Key (RFC 7517 §4). */
export interface PublicJwk {
  readonly kty?: string | undefined;
  readonly [parameter: string]: unknown;
}

/** Makes a key pair. RSA keys have 2048 bits unless `bits` says otherwise. */
export async function generateKey(algorithm: Algorithm, kid: string, bits = 2048): Promise<MintKey> {
  const privateKey = await privateKeyFor(algorithm, bits);
  const publicJwk = { ...publicPartOf(privateKey), kid, alg: algorithm, use: "sig" };
  return { kid, algorithm, privateKey, publicJwk };
}

/** The public half of a private key, as a JWK without `kid`, `alg` or `use`. */
export function publicPartOf(privateKey: KeyObject): PublicJwk {
  return { ...createPublicKey(privateKey).export({ format: "jwk" }) };
}

async function privateKeyFor(algorithm: Algorithm, bits: number): Promise<KeyObject> {
  switch (algorithm) {
    case "RS256":
    case "PS256":
      return (await generate("rsa", { modulusLength: bits })).privateKey;
    case "ES256":
      return (await generate("ec", { namedCurve: "P-256" })).privateKey;
    case "EdDSA":
      return (await generate("ed25519", {})).privateKey;
  }
}

/** Every algorithm that a mint signs with. */
export const allAlgorithms: readonly Algorithm[] = ["RS256", "PS256", "ES256", "EdDSA"];

/** The signing keys that an issuer starts with. */
export async function generateSigningKeys(
  name: string,
  algorithms: readonly Algorithm[],
): Promise<ReadonlyMap<Algorithm, MintKey>> {
  const keys = algorithms.map((algorithm) => generateKey(algorithm, `${name}-${algorithm.toLowerCase()}`));
  return new Map((await Promise.all(keys)).map((key) => [key.algorithm, key]));
}

/** The keys of an issuer: those it signs with, and those it still publishes. */
export class KeyRing {
  private readonly name: string;
  private readonly first: Algorithm;
  private readonly signing: Map<Algorithm, MintKey>;
  private readonly known: Map<string, MintKey>;
  private generation = 1;

  constructor(name: string, algorithms: readonly Algorithm[], keys: ReadonlyMap<Algorithm, MintKey>) {
    this.name = name;
    this.first = algorithms[0] ?? "RS256";
    this.signing = new Map(keys);
    this.known = new Map([...keys.values()].map((key) => [key.kid, key]));
  }

  /** @throws {RangeError} for an algorithm that there is no key for. */
  key(algorithm: Algorithm = this.first): MintKey {
    const key = this.signing.get(algorithm);
    if (key === undefined) throw new RangeError(`This mint has no ${algorithm} key.`);
    return key;
  }

  async rotate(algorithm: Algorithm = this.first): Promise<MintKey> {
    this.generation += 1;
    const key = await generateKey(algorithm, `${this.name}-${algorithm.toLowerCase()}-${this.generation}`);
    this.known.set(key.kid, key);
    this.signing.set(algorithm, key);
    return key;
  }

  remove(kid: string): void {
    this.known.delete(kid);
  }

  published(): readonly PublicJwk[] {
    return [...this.known.values()].map((key) => key.publicJwk);
  }
}

/**
 * Keys that a key set should not hold, and that a verifier must pass over without losing the good ones
 * (RFC 7517 §5: keys that are not understood or out of range are ignored).
 */
export interface DecoyKeys {
  /** RSA with 1024 bits (RFC 7518 §3.3 asks for 2048). */
  readonly weak: MintKey;
  /** Its JWK says `"use": "enc"` (RFC 7517 §4.2). */
  readonly encryption: MintKey;
  /** Its JWK's `key_ops` do not hold `verify` (RFC 7517 §4.3). */
  readonly operations: MintKey;
  /** A symmetric key, published as `kty: "oct"`. */
  readonly symmetric: Buffer;
  /** As published: the four above, a twin of a good key's `kid`, and three that are no keys at all. */
  readonly published: readonly unknown[];
}

/** @param twinOf `kid` of a good key, which a decoy of another key type shares. */
export async function generateDecoyKeys(twinOf: string): Promise<DecoyKeys> {
  const [weak, encryption, operations, twin] = await Promise.all([
    generateKey("RS256", "decoy-weak", 1024),
    generateKey("ES256", "decoy-encryption"),
    generateKey("ES256", "decoy-operations"),
    generateKey("ES256", twinOf),
  ]);
  const symmetric = Buffer.alloc(32, "decoy");
  const published = [
    "not a key",
    { kty: "RSA", kid: "decoy-broken", alg: "RS256", n: "%%%" },
    { kty: "unheard-of", kid: "decoy-unknown" },
    { kty: "oct", kid: "decoy-oct", k: symmetric.toString("base64url") },
    weak.publicJwk,
    { ...encryption.publicJwk, use: "enc" },
    { ...publicPartOf(operations.privateKey), kid: operations.kid, alg: "ES256", key_ops: ["sign"] },
    twin.publicJwk,
  ];
  return { weak, encryption, operations, symmetric, published };
}
