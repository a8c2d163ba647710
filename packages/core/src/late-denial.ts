import type { AuthInfo } from "./auth-info.js";
import { type AuthSlot, slotOf } from "./auth-slot.js";
import type { Denial } from "./policy/rule.js";

/**
 * Thrown by a tool that finds out while it runs that the caller may not go on.
 *
 * ```ts
 * if (todo.archived) throw new LateDenial(ctx.http.authInfo, "todo:admin");
 * ```
 *
 * Where the answer has not begun, it becomes 403 with the same challenge as if the policy had refused; where it
 * has, it becomes a tool result with `isError` and this message. Prefer a rule in the policy where the arguments suffice.
 */
export class LateDenial extends Error {
  override readonly name = "LateDenial";
  readonly code = "ERR_MCP_AUTHZ_LATE_DENIAL";

  /**
   * @param auth what the tool was given: `extra.authInfo` (SDK v1) or `ctx.http.authInfo` (SDK v2)
   * @param missing the scopes that are needed, or a denial that no scope can mend, whose reason the user may read
   */
  constructor(auth: AuthInfo | undefined, missing: string | readonly string[] | Denial) {
    super(wording(missing));
    const slot = slotOf(auth);
    if (slot === undefined) return;
    slot.denied = missing;
    slot.onDenied?.();
  }
}

function wording(missing: string | readonly string[] | Denial): string {
  if (typeof missing === "object" && "denied" in missing) return missing.denied;
  return `More permissions are needed: ${typeof missing === "string" ? missing : missing.join(" ")}`;
}

/** What a tool left behind, if it did. */
export function lateDenialOf(auth: AuthInfo | undefined): AuthSlot["denied"] {
  return slotOf(auth)?.denied;
}

/** Calls back when a tool denies late, at once where it has. There is one listener; undefined takes it away. */
export function onLateDenial(auth: AuthInfo | undefined, denied: (() => void) | undefined): void {
  const slot = slotOf(auth);
  if (slot === undefined) return;
  slot.onDenied = denied;
  if (slot.denied !== undefined) denied?.();
}
