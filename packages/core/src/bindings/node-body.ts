import { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Eventually } from "../eventually.js";
import type { Authenticated } from "../gate.js";
import type { Body } from "../mcp/body.js";
import type { Reading } from "../transport.js";

/**
 * Reads the body, unless somebody did so before us: then what they parsed is taken, for the bytes are gone.
 *
 * @param before where the framework's body parsers leave what they parsed; `request.body` unless given
 */
export function readBody(
  request: Readable,
  reading: Authenticated["reading"],
  before: unknown = (request as { body?: unknown }).body,
): Eventually<Body> {
  if (reading === undefined) return { kind: "none" };
  if (request.readableDidRead || request.readableEnded) return bodyBefore(before);
  if (request.destroyed) return { kind: "bytes", bytes: "" };
  return hasArrived(request, reading) ? bodyArrived(request) : bodyArriving(request, reading);
}

/** Most bodies came in one packet with their head. */
function hasArrived(request: Readable, { announced, bytes }: Reading): boolean {
  return (
    request instanceof IncomingMessage &&
    request.readableFlowing === null &&
    // Otherwise the length counts characters.
    request.readableEncoding === null &&
    announced !== undefined &&
    announced <= bytes &&
    request.readableLength === announced
  );
}

function bodyArrived(request: Readable): Promise<Body> {
  const bytes: Uint8Array = request.read() ?? new Uint8Array();
  // Body parsers behind us leave alone what is at its end, which Node.js is about to say.
  return new Promise((resolve) => {
    const over = () => resolve({ kind: "bytes", bytes });
    request.once("end", over).once("close", over).resume();
  });
}

function bodyArriving(request: Readable, { bytes, timeout }: Reading): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (body: Body) => {
      clearTimeout(timer);
      // What may still come is thrown away, so that the connection can carry the answer and the next request.
      request.off("data", take).off("end", end).off("close", gone).resume();
      resolve(body);
    };
    // Text, where somebody has called `setEncoding` before us.
    const take = (part: Buffer | string) => {
      const chunk = typeof part === "string" ? Buffer.from(part, request.readableEncoding ?? "utf8") : part;
      length += chunk.length;
      if (length > bytes) finish({ kind: "too large" });
      else chunks.push(chunk);
    };
    const end = () =>
      finish({ kind: "bytes", bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks) });
    const timer = setTimeout(() => finish({ kind: "timed out" }), timeout);
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
