import { after, type Eventually } from "../eventually.js";
import { OptionError } from "../option-error.js";
import type { Provider, TokenVerifier, Verification, VerifierHealth } from "../provider.js";
import type { Resource } from "../resource.js";
import { BackOff } from "./back-off.js";
import { isObject } from "./base64url.js";
import { BoundedMap, TokenCache, type TokenCacheOptions } from "./cache.js";
import { type ClaimOptions, ClaimRules, checkClaimOptions } from "./claim-rules.js";
import { discover } from "./discovery.js";
import {
  type Fetch,
  isTrustworthy,
  jsonRequester,
  type RequestJson,
  requireTrustworthy,
} from "./outbound.js";
import { ownClaims, tooDeep } from "./own-claims.js";
import { sha256 } from "./sha256.js";
import { looksForeign } from "./token-type.js";
import { accepted, rejected, unavailable } from "./verification.js";

/** How opaque tokens are asked about (RFC 7662). */
export interface IntrospectionOptions extends ClaimOptions {
  /** Issuer identifier. A response that names another is refused. */
  readonly issuer: string;
  /** Where to ask. Default: `introspection_endpoint` of the issuer's metadata (RFC 8414). */
  readonly endpoint?: string;
  /** Our own credentials at the authorization server. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** How they are sent (RFC 6749 §2.3.1). Default "client_secret_basic". */
  readonly clientAuthentication?: "client_secret_basic" | "client_secret_post";
  /**
   * How long answers are remembered: active ones for `ttl` (default 60 s; a token that was revoked goes on for so long),
   * inactive ones for `negativeTtl` (default 10 s). `false` asks for each request.
   */
  readonly cache?: false | (TokenCacheOptions & { readonly negativeTtl?: number });
  /** Questions in flight at most; a request beyond them is told to try again. Default 50. */
  readonly concurrency?: number;
  /** Seconds that an answer may take. Default 5. */
  readonly timeout?: number;
  /** In place of the global `fetch`. */
  readonly fetch?: Fetch;
  /** Allow http beyond this machine. Whoever is on the wire can then answer in the server's place. */
  readonly allowInsecure?: boolean;
}

/**
 * Asks the authorization server about each token (RFC 7662): for opaque tokens, and wherever a revocation must be seen
 * within seconds. An active response without `exp` is good for the cache's `ttl`, and then asked for again.
 *
 * @example
 * introspection({ issuer: "https://as.example.com", clientId: "mcp-server", clientSecret: process.env.CLIENT_SECRET })
 *
 * @throws {OptionError}
 */
export function introspection(options: IntrospectionOptions): Provider {
  checkClaimOptions(options);
  const { issuer, endpoint, allowInsecure } = options;
  requireTrustworthy("issuer", issuer, allowInsecure);
  if (endpoint !== undefined) requireTrustworthy("endpoint", endpoint, allowInsecure);
  for (const name of ["clientId", "clientSecret"] as const)
    if (typeof options[name] !== "string" || options[name] === "")
      throw new OptionError(
        name,
        undefined,
        "write this server's own credentials at the authorization server.",
      );
  for (const name of ["concurrency", "timeout"] as const)
    if (!((options[name] ?? 1) > 0)) throw new OptionError(name, options[name], "write a positive number.");
  return {
    authorizationServers: options.authorizationServers ?? [issuer],
    verifierFor: (resource) => new IntrospectionVerifier(options, resource),
  };
}

class IntrospectionVerifier implements TokenVerifier {
  readonly #options: IntrospectionOptions;
  readonly #rules: ClaimRules;
  readonly #request: RequestJson;
  readonly #ttl: number;
  readonly #active: TokenCache | undefined;
  readonly #inactive: BoundedMap<number> | undefined;
  readonly #negativeTtl: number;
  readonly #inFlight = new Map<string, Promise<Verification>>();
  readonly #backOff = new BackOff();
  #endpoint: string | undefined;

  constructor(options: IntrospectionOptions, resource: Resource) {
    const { cache = {}, timeout = 5 } = options;
    const { ttl = 60, negativeTtl = 10 } = cache || {};
    this.#options = options;
    this.#rules = new ClaimRules(options, resource);
    this.#request = jsonRequester({ timeout, maxBytes: 65_536 }, options.fetch);
    this.#endpoint = options.endpoint;
    this.#ttl = ttl;
    this.#negativeTtl = negativeTtl * 1000;
    this.#active = cache ? new TokenCache(cache) : undefined;
    this.#inactive = cache ? new BoundedMap(cache.size ?? 10_000) : undefined;
  }

