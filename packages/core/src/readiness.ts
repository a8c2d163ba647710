import type { Provider, TokenVerifier, VerifierHealth } from "./provider.js";
import { healthOf } from "./token/health.js";

/** The verifiers that gates have made of each provider. */
const verifiers = new WeakMap<Provider, TokenVerifier[]>();

/** Remembers a gate's verifier, and fetches what it will need ahead of the first request. */
export function prepare(provider: Provider, verifier: TokenVerifier): void {
  const known = verifiers.get(provider);
  if (known === undefined) verifiers.set(provider, [verifier]);
  else known.push(verifier);
  if (mayFetchNow()) verifier.warm?.().catch(() => {});
}

/** Cloudflare Workers make their gates in global scope, where fetching is forbidden; their first request fetches. */
function mayFetchNow(): boolean {
  const { navigator } = globalThis as { navigator?: { userAgent?: string } };
  return navigator?.userAgent !== "Cloudflare-Workers";
}

/**
 * For readiness probes: whether tokens of this provider could be verified now, by every gate that uses it.
 *
 * ```ts
 * app.get("/ready", (_request, response) => {
 *   const { ready } = readiness(provider);
 *   response.status(ready ? 200 : 503).json({ ready });
 * });
 * ```
 */
export function readiness(provider: Provider): VerifierHealth {
  return healthOf((verifiers.get(provider) ?? []).map((verifier) => verifier.health?.() ?? { ready: true }));
}
