import type { Site } from "../servers/mending.js";
import type { Remedies, Remedy } from "./remedy.js";

interface Received {
  readonly token: string;
  readonly head: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Whether a token keeps a rule. */
type Rule = (received: Received, site: Site) => boolean;

/** Seconds that clocks may differ. */
const tolerance = 60;
const soon = (): number => Date.now() / 1000 + tolerance;
const typesOfAccessTokens: readonly unknown[] = ["at+jwt", "application/at+jwt", "JWT", undefined];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const controls = /[\u0000-\u001f\u007f]/;

/** What each change asks of a token, by the section that the finding names. */
const rules: Readonly<Record<string, Rule>> = {
  "RFC 7515 §4.1.11": ({ head }) => !("crit" in head || "b64" in head),
  "RFC 8725 §3.10": ({ head }) => typeof head.kid === "string",
  "RFC 8725 §3.11": ({ head }) => typesOfAccessTokens.includes(head.typ),
  "RFC 8259 §8.1": ({ payload }) => payload.subarray(0, 3).toString("hex") !== "efbbbf",
  "RFC 7519 §4": ({ claims: { aud } }, { resource }) => [aud].flat().includes(resource),
  "RFC 7515 §2": ({ token }) =>
    token.split(".").every((segment) => Buffer.from(segment, "base64url").toString("base64url") === segment),
  "RFC 7519 §7.2": ({ claims }) => depthOf(claims) <= 32,
  "RFC 8725 §3.2 and §3.11": ({ token }) => token.length <= 8192,
  "RFC 9068 §2.2 and §4": ({ claims: { exp } }) => Number.isFinite(exp) && Number(exp) > Date.now() / 1000,
  "RFC 7519 §2": ({ claims: { exp, nbf = 0, iat = 0 } }) => [exp, nbf, iat].every(Number.isFinite),
  "RFC 7519 §4.1.6": ({ claims: { iat = 0 } }) => Number(iat) <= soon(),
  "OpenID Connect Core §2, RFC 8725 §3.12": ({ claims }) =>
    !("nonce" in claims || "at_hash" in claims || "c_hash" in claims) &&
    claims.typ !== "ID" &&
    claims.typ !== "Refresh",
  "RFC 9449 §7.1, RFC 8705 §3": ({ claims }) => !("cnf" in claims),
  "RFC 9068 §2.2": ({ claims: { sub } }) => typeof sub === "string" && sub !== "" && !controls.test(sub),
  "RFC 9068 §4": ({ claims: { iss } }, { issuer }) => iss === issuer,
  "MCP 2026-07-28 Authorization, Token Audience Binding; RFC 9068 §4": ({ claims: { aud } }, { resource }) =>
    aud === resource ||
    (Array.isArray(aud) && aud.every((one) => typeof one === "string") && aud.includes(resource)),
};

/** Remedies for wrong tokens that are let in, by the section of the finding. */
export const wrongTokenRemedies: Remedies = Object.fromEntries(
  Object.entries(rules).map(([section, rule]) => [section, refusesUnless(rule)]),
);

/** "Refuse such tokens with 401": in front of the guard, which goes on to see whether they are good otherwise. */
function refusesUnless(rule: Rule): Remedy {
  return (_change, site) => ({
    front: (app) => {
      app.use("/mcp", (request, response, next) => {
        const received = receivedFrom(request.headers.authorization);
        if (received === undefined || rule(received, site)) return next();
        const challenge = `Bearer resource_metadata="${site.origin}/.well-known/oauth-protected-resource", error="invalid_token"`;
        response.status(401).set("WWW-Authenticate", challenge).end();
      });
    },
  });
}

/** The token as it came, its signature unchecked; undefined where there is none that can be read. */
function receivedFrom(authorization: string | undefined): Received | undefined {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
  const [head = "", claims = ""] = token?.split(".") ?? [];
  const payload = Buffer.from(claims, "base64url");
  const [header, body] = [objectIn(Buffer.from(head, "base64url")), objectIn(payload)];
  if (token === undefined || header === undefined || body === undefined) return undefined;
  return { token, head: header, payload, claims: body };
}

function objectIn(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let level: readonly unknown[] = [value]; level.length > 0; depth += 1) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return depth;
}
