import { OptionError } from "../option-error.js";
import type { AccessToken } from "../provider.js";
import type { TokenCacheOptions } from "./cache.js";
import type { ClaimMapping, Claims } from "./claims.js";
import type { KeySetOptions } from "./key-set.js";
import type { JSONWebKeySet } from "./keys.js";
import { type Fetch, requireTrustworthy } from "./outbound.js";
import { knownAlgorithms } from "./signature.js";
import type { SignatureSource } from "./signature-source.js";
import type { TokenTypePolicy } from "./token-type.js";

/** How JWT access tokens are validated (RFC 9068). */
export interface JwtOptions {
  /**
   * Issuer identifier, byte for byte as in the tokens' `iss`. Several have their own discovery and their own keys each;
   * they share keys only through `jwksUri` or `keys`.
   */
  readonly issuer: string | readonly string[];
  /** Advertised to clients in the resource metadata. Default: the issuers, byte for byte. */
  readonly authorizationServers?: readonly string[];
  /**
   * Whom tokens must be for: `aud` has to contain one of these (RFC 8707, RFC 9068 §4). Default: the resource identifier.
   * A bare origin matches with and without its slash; everything else byte for byte.
   *
   * `{ dangerouslyAcceptAny: true }` accepts tokens that were issued for other servers: whoever runs one of those can use
   * its users' tokens here.
   */
  readonly audience?: string | readonly string[] | { readonly dangerouslyAcceptAny: true };
  /** Decides in place of `audience`, for servers that say it in another claim. Sees verified claims. */
  readonly verifyAudience?: (claims: Claims) => boolean;
  /** Refuse tokens that name others beside us in `aud`. Default false. */
  readonly exclusiveAudience?: boolean;
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
  /** Seconds by which clocks may differ, 0 to 60. Default 10. */
  readonly clockTolerance?: number;
  /** Seconds from `iat` to `exp` at most; then tokens must have an `iat`. Default: not limited. */
  readonly maxLifetime?: number;
  /** Reads client, kind, scopes, organization, roles or permissions from an issuer's own claims. Sees verified claims. */
  readonly claims?: ClaimMapping;
  /** Remember verified tokens. Default: 10 000 of them for a minute; only on runtimes that have `node:crypto`. */
  readonly cache?: false | TokenCacheOptions;
  /** How keys are fetched and kept. */
  readonly keySet?: KeySetOptions;
  /** In place of the global `fetch`. */
  readonly fetch?: Fetch;
  /** Allow http for issuers and keys beyond this machine. Whoever is on the wire can then make tokens. */
  readonly allowInsecure?: boolean;
  /** Whether an otherwise valid token was revoked. Asked for each request, remembered tokens included. */
  readonly revoked?: (token: AccessToken) => boolean | Promise<boolean>;
}

/** @throws {OptionError} */
export function checkJwtOptions(options: JwtOptions): {
  issuers: readonly string[];
  algorithms: readonly string[];
} {
  const { jwksUri, allowInsecure, clockTolerance = 0, maxLifetime = 1, audience } = options;
  const issuers = typeof options.issuer === "string" ? [options.issuer] : (options.issuer ?? []);
  if (issuers.length === 0)
    throw new OptionError("issuer", options.issuer, "write the issuer of the access tokens.");
  for (const issuer of issuers) requireTrustworthy("issuer", issuer, allowInsecure);
  if (jwksUri !== undefined) requireTrustworthy("jwksUri", jwksUri, allowInsecure);
  if (jwksUri !== undefined && options.keys)
    throw new OptionError("keys", options.keys, "give either keys or jwksUri.");
  if (options.signatures && (options.keys || jwksUri !== undefined))
    throw new OptionError("signatures", options.signatures, "give either signatures or keys.");
  if (!(clockTolerance >= 0 && clockTolerance <= 60))
    throw new OptionError("clockTolerance", clockTolerance, "write 0 to 60 seconds.");
  if (!(maxLifetime > 0)) throw new OptionError("maxLifetime", maxLifetime, "write seconds.");
  if (audience !== undefined && options.verifyAudience)
    throw new OptionError("audience", audience, "give either audience or verifyAudience.");
  const { typ = "lenient" } = options;
  if (typ !== "lenient" && typ !== "at+jwt")
    throw new OptionError("typ", typ, 'write "lenient" or "at+jwt".');
  return { issuers, algorithms: checkAlgorithms(options.algorithms) };
}

function checkAlgorithms(
  algorithms: readonly string[] = ["RS256", "PS256", "ES256", "EdDSA"],
): readonly string[] {
  for (const alg of algorithms)
    if (!knownAlgorithms.includes(alg))
      throw new OptionError("algorithms", alg, `name asymmetric ones: ${knownAlgorithms.join(", ")}.`);
  if (algorithms.length === 0)
    throw new OptionError("algorithms", algorithms, "name at least one, such as RS256.");
  return algorithms;
}

/**
 * The audiences to accept, or `undefined` when the user gave the check up.
 * @throws {OptionError}
 */
export function acceptedAudiences(
  audience: JwtOptions["audience"],
  fallback: string,
): readonly string[] | undefined {
  if (audience === undefined) return [fallback];
  if (
    typeof audience === "object" &&
    "dangerouslyAcceptAny" in audience &&
    audience.dangerouslyAcceptAny === true
  )
    return undefined;
  const list: unknown = typeof audience === "string" ? [audience] : audience;
  if (
    !Array.isArray(list) ||
    list.length === 0 ||
    !list.every((one) => typeof one === "string" && one !== "")
  )
    throw new OptionError(
      "audience",
      audience,
      "write whom access tokens must be for, or leave it out for the resource.",
    );
  return list;
}
