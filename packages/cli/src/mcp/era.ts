import type { Answer } from "../net/answer.js";
import { replyOf } from "./reply.js";

/** Whether a server speaks MCP 2026-07-28, or begins with `initialize` as earlier revisions do. */
export type Era = "modern" | "older";

/** Error codes that only a server of 2026-07-28 gives: header mismatch, missing capability, unsupported version. */
const modernCodes: readonly unknown[] = [-32020, -32021, -32022];

/**
 * Judges an authorized answer to `server/discover` (MCP 2026-07-28, Streamable HTTP, Backward Compatibility):
 * a result or a modern error is modern, 404 with "method not found" too; everything else is an older server.
 */
export function eraOf(answer: Answer): Era {
  const reply = replyOf(answer);
  if (reply?.result !== undefined) return "modern";
  const code = reply?.error?.code;
  if (answer.status === 404 && code === -32601) return "modern";
  return modernCodes.includes(code) && code !== -32022 ? "modern" : "older";
}
