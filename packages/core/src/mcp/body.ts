import { type Facts, headerValues, singleHeader } from "../facts.js";
import { modernVersions } from "./era.js";
import { isTooDeep, type Message, type MessageFault, messageOf, parseBody } from "./message.js";

/** A request's body, as a binding can deliver it. */
export type Body =
  /** There is none: GET, DELETE. */
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array | string }
  /** The application parsed it before us; the same object goes on to the handler. */
  | { readonly kind: "parsed"; readonly value: unknown }
  | { readonly kind: "too large" }
  | { readonly kind: "timed out" };

export interface Messages {
  readonly kind: "messages";
  /** What the handler gets: the one parse that the policy read. */
  readonly value: unknown;
  readonly messages: readonly Message[];
}

export interface BodyFault {
  readonly kind: "fault";
  readonly reason: MessageFault["reason"] | "body_too_large" | "body_timeout";
  readonly id?: string | number;
}

/** Reads a POST's messages: one, or in the oldest protocol a batch. */
export function messagesOf(body: Body, facts: Facts, longestBatch: number): Messages | BodyFault {
  switch (body.kind) {
    case "none":
      if (facts.method === "POST") return { kind: "fault", reason: "body_unparseable" };
      return { kind: "messages", value: undefined, messages: [] };
    case "too large":
      return { kind: "fault", reason: "body_too_large" };
    case "timed out":
      return { kind: "fault", reason: "body_timeout" };
    case "bytes": {
      const parsed = parseBody(body.bytes);
      return "value" in parsed ? messagesIn(parsed.value, facts, longestBatch) : parsed;
    }
    case "parsed":
      if (isTooDeep(body.value)) return { kind: "fault", reason: "body_unparseable" };
      return messagesIn(body.value, facts, longestBatch);
    default:
      return { kind: "fault", reason: "body_unparseable" };
  }
}

function messagesIn(value: unknown, facts: Facts, longestBatch: number): Messages | BodyFault {
  if (Array.isArray(value)) return batchOf(value, facts, longestBatch);
  const message = messageOf(value);
  if (message.kind === "fault") return message;
  // MCP 2026-07-28 Streamable HTTP: clients send requests and notifications only.
  if (
    message.kind === "response" &&
    modernVersions.has(singleHeader(facts.headers, "mcp-protocol-version") ?? "")
  )
    return { kind: "fault", reason: "message_invalid" };
  return { kind: "messages", value, messages: [message] };
}

/** Batches exist in 2025-03-26 alone, whose clients send that version or, having learnt no header, none. */
function batchOf(values: readonly unknown[], facts: Facts, longestBatch: number): Messages | BodyFault {
  const versions = headerValues(facts.headers, "mcp-protocol-version");
  const permitted = versions.length === 0 || (versions.length === 1 && versions[0] === "2025-03-26");
  if (!permitted || values.length === 0 || values.length > longestBatch)
    return { kind: "fault", reason: "message_invalid" };
  const messages: Message[] = [];
  for (const value of values) {
    const message = messageOf(value);
    if (message.kind === "fault" || message.era === "modern")
      return { kind: "fault", reason: "message_invalid" };
    messages.push(message);
  }
  return { kind: "messages", value: values, messages };
}
