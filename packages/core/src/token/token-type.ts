import type { Claims } from "./claims.js";
import type { JwsHeader } from "./jws.js";

/** `at+jwt`: only what RFC 9068 §4 allows. `lenient`: what widespread servers issue as access tokens besides. */
export type TokenTypePolicy = "lenient" | "at+jwt";

/**
 * Whether header and claims are those of an access token and of no other kind of JWT (RFC 8725 §3.11, §3.12).
 *
 * Many authorization servers write `typ: JWT` or nothing, so that strictness cannot be the default. Everything else that a
 * `typ` can say, `logout+jwt`, `dpop+jwt`, `oauth-id-jag+jwt` and what will be registered next, is another kind of token.
 */
export function isAccessTokenType(type: JwsHeader["typ"], claims: Claims, policy: TokenTypePolicy): boolean {
  if (type === "at+jwt") return true;
  return policy === "lenient" && (type === undefined || type === "jwt") && !looksForeign(claims);
}

/** ID tokens (OpenID Connect Core §2), logout tokens, and the kinds that Keycloak (`typ`) and Cognito (`token_use`) write into the payload. */
export function looksForeign(claims: Claims): boolean {
  return (
    foreignClaims.some((name) => name in claims) || [claims.typ, claims.token_use].some(namesForeignKind)
  );
}

const foreignClaims = ["nonce", "at_hash", "c_hash", "events"];

function namesForeignKind(kind: unknown): boolean {
  return typeof kind === "string" && /^(id|refresh|offline|logout)/i.test(kind);
}
