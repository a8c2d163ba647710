import { base64url } from "jose";

const Bytes = globalThis.Buffer as typeof Buffer | undefined;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes base64url and only its canonical spelling (RFC 7515 §2, RFC 4648 §3.5): no padding, no other alphabet,
 * no white space, no stray bits. So one token has one spelling, and a cache one key for it.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  try {
    const bytes = Bytes ? Bytes.from(text, "base64url") : base64url.decode(text);
    return encodeBase64url(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

export function encodeBase64url(bytes: Uint8Array): string {
  if (!Bytes) return base64url.encode(bytes);
  return Bytes.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/** The JSON object behind a segment; `undefined` for anything else, invalid UTF-8 and a byte order mark included. */
export function decodeJsonObject(segment: string): Record<string, unknown> | undefined {
  const bytes = decodeBase64url(segment);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
