import type { AuthInfo, Identity } from "@mcp-authz/core";
import { assertGuarded } from "@mcp-authz/core";

/** Whose todos these are. A subject is unique only within its issuer (RFC 7519 §4.1.2), so it takes both. */
export interface Owner {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * The caller, as the gate verified it.
 * @throws {Error} when no gate ran before: without a caller there are no todos to show.
 */
export function ownerOf(auth: AuthInfo | undefined): Owner {
  assertGuarded(auth);
  const { issuer, subject } = auth.extra as unknown as Identity;
  return { issuer, subject };
}
