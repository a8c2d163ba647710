import type { AuthInfo } from "../auth-info.js";
import type { Eventually } from "../eventually.js";
import type { Operation } from "../mcp/operation.js";

export type Decision =
  | { readonly kind: "allowed" }
  /** Scopes are missing; `required` are all that the operations need, in one list. */
  | { readonly kind: "scopes"; readonly required: readonly string[] }
  /** No scope would help. */
  | { readonly kind: "denied"; readonly detail: string }
  /** Nobody declared it; `option` is the line to write. */
  | { readonly kind: "unlisted"; readonly option: string }
  | { readonly kind: "unknown method"; readonly option: string }
  /** The caller has no token, and needs one. */
  | { readonly kind: "authentication" }
  /** A rule could not be asked. */
  | { readonly kind: "failed"; readonly detail: string };

export interface Decider {
  decide(operation: Operation, auth: AuthInfo | undefined): Eventually<Decision>;
}

/** What no scope can mend comes first, or a client would log in for nothing. */
const gravest: readonly Decision["kind"][] = [
  "authentication",
  "failed",
  "unknown method",
  "unlisted",
  "denied",
];

/** One decision over everything that a request asks for: a batch runs whole or not at all. */
export function decideAll(
  decider: Decider,
  operations: readonly Operation[],
  auth: AuthInfo | undefined,
): Eventually<Decision> {
  if (operations.length === 1) return decider.decide(operations[0] as Operation, auth);
  return Promise.all(operations.map((operation) => decider.decide(operation, auth))).then(together);
}

function together(decisions: readonly Decision[]): Decision {
  for (const kind of gravest) {
    const decision = decisions.find((each) => each.kind === kind);
    if (decision !== undefined) return decision;
  }
  const short = decisions.filter((decision) => decision.kind === "scopes");
  if (short.length === 0) return { kind: "allowed" };
  return { kind: "scopes", required: [...new Set(short.flatMap((decision) => decision.required))] };
}
