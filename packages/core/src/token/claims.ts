import type { AccessToken } from "../provider.js";
import { VerifiedToken } from "../verified-token.js";
import { BoundedMap } from "./cache.js";
import { type Rejected, rejected } from "./verification.js";

/** Of `ownClaims`: they inherit nothing and are frozen. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a mapping of the user's may say about a token's claims; the rest is as in RFC 9068. */
export type ClaimMapping = (
  claims: Claims,
) => Partial<Pick<AccessToken, "clientId" | "kind" | "scopes" | "organizationId" | "roles" | "permissions">>;

const farthestExpiry = 10 * 365 * 86_400;

/**
 * `exp`, `nbf` and `iat` (RFC 7519 §4.1, RFC 9068 §2.2).
 * @param tolerance seconds
 * @param maxLifetime seconds
 * @param now milliseconds
 */
export function checkTimes(
  { exp, nbf, iat }: Claims,
  tolerance: number,
  maxLifetime: number | undefined,
  now: number,
): Rejected | undefined {
  const seconds = now / 1000;
  if (!isNumericDate(exp) || exp > seconds + farthestExpiry)
    return rejected("token_claims", "exp is missing or not a date");
  if ((nbf !== undefined && !isNumericDate(nbf)) || (iat !== undefined && !isNumericDate(iat)))
    return rejected("token_claims", "nbf or iat is not a date");
  if (exp + tolerance <= seconds) return rejected("token_expired", "exp has passed");
  if (Math.max(nbf ?? 0, iat ?? 0) > seconds + tolerance)
    return rejected("token_not_yet_valid", "nbf or iat is in the future");
  if (maxLifetime !== undefined && !(iat !== undefined && exp - iat <= maxLifetime))
    return rejected("token_claims", "the lifetime (exp - iat) is longer than maxLifetime, or unknown");
  return undefined;
}

/** JSON has numbers that are no dates: 1e400 parses to Infinity, which never expires. */
function isNumericDate(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

export type AudienceRule = (claims: Claims) => boolean;

const mostAudiences = 100;

/** `aud` names one of `accepted`, byte for byte; with `exclusive`, nobody else (RFC 7519 §4.1.3, RFC 9068 §4). */
export function audienceRule(accepted: readonly string[], exclusive = false): AudienceRule {
  const known = new Set(accepted.flatMap(withAlias));
  return ({ aud }) => {
    const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    if (named.length > mostAudiences) return false;
    let ours = 0;
    for (const one of named) {
      if (typeof one !== "string") return false;
      if (known.has(one)) ours++;
    }
    return ours > 0 && (!exclusive || ours === named.length);
  };
}

/** `https://host` and `https://host/` are one URL (RFC 3986 §6.2.3), and clients send either. No other alias is safe. */
function withAlias(audience: string): string[] {
  const origin = /^https?:\/\/[^/?#]+(?=\/?$)/.exec(audience)?.[0];
  return origin ? [origin, `${origin}/`] : [audience];
}

const none: readonly string[] = Object.freeze([]);

/** Neither printable ASCII nor beyond the second block of control characters. */
const control = /[^ -~\xa0-\uffff]/;

/** An access token, or `undefined` when nobody can be named as its subject. */
export function accessTokenOf(claims: Claims, mapping?: ClaimMapping): AccessToken | undefined {
  const mapped = mapping?.(claims);
  const clientId = mapped?.clientId ?? text(claims.client_id) ?? text(claims.azp) ?? "";
  const subject = claims.sub === undefined ? clientId : claims.sub;
  if (typeof subject !== "string" || subject.length > 1024 || subject === "" || control.test(subject))
    return undefined;
  const organizationId = mapped?.organizationId ?? text(claims.oid) ?? text(claims.org_id);
  return new VerifiedToken({
    issuer: claims.iss as string,
    subject,
    kind: mapped?.kind ?? (subject === clientId ? "client" : "person"),
    clientId,
    scopes: mapped?.scopes ? copyOf(mapped.scopes) : scopesOf(claims),
    expiresAt: Math.floor(claims.exp as number),
    roles: mapped?.roles ? copyOf(mapped.roles) : textsIn(claims.roles),
    permissions: mapped?.permissions ? copyOf(mapped.permissions) : textsIn(claims.permissions),
    claims,
    ...(organizationId === undefined ? {} : { organizationId }),
  });
}

/**
 * Union of `scope` (RFC 8693 §4.2: one string, delimited by spaces) and its dialects `scopes` and `scp`.
 * What is not in the grammar of a scope (RFC 6749 §3.3), such as one with a tab inside, is nobody's scope.
 */
export function scopesOf({ scope, scopes, scp }: Claims): readonly string[] {
  const named = typeof scope === "string" ? scopesIn(scope) : none;
  if (scopes === undefined && scp === undefined) return named;
  const all = [...named];
  for (const claim of [scopes, scp])
    addScopes(typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : none, all);
  return all.length === named.length ? named : Object.freeze(all);
}

/** An issuer grants few different sets of scopes, so they are remembered. */
const knownScopes = new BoundedMap<readonly string[]>(1000);

function scopesIn(scope: string): readonly string[] {
  const known = knownScopes.get(scope);
  if (known) return known;
  const found: string[] = [];
  addScopes(scope.split(" "), found);
  knownScopes.set(scope, Object.freeze(found));
  return found;
}

/** Nobody needs more; it bounds the work that a token can make. */
const mostScopes = 1000;

function addScopes(listed: readonly unknown[], found: string[]): void {
  for (const one of listed)
    if (typeof one === "string" && !found.includes(one) && found.length < mostScopes && scopeToken.test(one))
      found.push(one);
}

const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The list itself when it holds nothing else: it is frozen with the claims. */
function textsIn(claim: unknown): readonly string[] {
  if (!Array.isArray(claim)) return none;
  for (const one of claim) if (typeof one !== "string") return copyOf(claim);
  return claim;
}

function copyOf(list: readonly unknown[]): readonly string[] {
  return Object.freeze(list.filter((one) => typeof one === "string"));
}
