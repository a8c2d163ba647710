import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * A token that only the page of this interaction contains. The cookie alone would not do: for a browser, every
 * port of this machine is the same site, so any local page could post here with it.
 */
export function csrfToken(secret: string, uid: string): string {
  return createHmac("sha256", secret).update(`interaction:${uid}`).digest("base64url");
}

export function isCsrfToken(secret: string, uid: string, received: string | null): boolean {
  const expected = Buffer.from(csrfToken(secret, uid));
  const bytes = Buffer.from(received ?? "");
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

/** Browsers send `Origin` with every form; a program that sends none has no user whose cookies it could abuse. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
