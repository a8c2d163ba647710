import { joined } from "../joined.js";
import { isEventStream, mediaTypeOf } from "../media-type.js";
import { isObject } from "./era.js";
import { parseMessage, stringifyMessage } from "./list-message.js";
import { dataOf, EventReader, linesOf, newline, type ServerSentEvent } from "./server-sent-event.js";

/** Rewrites the JSON-RPC messages in an answer as its bytes pass by. */
export interface Rewriter {
  /** Bytes that may go out now. */
  push(piece: Uint8Array): Uint8Array;
  /** What is left, with the last piece. */
  end(last?: Uint8Array): Uint8Array;
}

const nothing = new Uint8Array();
const encoder = new TextEncoder();

/** For the two forms in which Streamable HTTP answers; undefined for anything else. */
export function rewriterFor(
  contentType: string | null | undefined,
  rewrite: (message: unknown) => unknown,
): Rewriter | undefined {
  if (isEventStream(contentType)) return eventRewriter(rewrite);
  return mediaTypeOf(contentType) === "application/json" ? jsonRewriter(rewrite) : undefined;
}

function jsonRewriter(rewrite: (message: unknown) => unknown): Rewriter {
  const pieces: Uint8Array[] = [];
  return {
    push(piece) {
      // Whoever wrote a piece may fill its buffer anew.
      pieces.push(new Uint8Array(piece));
      return nothing;
    },
    end(last = nothing) {
      const bytes = joined(pieces.length === 0 ? [last] : [...pieces, last]);
      return rewritten(bytes, rewrite) ?? bytes;
    },
  };
}

/** Only whole events go out before the end. */
function eventRewriter(rewrite: (message: unknown) => unknown): Rewriter {
  const reader = new EventReader();
  const changed = (event: ServerSentEvent): Uint8Array[] => {
    const data = event.data.length > 0 ? rewritten(dataOf(event), rewrite) : undefined;
    return linesOf(data === undefined ? event : { others: event.others, data: [data] });
  };
  const push = (piece: Uint8Array) =>
    joined(reader.push(piece).flatMap((event) => [...changed(event), newline]));
  return {
    push,
    end(last = nothing) {
      const whole = push(last);
      const rest = reader.end();
      return joined(rest === undefined ? [whole] : [whole, ...changed(rest)]);
    },
  };
}

/** Undefined for what is no JSON, and no list either: it goes out as it came. */
function rewritten(bytes: Uint8Array, rewrite: (message: unknown) => unknown): Uint8Array | undefined {
  let message: unknown;
  try {
    message = parseMessage(bytes);
  } catch {
    return undefined;
  }
  try {
    if (Array.isArray(message)) return encoder.encode(JSON.stringify(message.map(rewrite)));
    return isObject(message) ? stringifyMessage(rewrite(message)) : undefined;
  } catch {
    // JSON.parse takes more nesting than JSON.stringify writes; what cannot be filtered does not go out.
    const id = isObject(message) ? message["id"] : undefined;
    const error = { code: -32603, message: "Internal error" };
    return encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, error }));
  }
}
