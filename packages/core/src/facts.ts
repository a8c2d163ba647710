/** A request as received, before one byte of its body is read. A binding fills it in and decides nothing. */
export interface Facts {
  readonly method: string;
  /** The request target as the client sent it (RFC 9112 §3.2): path and query, not decoded. */
  readonly target: string;
  /** The target as the framework's router will see it, where something before us may have rewritten it. */
  readonly routed?: string;
  /** Every header line as received, in order, so that duplicates are visible. */
  readonly headers: HeaderLines;
}

export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** Header lines out of a flat list of names and values, as Node.js keeps them. */
export function headerLines(flat: readonly string[]): HeaderLines {
  const lines: [string, string][] = [];
  for (let index = 0; index < flat.length; index += 2)
    lines.push([flat[index] as string, flat[index + 1] as string]);
  return lines;
}

/** All values of one header, in order, without the optional white space around them (RFC 9110 §5.5). */
export function headerValues(headers: HeaderLines, name: string): readonly string[] {
  let values: string[] | undefined;
  for (const [key, value] of headers) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    if (values === undefined) values = [trimmed(value)];
    else values.push(trimmed(value));
  }
  return values ?? none;
}

const none: readonly string[] = [];

/** The one value of a header; undefined when it is absent or stands there twice. */
export function singleHeader(headers: HeaderLines, name: string): string | undefined {
  const values = headerValues(headers, name);
  return values.length === 1 ? values[0] : undefined;
}

/** Only space and tab: `String.trim` would also take U+00A0 and its kin, which RFC 9110 does not. */
function trimmed(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && (value[start] === " " || value[start] === "\t")) start++;
  while (end > start && (value[end - 1] === " " || value[end - 1] === "\t")) end--;
  return value.slice(start, end);
}
