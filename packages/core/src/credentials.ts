import { type Facts, headerValues } from "./facts.js";

/** What a request presents to prove who sends it (RFC 6750 §2.1; MCP 2026-07-28 Authorization, Token Requirements). */
export type Credentials =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "dpop"; readonly token: string }
  | { readonly kind: "missing" }
  | { readonly kind: "malformed" }
  | { readonly kind: "multiple" };

/** RFC 9110 §11.2 token68, as RFC 6750 §2.1 uses it. The scheme's case does not matter (RFC 9110 §11.1). */
const presented = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;

/** A second credential hidden behind a comma: how Fetch's `Headers` joins two lines. */
const joined = /^bearer[ ,].*,|,[ \t]*bearer(?:[ \t,]|$)/i;

/**
 * Takes the credentials off a request. Only the Authorization header counts: a token in the query, the body
 * or a cookie is not read, so such a request has presented nothing.
 */
export function credentialsOf(facts: Facts): Credentials {
  const values = headerValues(facts.headers, "authorization");
  if (values.length > 1) return { kind: "multiple" };
  const value = values[0];
  if (value === undefined) return { kind: "missing" };
  // RFC 6750 §2: clients must not use more than one method in each request.
  if ((value.includes(",") && joined.test(value)) || hasQueryToken(facts.target)) return { kind: "multiple" };
  const match = presented.exec(value);
  if (match !== null) {
    const scheme = (match[1] as string).toLowerCase();
    return { kind: scheme === "bearer" ? "bearer" : "dpop", token: match[2] as string };
  }
  return /^bearer/i.test(value) ? { kind: "malformed" } : { kind: "missing" };
}

function hasQueryToken(target: string): boolean {
  const query = target.indexOf("?");
  return query !== -1 && new URLSearchParams(target.slice(query + 1)).has("access_token");
}
