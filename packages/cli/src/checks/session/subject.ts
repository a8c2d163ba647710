import type { ScopeMatrix } from "../../matrix.js";
import type { HostSession } from "../../mcp/session.js";
import type { Outcome } from "../../net/answer.js";

/** A logged-in client and what the user allowed it to do. */
export interface SessionSubject {
  readonly session: HostSession;
  /** Logs in once; the answer to the first authorized request. */
  readonly connect: () => Promise<Outcome>;
  /** Tools that the user named: they are called, with empty arguments. */
  readonly tools: readonly string[];
  /** Also try what no host does, such as smuggling a refused call in a batch. */
  readonly thorough: boolean;
  /** A token of another user. */
  readonly secondToken?: string;
  /** Where the scope check leaves its table for the report. */
  readonly keepMatrix: (matrix: ScopeMatrix) => void;
}
