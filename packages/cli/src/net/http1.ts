import type { HeaderLines, Outcome } from "./answer.js";

/**
 * An HTTP/1.1 answer out of the bytes received so far (RFC 9112); undefined while more is to come.
 * `closed` says that nothing more will come: then what is there is the answer.
 */
export function parseResponse(
  url: string,
  bytes: Buffer,
  { closed, limit }: { readonly closed: boolean; readonly limit: number },
): Outcome | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) {
    if (
      bytes.length === 0 ||
      (!closed && /^(?:HTTP|H|HT|HTT)/.test(bytes.subarray(0, 4).toString("latin1")))
    ) {
      return undefined;
    }
    return {
      kind: "failure",
      url,
      reason: "not http",
      detail: "the answer is not HTTP/1.1",
      milliseconds: 0,
    };
  }
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) {
    return {
      kind: "failure",
      url,
      reason: "not http",
      detail: "the answer is not HTTP/1.1",
      milliseconds: 0,
    };
  }
  const rest = bytes.subarray(end + 4);
  if (/^1\d\d$/.test(status)) return parseResponse(url, rest, { closed, limit });
  const headers = lines.map(splitLine);
  const body = bodyOf(headers, status, rest);
  if (body === undefined && !closed) return undefined;
  return {
    kind: "answer",
    url,
    status: Number(status),
    headers,
    body: (body ?? rest).subarray(0, limit).toString("utf8"),
    truncated: body === undefined || body.length > limit,
    milliseconds: 0,
    redirects: [],
  };
}

function splitLine(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return colon === -1 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

/** The complete body, or undefined while it is not complete. A stream is left as soon as it has begun. */
function bodyOf(headers: HeaderLines, status: string, rest: Buffer): Buffer | undefined {
  const value = (name: string): string | undefined =>
    headers.find(([field]) => field.toLowerCase() === name)?.[1].toLowerCase();
  if (status === "204" || status === "304") return Buffer.alloc(0);
  if (value("content-type")?.startsWith("text/event-stream") === true) return rest;
  if (value("transfer-encoding")?.includes("chunked") === true) return dechunk(rest);
  const length = value("content-length");
  if (length === undefined) return undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function dechunk(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    if (!Number.isFinite(size)) return Buffer.concat(parts);
    if (size === 0) return Buffer.concat(parts);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
