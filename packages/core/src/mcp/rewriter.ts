import { isObject } from "./era.js";

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
  return {
    push(chunk) {
      text += decoder.decode(chunk, { stream: true });
      return nothing;
    },
    end: () => encoder.encode(rewritten(text + decoder.decode(), rewrite)),
  };
}

/** Server-sent events (WHATWG HTML §9.2): an event ends with an empty line, and only whole ones go out. */
function eventRewriter(rewrite: (message: unknown) => unknown): Rewriter {
  const decoder = new TextDecoder();
  let rest = "";
  const boundary = /\r\n\r\n|\n\n|\r\r/;
  return {
    push(chunk) {
      rest += decoder.decode(chunk, { stream: true });
      let ready = "";
      for (let end = boundary.exec(rest); end !== null; end = boundary.exec(rest)) {
        ready += eventOf(rest.slice(0, end.index), rewrite) + end[0];
        rest = rest.slice(end.index + end[0].length);
      }
      return encoder.encode(ready);
    },
    end: () => encoder.encode(rest + decoder.decode()),
  };
}

function eventOf(event: string, rewrite: (message: unknown) => unknown): string {
  const lines = event.split(/\r\n|\n|\r/);
  const data = lines
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(line[5] === " " ? 6 : 5));
  if (data.length === 0) return event;
  const others = lines.filter((line) => !line.startsWith("data:"));
  return [...others, `data: ${rewritten(data.join("\n"), rewrite)}`].join("\n");
}

/** What is no JSON is no list either, and goes out as it came. */
function rewritten(text: string, rewrite: (message: unknown) => unknown): string {
  try {
    const message: unknown = JSON.parse(text);
    return isObject(message) || Array.isArray(message)
      ? JSON.stringify(Array.isArray(message) ? message.map(rewrite) : rewrite(message))
      : text;
  } catch {
    return text;
  }
}
