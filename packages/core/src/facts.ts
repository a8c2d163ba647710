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

/** All values of one header, in order, without the optional white space around them (RFC 9110 §5.5). */
export function headerValues(headers: HeaderLines, name: string): string[] {
  const values: string[] = [];
  for (const [key, value] of headers)
    if (key.length === name.length && key.toLowerCase() === name) values.push(trimmed(value));
  return values;
}

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
