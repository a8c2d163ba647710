import { joined } from "../joined.js";

/** An event of a stream (WHATWG HTML §9.2). */
export interface ServerSentEvent {
  /** What stands in its `data` lines. */
  readonly data: readonly Uint8Array[];
  /** Its other lines. */
  readonly others: readonly Uint8Array[];
}

const encoder = new TextEncoder();
/** What ends a line; one that is empty ends an event. */
export const newline: Uint8Array = encoder.encode("\n");
const field = encoder.encode("data: ");
const space = 0x20;
const byteOrderMark = encoder.encode("\ufeff");
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Takes a stream apart in one pass, however it was cut into pieces. */
export class EventReader {
  /** The parts of a line that is not over. */
  #line: Uint8Array[] = [];
  #event = { data: [] as Uint8Array[], others: [] as Uint8Array[] };
  #isFirstLine = true;
  /** The line feed that comes next belongs to the carriage return before it. */
  #afterReturn = false;

  /** Events that are whole. */
  push(piece: Uint8Array): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    let feed = -1;
    let carriage = -1;
    for (let at = 0; at < piece.length; ) {
      if (this.#afterReturn && piece[at] === lineFeed) {
        this.#afterReturn = false;
        at++;
        continue;
      }
      this.#afterReturn = false;
      if (feed < at) feed = indexOf(piece, lineFeed, at);
      if (carriage < at) carriage = indexOf(piece, carriageReturn, at);
      const end = Math.min(feed, carriage);
      // Whoever wrote a piece may fill its buffer anew.
      if (end > at) this.#line.push(new Uint8Array(piece.subarray(at, end)));
      at = end + 1;
      if (end === piece.length) break;
      this.#afterReturn = end === carriage;
      if (this.#endLine()) events.push(this.#take());
    }
    return events;
  }

  /** What never came to its end, and is no event to clients that go by the standard. */
  end(): ServerSentEvent | undefined {
    if (this.#line.length > 0) this.#endLine();
    const rest = this.#take();
    return rest.data.length + rest.others.length > 0 ? rest : undefined;
  }

  /** @returns whether it was empty, which ends the event */
  #endLine(): boolean {
    const line = this.#withoutMark(joined(this.#line));
    this.#line = [];
    if (line.length === 0) return true;
    const value = dataIn(line);
    if (value === undefined) this.#event.others.push(line);
    else this.#event.data.push(value);
    return false;
  }

  /** At the start of a stream it belongs to no line; clients would take the next one off the stream that goes out. */
  #withoutMark(line: Uint8Array): Uint8Array {
    if (!this.#isFirstLine) return line;
    this.#isFirstLine = false;
    let start = 0;
    while (byteOrderMark.every((byte, at) => line[start + at] === byte)) start += byteOrderMark.length;
    return line.subarray(start);
  }

  #take(): ServerSentEvent {
    const event = this.#event;
    this.#event = { data: [], others: [] };
    return event;
  }
}

/** The lines of an event, without the empty one that ends it. */
export function linesOf({ others, data }: ServerSentEvent): Uint8Array[] {
  return [...others.flatMap((line) => [line, newline]), ...data.flatMap((line) => [field, line, newline])];
}

/** All its data lines in one (WHATWG HTML §9.2.6). */
export function dataOf({ data }: ServerSentEvent): Uint8Array {
  return joined(data.flatMap((line, index) => (index === 0 ? [line] : [newline, line])));
}

/** Beyond the end where there is none. */
function indexOf(piece: Uint8Array, byte: number, from: number): number {
  const found = piece.indexOf(byte, from);
  return found < 0 ? piece.length : found;
}

/** The value of a `data` line, which may have no colon and then has none. */
function dataIn(line: Uint8Array): Uint8Array | undefined {
  const colon = indexOf(line, 0x3a, 0);
  if (colon !== 4 || !field.subarray(0, colon).every((byte, at) => byte === line[at])) return undefined;
  return line.subarray(line[colon + 1] === space ? colon + 2 : colon + 1);
}
