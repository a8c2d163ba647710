import type { Readable } from "node:stream";
import type { Authenticated } from "../gate.js";
import type { Body } from "../mcp/body.js";

/**
 * Reads the body, unless somebody did so before us: then what they parsed is taken, for the bytes are gone.
 *
 * @param before where the framework's body parsers leave what they parsed; `request.body` unless given
 */
export function readBody(
  request: Readable,
  reading: Authenticated["reading"],
  before: unknown = (request as { body?: unknown }).body,
): Promise<Body> {
  if (reading === undefined) return Promise.resolve({ kind: "none" });
  if (request.readableDidRead || request.readableEnded) return Promise.resolve(bodyBefore(before));
  if (request.destroyed) return Promise.resolve({ kind: "bytes", bytes: "" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (body: Body) => {
      clearTimeout(timer);
      // What may still come is thrown away, so that the connection can carry the answer and the next request.
      request.off("data", take).off("end", end).off("close", gone).resume();
      resolve(body);
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > reading.bytes) finish({ kind: "too large" });
      else chunks.push(chunk);
    };
    const end = () =>
      finish({ kind: "bytes", bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    const timer = setTimeout(() => finish({ kind: "timed out" }), reading.timeout);
    // RFC 9112 §8: what ends before its end is incomplete, even where the part that came would parse.
    const gone = () => finish({ kind: "bytes", bytes: "" });
    request
      .on("data", take)
      .on("end", end)
      .on("close", gone)
      .on("error", () => {});
  });
}

/** A body parser before us leaves an object, or with `express.text()` and `express.raw()` the bytes. */
export function bodyBefore(body: unknown): Body {
  return typeof body === "string" || body instanceof Uint8Array
    ? { kind: "bytes", bytes: body }
    : { kind: "parsed", value: body };
}
