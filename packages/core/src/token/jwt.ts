import { after, type Eventually, isPromise } from "../eventually.js";
import { OptionError } from "../option-error.js";
import type { Provider, TokenVerifier, Verification, VerifierHealth } from "../provider.js";
import type { Resource } from "../resource.js";
import { RepeatedTokenCache } from "./cache.js";
import { ClaimRules } from "./claim-rules.js";
import type { Claims } from "./claims.js";
import { discover } from "./discovery.js";
import { healthOf } from "./health.js";
import { type Jws, jwsReader } from "./jws.js";
import { checkJwtOptions, type JwtOptions } from "./jwt-options.js";
import { fixedKeys, KeySet, keySetOptions } from "./key-set.js";
import { KeyRing } from "./keys.js";
import { isTrustworthy, jsonRequester, type RequestJson } from "./outbound.js";
import { ownClaims, tooDeep } from "./own-claims.js";
import { type SignaturePort, signaturePort } from "./signature.js";
import { type SignatureSource, type SigningKey, signaturesOf } from "./signature-source.js";
import { isAccessTokenType, type TokenTypePolicy } from "./token-type.js";
import { accepted, type Rejected, rejected } from "./verification.js";

export type { JwtOptions } from "./jwt-options.js";

/**
 * Accepts JWT access tokens of one or more issuers (RFC 9068).
 *
 * Claims that occur twice in a token have their last value, as `JSON.parse` reads them (RFC 7519 §4 allows it).
 *
 * @example
 * jwt({ issuer: "https://as.example.com" })
 *
 * @throws {OptionError}
 */
export function jwt(options: JwtOptions): Provider {
  const { issuers, algorithms } = checkJwtOptions(options);
  const port = signaturePort();
  const sources = signatureSources(options, issuers, port);
  return {
    authorizationServers: options.authorizationServers ?? issuers,
    verifierFor: (resource) => new JwtVerifier(options, resource, sources, algorithms, port),
  };
}

/** For each issuer its keys. One key pool for several issuers would let one of them sign for another. */
function signatureSources(
  options: JwtOptions,
  issuers: readonly string[],
  port: SignaturePort,
): ReadonlyMap<string, SignatureSource> {
  const { keys, jwksUri, signatures } = options;
  const settings = keySetOptions(options.keySet);
  const request = jsonRequester(settings, options.fetch);
  const setOf = (load: () => Promise<unknown>) => signaturesOf(new KeySet(load, port, settings));
  const sharedBy = (source: SignatureSource) => new Map(issuers.map((issuer) => [issuer, source]));
  if (signatures) return sharedBy(signatures(settings));
  if (keys) {
    const ring = new KeyRing(Array.isArray(keys.keys) ? keys.keys : [], port);
    if (ring.size === 0)
      throw new OptionError(
        "keys",
        keys,
        'give a JSON Web Key Set with public signature keys: { keys: [{ kty: "RSA", … }] }.',
      );
    return sharedBy(signaturesOf(fixedKeys(ring)));
  }
  if (jwksUri !== undefined) return sharedBy(setOf(() => fetchKeys(jwksUri, request)));
  return new Map(
    issuers.map((issuer) => [issuer, setOf(keysByDiscovery(issuer, request, options.allowInsecure))]),
  );
}

async function fetchKeys(url: string, request: RequestJson): Promise<unknown> {
  const { status, body } = await request(url);
  if (status !== 200) throw new Error(`${url} answered ${status}`);
  return body;
}

/** The place of the keys is remembered until they are not there any more. */
function keysByDiscovery(
  issuer: string,
  request: RequestJson,
  allowInsecure?: boolean,
): () => Promise<unknown> {
  let known: string | undefined;
  return async () => {
    const url = known ?? (await discover(issuer, request)).jwks_uri;
    known = undefined;
    if (typeof url !== "string" || !isTrustworthy(url, allowInsecure))
      throw new Error(`the metadata of ${issuer} has no jwks_uri that can be trusted`);
    const keys = await fetchKeys(url, request);
    known = url;
    return keys;
  };
}

class JwtVerifier implements TokenVerifier {
  readonly #rules: ClaimRules;
  readonly #typ: TokenTypePolicy;
  readonly #sources: ReadonlyMap<string, SignatureSource>;
  readonly #read: (token: string) => Jws | Rejected;
  readonly #cache: RepeatedTokenCache | undefined;
  readonly #inFlight = new Map<string, Promise<Verification>>();

  constructor(
    options: JwtOptions,
    resource: Resource,
    sources: ReadonlyMap<string, SignatureSource>,
    algorithms: readonly string[],
    port: SignaturePort,
  ) {
    this.#rules = new ClaimRules(options, resource);
    this.#typ = options.typ ?? "lenient";
    this.#sources = sources;
    this.#read = jwsReader(new Set(algorithms));
    this.#cache =
      options.cache === false || !port.sha256
        ? undefined
        : new RepeatedTokenCache(port.sha256, options.cache);
  }

  verify(token: string): Eventually<Verification> {
    const now = Date.now();
    const remembered = this.#cache?.get(token, now);
    if (remembered) return this.#rules.unlessRevoked(accepted(remembered));
    // Not looked up for nothing: the map would have to hash the token.
    const running = this.#inFlight.size > 0 ? this.#inFlight.get(token) : undefined;
    if (running) return running;
    const verification = after(this.#check(token, now), (outcome) => this.#rules.unlessRevoked(outcome));
    if (isPromise(verification)) {
      const settled = verification.finally(() => this.#inFlight.delete(token));
      this.#inFlight.set(token, settled);
      return settled;
    }
    return verification;
  }

  async warm(): Promise<void> {
    await Promise.all([...new Set(this.#sources.values())].map((source) => source.refresh()));
  }

  health(): VerifierHealth {
    return healthOf([...this.#sources.values()].map((source) => source.health()));
  }

  /** What is cheap to see goes before the signature, and before any question to a key server. */
  #check(token: string, now: number): Eventually<Verification> {
    const jws = this.#read(token);
    if (jws.kind === "rejected") return jws;
    const claims = ownClaims(jws.payload);
    if (!claims) return rejected("token_claims", tooDeep);
    const source = typeof claims.iss === "string" ? this.#sources.get(claims.iss) : undefined;
    if (!source) return rejected("token_issuer", "iss is not the configured issuer");
    const untimely = this.#rules.checkTimes(claims, now);
    if (untimely) return untimely;
    if (!isAccessTokenType(jws.header.typ, claims, this.#typ))
      return rejected("token_type", "typ or claims are those of another kind of token");
    return after(source.signedBy(jws, token), (key) =>
      "kind" in key ? key : this.#accept(token, claims, key, now),
    );
  }

  /** The signature is right: from here on the claims are the issuer's word. */
  #accept(token: string, claims: Claims, key: SigningKey, now: number): Verification {
    const verdict = this.#rules.accept(claims);
    if (verdict.kind === "accepted") this.#cache?.set(token, verdict.token, now, key);
    return verdict;
  }
}
