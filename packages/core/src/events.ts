import type { ReasonCode } from "./answers.js";
import type { Operation } from "./mcp/operation.js";
import type { Principal } from "./principal.js";

/**
 * What was decided, for logs and metrics. Every request to the endpoint has one event, save for OPTIONS, which has none,
 * and a tool that denies late, which adds a second. Nothing in it is a secret: no token, no header, no argument of a tool.
 */
export type GateEvent = Granted | Refused;

interface Common {
  /** Also sent to the client, as `X-Request-Id`. */
  readonly requestId: string;
  /** HTTP method. */
  readonly method: string;
  readonly operations: readonly Pick<Operation, "method" | "targets">[];
  readonly principal?: Principal;
}

export interface Granted extends Common {
  readonly kind: "granted";
}

export interface Refused extends Common {
  readonly kind: "refused";
  readonly reason: ReasonCode;
  readonly status: number;
  /** What exactly was wrong; the client was told less. */
  readonly detail?: string;
  /** Scopes that the operation needs. */
  readonly required?: readonly string[];
  readonly granted?: readonly string[];
}
