import { isObject } from "./era.js";
import { parseMessage, stringifyMessage } from "./list-message.js";

/** Rewrites the JSON-RPC messages in an answer as its bytes pass by. */
export interface Rewriter {
  /** Bytes that may go out now. */
  push(chunk: Uint8Array): Uint8Array;
  /** What is left at the end. */
  end(): Uint8Array;
}

const nothing = new Uint8Array();
const encoder = new TextEncoder();

/** For the two forms in which Streamable HTTP answers; undefined for anything else. */
export function rewriterFor(
  contentType: string | null | undefined,
  rewrite: (message: unknown) => unknown,
): Rewriter | undefined {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/json") return jsonRewriter(rewrite);
  return type === "text/event-stream" ? eventRewriter(rewrite) : undefined;
}

function jsonRewriter(rewrite: (message: unknown) => unknown): Rewriter {
  const decoder = new TextDecoder();
  let text = "";
  // Most answers are one piece, and runtimes decode faster what is known to be the end.
  let last = nothing;
  return {
    push(chunk) {
      if (last.length > 0) text += decoder.decode(last, { stream: true });
      // Whoever wrote a piece may fill its buffer anew.
      last = new Uint8Array(chunk);
      return nothing;
    },
    end: () => encoder.encode(rewritten(text + decoder.decode(last), rewrite)),
  };
}

/** Server-sent events (WHATWG HTML §9.2): an event ends with an empty line, and only whole ones go out. */
function eventRewriter(rewrite: (message: unknown) => unknown): Rewriter {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    push(chunk) {
      rest += decoder.decode(chunk, { stream: true });
      // Ends are among the parts, and go out as they came because they hold no data. Each line may end in its own way.
      const parts = rest.split(/((?:\r\n|\n|\r(?!\n)){2})/);
      rest = parts.pop() as string;
      return encoder.encode(parts.map((part) => eventOf(part, rewrite)).join(""));
    },
    end: () => encoder.encode(rest + decoder.decode()),
  };
}

function eventOf(event: string, rewrite: (message: unknown) => unknown): string {
  const data: string[] = [];
  const others: string[] = [];
  for (const line of event.split(/\r\n|\n|\r/))
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    else others.push(line);
  return data.length === 0 ? event : [...others, `data: ${rewritten(data.join("\n"), rewrite)}`].join("\n");
}

/** What is no JSON is no list either, and goes out as it came. */
function rewritten(text: string, rewrite: (message: unknown) => unknown): string {
  let message: unknown;
  try {
    message = parseMessage(text);
  } catch {
    return text;
  }
  try {
    if (Array.isArray(message)) return JSON.stringify(message.map(rewrite));
    return isObject(message) ? stringifyMessage(rewrite(message)) : text;
  } catch {
    // JSON.parse takes more nesting than JSON.stringify writes; what cannot be filtered does not go out.
    const id = isObject(message) ? message["id"] : undefined;
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32603, message: "Internal error" } });
  }
}
