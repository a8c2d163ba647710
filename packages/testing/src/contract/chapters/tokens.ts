import { type WrongTokenName, wrongTokens } from "../../mint/token-mint.js";
import { insufficientScope, invalidToken, refusedByParser, served } from "../expected.js";
import { authorized, call, listTodos, modernCall } from "../requests.js";
import type { ContractRow, ExpectedAnswer, Mints } from "../row.js";

const now = (): number => Math.floor(Date.now() / 1000);

const row = (
  rows: string,
  title: string,
  why: string,
  token: (mints: Mints) => string,
  expected: ContractRow["expected"],
  setup: ContractRow["setup"] = "main",
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why,
  setup,
  request: (mints) => authorized(token(mints), listTodos),
  expected,
});

const ok = served("tools/call list_todos");

/** Every wrong token gets the same answer, to the byte. */
const wrong: readonly ContractRow[] = Object.entries(wrongTokens).map(([name, { title, why, rows }]) => ({
  rows: [...rows, "N141"],
  title: `refuses ${title}`,
  why,
  setup: "main",
  request: ({ mint }) => authorized(mint.wrong(name as WrongTokenName), listTodos),
  expected: invalidToken,
}));

const right: readonly ContractRow[] = [
  ...(["RS256", "PS256", "ES256", "EdDSA"] as const).map((algorithm) =>
    row(
      "P1",
      `takes an ${algorithm} token`,
      "RFC 9068 §2.1: signed, with an asymmetric algorithm",
      ({ mint }) => mint.token({}, { algorithm }),
      ok,
    ),
  ),
  row(
    "P1",
    "takes a token whose aud is an array with the resource alone",
    "RFC 7519 §4.1.3",
    ({ mint }) => mint.token({ aud: [mint.audience] }),
    ok,
  ),
  row(
    "N050",
    "takes a token for this resource and others",
    "RFC 7519 §4.1.3: aud contains the resource",
    ({ mint }) => mint.token({ aud: ["https://other.example.com", mint.audience] }),
    ok,
  ),
  row(
    "N040",
    "takes a token that expired within the clock tolerance",
    "RFC 7519 §4.1.4: a small leeway for clock skew",
    ({ mint }) => mint.token({ exp: now() - 3, iat: now() - 600 }),
    ok,
  ),
  row(
    "N061",
    "takes a token without typ where types are lenient",
    "RFC 9068 §2.1 asks for at+jwt, which not every issuer writes",
    ({ mint }) => mint.token({}, { header: { typ: undefined } }),
    ok,
  ),
  row(
    "N061",
    "takes a token of typ JWT where types are lenient",
    "RFC 9068 §2.1 asks for at+jwt, which not every issuer writes",
    ({ mint }) => mint.token({}, { header: { typ: "JWT" } }),
    ok,
  ),
  row(
    "N038",
    "pays no attention to an alg among the claims",
    "RFC 7515 §4.1.1: alg is a header parameter",
    ({ mint }) => mint.token({ alg: "none" }),
    ok,
  ),
  row(
    "P4",
    "takes a token of the longest length",
    "RFC 6750 §5.2 sets no limit; 8,192 characters is ours",
    ({ mint }) => longestToken(mint, 8192),
    ok,
  ),
];

