import { OptionError } from "../option-error.js";
import type { TokenCacheOptions } from "./cache.js";
import { type ClaimOptions, checkClaimOptions } from "./claim-rules.js";
import type { KeySetOptions } from "./key-set.js";
import type { JSONWebKeySet } from "./keys.js";
import { type Fetch, requireTrustworthy } from "./outbound.js";
import { knownAlgorithms } from "./signature.js";
import type { SignatureSource } from "./signature-source.js";
import type { TokenTypePolicy } from "./token-type.js";

/** How JWT access tokens are validated (RFC 9068). */
export interface JwtOptions extends ClaimOptions {
  /**
   * Issuer identifier, byte for byte as in the tokens' `iss`. Several have their own discovery and their own keys each;
   * they share keys only through `jwksUri` or `keys`.
   */
  readonly issuer: string | readonly string[];
  /** Where the keys are, when the issuer's metadata does not say it. */
  readonly jwksUri?: string;
  /** The keys themselves. They never change then. */
  readonly keys?: JSONWebKeySet;
  /**
   * Who signed a token, in place of a key set: for issuers whose own library has to be asked. Called once, with
   * `keySet` and its defaults.
   */
  readonly signatures?: (keySet: Required<KeySetOptions>) => SignatureSource;
  /** Signature algorithms to accept. Default RS256, PS256, ES256, EdDSA. Symmetric ones and `none` are refused at start. */
  readonly algorithms?: readonly string[];
  /** Default "lenient". */
  readonly typ?: TokenTypePolicy;
  /** Remember verified tokens. Default: 10 000 of them for a minute; only on runtimes that have `node:crypto`. */
  readonly cache?: false | TokenCacheOptions;
  /** How keys are fetched and kept. */
  readonly keySet?: KeySetOptions;
  /** In place of the global `fetch`. */
  readonly fetch?: Fetch;
  /** Allow http for issuers and keys beyond this machine. Whoever is on the wire can then make tokens. */
  readonly allowInsecure?: boolean;
}

/** @throws {OptionError} */
export function checkJwtOptions(options: JwtOptions): {
  issuers: readonly string[];
  algorithms: readonly string[];
} {
  checkClaimOptions(options);
  const { jwksUri, allowInsecure } = options;
  const issuers = typeof options.issuer === "string" ? [options.issuer] : (options.issuer ?? []);
  if (issuers.length === 0)
    throw new OptionError("issuer", options.issuer, "write the issuer of the access tokens.");
  for (const issuer of issuers) requireTrustworthy("issuer", issuer, allowInsecure);
  if (jwksUri !== undefined) requireTrustworthy("jwksUri", jwksUri, allowInsecure);
  if (jwksUri !== undefined && options.keys)
    throw new OptionError("keys", options.keys, "give either keys or jwksUri.");
  if (options.signatures && (options.keys || jwksUri !== undefined))
    throw new OptionError("signatures", options.signatures, "give either signatures or keys.");
  const { typ = "lenient" } = options;
  if (typ !== "lenient" && typ !== "at+jwt")
    throw new OptionError("typ", typ, 'write "lenient" or "at+jwt".');
  return { issuers, algorithms: checkAlgorithms(options.algorithms) };
}

/** @throws {OptionError} */
export function checkAlgorithms(
  algorithms: readonly string[] = ["RS256", "PS256", "ES256", "EdDSA"],
): readonly string[] {
  for (const alg of algorithms)
    if (!knownAlgorithms.includes(alg))
      throw new OptionError("algorithms", alg, `name asymmetric ones: ${knownAlgorithms.join(", ")}.`);
  if (algorithms.length === 0)
    throw new OptionError("algorithms", algorithms, "name at least one, such as RS256.");
  return algorithms;
}
