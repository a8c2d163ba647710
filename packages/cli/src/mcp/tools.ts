import { type Outcome, objectOf, stringOf, stringsOf } from "../net/answer.js";
import type { Call } from "./message.js";
import { replyOf } from "./reply.js";

export interface Tool {
  readonly name: string;
  /** The server says that calling it changes nothing, and it needs no arguments. */
  readonly harmless: boolean;
}

/** The tools in an answer to `tools/list`. */
export function toolsOf(outcome: Outcome): readonly Tool[] {
  const listed = outcome.kind === "answer" ? replyOf(outcome)?.result?.tools : undefined;
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((item) => {
    const tool = objectOf(item);
    const name = stringOf(tool?.name);
    if (name === undefined) return [];
    const required = stringsOf(objectOf(tool?.inputSchema)?.required) ?? [];
    const harmless = objectOf(tool?.annotations)?.readOnlyHint === true && required.length === 0;
    return [{ name, harmless }];
  });
}

/** A call without arguments: enough to see whether the guard lets it through. */
export function callOf(tool: string): Call {
  return { method: "tools/call", params: { name: tool, arguments: {} } };
}
