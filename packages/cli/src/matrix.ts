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
