import { after, type Eventually } from "../eventually.js";
import { OptionError } from "../option-error.js";
import type { AccessToken, Verification } from "../provider.js";
import type { Resource } from "../resource.js";
import { accessTokenOf, audienceRule, type ClaimMapping, type Claims, checkTimes } from "./claims.js";
import { accepted, type Rejected, rejected } from "./verification.js";

/** What claims must say, however it was learnt that the issuer said it. */
export interface ClaimOptions {
  /** Advertised to clients in the resource metadata. Default: the issuer, byte for byte. */
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
  /** Seconds by which clocks may differ, 0 to 60. Default 10. */
  readonly clockTolerance?: number;
  /** Seconds from `iat` to `exp` at most; then tokens must have an `iat`. Default: not limited. */
  readonly maxLifetime?: number;
  /** Reads client, kind, scopes, organization, roles or permissions from an issuer's own claims. Sees verified claims. */
  readonly claims?: ClaimMapping;
  /** Whether an otherwise valid token was revoked. Asked for each request, remembered tokens included. */
  readonly revoked?: (token: AccessToken) => boolean | Promise<boolean>;
}

/** @throws {OptionError} */
export function checkClaimOptions(options: ClaimOptions): void {
  const { authorizationServers, audience, clockTolerance = 0, maxLifetime = 1 } = options;
  if (authorizationServers?.length === 0)
    throw new OptionError(
      "authorizationServers",
      authorizationServers,
      "name at least one, or leave it out.",
    );
  if (!(clockTolerance >= 0 && clockTolerance <= 60))
    throw new OptionError("clockTolerance", clockTolerance, "write 0 to 60 seconds.");
  if (!(maxLifetime > 0)) throw new OptionError("maxLifetime", maxLifetime, "write seconds.");
  if (audience !== undefined && options.verifyAudience)
    throw new OptionError("audience", audience, "give either audience or verifyAudience.");
  if (audience === undefined || acceptsAny(audience)) return;
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
}

function acceptsAny(audience: ClaimOptions["audience"]): boolean {
  return (
    typeof audience === "object" &&
    "dangerouslyAcceptAny" in audience &&
    audience.dangerouslyAcceptAny === true
  );
}

export class ClaimRules {
  readonly #options: ClaimOptions;
  readonly #isForUs: (claims: Claims) => boolean;

  constructor(options: ClaimOptions, resource: Resource) {
    this.#options = options;
    const { audience = resource.identifier, verifyAudience, exclusiveAudience } = options;
    if (verifyAudience) this.#isForUs = verifyAudience;
    else if (typeof audience === "string") this.#isForUs = audienceRule([audience], exclusiveAudience);
    else if ("dangerouslyAcceptAny" in audience) this.#isForUs = () => true;
    else this.#isForUs = audienceRule(audience, exclusiveAudience);
  }

  /** @param now milliseconds */
  checkTimes(claims: Claims, now: number): Rejected | undefined {
    return checkTimes(claims, this.#options.clockTolerance ?? 10, this.#options.maxLifetime, now);
  }

  /** @param claims the issuer's word */
  accept(claims: Claims): Verification {
    if (!this.#isForUs(claims)) return rejected("token_audience", "aud does not name this resource");
    const token = accessTokenOf(claims, this.#options.claims);
    return token ? accepted(token) : rejected("token_claims", "sub is missing or malformed");
  }

  unlessRevoked(verification: Verification): Eventually<Verification> {
    const { revoked } = this.#options;
    if (!revoked || verification.kind !== "accepted") return verification;
    return after(revoked(verification.token), (is) =>
      is ? rejected("token_revoked", "revoked") : verification,
    );
  }
}
