import { constants, createHmac, type KeyObject, sign as signBytes } from "node:crypto";
import type { Algorithm } from "./keys.js";

/** The JSON of a header or payload: an object, or text that goes out as it stands, right or wrong. */
export type JsonOrText = Readonly<Record<string, unknown>> | string | Uint8Array;

/** What signs: a private key with the algorithm to use, the bytes of an HMAC key, or nothing. */
export type Signer =
  | { readonly privateKey: KeyObject; readonly algorithm: Algorithm }
  | { readonly secret: Uint8Array }
  | { readonly signature: Uint8Array };

/**
 * Builds a compact JWS (RFC 7515 §7.1) out of exactly what it is given: nothing is added, ordered or checked,
 * so that tokens can be made which no library would make.
 */
export function signCompact(header: JsonOrText, payload: JsonOrText, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signatureOf(Buffer.from(input), signer).toString("base64url")}`;
}

/** base64url of JSON or of text (RFC 7515 §2). */
export function encode(value: JsonOrText): string {
  const bytes = typeof value === "string" || value instanceof Uint8Array ? value : JSON.stringify(value);
  return Buffer.from(bytes as string).toString("base64url");
}

function signatureOf(input: Buffer, signer: Signer): Buffer {
  if ("signature" in signer) return Buffer.from(signer.signature);
  if ("secret" in signer) return createHmac("sha256", signer.secret).update(input).digest();
  const key = signer.privateKey;
  switch (signer.algorithm) {
    case "RS256":
      return signBytes("sha256", input, key);
    case "PS256":
      return signBytes("sha256", input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    case "ES256":
      return signBytes("sha256", input, { key, dsaEncoding: "ieee-p1363" });
    case "EdDSA":
      return signBytes(null, input, key);
  }
}
