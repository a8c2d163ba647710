import type { VerifierHealth } from "../provider.js";

/** The health of a verifier that depends on several others: ready when all are, as old as the oldest. */
export function healthOf(parts: readonly VerifierHealth[]): VerifierHealth {
  const ages = parts.map(({ keysAge }) => keysAge).filter((age) => age !== undefined);
  const lastError = parts.find((part) => part.lastError !== undefined)?.lastError;
  return {
    ready: parts.every(({ ready }) => ready),
    ...(ages.length > 0 && { keysAge: Math.max(...ages) }),
    ...(lastError !== undefined && { lastError }),
  };
}
