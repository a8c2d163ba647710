import type { Eventually } from "../eventually.js";
import { encodeBase64url } from "./base64url.js";
import { nodeCrypto } from "./signature.js";

/** SHA-256 in base64url: at once where `node:crypto` is. */
export function sha256(text: string): Eventually<string> {
  return nodeCrypto()?.createHash("sha256").update(text).digest("base64url") ?? webSha256(text);
}

async function webSha256(text: string): Promise<string> {
  return encodeBase64url(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
}
