import { type Answer, header, isSuccess, objectOf } from "../net/answer.js";

/** A JSON-RPC response out of an answer, whether it came as JSON or as an event stream. */
export interface Reply {
  readonly id: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, unknown>>;
}

/** The first JSON-RPC response in an answer's body; undefined when there is none. */
export function replyOf(answer: Answer): Reply | undefined {
  for (const text of /^text\/event-stream/i.test(header(answer, "content-type") ?? "")
    ? eventData(answer.body)
    : [answer.body]) {
    const reply = parseReply(text);
    if (reply !== undefined) return reply;
  }
  return undefined;
}

function parseReply(text: string): Reply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const message = objectOf(Array.isArray(value) ? value[0] : value);
  if (message?.jsonrpc !== "2.0") return undefined;
  const result = objectOf(message.result);
  const error = objectOf(message.error);
  if (result === undefined && error === undefined) return undefined;
  return { id: message.id, ...(result ? { result } : {}), ...(error ? { error } : {}) };
}

function eventData(text: string): readonly string[] {
  return text
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n"),
    )
    .filter((data) => data !== "");
}

/** Whether a stream holds a response already, so that it may be left. */
export function streamHasReply(text: string): boolean {
  return eventData(text).some((data) => parseReply(data) !== undefined);
}

/**
 * Whether an answer to a request without a token shows that the MCP handler behind the guard ran:
 * a success that only the handler gives, or a JSON-RPC answer to the very id that was sent.
 */
export function reachedHandler(answer: Answer, id: number): boolean {
  if (answer.status === 401 || answer.status === 403) return false;
  const reply = replyOf(answer);
  if (reply !== undefined) return isSuccess(answer) || reply.id === id;
  if (!isSuccess(answer)) return false;
  return (
    answer.status === 202 ||
    /^text\/event-stream/i.test(header(answer, "content-type") ?? "") ||
    header(answer, "mcp-session-id") !== undefined
  );
}
