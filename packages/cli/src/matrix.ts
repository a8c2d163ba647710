import { printable } from "./net/printable.js";

/** What one tool answered to tokens of different scopes. */
export interface MatrixRow {
  readonly tool: string;
  /** One cell per column: what a call without arguments came to. */
  readonly cells: readonly MatrixCell[];
}

export type MatrixCell = "allowed" | "insufficient_scope" | "denied" | "error";

/** Tools against the scopes of the tokens that they were called with. */
export interface ScopeMatrix {
  /** The scopes of each token, as one string. */
  readonly columns: readonly string[];
  readonly rows: readonly MatrixRow[];
}

/** Names of tools and scopes come from the server; here they are made fit to print. */
export function printableMatrix({ columns, rows }: ScopeMatrix): ScopeMatrix {
  return {
    columns: columns.map((scopes) => printable(scopes)),
    rows: rows.map(({ tool, cells }) => ({ tool: printable(tool, 128), cells })),
  };
}
