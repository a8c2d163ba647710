import { joined } from "../joined.js";
import { isObject } from "./era.js";
import { parseMessage, stringifyMessage } from "./list-message.js";
import { carriageReturn, firstEvent, lineFeed, withData } from "./server-sent-event.js";

/** Rewrites the JSON-RPC messages in an answer as its bytes pass by. */
export interface Rewriter {
  /** Bytes that may go out now. */
  push(piece: Uint8Array): Uint8Array;
  /** What is left, with the last piece. */
  end(last?: Uint8Array): Uint8Array;
}

const nothing = new Uint8Array();
const encoder = new TextEncoder();
/** At the start of a stream it belongs to no event (WHATWG HTML §9.2.5). */
const byteOrderMark = encoder.encode("\ufeff");

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
  const pieces: Uint8Array[] = [];
  return {
    push(piece) {
      // Whoever wrote a piece may fill its buffer anew.
      pieces.push(new Uint8Array(piece));
      return nothing;
    },
    end: (last = nothing) => rewritten(joined(pieces.length === 0 ? [last] : [...pieces, last]), rewrite),
  };
}

/** Only whole events go out. */
function eventRewriter(rewrite: (message: unknown) => unknown): Rewriter {
  let pieces: Uint8Array[] = [];
  let begins = true;
  const push = (piece: Uint8Array): Uint8Array => {
    pieces.push(new Uint8Array(piece));
    // Without the end of a line there is no end of an event, and long ones come in many pieces.
    if (!piece.includes(lineFeed) && !piece.includes(carriageReturn)) return nothing;
    let rest = joined(pieces);
    if (begins && byteOrderMark.every((byte, at) => byte === rest[at]))
      rest = rest.subarray(byteOrderMark.length);
    begins = false;
    const out: Uint8Array[] = [];
    for (let event = firstEvent(rest); event !== undefined; event = firstEvent(rest)) {
      out.push(event.data === undefined ? event.bytes : withData(event, rewritten(event.data, rewrite)));
      rest = rest.subarray(event.bytes.length);
    }
    pieces = [rest];
    return joined(out);
  };
  return { push, end: (last = nothing) => joined([push(last), ...pieces]) };
}

/** What is no JSON is no list either, and goes out as it came. */
function rewritten(bytes: Uint8Array, rewrite: (message: unknown) => unknown): Uint8Array {
  let message: unknown;
  try {
    message = parseMessage(bytes);
  } catch {
    return bytes;
  }
  try {
    if (Array.isArray(message)) return encoder.encode(JSON.stringify(message.map(rewrite)));
    return isObject(message) ? stringifyMessage(rewrite(message)) : bytes;
  } catch {
    // JSON.parse takes more nesting than JSON.stringify writes; what cannot be filtered does not go out.
    const id = isObject(message) ? message["id"] : undefined;
    const error = { code: -32603, message: "Internal error" };
    return encoder.encode(JSON.stringify({ jsonrpc: "2.0", id, error }));
  }
}
