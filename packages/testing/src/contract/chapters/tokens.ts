import { type WrongTokenName, wrongTokens } from "../../mint/token-mint.js";
import { invalidToken, refusedByParser, served } from "../expected.js";
import { authorized, listTodos } from "../requests.js";
import type { ContractRow, ExpectedAnswer, Mints } from "../row.js";
import { row } from "../rows.js";

/** The one call that is always allowed, with this token. */
export const bearing = (
  rows: string,
  title: string,
  why: string,
  token: (mints: Mints) => string,
  expected: ContractRow["expected"],
  setup: ContractRow["setup"] = "main",
): ContractRow => row(rows, title, why, (mints) => authorized(token(mints), listTodos), expected, { setup });

const now = (): number => Math.floor(Date.now() / 1000);

export const ok: ExpectedAnswer = served("tools/call list_todos");

/** Every wrong token gets the same answer, to the byte. */
export const wrong: readonly ContractRow[] = Object.entries(wrongTokens).map(
  ([name, { title, why, rows }]) => ({
    rows: [...rows, "N141"],
    title: `refuses ${title}`,
    why,
    setup: "main",
    request: ({ mint }) => authorized(mint.wrong(name as WrongTokenName), listTodos),
    expected: invalidToken,
  }),
);

export const right: readonly ContractRow[] = [
  ...(["RS256", "PS256", "ES256", "EdDSA"] as const).map((algorithm) =>
    bearing(
      algorithm === "RS256" ? "P1 N024" : "P1",
      `takes an ${algorithm} token`,
      "RFC 9068 §2.1: signed, with an asymmetric algorithm",
      ({ mint }) => mint.token({}, { algorithm }),
      ok,
    ),
  ),
  bearing(
    "P1",
    "takes a token whose aud is an array with the resource alone",
    "RFC 7519 §4.1.3",
    ({ mint }) => mint.token({ aud: [mint.audience] }),
    ok,
  ),
  bearing(
    "N050",
    "takes a token for this resource and others",
    "RFC 7519 §4.1.3: aud contains the resource",
    ({ mint }) => mint.token({ aud: ["https://other.example.com", mint.audience] }),
    ok,
  ),
  bearing(
    "N040",
    "takes a token that expired within the clock tolerance",
    "RFC 7519 §4.1.4: a small leeway for clock skew",
    ({ mint }) => mint.token({ exp: now() - 3, iat: now() - 600 }),
    ok,
  ),
  bearing(
    "N061",
    "takes a token without typ where types are lenient",
    "RFC 9068 §2.1 asks for at+jwt, which not every issuer writes",
    ({ mint }) => mint.token({}, { header: { typ: undefined } }),
    ok,
  ),
  bearing(
    "N061",
    "takes a token of typ JWT where types are lenient",
    "RFC 9068 §2.1 asks for at+jwt, which not every issuer writes",
    ({ mint }) => mint.token({}, { header: { typ: "JWT" } }),
    ok,
  ),
  bearing(
    "N038",
    "pays no attention to an alg among the claims",
    "RFC 7515 §4.1.1: alg is a header parameter",
    ({ mint }) => mint.token({ alg: "none" }),
    ok,
  ),
  bearing(
    "P4",
    "takes a token of the longest length",
    "RFC 6750 §5.2 sets no limit; 8,192 characters is ours",
    ({ mint }) => longestToken(mint, 8192),
    ok,
  ),
];

