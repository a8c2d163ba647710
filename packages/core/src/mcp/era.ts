/**
 * Two eras of the protocol share one endpoint. From 2026-07-28 on, each request carries its version in the body's
 * `_meta` and repeats parts of itself in headers; before, a handshake settled the version.
 */
export type Era = "modern" | "legacy";

export const protocolVersionKey = "io.modelcontextprotocol/protocolVersion";

/** Versions whose mirrored headers we know how to compare; a server refuses the others by itself. */
export const modernVersions: ReadonlySet<string> = new Set(["2026-07-28"]);

/** Versions that settle everything in a handshake; whoever names one of them in `_meta` does not thereby speak the modern protocol. */
export const legacyVersions: ReadonlySet<unknown> = new Set([
  "2024-11-05",
  "2025-03-26",
  "2025-06-18",
  "2025-11-25",
]);

/** Protocol version that a body declares about itself; undefined for the older protocols, which declare none. */
export function declaredVersion(params: Readonly<Record<string, unknown>> | undefined): unknown {
  const meta = params !== undefined && Object.hasOwn(params, "_meta") ? params["_meta"] : undefined;
  return isObject(meta) && Object.hasOwn(meta, protocolVersionKey) ? meta[protocolVersionKey] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
