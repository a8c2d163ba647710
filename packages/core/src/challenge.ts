/**
 * The WWW-Authenticate header, built (RFC 6750 §3, RFC 9728 §5.1).
 *
 * There is no escaping here, on purpose: every value is checked against its grammar when the server starts,
 * or is one of our own constants, so no request can put a quote into the header.
 * Order and quoting are those that the loosest readers need: the MCP SDK clients search the header with
 * unanchored expressions, and take the first `scope=` that they find.
 */
export interface Challenge {
  readonly realm: string;
  readonly resourceMetadata: string;
  readonly scopes?: readonly string[];
  readonly error?: "invalid_request" | "invalid_token" | "insufficient_scope";
  readonly description?: string;
}

export function bearerChallenge(challenge: Challenge): string {
  const parameters = [`realm="${challenge.realm}"`, `resource_metadata="${challenge.resourceMetadata}"`];
  // A scope parameter without a value is not in the grammar, and readers take `""` for a scope.
  if (challenge.scopes?.length) parameters.push(`scope="${challenge.scopes.join(" ")}"`);
  if (challenge.error !== undefined) parameters.push(`error="${challenge.error}"`);
  if (challenge.description !== undefined) parameters.push(`error_description="${challenge.description}"`);
  return `Bearer ${parameters.join(", ")}`;
}

/** RFC 9449 §7.1. */
export function dpopChallenge(
  algorithms: readonly string[],
  { error, description }: { readonly error?: string; readonly description?: string },
): string {
  const parameters = [`algs="${algorithms.join(" ")}"`];
  if (error !== undefined) parameters.push(`error="${error}"`);
  if (description !== undefined) parameters.push(`error_description="${description}"`);
  return `DPoP ${parameters.join(", ")}`;
}

/** RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`. */
export function isScopeToken(value: unknown): value is string {
  return typeof value === "string" && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}

/** The characters that RFC 6750 §3 allows between quotes, less "=": a reader must not find a parameter inside a realm. */
export function isRealm(value: unknown): value is string {
  return typeof value === "string" && /^[\x20\x21\x23-\x3c\x3e-\x5b\x5d-\x7e]+$/.test(value);
}
