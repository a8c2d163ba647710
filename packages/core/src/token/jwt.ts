import { OptionError } from "../option-error.js";
import type { Provider, TokenVerifier, Verification } from "../provider.js";
import type { Resource } from "../resource.js";
import { TokenCache } from "./cache.js";
import { type AudienceRule, accessTokenOf, audienceRule, checkTimes, frozenClaims } from "./claims.js";
import { discover } from "./discovery.js";
import { after, type Eventually, isPromise } from "./eventually.js";
import { type Jws, jwsReader } from "./jws.js";
import { acceptedAudiences, checkJwtOptions, type JwtOptions } from "./jwt-options.js";
import { fixedKeys, KeySet, type KeySource, keySetOptions } from "./key-set.js";
import { KeyRing, type VerificationKey } from "./keys.js";
import { isTrustworthy, jsonRequester, type RequestJson } from "./outbound.js";
import { type SignaturePort, signaturePort } from "./signature.js";
import { isAccessTokenType } from "./token-type.js";
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
  const { authorizationServers = issuers } = options;
  if (authorizationServers.length === 0)
    throw new OptionError(
      "authorizationServers",
      authorizationServers,
      "name at least one, or leave it out.",
    );
  const port = signaturePort();
  const keys = keySources(options, issuers, port);
  return {
    authorizationServers,
    verifierFor: (resource) => new JwtVerifier(options, resource, keys, algorithms, port),
  };
}

/** For each issuer its keys. One key pool for several issuers would let one of them sign for another. */
function keySources(
  options: JwtOptions,
  issuers: readonly string[],
  port: SignaturePort,
): ReadonlyMap<string, KeySource> {
  const { keys, jwksUri } = options;
  const settings = keySetOptions(options.keySet);
  const request = jsonRequester(settings, options.fetch);
  const setOf = (load: () => Promise<unknown>): KeySource => new KeySet(load, port, settings);
  if (keys) {
    const ring = new KeyRing(Array.isArray(keys.keys) ? keys.keys : [], port);
    if (ring.size === 0)
      throw new OptionError(
        "keys",
        keys,
        'give a JSON Web Key Set with public signature keys: { keys: [{ kty: "RSA", … }] }.',
      );
    const shared = fixedKeys(ring);
    return new Map(issuers.map((issuer) => [issuer, shared]));
  }
  if (jwksUri !== undefined) {
    const shared = setOf(() => fetchKeys(jwksUri, request));
    return new Map(issuers.map((issuer) => [issuer, shared]));
  }
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
  readonly #options: JwtOptions;
  readonly #keys: ReadonlyMap<string, KeySource>;
  readonly #port: SignaturePort;
  readonly #read: (token: string) => Jws | Rejected;
  readonly #isForUs: AudienceRule;
  readonly #cache: TokenCache | undefined;
  readonly #inFlight = new Map<string, Promise<Verification>>();

  constructor(
    options: JwtOptions,
    resource: Resource,
    keys: ReadonlyMap<string, KeySource>,
    algorithms: readonly string[],
    port: SignaturePort,
  ) {
    this.#options = options;
    this.#keys = keys;
    this.#port = port;
    this.#read = jwsReader(new Set(algorithms));
    const audiences = acceptedAudiences(options.audience, resource.identifier);
    this.#isForUs =
      options.verifyAudience ?? (audiences ? audienceRule(audiences, options.exclusiveAudience) : () => true);
    this.#cache = options.cache === false || !port.sha256 ? undefined : new TokenCache(options.cache);
  }

  verify(token: string): Eventually<Verification> {
    const now = Date.now();
    const hash = this.#cache && this.#port.sha256?.(token);
    const remembered = hash === undefined ? undefined : this.#cache?.get(hash, now);
    if (remembered) return this.#unlessRevoked(accepted(remembered));
    const running = this.#inFlight.get(token);
    if (running) return running;
    const verification = after(this.#check(token, hash, now), (outcome) => this.#unlessRevoked(outcome));
    if (isPromise(verification)) {
      const settled = verification.finally(() => this.#inFlight.delete(token));
      this.#inFlight.set(token, settled);
      return settled;
    }
    return verification;
  }

  async warm(): Promise<void> {
    await Promise.all([...new Set(this.#keys.values())].map((source) => source.refresh()));
  }

  health() {
    const all = [...this.#keys.values()].map((source) => source.health());
    const ages = all.map(({ keysAge }) => keysAge).filter((age) => age !== undefined);
    const lastError = all.find((one) => one.lastError !== undefined)?.lastError;
    return {
      ready: all.every(({ ready }) => ready),
      ...(ages.length > 0 && { keysAge: Math.max(...ages) }),
      ...(lastError !== undefined && { lastError }),
    };
  }

  /** What is cheap to see goes before the signature, and before any question to a key server. */
  #check(token: string, hash: string | undefined, now: number): Eventually<Verification> {
    const jws = this.#read(token);
    if (jws.kind === "rejected") return jws;
    const { header, payload } = jws;
    const { clockTolerance = 10, maxLifetime, typ = "lenient" } = this.#options;
    const source = typeof payload.iss === "string" ? this.#keys.get(payload.iss) : undefined;
    if (!source) return rejected("token_issuer", "iss is not the configured issuer");
    const untimely = checkTimes(payload, { clockTolerance, maxLifetime }, now);
    if (untimely) return untimely;
    if (!isAccessTokenType(header.typ, payload, typ))
      return rejected("token_type", "typ or claims are those of another kind of token");
    return after(source.keysFor(header.kid), (keys) =>
      "kind" in keys
        ? keys
        : after(signingKey(jws, keys), (key) =>
            "kind" in key ? key : this.#accept(payload, key, hash, now),
          ),
    );
  }

  /** The signature is right: from here on the claims are the issuer's word. */
  #accept(payload: object, key: VerificationKey, hash: string | undefined, now: number): Verification {
    const claims = frozenClaims(payload);
    if (!claims) return rejected("token_claims", "claims are nested too deeply");
    if (!this.#isForUs(claims)) return rejected("token_audience", "aud does not name this resource");
    const token = accessTokenOf(claims, this.#options.claims);
    if (!token) return rejected("token_claims", "sub is missing or malformed");
    if (hash !== undefined) this.#cache?.set(hash, token, key, now);
    return accepted(token);
  }

  #unlessRevoked(verification: Verification): Eventually<Verification> {
    const { revoked } = this.#options;
    if (!revoked || verification.kind !== "accepted") return verification;
    return after(revoked(verification.token), (is) =>
      is ? rejected("token_revoked", "revoked") : verification,
    );
  }
}

/** The key among `keys` that made the signature. */
function signingKey(jws: Jws, keys: readonly VerificationKey[]): Eventually<VerificationKey | Rejected> {
  const { alg, kid } = jws.header;
  const suited = keys.filter(({ algorithms }) => algorithms.includes(alg));
  // A token that names no key is tried with none, unless the issuer has just one nameless key for it.
  if (keys.length === 0 || (kid === undefined && suited.length !== 1))
    return rejected("token_key_unknown", "the issuer has no key with this kid");
  const attempt = (index: number): Eventually<VerificationKey | Rejected> => {
    const key = suited[index];
    if (!key) return rejected("token_signature", "no key of the issuer made this signature");
    return after(key.check(alg, jws.signed, jws.signature), (right) => (right ? key : attempt(index + 1)));
  };
  return attempt(0);
}
