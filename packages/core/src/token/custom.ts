import { OptionError } from "../option-error.js";
import type { Provider, Verification } from "../provider.js";
import type { Resource } from "../resource.js";
import { isObject } from "./base64url.js";
import { type ClaimOptions, ClaimRules, checkClaimOptions } from "./claim-rules.js";
import { requireTrustworthy } from "./outbound.js";
import { ownClaims, tooDeep } from "./own-claims.js";
import { looksForeign } from "./token-type.js";
import { rejected } from "./verification.js";

export interface CustomOptions extends ClaimOptions {
  /** Issuer identifier. Claims that name another are refused. */
  readonly issuer: string;
}

/**
 * The claims of a token that is genuine; nothing for one that is not.
 *
 * What it throws is sorted by its code: jose's codes for a bad token, and `invalid_token` as the MCP SDK's errors have it,
 * refuse the token (401). Everything else means that the token could not be checked (503).
 */
export type VerifyToken = (
  token: string,
  resource: Resource,
) => object | undefined | null | false | Promise<object | undefined | null | false>;

/**
 * A verifier of your own says whether a token is genuine; issuer, audience and times are still checked here.
 *
 * @example
 * custom(async (token) => (await jwtVerify(token, keys)).payload, { issuer: "https://as.example.com" })
 *
 * @throws {OptionError}
 */
export function custom(verify: VerifyToken, options: CustomOptions): Provider {
  if (typeof verify !== "function") throw new OptionError("verify", verify, "give a function of the token.");
  checkClaimOptions(options);
  requireTrustworthy("issuer", options.issuer, true);
  const { issuer, authorizationServers = [issuer] } = options;
  return {
    authorizationServers,
    verifierFor(resource) {
      const rules = new ClaimRules(options, resource);
      return {
        async verify(token) {
          let found: unknown;
          try {
            found = await verify(token, resource);
          } catch (error) {
            if (blamesToken(error)) return rejected("token_inactive", "the verifier refused it");
            throw error;
          }
          return rules.unlessRevoked(judge(found, issuer, rules));
        },
      };
    },
  };
}

function judge(found: unknown, issuer: string, rules: ClaimRules): Verification {
  if (!isObject(found)) return rejected("token_inactive", "the verifier refused it");
  const claims = ownClaims({ iss: issuer, ...structuredClone(found) });
  if (!claims) return rejected("token_claims", tooDeep);
  if (claims.iss !== issuer) return rejected("token_issuer", "iss is not the configured issuer");
  if (looksForeign(claims)) return rejected("token_type", "another kind of token");
  return rules.checkTimes(claims, Date.now()) ?? rules.accept(claims);
}

const refusals = /^(ERR_(JW[ST]_|JWKS_(NO|MULTIPLE)_MATCHING|JOSE_(ALG|NOT_SUPPORTED))|invalid_token$)/;

function blamesToken(error: unknown): boolean {
  const { code, errorCode } = (error ?? {}) as { code?: unknown; errorCode?: unknown };
  return [code, errorCode].some((one) => typeof one === "string" && refusals.test(one));
}
