/** One request that this server answered. Holds no code, token, secret, verifier or state. */
export interface LoggedRequest {
  /** Counts up from 1. */
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: RequestKind;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly clientId?: string;
  /** `usr_…`, or the client's id when it acts for itself. */
  readonly subject?: string;
  /** The MCP server concerned, `res_…`. */
  readonly server?: string;
  readonly resource?: string;
  readonly grantType?: string;
  /** Scopes asked for. */
  readonly scope?: string;
  /** Scopes granted. */
  readonly granted?: string;
  /** OAuth error code. */
  readonly error?: string;
  /** What the caller was told. */
  readonly errorDescription?: string;
  /** What the caller was not told: why it failed. */
  readonly detail?: string;
  /** For `kind: "decision"`: what an MCP server decided about a request, as it reported it. */
  readonly decision?: Readonly<Record<string, unknown>>;
}

export type RequestKind =
  | "keys"
  | "metadata"
  | "registration"
  | "authorize"
  | "consent"
  | "token"
  | "introspection"
  | "revocation"
  | "login"
  | "management"
  | "decision"
  | "page"
  | "other";

/** What is learnt about a request while it is answered. */
export type RequestNotes = {
  -readonly [Field in keyof Omit<
    LoggedRequest,
    "id" | "at" | "method" | "path" | "status"
  >]?: LoggedRequest[Field];
};

const KEPT = 1000;

/** The live log: the last thousand requests. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  readonly #listeners = new Set<(entry: LoggedRequest) => void>();
  #count = 0;

  add(request: { method: string; path: string; status: number }, notes: RequestNotes): void {
    this.#count += 1;
    const { kind = "other", ...rest } = notes;
    const entry = { id: this.#count, at: new Date().toISOString(), kind, ...request, ...rest };
    this.entries.push(entry);
    if (this.entries.length > KEPT) this.entries.shift();
    for (const listener of this.#listeners) listener(entry);
  }

  /** Calls `listener` for every request from now on; returns how to stop. */
  subscribe(listener: (entry: LoggedRequest) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