  verify(token: string): Eventually<Verification> {
    // The grammar of RFC 6750 §2.1: nothing else can be a token, and nothing else goes into the form.
    if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
      return rejected("token_malformed", "not in the grammar of a token");
    return after(sha256(token), (hash) =>
      after(this.#recall(hash) ?? this.#askOnce(token, hash), (verdict) =>
        this.#rules.unlessRevoked(verdict),
      ),
    );
  }

  async warm(): Promise<void> {
    await this.#locate().catch((error) => this.#backOff.failed(error));
  }

  health(): VerifierHealth {
    return { ready: !this.#backOff.failing, ...this.#backOff.lastError };
  }

  #recall(hash: string): Verification | undefined {
    const now = Date.now();
    const token = this.#active?.get(hash, now);
    if (token) return accepted(token);
    const until = this.#inactive?.get(hash) ?? 0;
    return now < until && until <= now + this.#negativeTtl ? inactive() : undefined;
  }

  /** Requests with the same token wait for one answer. */
  #askOnce(token: string, hash: string): Eventually<Verification> {
    const running = this.#inFlight.get(hash);
    if (running) return running;
    if (this.#backOff.wait > 0) return this.#backOff.unavailable("introspection");
    if (this.#inFlight.size >= (this.#options.concurrency ?? 50))
      return unavailable("introspection: too many questions in flight");
    const asking = this.#ask(token, hash).finally(() => this.#inFlight.delete(hash));
    this.#inFlight.set(hash, asking);
    return asking;
  }

  async #ask(token: string, hash: string): Promise<Verification> {
    let response: Record<string, unknown>;
    try {
      response = await this.#introspect(token);
      this.#backOff.succeeded();
    } catch (error) {
      this.#backOff.failed(error);
      return this.#backOff.unavailable("introspection");
    }
    const now = Date.now();
    const verdict = this.#judge(response, now);
    if (verdict.kind === "accepted") this.#active?.set(hash, verdict.token, now);
    else this.#inactive?.set(hash, now + this.#negativeTtl);
    return verdict;
  }

  #judge({ active, ...response }: Record<string, unknown>, now: number): Verification {
    // RFC 7662 §2.2: a boolean. "true" is not one.
    if (active !== true) return inactive();
    const { issuer } = this.#options;
    const claims = ownClaims({ iss: issuer, exp: now / 1000 + this.#ttl, ...response });
    if (!claims) return rejected("token_claims", tooDeep);
    if (claims.iss !== issuer) return rejected("token_issuer", "iss is not the configured issuer");
    if (looksForeign(claims)) return rejected("token_type", "another kind of token");
    return this.#rules.checkTimes(claims, now) ?? this.#rules.accept(claims);
  }

  async #introspect(token: string): Promise<Record<string, unknown>> {
    const { clientId, clientSecret, clientAuthentication } = this.#options;
    const form = new URLSearchParams({ token, token_type_hint: "access_token" });
    const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
    if (clientAuthentication === "client_secret_post") {
      form.set("client_id", clientId);
      form.set("client_secret", clientSecret);
    } else headers.authorization = `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`;
    const endpoint = await this.#locate();
    const { status, body } = await this.#request(endpoint, {
      method: "POST",
      headers,
      body: form.toString(),
    });
    if (status === 401 || status === 403)
      throw new Error(`${endpoint} answered ${status}: it does not accept clientId and clientSecret`);
    if (status !== 200 || !isObject(body))
      throw new Error(`${endpoint} answered ${status}, and no JSON object`);
    return body;
  }

  async #locate(): Promise<string> {
    const { issuer, allowInsecure } = this.#options;
    const found = this.#endpoint ?? (await discover(issuer, this.#request)).introspection_endpoint;
    if (typeof found !== "string" || !isTrustworthy(found, allowInsecure))
      throw new Error(`the metadata of ${issuer} has no introspection_endpoint that can be trusted`);
    this.#endpoint = found;
    return found;
  }
}

function inactive(): Verification {
  return rejected("token_inactive", "the authorization server says that it is not active");
}

/** RFC 6749 §2.3.1: credentials are form-encoded before they are joined. */
function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice(2);
}
