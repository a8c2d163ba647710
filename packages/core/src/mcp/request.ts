import type { HeaderLines } from "../facts.js";
import type { Era } from "./era.js";
import type { Message, MessageFault } from "./message.js";
import { mismatchedHeader } from "./mirrored-headers.js";
import { type Operation, operationOf } from "./operation.js";

/** All that one HTTP request asks for. */
export interface McpRequest {
  readonly kind: "request";
  readonly era: Era;
  /** Id to answer to; undefined for notifications, streams and batches. */
  readonly id: string | number | undefined;
  readonly operations: readonly Operation[];
}

export interface RequestFault {
  readonly kind: "fault";
  readonly reason: MessageFault["reason"] | "header_mismatch";
  readonly id?: string | number;
  readonly mismatch?: string;
}

/** A GET opens the older protocol's stream and a DELETE ends its session; neither has a message. */
const stream: Operation = { method: "(stream)", targets: [], arguments: {} };

export function requestedBy(messages: readonly Message[], headers: HeaderLines): McpRequest | RequestFault {
  const [message] = messages;
  if (message === undefined) return { kind: "request", era: "legacy", id: undefined, operations: [stream] };
  const id = messages.length === 1 && message.kind === "request" ? message.id : undefined;
  const mismatch = mismatchedHeader(message, headers);
  if (mismatch !== undefined)
    return { kind: "fault", reason: "header_mismatch", mismatch, ...(id === undefined ? {} : { id }) };
  const operations: Operation[] = [];
  for (const each of messages) {
    const operation = operationOf(each);
    if ("kind" in operation) return operation;
    operations.push(operation);
  }
  return { kind: "request", era: message.era, id, operations };
}
