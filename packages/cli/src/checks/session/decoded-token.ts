import { objectOf, stringOf } from "../../net/answer.js";

export type JsonObject = Readonly<Record<string, unknown>>;

export interface DecodedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Header and claims of a JWT; undefined for an opaque token. Nothing is verified: that is the server's part. */
export function decodedToken(token: string): DecodedToken | undefined {
  const [head = "", payload = ""] = token.split(".");
  const header = parsed(head);
  const claims = parsed(payload);
  return stringOf(header?.alg) === undefined || header === undefined || claims === undefined
    ? undefined
    : { header, claims };
}

function parsed(part: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(Buffer.from(part, "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}