const configured: readonly ContractRow[] = [
  row(
    "N005",
    "refuses a good ES256 token where only RS256 is allowed",
    "RFC 8725 §3.1",
    ({ mint }) => mint.token({}, { algorithm: "ES256" }),
    invalidToken,
    "strict tokens",
  ),
  row(
    "N060",
    "takes typ at+jwt where types are strict",
    "RFC 9068 §4",
    ({ mint }) => mint.token(),
    ok,
    "strict tokens",
  ),
  row(
    "N060",
    "takes typ application/at+jwt in any case where types are strict",
    "RFC 7515 §4.1.9: media types, in any case, with or without application/",
    ({ mint }) => mint.token({}, { header: { typ: "Application/AT+JWT" } }),
    ok,
    "strict tokens",
  ),
  row(
    "N061",
    "refuses typ JWT where types are strict",
    "RFC 9068 §4",
    ({ mint }) => mint.token({}, { header: { typ: "JWT" } }),
    invalidToken,
    "strict tokens",
  ),
  row(
    "N061",
    "refuses a token without typ where types are strict",
    "RFC 9068 §4",
    ({ mint }) => mint.token({}, { header: { typ: undefined } }),
    invalidToken,
    "strict tokens",
  ),
  row(
    "N047",
    "takes the tokens of the first of two issuers",
    "RFC 9068 §4",
    ({ mint }) => mint.token(),
    ok,
    "two issuers",
  ),
  row(
    "N047",
    "takes the tokens of the second of two issuers",
    "RFC 9068 §4",
    ({ partner }) => partner.token(),
    ok,
    "two issuers",
  ),
  row(
    "N047",
    "refuses a token of one issuer that the other has signed",
    "RFC 8725 §3.10: each issuer has its own keys",
    ({ mint, partner }) => partner.token({ iss: mint.issuer }),
    invalidToken,
    "two issuers",
  ),
  row(
    "N047",
    "refuses it also under the kid of the issuer that it names",
    "RFC 8725 §3.10: each issuer has its own keys",
    ({ mint, partner }) => partner.token({ iss: mint.issuer }, { header: { kid: mint.key().kid } }),
    invalidToken,
    "two issuers",
  ),
  row(
    "N054",
    "takes aud with a slash where the resource is a bare origin",
    "RFC 3986 §6.2.3: an empty path is the path /",
    ({ mint }) => mint.token({ aud: "https://mcp.example.com/" }),
    ok,
    "bare origin",
  ),
  row(
    "N054",
    "takes aud without a slash where the resource is a bare origin",
    "RFC 8707 §2",
    ({ mint }) => mint.token({ aud: "https://mcp.example.com" }),
    ok,
    "bare origin",
  ),
  row(
    "N032",
    "refuses a token beyond the configured length",
    "RFC 8725 §3.2: input is bounded",
    ({ mint }) => mint.token({ filler: "x".repeat(2000) }),
    invalidToken,
    "limits",
  ),
  {
    ...row(
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

const scopes = (
  rows: string,
  title: string,
  claims: Record<string, unknown>,
  granted: string,
  expected: ExpectedAnswer,
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why: `RFC 6749 §3.3: scope is a list of case-sensitive strings, separated by spaces; this token has "${granted}"`,
  setup: "main",
  request: ({ mint }) => authorized(mint.token({ scope: undefined, ...claims }), modernCall("create_todo")),
  expected,
});

const short = insufficientScope("todo:read todo:write");
const both = served("tools/call create_todo", { scopes: "todo:read todo:write" });

const granted: readonly ContractRow[] = [
  scopes("N068", "reads scopes from scope", { scope: "todo:read todo:write" }, "todo:read todo:write", both),
  scopes(
    "N068",
    "reads scopes from a scopes array",
    { scopes: ["todo:read", "todo:write"] },
    "todo:read todo:write",
    both,
  ),
  scopes(
    "N068",
    "reads scopes from scp as a string",
    { scp: "todo:read todo:write" },
    "todo:read todo:write",
    both,
  ),
  scopes(
    "N068",
    "reads scopes from scp as an array",
    { scp: ["todo:read", "todo:write"] },
    "todo:read todo:write",
    both,
  ),
  scopes("N068", "grants nothing for a scope that is a number", { scope: 1 }, "", short),
  scopes(
    "N068",
    "grants nothing for a scope that is an object",
    { scope: { "todo:write": true } },
    "",
    short,
  ),
  scopes(
    "N069",
    "does not take a longer scope for a shorter one",
    { scope: "todo:read todo:writeonly" },
    "todo:read todo:writeonly",
    short,
  ),
  scopes(
    "N069",
    "does not take a scope in capitals for one in small letters",
    { scope: "todo:read TODO:WRITE" },
    "todo:read TODO:WRITE",
    short,
  ),
  scopes(
    "N069",
    "does not take a comma for a space",
    { scope: "todo:read,todo:write" },
    "todo:read,todo:write",
    short,
  ),
  scopes("N070", "does not take * for every scope", { scope: "todo:read *" }, "todo:read *", short),
  scopes(
    "N070",
    "does not take admin for every scope",
    { scope: "todo:read admin" },
    "todo:read admin",
    short,
  ),
  scopes(
    "N073",
    "does not take roles, groups or entitlements for scopes",
    {
      scope: "todo:read",
      roles: ["todo:write"],
      groups: ["todo:write"],
      entitlements: ["todo:write"],
      permissions: ["todo:write"],
    },
    "todo:read",
    short,
  ),
  {
    ...scopes("N035", "does not take scopes from a claim called __proto__", {}, "todo:read", short),
    request: ({ mint }) => {
      const text = JSON.stringify(mint.claims()).replace(
        "{",
        '{"__proto__":{"scope":"todo:read todo:write","scp":["todo:write"]},"constructor":{"scopes":["todo:write"]},',
      );
      const header = { alg: "RS256", typ: "at+jwt", kid: mint.key("RS256").kid };
      return authorized(mint.sign(header, text, mint.key("RS256")), modernCall("create_todo"));
    },
  },
  {
    ...row(
      "N072",
      "decides about a token with a thousand scopes",
      "RFC 6749 §3.3",
      ({ mint }) =>
        mint.token({
          scope: `todo:read ${Array.from({ length: 1000 }, (_, index) => `s${index}`).join(" ")}`,
        }),
      { ...ok, body: undefined },
    ),
  },
  {
    ...row(
      "N071",
      "takes a scope that implies another through a third",
      "MCP 2026-07-28 Authorization: servers MUST take scope hierarchy into account",
      ({ mint }) => mint.token({ scope: "todo:admin" }),
      served("tools/call list_todos", { scopes: "todo:admin" }),
      "hierarchy",
    ),
  },
  {
    ...row(
      "N071",
      "does not take the implied scope for the one that implies it",
      "MCP 2026-07-28 Authorization: servers MUST take scope hierarchy into account",
      ({ mint }) => mint.token({ scope: "todo:write" }),
      insufficientScope("todo:write todo:read todo:admin"),
      "hierarchy",
    ),
    request: ({ mint }) => authorized(mint.token({ scope: "todo:write" }), call("purge")),
  },
];

export const tokens: readonly ContractRow[] = [...wrong, ...right, ...configured, ...granted];
