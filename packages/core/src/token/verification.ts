import type { AccessToken, TokenFault, Verification } from "../provider.js";

export type Rejected = Extract<Verification, { kind: "rejected" }>;
export type Unavailable = Extract<Verification, { kind: "unavailable" }>;

export function accepted(token: AccessToken): Verification {
  return { kind: "accepted", token };
}

/** `detail` is for events; it never holds a part of the token. */
export function rejected(reason: TokenFault, detail: string): Rejected {
  return { kind: "rejected", reason, detail };
}

/** @param retryAfter seconds */
export function unavailable(detail: string, retryAfter = 1): Unavailable {
  return { kind: "unavailable", detail, retryAfter };
}
