import type { TokenMint } from "./token-mint.js";
import type { WrongToken } from "./wrong-token.js";

/** Tokens from somebody else or for somebody else: wrong `iss`, wrong `aud` (RFC 7519 §4.1.1, §4.1.3). */
export type AddressFault =
  | "wrongIssuer"
  | "issuerMissing"
  | "issuerArray"
  | "issuerWithSlash"
  | "issuerUpperCase"
  | "issuerWithPort"
  | "issuerOtherScheme"
  | "issuerOfOtherTenant"
  | "wrongAudience"
  | "audienceMissing"
  | "audienceNull"
  | "audienceObject"
  | "audienceEmpty"
  | "audienceNumber"
  | "audienceWithNonStrings"
  | "audienceOfThousands"
  | "audiencePrefix"
  | "audienceBelow"
  | "audienceOrigin"
  | "audienceWithSlash"
  | "audienceUpperCase"
  | "audienceWithPort"
  | "audiencePercentEncoded"
  | "audienceWithUser"
  | "audienceLookalike"
  | "audienceClient"
  | "audienceGeneric";

const address = (
  row: string,
  title: string,
  why: string,
  change: (mint: TokenMint) => Record<string, unknown>,
): WrongToken => ({ rows: [row], title, why, make: (mint) => mint.token(change(mint)) });

const issuer = (row: string, title: string, change: (issuer: string) => unknown): WrongToken =>
  address(
    row,
    title,
    "RFC 9068 §4: iss is exactly the issuer identifier of the authorization server",
    (mint) => ({
      iss: change(mint.issuer),
    }),
  );

const audience = (row: string, title: string, change: (audience: string) => unknown): WrongToken =>
  address(
    row,
    title,
    "MCP 2026-07-28 Authorization, Token Audience Binding; RFC 9068 §4: aud holds this resource's identifier, character for character",
    (mint) => ({ aud: change(mint.audience) }),
  );

export const addressFaults: Readonly<Record<AddressFault, WrongToken>> = {
  wrongIssuer: issuer("N045", "a token from another issuer", () => "https://evil.example.com"),
  issuerMissing: issuer("N045", "a token without iss", () => undefined),
  issuerArray: issuer("N045", "a token whose iss is an array", (iss) => [iss]),
  issuerWithSlash: issuer("N045", "a token whose iss has one slash more", (iss) => `${iss}/`),
  issuerUpperCase: issuer("N045", "a token whose iss is in capitals", (iss) => iss.toUpperCase()),
  issuerWithPort: issuer("N045", "a token whose iss names a port", (iss) =>
    iss.replace(/^(https?:\/\/[^:/]+)(:\d+)?/, "$1:443"),
  ),
  issuerOtherScheme: issuer("N045", "a token whose iss has another scheme", (iss) =>
    iss.startsWith("https:") ? iss.replace("https:", "http:") : iss.replace("http:", "https:"),
  ),
  issuerOfOtherTenant: issuer(
    "N046",
    "a token from another tenant with the same keys",
    (iss) => `${iss}/tenants/2`,
  ),
  wrongAudience: audience("N049", "a token for another resource", () => "https://other.example.com/mcp"),
  audienceMissing: audience("N048", "a token without aud", () => undefined),
  audienceNull: audience("N048", "a token whose aud is null", () => null),
  audienceObject: audience("N048", "a token whose aud is an object", (aud) => ({ [aud]: true })),
  audienceEmpty: audience("N048", "a token whose aud is an empty array", () => []),
  audienceNumber: audience("N048", "a token whose aud is a number", () => 1),
  audienceWithNonStrings: audience("N051", "a token whose aud holds more than strings", (aud) => [
    aud,
    1,
    {},
  ]),
  audienceOfThousands: audience("N051", "a token for a thousand others", () =>
    Array.from({ length: 1000 }, (_, index) => `a${index % 10}`),
  ),
  audiencePrefix: audience("N052", "a token whose aud lacks the last character", (aud) => aud.slice(0, -1)),
  audienceBelow: audience("N052", "a token for something below the resource", (aud) => `${aud}/admin`),
  audienceOrigin: audience("N052", "a token for the origin only", (aud) => new URL(aud).origin),
  audienceWithSlash: audience("N053", "a token whose aud has one slash more", (aud) => `${aud}/`),
  audienceUpperCase: audience("N055", "a token whose aud has its host in capitals", (aud) => {
    const { host } = new URL(aud);
    return aud.replace(host, host.toUpperCase());
  }),
  audienceWithPort: audience("N055", "a token whose aud names the default port", (aud) => {
    const { hostname } = new URL(aud);
    return aud.replace(hostname, `${hostname}:443`);
  }),
  audiencePercentEncoded: audience("N055", "a token whose aud is percent-encoded", (aud) =>
    aud.replace(/m(?=[^m]*$)/, "%6d"),
  ),
  audienceWithUser: audience("N055", "a token whose aud names a user", (aud) =>
    aud.replace("://", "://user@"),
  ),
  audienceLookalike: audience("N055", "a token whose aud only looks like the resource", (aud) =>
    aud.replace(/c(?=[^c]*$)/, "\u0441"),
  ),
  audienceClient: audience("N056", "a token whose aud is its client", () => "client_1"),
  audienceGeneric: audience("N056", "a token whose aud is account", () => "account"),
};
