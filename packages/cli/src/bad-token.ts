import { createHmac } from "node:crypto";

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function hs256(claims: object): string {
  const input = `${encode({ alg: "HS256", typ: "at+jwt" })}.${encode(claims)}`;
  return `${input}.${createHmac("sha256", "secret").update(input).digest("base64url")}`;
}

export interface BadToken {
  readonly name: string;
  readonly token: string;
}

/** Tokens that no server may accept, made without any key. `aud` and `iss` are as good as they can be. */
export function badTokens(resource: string, issuer: string): readonly BadToken[] {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: resource, sub: "verify", client_id: "verify", iat: now, jti: "verify" };
  const fresh = { ...claims, exp: now + 600 };
  const stale = { ...claims, iat: now - 7200, exp: now - 3600 };
  const unsigned = `${encode({ alg: "none", typ: "at+jwt" })}.${encode(fresh)}.`;
  const expired = `${encode({ alg: "RS256", typ: "at+jwt", kid: "verify" })}.${encode(stale)}.${"A".repeat(342)}`;
  return [
    { name: "garbage", token: "mcp-authz-verify-not-a-token" },
    { name: "an expired JWT", token: expired },
    { name: "an unsigned JWT (alg none)", token: unsigned },
    { name: "a JWT signed with a guessed secret (HS256)", token: hs256(fresh) },
  ];
}
