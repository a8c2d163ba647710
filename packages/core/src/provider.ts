import type { ProtectedResourceMetadata, Resource } from "./resource.js";

/**
 * Who issues the tokens, and how they are verified: the one seam that users implement.
 * `jwt()`, `introspection()` and `scalekit()` each return one.
 */
export interface Provider {
  /**
   * Issuer identifiers to advertise as `authorization_servers` (RFC 9728 §2), at least one.
   * They go out byte for byte: clients compare them with the server's own `issuer` (RFC 8414 §3.3).
   */
  readonly authorizationServers: readonly string[];
  /** Metadata that comes from the provider's console; the user's own `metadata` option goes before it. */
  readonly metadata?: Partial<ProtectedResourceMetadata>;
  /**
   * Called once, when the gate is made.
   * @throws {OptionError} when the provider's options cannot work for this resource.
   */
  verifierFor(resource: Resource): TokenVerifier;
}

export interface TokenVerifier {
  /**
   * Says what a token is worth. A token that is no good is a *result*; whatever is thrown, or does not
   * come in time, means that the token could not be checked, and the caller is told to try again (503).
   * May answer synchronously: a token seen before costs no turn of the event loop.
   */
  verify(token: string): Verification | Promise<Verification>;
  /** Fetches what will be needed, ahead of the first request. Never rejects. */
  warm?(): Promise<void>;
  /** For readiness probes. */
  health?(): VerifierHealth;
}

export type Verification =
  | { readonly kind: "accepted"; readonly token: AccessToken }
  | { readonly kind: "rejected"; readonly reason: TokenFault; readonly detail: string }
  | { readonly kind: "unavailable"; readonly detail: string /** Seconds. */; readonly retryAfter?: number };

/** A verified access token: its claims under names that do not depend on the issuer's dialect. Deep-frozen. */
export interface AccessToken {
  readonly issuer: string;
  /** `sub`; for a client that acts for itself and has no `sub`, its client id. */
  readonly subject: string;
  readonly kind: "person" | "client";
  /** `client_id`, else `azp`, else "". */
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly organizationId?: string;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Why a token is no good. Goes to events, never to the wire. */
export type TokenFault =
  | "token_malformed"
  | "token_too_long"
  | "token_algorithm"
  | "token_key_unknown"
  | "token_signature"
  | "token_type"
  | "token_claims"
  | "token_issuer"
  | "token_audience"
  | "token_expired"
  | "token_not_yet_valid"
  | "token_sender_constrained"
  | "token_inactive"
  | "token_revoked";

export interface VerifierHealth {
  /** Whether a token could be verified now. */
  readonly ready: boolean;
  /** Age of the keys in use, in seconds. */
  readonly keysAge?: number;
  /** What went wrong last, if it has not been mended since. */
  readonly lastError?: string;
}
