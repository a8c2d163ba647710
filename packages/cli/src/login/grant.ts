import type { Answer } from "../net/answer.js";

/** What came out of a login. */
export interface Grant {
  readonly token: string;
  /** What was asked for. */
  readonly requested: readonly string[];
  /** What was granted: the response's scope, or what was asked for when it says nothing (RFC 6749 §5.1). */
  readonly scopes: readonly string[];
  /** Who issued it; undefined for a token from elsewhere. */
  readonly issuer?: string;
  readonly resource: string;
  /** Seconds, as the token response says. */
  readonly expiresIn?: number;
  /** The token response as it came. */
  readonly response?: Answer;
  /** Whether the authorization response carried `iss`; undefined where there was none (machines). */
  readonly issued?: boolean;
  /** How the client made itself known. */
  readonly clientBy?: string;
}
