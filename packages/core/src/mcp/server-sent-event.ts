import { joined } from "../joined.js";

/** A whole event of a stream of server-sent events (WHATWG HTML §9.2). */
export interface ServerSentEvent {
  /** As it came. */
  readonly bytes: Uint8Array;
  /** What its `data` lines hold together; undefined when it has none. */
  readonly data: Uint8Array | undefined;
  readonly others: readonly Uint8Array[];
  /** The line ends that end it, as they came. */
  readonly end: Uint8Array;
}

const encoder = new TextEncoder();
const newline = encoder.encode("\n");
const field = encoder.encode("data: ");
/** What ends a line: one of them, or both in turn. */
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;

/** The event with which `stream` begins, unless a part of it is still to come. */
export function firstEvent(stream: Uint8Array): ServerSentEvent | undefined {
  const data: Uint8Array[] = [];
  const others: Uint8Array[] = [];
  let ended = 0;
  for (let at = 0; ; ) {
    const end = endOfLine(stream, at);
    if (end === stream.length) return undefined;
    const next = stream[end] === carriageReturn && stream[end + 1] === lineFeed ? end + 2 : end + 1;
    if (end === at)
      return {
        bytes: stream.subarray(0, next),
        data: data.length === 0 ? undefined : joined(data.slice(1)),
        others,
        end: stream.subarray(ended, next),
      };
    const line = stream.subarray(at, end);
    const value = dataIn(line);
    if (value === undefined) others.push(line);
    else data.push(newline, value);
    ended = end;
    at = next;
  }
}

export function withData({ others, end }: ServerSentEvent, data: Uint8Array): Uint8Array {
  return joined([...others.flatMap((line) => [line, newline]), field, data, end]);
}

function endOfLine(bytes: Uint8Array, from: number): number {
  const feed = bytes.indexOf(lineFeed, from);
  const line = bytes.subarray(from, feed < 0 ? bytes.length : feed);
  const end = line.indexOf(carriageReturn);
  return from + (end < 0 ? line.length : end);
}

function dataIn(line: Uint8Array): Uint8Array | undefined {
  for (let at = 0; at < 5; at++) if (line[at] !== field[at]) return undefined;
  return line.subarray(line[5] === field[5] ? 6 : 5);
}
