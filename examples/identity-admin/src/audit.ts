import type { Principal } from "@mcp-authz/core";

/** Who did what. The environment's own log knows only this server, so this is the place where people have names. */
export interface AuditEntry {
  readonly caller: Principal;
  readonly tool: string;
  readonly input: unknown;
  readonly outcome: "done" | "failed";
  readonly error?: unknown;
}

export type Audit = (entry: AuditEntry) => void;

/** A line of JSON for each change and each failure. No tool takes a secret, and what a tool returns is not written down. */
export function auditLines(write: (line: string) => void): Audit {
  return ({ error, ...entry }) => {
    const cause = error instanceof Error ? { error: describe(error) } : {};
    write(JSON.stringify({ time: new Date().toISOString(), ...entry, ...cause }));
  };
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.name}: ${error.message}${cause}`;
}
