import { joined } from "../joined.js";
import { isObject } from "./era.js";

/** A message whose result holds a list. */
interface ListMessage {
  readonly result: Record<string, unknown>;
}

/** A list as it stood in a message. */
interface Seen {
  /** The member of `result` that it was. */
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Parsed when it comes for the second time. */
  items?: unknown;
}

/** Bytes of all lists that are remembered. */
const capacity = 1 << 21;
/** What a list counts beside its own bytes: looking for a short one among many would cost more than parsing it. */
const share = 1 << 16;
/** The last one used first. */
let seen: readonly Seen[] = [];
/** A list begins within so many bytes of its message, or it is not looked for. */
const reach = 4096;

const written = new WeakMap<object, Uint8Array>();
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const Bytes = globalThis.Buffer as typeof Buffer | undefined;

/**
 * What JSON.parse makes of the text in `bytes`. A server sends the same list in each answer, with another id beside it, so
 * a list that came before is neither decoded nor parsed again: messages share it, and nobody may change it.
 *
 * @throws {SyntaxError} when it is no JSON
 */
export function parseMessage(bytes: Uint8Array): unknown {
  const start = decoder.decode(bytes.subarray(0, reach));
  const list = seen.find((list) => isEqual(placeOf(list, bytes, start), list.bytes));
  const shared = list && withList(bytes, start, list);
  if (shared !== undefined) return shared;
  const message: unknown = JSON.parse(decoder.decode(bytes));
  const key = listOf(message);
  if (key !== undefined) {
    // Where the message was written otherwise than we write it, this cuts out what will not be found again.
    const [before, after] = around(message as ListMessage, key);
    const cut = bytes.subarray(before.length, bytes.length - after.length);
    // A copy, because whoever wrote the message may fill its buffer anew.
    if (!seen.some((other) => isEqual(other.bytes, cut))) remember({ key, bytes: new Uint8Array(cut) });
  }
  return message;
}

/** What JSON.stringify makes of `message`, in bytes; a list that was written before is not written again. */
export function stringifyMessage(message: unknown): Uint8Array {
  const key = listOf(message);
  if (key === undefined) return encoder.encode(JSON.stringify(message));
  const list = (message as ListMessage).result[key] as object;
  const bytes = written.get(list) ?? encoder.encode(JSON.stringify(list));
  written.set(list, bytes);
  const [before, after] = around(message as ListMessage, key);
  return joined([before, bytes, after]);
}

function listOf(message: unknown): string | undefined {
  const result = isObject(message) ? message["result"] : undefined;
  return isObject(result) ? Object.keys(result).find((key) => Array.isArray(result[key])) : undefined;
}

/** A message before and after its list. */
function around(message: ListMessage, key: string): [before: Uint8Array, after: Uint8Array] {
  const mark = `${Math.random()}`;
  const marked = { ...message, result: { ...message.result, [key]: mark } };
  const [before, after] = JSON.stringify(marked).split(`"${mark}"`);
  return [encoder.encode(before), encoder.encode(after)];
}

/**
 * The message with a list that was seen before, if that is the one in `bytes`. Only JSON.parse says where that is, because
 * duplicate keys, escapes and nesting decide what a client reads: it parses all that is around the list's bytes with a
 * mark in their place, and where the mark is then, a client finds the list.
 */
function withList(bytes: Uint8Array, start: string, list: Seen): ListMessage | undefined {
  const place = placeOf(list, bytes, start);
  const from = place.byteOffset - bytes.byteOffset;
  const mark = `${Math.random()}`;
  const marked = joined([
    bytes.subarray(0, from),
    encoder.encode(`"${mark}"`),
    bytes.subarray(from + place.length),
  ]);
  try {
    const message = JSON.parse(decoder.decode(marked)) as ListMessage;
    if (message.result[list.key] !== mark) return undefined;
    message.result[list.key] = list.items ??= Object.freeze(JSON.parse(decoder.decode(list.bytes)));
    remember(list);
    return message;
  } catch {
    return undefined;
  }
}

/** Where the list would stand in a message: after the first key of that name. */
function placeOf({ key, bytes: { length } }: Seen, bytes: Uint8Array, start: string): Uint8Array {
  const lead = `"${key}":`;
  const before = encoder.encode(start.slice(0, start.indexOf(lead) + lead.length)).length;
  return bytes.subarray(before, before + length);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  return Bytes ? Bytes.compare(one, other) === 0 : one.every((byte, at) => byte === other[at]);
}

function remember(list: Seen): void {
  if (list.bytes.length + share > capacity) return;
  let room = capacity;
  seen = [...new Set([list, ...seen])].filter(({ bytes }) => {
    room -= bytes.length + share;
    return room >= 0;
  });
}