export const configured: readonly ContractRow[] = [
  bearing(
    "N005",
    "refuses a good ES256 token where only RS256 is allowed",
    "RFC 8725 §3.1",
    ({ mint }) => mint.token({}, { algorithm: "ES256" }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N060",
    "takes typ at+jwt where types are strict",
    "RFC 9068 §4",
    ({ mint }) => mint.token(),
    ok,
    "strict tokens",
  ),
  bearing(
    "N060",
    "takes typ application/at+jwt in any case where types are strict",
    "RFC 7515 §4.1.9: media types, in any case, with or without application/",
    ({ mint }) => mint.token({}, { header: { typ: "Application/AT+JWT" } }),
    ok,
    "strict tokens",
  ),
  bearing(
    "N061",
    "refuses typ JWT where types are strict",
    "RFC 9068 §4",
    ({ mint }) => mint.token({}, { header: { typ: "JWT" } }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N061",
    "refuses a token without typ where types are strict",
    "RFC 9068 §4",
    ({ mint }) => mint.token({}, { header: { typ: undefined } }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N067",
    "refuses a token that was revoked",
    "RFC 7009 §2.2: a revoked token cannot be used again",
    ({ mint }) => mint.token({ jti: "revoked" }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N041",
    "refuses a token that lives longer than is allowed",
    "RFC 9700 §2.2: access tokens are short-lived",
    ({ mint }) => mint.token({ exp: now() + 7200 }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N044",
    "refuses a token without iat where its life is limited",
    "RFC 9068 §2.2: iat is required",
    ({ mint }) => mint.token({ iat: undefined }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N050",
    "refuses a token for this resource and others where it has to be the only one",
    "RFC 7519 §4.1.3",
    ({ mint }) => mint.token({ aud: [mint.audience, "https://other.example.com"] }),
    invalidToken,
    "strict tokens",
  ),
  bearing(
    "N047",
    "takes the tokens of the first of two issuers",
    "RFC 9068 §4",
    ({ mint }) => mint.token(),
    ok,
    "two issuers",
  ),
  bearing(
    "N047",
    "takes the tokens of the second of two issuers",
    "RFC 9068 §4",
    ({ partner }) => partner.token(),
    ok,
    "two issuers",
  ),
  bearing(
    "N047",
    "refuses a token of one issuer that the other has signed",
    "RFC 8725 §3.10: each issuer has its own keys",
    ({ mint, partner }) => partner.token({ iss: mint.issuer }),
    invalidToken,
    "two issuers",
  ),
  bearing(
    "N047",
    "refuses it also under the kid of the issuer that it names",
    "RFC 8725 §3.10: each issuer has its own keys",
    ({ mint, partner }) => partner.token({ iss: mint.issuer }, { header: { kid: mint.key().kid } }),
    invalidToken,
    "two issuers",
  ),
  bearing(
    "N054",
    "takes aud with a slash where the resource is a bare origin",
    "RFC 3986 §6.2.3: an empty path is the path /",
    ({ mint }) => mint.token({ aud: "https://mcp.example.com/" }),
    ok,
    "bare origin",
  ),
  bearing(
    "N054",
    "takes aud without a slash where the resource is a bare origin",
    "RFC 8707 §2",
    ({ mint }) => mint.token({ aud: "https://mcp.example.com" }),
    ok,
    "bare origin",
  ),
  bearing(
    "N032",
    "refuses a token beyond the configured length",
    "RFC 8725 §3.2: input is bounded",
    ({ mint }) => mint.token({ filler: "x".repeat(2000) }),
    invalidToken,
    "limits",
  ),
  {
    ...bearing(
      "N032",
      "does not let a token of 64 kB through",
      "RFC 9110 §5.4: servers bound the size of fields",
      ({ mint }) => mint.token({ filler: "x".repeat(48_000) }),
      [{ ...refusedByParser, status: 431 }, refusedByParser, invalidToken],
    ),
    because: "HTTP parsers have limits of their own",
  },
];

/** A good token that is as long as a limit allows: another claim of one octet would be too many. */
function longestToken(mint: Mints["mint"], limit: number): string {
  const key = mint.key("EdDSA");
  const token = (octets: number): string =>
    mint.token({ filler: "x".repeat(octets) }, { algorithm: key.algorithm });
  let octets = Math.floor(((limit - token(0).length) * 3) / 4);
  while (token(octets).length > limit) octets -= 1;
  return token(octets);
}
