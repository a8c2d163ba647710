import { isObject } from "./era.js";

/** A message whose result holds a list. */
interface ListMessage {
  readonly result: Record<string, unknown>;
}

/** A list as it stood in a message. */
interface Seen {
  /** The member of `result` that it was. */
  readonly key: string;
  readonly text: string;
  /** Of the message, whose text is held by this part of it. */
  readonly length: number;
  /** Parsed when it comes for the second time. */
  items?: unknown;
}

/** Characters of all messages whose lists are remembered. */
const capacity = 1 << 21;
/** What a list counts beside its message: looking for a short one among many would cost more than parsing it. */
const share = 1 << 16;
/** The last one used first. */
let seen: readonly Seen[] = [];
const texts = new WeakMap<object, string>();

/**
 * What JSON.parse makes of `text`. A server sends the same list in each answer, with another id beside it, so a list
 * that came before is not parsed again: messages share it, and nobody may change it.
 *
 * @throws {SyntaxError} when it is no JSON
 */
export function parseMessage(text: string): unknown {
  for (const list of seen) {
    const message = withList(text, list);
    if (message !== undefined) return message;
  }
  const message: unknown = JSON.parse(text);
  const key = listOf(message);
  if (key !== undefined) {
    // Where the message was written otherwise than we write it, this cuts out what will not be found again.
    const [before, after] = around(message as ListMessage, key);
    remember({ key, text: text.slice(before.length, -after.length), length: text.length });
  }
  return message;
}

/** What JSON.stringify makes of `message`; a list that was written before is not written again. */
export function stringifyMessage(message: unknown): string {
  const key = listOf(message);
  if (key === undefined) return JSON.stringify(message);
  const list = (message as ListMessage).result[key] as object;
  const text = texts.get(list) ?? JSON.stringify(list);
  texts.set(list, text);
  const [before, after] = around(message as ListMessage, key);
  return before + text + after;
}

function listOf(message: unknown): string | undefined {
  const result = isObject(message) ? message["result"] : undefined;
  return isObject(result) ? Object.keys(result).find((key) => Array.isArray(result[key])) : undefined;
}

/** The text of a message before and after its list. */
function around(message: ListMessage, key: string): [before: string, after: string] {
  const mark = `${Math.random()}`;
  const marked = { ...message, result: { ...message.result, [key]: mark } };
  return JSON.stringify(marked).split(`"${mark}"`) as [string, string];
}

/**
 * The message with a list that was seen before, if that is the one in `text`. Only JSON.parse says where that is, because
 * duplicate keys, escapes and nesting decide what a client reads: it parses all that is around the list's text with a
 * mark in its place, and where the mark is then, a client finds the list.
 */
function withList(text: string, list: Seen): ListMessage | undefined {
  const lead = `"${list.key}":`;
  const start = text.indexOf(lead) + lead.length;
  const end = start + list.text.length;
  if (text.slice(start, end) !== list.text) return undefined;
  const mark = `${Math.random()}`;
  try {
    const message = JSON.parse(`${text.slice(0, start)}"${mark}"${text.slice(end)}`) as ListMessage;
    if (message.result[list.key] !== mark) return undefined;
    message.result[list.key] = list.items ??= Object.freeze(JSON.parse(list.text));
    remember(list);
    return message;
  } catch {
    return undefined;
  }
}

function remember(list: Seen): void {
  let room = capacity;
  seen = [...new Set([list, ...seen])].filter(({ length }) => {
    room -= length + share;
    return room >= 0;
  });
}
