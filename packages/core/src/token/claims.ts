import type { AccessToken } from "../provider.js";
import { type Rejected, rejected } from "./verification.js";

export type Claims = Readonly<Record<string, unknown>>;

/** What a mapping of the user's may say about a token's claims; the rest is as in RFC 9068. */
export type ClaimMapping = (
  claims: Claims,
) => Partial<Pick<AccessToken, "clientId" | "kind" | "scopes" | "organizationId" | "roles" | "permissions">>;

/** In seconds. */
export interface TimeRules {
  readonly clockTolerance: number;
  readonly maxLifetime?: number | undefined;
}

const farthestExpiry = 10 * 365 * 86_400;

/**
 * `exp`, `nbf` and `iat` (RFC 7519 §4.1, RFC 9068 §2.2).
 * @param now milliseconds
 */
export function checkTimes(claims: Claims, rules: TimeRules, now: number): Rejected | undefined {
  const { exp, nbf, iat } = claims;
  const seconds = now / 1000;
  if (!isNumericDate(exp) || exp > seconds + farthestExpiry)
    return rejected("token_claims", "exp is missing or not a date");
  if ((nbf !== undefined && !isNumericDate(nbf)) || (iat !== undefined && !isNumericDate(iat)))
    return rejected("token_claims", "nbf or iat is not a date");
  if (exp + rules.clockTolerance <= seconds) return rejected("token_expired", "exp has passed");
  if (Math.max(nbf ?? 0, iat ?? 0) > seconds + rules.clockTolerance)
    return rejected("token_not_yet_valid", "nbf or iat is in the future");
  if (rules.maxLifetime !== undefined && !(iat !== undefined && exp - iat <= rules.maxLifetime))
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
    if (named.length > mostAudiences || !named.every((one) => typeof one === "string")) return false;
    return exclusive
      ? named.length > 0 && named.every((one) => known.has(one))
      : named.some((one) => known.has(one));
  };
}

/** `https://host` and `https://host/` are one URL (RFC 3986 §6.2.3), and clients send either. No other alias is safe. */
function withAlias(audience: string): string[] {
  const origin = /^https?:\/\/[^/?#]+(?=\/?$)/.exec(audience)?.[0];
  return origin ? [origin, `${origin}/`] : [audience];
}

/** An access token, or `undefined` when nobody can be named as its subject. Everything in it is frozen. */
export function accessTokenOf(claims: Claims, mapping?: ClaimMapping): AccessToken | undefined {
  const mapped = mapping?.(claims);
  const clientId = mapped?.clientId ?? text(claims.client_id) ?? text(claims.azp) ?? "";
  const subject = claims.sub === undefined ? clientId : claims.sub;
  if (typeof subject !== "string" || subject.length > 1024 || !/^\P{Cc}+$/u.test(subject)) return undefined;
  const organizationId = mapped?.organizationId ?? text(claims.oid) ?? text(claims.org_id);
  return Object.freeze({
    issuer: claims.iss as string,
    subject,
    kind: mapped?.kind ?? (subject === clientId ? "client" : "person"),
    clientId,
    scopes: mapped?.scopes ? strings(mapped.scopes) : scopesOf(claims),
    expiresAt: Math.floor(claims.exp as number),
    ...(organizationId !== undefined && { organizationId }),
    roles: strings(mapped?.roles ?? claims.roles),
    permissions: strings(mapped?.permissions ?? claims.permissions),
    claims,
  });
}

/**
 * Union of `scope` (RFC 8693 §4.2: one string, delimited by spaces) and its dialects `scopes` and `scp`.
 * What is not in the grammar of a scope (RFC 6749 §3.3), such as one with a tab inside, is nobody's scope.
 */
export function scopesOf({ scope, scopes, scp }: Claims): readonly string[] {
  const found = new Set<string>();
  for (const claim of [typeof scope === "string" ? scope : "", scopes, scp]) {
    const listed: readonly unknown[] =
      typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
    for (const one of listed) if (typeof one === "string" && scopeToken.test(one)) found.add(one);
  }
  return Object.freeze([...found]);
}

const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function strings(value: unknown): readonly string[] {
  return Object.freeze(Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
}

const deepest = 32;

/**
 * A deep-frozen copy without prototypes: a claim named `__proto__` or `constructor` is a claim like any other,
 * and what a tool does to it reaches nobody else. `undefined` when it is nested too deeply to be an honest token's.
 */
export function frozenClaims(claims: object): Claims | undefined {
  try {
    return frozen(claims, 0) as Claims;
  } catch {
    return undefined;
  }
}

function frozen(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > deepest) throw new RangeError();
  if (Array.isArray(value)) return Object.freeze(value.map((one) => frozen(one, depth + 1)));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, one] of Object.entries(value)) copy[name] = frozen(one, depth + 1);
  return Object.freeze(copy);
}
