/**
 * What to ask for at first: the challenge's scope, else all that the metadata lists, else nothing
 * (MCP 2026-07-28, Scope Selection Strategy).
 */
export function initialScopes(
  challenged: string | undefined,
  supported: readonly string[] | undefined,
): readonly string[] {
  if (challenged !== undefined) return split(challenged);
  return supported ?? [];
}

/** What to ask for after `insufficient_scope`: all that was asked for before, and what is missing now. */
export function steppedUpScopes(requested: readonly string[], challenged: string): readonly string[] {
  return [...new Set([...requested, ...split(challenged)])];
}

/** `offline_access` is asked for only where the authorization server lists it (MCP 2026-07-28, Refresh Tokens). */
export function withOfflineAccess(
  scopes: readonly string[],
  serverScopes: readonly string[] | undefined,
): readonly string[] {
  return serverScopes?.includes("offline_access") === true && !scopes.includes("offline_access")
    ? [...scopes, "offline_access"]
    : scopes;
}

export function split(scope: string): readonly string[] {
  return [...new Set(scope.split(" ").filter((name) => name !== ""))];
}
