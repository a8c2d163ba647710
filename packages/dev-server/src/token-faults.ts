import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { CompactSign, decodeProtectedHeader } from "jose";
import type { Claims } from "./token-claims.js";

/** What is wrong, on purpose, with every access token from now on; a resource server must refuse each of them. */
export type TokenFault =
  /** `exp` an hour ago. */
  | "expired"
  /** `nbf` in an hour. */
  | "not_yet_valid"
  /** No `exp`. */
  | "no_expiry"
  /** `aud` of another MCP server. */
  | "wrong_audience"
  /** `iss` of another environment. */
  | "wrong_issuer"
  /** `iss` of another MCP server of this environment. */
  | "sibling_issuer"
  /** `typ` of a logout token. */
  | "wrong_type"
  /** Neither `scope` nor `scopes`. */
  | "no_scopes"
  /** Signed with a key that nobody published, under a `kid` that nobody knows. */
  | "unknown_key"
  /** Signed with a key that nobody published, under the right `kid`. */
  | "bad_signature"
  /** `alg: none`, and no signature. */
  | "unsigned";

/** Every fault, in the order of {@link TokenFault}. */
export const TOKEN_FAULTS: readonly TokenFault[] = [
  "expired",
  "not_yet_valid",
  "no_expiry",
  "wrong_audience",
  "wrong_issuer",
  "sibling_issuer",
  "wrong_type",
  "no_scopes",
  "unknown_key",
  "bad_signature",
  "unsigned",
];

const HOUR = 3600;

/** Breaks claims and header before the token is signed. */
export function breakClaims(fault: TokenFault, jwt: { header?: Claims | undefined; payload: Claims }): void {
  const { payload } = jwt;
  const issued = Number(payload.iat);
  switch (fault) {
    case "expired":
      Object.assign(payload, { iat: issued - 2 * HOUR, nbf: issued - 2 * HOUR, exp: issued - HOUR });
      return;
    case "not_yet_valid":
      Object.assign(payload, { nbf: issued + HOUR, exp: issued + 2 * HOUR });
      return;
    case "no_expiry":
      delete payload.exp;
      return;
    case "wrong_audience":
      payload.aud = ["https://other.example/mcp", "res_99999999999999999999"];
      return;
    case "wrong_issuer":
      payload.iss = "https://other.example";
      return;
    case "sibling_issuer":
      payload.iss = `${String(payload.iss).split("/resources/")[0]}/resources/res_99999999999999999999`;
      return;
    case "wrong_type":
      jwt.header = { ...jwt.header, typ: "logout+jwt" };
      return;
    case "no_scopes":
      delete payload.scope;
      delete payload.scopes;
      return;
    default:
      return;
  }
}

let foreignKey: KeyObject | undefined;

/** Breaks the signature of a finished token. */
export async function breakSignature(fault: TokenFault, token: string): Promise<string> {
  const [, payload = ""] = token.split(".");
  const header = { ...decodeProtectedHeader(token), alg: "RS256" };
  if (fault === "unsigned") {
    return `${Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url")}.${payload}.`;
  }
  if (fault !== "unknown_key" && fault !== "bad_signature") return token;
  foreignKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return new CompactSign(Buffer.from(payload, "base64url"))
    .setProtectedHeader(fault === "unknown_key" ? { ...header, kid: "snk_99999999999999999999" } : header)
    .sign(foreignKey);
}
