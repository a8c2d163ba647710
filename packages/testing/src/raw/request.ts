/** A request, written byte for byte: nothing is added but what the standard needs to find its end. */
export interface RawRequest {
  /** Default: POST. */
  readonly method?: string;
  /** The request target as it stands on the wire (RFC 9112 §3.2). */
  readonly target?: string;
  /** Every header line, in order. `Host` and `Content-Length` are added unless they are here. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /** Lines that are not headers, or not well formed, after the others. */
  readonly lines?: readonly string[];
  /** Leave out what would be added. */
  readonly bare?: boolean;
}

/** The bytes of a request. Header values go out as Latin-1, one octet for each character (RFC 9110 §5.5). */
export function requestBytes(request: RawRequest, defaults: { target: string; host: string }): Buffer {
  const { method = "POST", target = defaults.target, headers = [], lines = [], bare = false } = request;
  const body = Buffer.from(request.body ?? "");
  const has = (name: string): boolean => headers.some(([key]) => key.toLowerCase() === name);
  const added: string[] = [];
  if (!bare && !has("host")) added.push(`Host: ${defaults.host}`);
  const framed = has("content-length") || has("transfer-encoding");
  if (!bare && !framed && (body.length > 0 || method === "POST"))
    added.push(`Content-Length: ${body.length}`);
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...added,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...lines,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

/** A body in the chunked transfer coding (RFC 9112 §7.1), with trailer lines if any. */
export function chunked(parts: readonly (string | Uint8Array)[], trailers: readonly string[] = []): Buffer {
  const chunks = parts.flatMap((part) => {
    const bytes = Buffer.from(part as string);
    return [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")];
  });
  const end = ["0", ...trailers].map((line) => `${line}\r\n`).join("");
  return Buffer.concat([...chunks, Buffer.from(`${end}\r\n`)]);
}
