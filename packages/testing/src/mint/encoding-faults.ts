import { encode, type JsonOrText } from "./compact-jws.js";
import type { TokenMint } from "./token-mint.js";
import type { WrongToken } from "./wrong-token.js";

/** Wrong serialisations: segments, base64url, JSON (RFC 7515 §7.1, RFC 7519 §7.2). */
export type EncodingFault =
  | "signatureStripped"
  | "signatureTruncated"
  | "truncated"
  | "fourSegments"
  | "fiveSegments"
  | "encryptedWithDeflate"
  | "encryptedWithPassword"
  | "headerArray"
  | "headerString"
  | "headerNull"
  | "headerNotJson"
  | "payloadArray"
  | "payloadString"
  | "payloadNumber"
  | "payloadNull"
  | "payloadNotJson"
  | "payloadNotUtf8"
  | "payloadWithBom"
  | "duplicateClaims"
  | "paddedBase64"
  | "plainBase64"
  | "nonCanonicalBase64"
  | "deepPayload"
  | "tooLong";

const segments = (rows: readonly string[], title: string, change: (token: string) => string): WrongToken => ({
  rows,
  title,
  why: "RFC 7515 §7.1: a compact JWS has exactly three segments; access tokens are not decrypted unless configured",
  make: (mint) => change(mint.token()),
});

const payload = (
  rows: readonly string[],
  title: string,
  text: (mint: TokenMint) => JsonOrText,
  why = "RFC 7519 §7.2: the claims set is a JSON object in UTF-8",
): WrongToken => ({
  rows,
  title,
  why,
  make: (mint) =>
    mint.sign({ alg: "RS256", typ: "at+jwt", kid: mint.key("RS256").kid }, text(mint), mint.key("RS256")),
});

const header = (title: string, text: JsonOrText): WrongToken => ({
  rows: ["N033"],
  title,
  why: "RFC 7515 §5.2: the JOSE header is a JSON object in UTF-8",
  make: (mint) => mint.sign(text, mint.claims(), mint.key("RS256")),
});

const alphabet = (title: string, change: (token: string) => string): WrongToken => ({
  rows: ["N036"],
  title,
  why: "RFC 7515 §2: base64url without padding, white space or other characters",
  make: (mint) => change(mint.token()),
});

const jwe = (
  protectedHeader: Record<string, unknown>,
  title: string,
  rows: readonly string[],
): WrongToken => ({
  rows,
  title,
  why: "RFC 8725 §3.6 and §3.9: a server that expects signed tokens neither inflates nor decrypts",
  make: () => {
    const text = Buffer.alloc(600, "x").toString("base64url");
    return `${encode(protectedHeader)}.${text.slice(0, 40)}.${text.slice(0, 16)}.${text}.${text.slice(0, 22)}`;
  },
});

export const encodingFaults: Readonly<Record<EncodingFault, WrongToken>> = {
  signatureStripped: segments(["N011"], "a token without its signature", (t) =>
    t.slice(0, t.lastIndexOf(".") + 1),
  ),
  signatureTruncated: segments(["N011"], "a token with half a signature", (t) => t.slice(0, -170)),
  truncated: segments(["N011"], "a token of two segments", (t) => t.slice(0, t.lastIndexOf("."))),
  fourSegments: segments(["N011"], "a token of four segments", (t) => `${t}.e30`),
  fiveSegments: segments(["N011"], "a token of five segments", (t) => `${t}.e30.e30`),
  encryptedWithDeflate: jwe(
    { alg: "RSA-OAEP-256", enc: "A256GCM", zip: "DEF" },
    "an encrypted token that would inflate",
    ["N012"],
  ),
  encryptedWithPassword: jwe(
    { alg: "PBES2-HS512+A256KW", enc: "A256GCM", p2c: 1_000_000_000, p2s: "c2FsdHNhbHQ" },
    "an encrypted token that asks for a billion hash rounds",
    ["N013"],
  ),
  headerArray: header("a token whose header is an array", "[]"),
  headerString: header("a token whose header is a string", '"RS256"'),
  headerNull: header("a token whose header is null", "null"),
  headerNotJson: header("a token whose header is not JSON", "{alg:RS256}"),
  payloadArray: payload(["N033"], "a token whose payload is an array", () => "[]"),
  payloadString: payload(["N033"], "a token whose payload is a string", () => '"todo:read"'),
  payloadNumber: payload(["N033"], "a token whose payload is a number", () => "1"),
  payloadNull: payload(["N033"], "a token whose payload is null", () => "null"),
  payloadNotJson: payload(["N033"], "a token whose payload is not JSON", () => "{'sub':'user_1'}"),
  payloadNotUtf8: payload(["N033"], "a token whose payload is not UTF-8", (mint) => {
    const text = Buffer.from(JSON.stringify(mint.claims({ name: "caf?" })));
    text[text.lastIndexOf("?")] = 0xe9;
    return text;
  }),
  payloadWithBom: payload(
    ["N033"],
    "a token whose payload begins with a byte order mark",
    (mint) => `\ufeff${JSON.stringify(mint.claims())}`,
    "RFC 8259 §8.1: JSON on the wire has no byte order mark",
  ),
  duplicateClaims: payload(
    ["N034"],
    "a token that names this resource first and then another",
    (mint) => JSON.stringify(mint.claims()).replace(/}$/, ',"aud":"https://other.example.com/mcp"}'),
    "RFC 7519 §4: of two claims with one name the last counts, if the token is not refused altogether",
  ),
  paddedBase64: alphabet("a token with padding after its signature", (t) => `${t}==`),
  plainBase64: alphabet("a token in plain base64", (t) => t.replaceAll("-", "+").replaceAll("_", "/")),
  nonCanonicalBase64: alphabet("a token whose last character has bits that mean nothing", withTrailingBits),
  deepPayload: payload(["N037"], "a token whose payload is nested 2,000 deep", (mint) => {
    const deep = `${"[".repeat(2000)}${"]".repeat(2000)}`;
    return JSON.stringify(mint.claims({ aud: "https://other.example.com/mcp" })).replace(
      "{",
      `{"x":${deep},`,
    );
  }),
  tooLong: {
    rows: ["N032"],
    title: "a token of more than 8,192 characters",
    why: "RFC 8725 §3.2 and §3.11: input is bounded before any work is done on it",
    make: (mint) => mint.token({ filler: "x".repeat(7000) }),
  },
};

/** An RSA-2048 signature is 256 octets: 342 characters, of which the last has four bits that carry nothing. */
function withTrailingBits(token: string): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = digits.indexOf(token.slice(-1));
  return token.slice(0, -1) + digits[last + 1];
}
