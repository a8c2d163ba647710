import type { TokenMint } from "@mcp-authz/testing";
import type { SessionSubject } from "../checks/session/subject.js";

/** What every tool needs, as its owner means it. */
export type ToolScopes = Readonly<Record<string, string | readonly string[]>>;

/** An app whose every token is ours to make. */
export interface InsideSubject extends SessionSubject {
  readonly mint: TokenMint;
  /** Scopes of basic use, as the app's own challenge names them. */
  readonly baseline: string;
  readonly expected: ToolScopes;
  /** Which scope brings which others with it. */
  readonly implies: ToolScopes;
  /** What the app said on its error stream, where it can be heard. */
  readonly errors: () => string;
  /** Milliseconds that an app may take between two requests for keys. */
  readonly keyCooldown: number;
  /** A second instance of the app, started afresh, for what must be seen before the first token. */
  readonly fresh: <T>(examine: (subject: InsideSubject) => Promise<T>) => Promise<T>;
}
