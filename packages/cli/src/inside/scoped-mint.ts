import { type TokenMint, type WrongTokenName, wrongTokens } from "@mcp-authz/testing";

/**
 * The mint, but its tokens have the app's own scopes of basic use. A token with any others is refused for its scopes,
 * 403, and nothing is learnt of what was to be seen. Both claims are filled in which scopes are read from.
 */
export function scopedMint(mint: TokenMint, baseline: string): TokenMint {
  const scopes = { scope: baseline, scopes: baseline.split(" ") };
  const scoped: TokenMint = Object.create(mint);
  return Object.assign(scoped, {
    claims: (differing) => mint.claims({ ...scopes, ...differing }),
    token: (differing, shape) => mint.token({ ...scopes, ...differing }, shape),
    wrong: (name: WrongTokenName) => wrongTokens[name].make(scoped),
  } satisfies Partial<TokenMint>);
}
