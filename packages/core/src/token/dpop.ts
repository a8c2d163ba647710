import { calculateJwkThumbprint } from "jose";
import { OptionError } from "../option-error.js";
import { memoryStore, type SharedStore } from "../shared-store.js";
import { decodeJsonObject, isObject } from "./base64url.js";
import { BoundedMap } from "./cache.js";
import type { DpopNonces } from "./dpop-nonce.js";
import { type Jws, jwsReader } from "./jws.js";
import { checkAlgorithms } from "./jwt-options.js";
import { type VerificationKey, verificationKey } from "./keys.js";
import { sha256 } from "./sha256.js";
import { signaturePort } from "./signature.js";
import { type Unavailable, unavailable } from "./verification.js";

export interface DpopOptions {
  /** Signature algorithms to accept. Default RS256, PS256, ES256, EdDSA. */
  readonly algorithms?: readonly string[];
  /** Seconds by which a proof may be older or younger than now. Default 300. */
  readonly maxAge?: number;
  /** Ask for nonces of ours, from `dpopNonces()`. */
  readonly nonces?: DpopNonces;
  /**
   * Where used proofs are kept when several processes serve: structurally a `Keyv`. Default: the memory of this one.
   * A proof that is sent to two processes within the time that the store needs can be used in both.
   */
  readonly store?: SharedStore;
}

/** A request that presents a token with the DPoP scheme. */
export interface DpopRequest {
  /** The value of each `DPoP` header line. */
  readonly proofs: readonly string[];
  readonly method: string;
  /** Where the client must have meant it to go: from the configuration, never from `Host`. */
  readonly url: string;
  readonly accessToken: string;
  /** `cnf.jkt` of the verified access token. */
  readonly thumbprint: string;
}

export type DpopVerdict =
  | { readonly kind: "proven" }
  /** Answer `invalid_dpop_proof`. `detail` is for events. */
  | { readonly kind: "invalid"; readonly detail: string }
  /** Answer `use_dpop_nonce`, with this in the `DPoP-Nonce` header (RFC 9449 §9). */
  | { readonly kind: "nonce"; readonly nonce: string }
  | Unavailable;

interface ProofKey {
  readonly key: VerificationKey;
  readonly thumbprint: string;
}

const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** Checks proofs of possession as RFC 9449 §4.3 lists it, and that none is used twice (§11.1). */
export class DpopVerifier {
  /** For `dpop_signing_alg_values_supported` and the challenge's `algs`. */
  readonly algorithms: readonly string[];
  readonly #read: ReturnType<typeof jwsReader>;
  readonly #maxAge: number;
  readonly #nonces: DpopNonces | undefined;
  readonly #store: SharedStore;
  readonly #port: ReturnType<typeof signaturePort> = signaturePort();
  /** By header: a client signs all its proofs with one key. */
  readonly #keys = new BoundedMap<ProofKey>(1000);
  readonly #claiming = new Set<string>();

  /** @throws {OptionError} */
  constructor(options: DpopOptions = {}) {
    const { maxAge = 300, store = memoryStore(100_000) } = options;
    if (!(maxAge > 0 && maxAge <= 3600))
      throw new OptionError("dpop.maxAge", maxAge, "write 1 to 3600 seconds.");
    this.algorithms = checkAlgorithms(options.algorithms);
    this.#read = jwsReader(new Set(this.algorithms));
    this.#maxAge = maxAge;
    this.#nonces = options.nonces;
    this.#store = store;
  }

  /** For the `DPoP-Nonce` header of answers; `undefined` when none are asked for. */
  async nonce(): Promise<string | undefined> {
    return this.#nonces?.current();
  }

  async verify(request: DpopRequest): Promise<DpopVerdict> {
    const [proof, ...others] = request.proofs;
    if (proof === undefined || others.length > 0) return invalid("not exactly one DPoP header");
    const jws = this.#read(proof);
    if (jws.kind === "rejected") return invalid(jws.detail);
    if (jws.header.typ !== "dpop+jwt") return invalid("typ is not dpop+jwt");
    const fault = await this.#faultOf(jws.payload, request);
    if (fault !== undefined) return invalid(fault);
    const owner = await this.#keyOf(jws.header.encoded);
    if (!owner?.key.algorithms.includes(jws.header.alg)) return invalid("jwk is not a public key for alg");
    if (owner.thumbprint !== request.thumbprint)
      return invalid("jwk is not the key that the token is bound to");
    if (!(await owner.key.check(jws.header.alg, jws.signed, jws.signature))) return invalid("bad signature");
    if (this.#nonces && !(await this.#nonces.accepts(jws.payload.nonce)))
      return { kind: "nonce", nonce: await this.#nonces.current() };
    return this.#claim(owner.thumbprint, jws);
  }

  async #faultOf(claims: Jws["payload"], request: DpopRequest): Promise<string | undefined> {
    const { jti, htm, htu, iat, exp, ath } = claims;
    const now = Date.now() / 1000;
    if (typeof jti !== "string" || jti === "" || jti.length > 512) return "jti is missing or too long";
    if (htm !== request.method) return "htm is not the request's method";
    if (typeof htu !== "string" || targetOf(htu) !== targetOf(request.url))
      return "htu is not the request's URL";
    if (typeof iat !== "number" || !(Math.abs(now - iat) <= this.#maxAge)) return "iat is not about now";
    if (exp !== undefined && !(typeof exp === "number" && exp > now)) return "exp has passed";
    return ath === (await sha256(request.accessToken)) ? undefined : "ath is not the hash of the token";
  }

  async #keyOf(header: string): Promise<ProofKey | undefined> {
    const known = this.#keys.get(header);
    if (known) return known;
    const jwk = decodeJsonObject(header)?.jwk;
    if (!isObject(jwk) || privateMembers.some((name) => name in jwk)) return undefined;
    const key = verificationKey(jwk, this.#port);
    if (!key) return undefined;
    const owner = { key, thumbprint: await calculateJwkThumbprint(jwk) };
    this.#keys.set(header, owner);
    return owner;
  }

  /** The last check: what fails before it leaves no trace. */
  async #claim(thumbprint: string, { payload }: Jws): Promise<DpopVerdict> {
    const id = `mcp-authz:dpop:${await sha256(JSON.stringify([thumbprint, payload.jti]))}`;
    if (this.#claiming.has(id)) return invalid("the proof was used before");
    this.#claiming.add(id);
    try {
      if ((await this.#store.get(id)) !== undefined) return invalid("the proof was used before");
      await this.#store.set(id, "1", 2 * this.#maxAge * 1000);
      return { kind: "proven" };
    } catch (error) {
      return unavailable(`proofs: ${error instanceof Error ? error.message : "the store failed"}`);
    } finally {
      this.#claiming.delete(id);
    }
  }
}

function invalid(detail: string): DpopVerdict {
  return { kind: "invalid", detail };
}

/** RFC 9449 §4.3: without query and fragment, and normalized (RFC 3986 §6.2.2, §6.2.3). */
function targetOf(url: string): string | undefined {
  try {
    const target = new URL(url);
    target.search = "";
    target.hash = "";
    return target.href;
  } catch {
    return undefined;
  }
}
