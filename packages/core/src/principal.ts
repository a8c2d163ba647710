import type { AuthInfo, Identity } from "./auth-info.js";

/** Who it was. A subject is unique within its issuer only (RFC 7519 §4.1.2). */
export interface Principal {
  readonly issuer: string;
  readonly subject: string;
  readonly kind: "person" | "client";
  readonly clientId: string;
}

export function principalOf(auth: AuthInfo): Principal {
  const { issuer, subject, kind } = auth.extra as unknown as Identity;
  return { issuer, subject, kind, clientId: auth.clientId };
}

/**
 * One string for one principal, to key what belongs to them. The kind is part of it: a person may be registered under
 * an id that is also a client's (RFC 9700 §4.15). Never the token, which changes at every refresh.
 */
export function principalKey(auth: AuthInfo): string {
  const { issuer, subject, kind, clientId } = principalOf(auth);
  return JSON.stringify([issuer, subject, kind, clientId]);
}
