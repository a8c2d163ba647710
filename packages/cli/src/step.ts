import { header, type Outcome } from "./net/answer.js";
import { printable } from "./net/printable.js";

export type Party = "host" | "browser" | "MCP server" | "authorization server";

/** One message of what happened, for the sequence diagram. */
export interface Step {
  readonly from: Party;
  readonly to: Party;
  readonly request: string;
  readonly answer: string;
  /** What the answer carried that made the next step possible. */
  readonly detail: string;
  readonly ok: boolean;
}

export function stepOf(to: Party, label: string, outcome: Outcome, from: Party = "host"): Step {
  const request = printable(label);
  if (outcome.kind === "failure") {
    return { from, to, request, answer: outcome.reason, detail: printable(outcome.detail, 160), ok: false };
  }
  const carried = header(outcome, "www-authenticate") ?? header(outcome, "location") ?? "";
  return {
    from,
    to,
    request,
    answer: String(outcome.status),
    detail: printable(carried.replace(/([?&](?:code|state)=)[^&]*/g, "$1…"), 220),
    ok: outcome.status < 400,
  };
}
