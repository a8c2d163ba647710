import type { Denial } from "./policy/rule.js";

/** What a gate keeps in an `AuthInfo` without showing it. Its presence says that a gate of ours made the object. */
export interface AuthSlot {
  readonly token: string;
  /** What a tool left behind that found out late that the caller may not go on. */
  denied?: string | readonly string[] | Denial;
  /** Called when it does. */
  onDenied?: (() => void) | undefined;
}

/** Registered, so that it survives two copies of this package (ESM beside CommonJS). */
const key = Symbol.for("mcp-authz.auth-info");

export function addSlot(auth: object, token: string): void {
  Object.defineProperty(auth, key, { value: { token } satisfies AuthSlot });
}

export function slotOf(auth: unknown): AuthSlot | undefined {
  return (auth as { [key]?: AuthSlot } | null | undefined)?.[key];
}
