import type { TokenMint } from "../../mint/token-mint.js";
import type { RawRequest } from "../../raw/request.js";
import { chunked } from "../../raw/request.js";
import { invalidToken, multipleCredentials, refusedByParser, served, unauthorized } from "../expected.js";
import { authorized, legacy, listTodos, posted, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const singleton =
  "RFC 9110 §5.3, RFC 6750 §2: one request, one credential; more than one is a malformed request (§3.1)";
const headerOnly =
  "MCP 2026-07-28 Authorization, Token Requirements: the token comes in the Authorization header and nowhere else";
const grammar = "RFC 6750 §2.1: Bearer, one space or more, and a b64token, with nothing behind it";

const row = (
  rows: string,
  title: string,
  why: string,
  request: (mint: TokenMint) => RawRequest,
  expected: ContractRow["expected"],
  because?: string,
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why,
  setup: "main",
  request: ({ mint }) => request(mint),
  expected,
  ...(because === undefined ? {} : { because }),
});

/** One Authorization line. */
const line = (
  rows: string,
  title: string,
  why: string,
  value: (token: string) => string,
  expected: ExpectedAnswer,
): ContractRow =>
  row(rows, title, why, (mint) => withHeaders([["Authorization", value(mint.token())]], listTodos), expected);

/** Credentials where none are looked for. */
const elsewhere = (rows: string, title: string, request: (token: string) => RawRequest): ContractRow =>
  row(rows, title, headerOnly, (mint) => request(mint.token()), unauthorized);

const ok = served("tools/call list_todos");

const one: readonly ContractRow[] = [
  row(
    "N087",
    "asks a POST without credentials to log in",
    "RFC 6750 §3.1, RFC 9728 §5.1",
    () => listTodos,
    unauthorized,
  ),
  row(
    "N087",
    "asks a GET without credentials to log in",
    "RFC 6750 §3.1",
    () => ({ method: "GET" }),
    unauthorized,
  ),
  row(
    "N087",
    "asks a DELETE without credentials to log in",
    "RFC 6750 §3.1",
    () => ({ method: "DELETE" }),
    unauthorized,
  ),
  row(
    "N186",
    "asks for credentials where only a session id came",
    "MCP 2025-11-25 Security Best Practices: sessions are not authentication",
    () => withHeaders([["Mcp-Session-Id", "session_1"]], listTodos),
    unauthorized,
  ),
  line("N088", "refuses the scheme alone", grammar, () => "Bearer", invalidToken),
  line("N088", "refuses the scheme with blanks behind it", grammar, () => "Bearer    ", invalidToken),
  line(
    "N089",
    "takes the scheme in lower case",
    "RFC 9110 §11.1: schemes are case-insensitive",
    (t) => `bearer ${t}`,
    ok,
  ),
  line(
    "N089",
    "takes the scheme in capitals",
    "RFC 9110 §11.1: schemes are case-insensitive",
    (t) => `BEARER ${t}`,
    ok,
  ),
  line(
    "N089",
    "takes the scheme in mixed case",
    "RFC 9110 §11.1: schemes are case-insensitive",
    (t) => `BeArEr ${t}`,
    ok,
  ),
  line(
    "N090",
    "takes two spaces behind the scheme",
    "RFC 9110 §11.4: one space or more",
    (t) => `Bearer  ${t}`,
    ok,
  ),
  line(
    "N090",
    "takes white space around the value",
    "RFC 9110 §5.5: it is not part of the value",
    (t) => ` \t Bearer ${t} \t`,
    ok,
  ),
  line("N091", "refuses a tab behind the scheme", grammar, (t) => `Bearer\t${t}`, invalidToken),
  line(
    "N091",
    "refuses a no-break space behind the scheme",
    grammar,
    (t) => `Bearer\u00a0${t}`,
    invalidToken,
  ),
  line("N091", "refuses a token without a space before it", grammar, (t) => `Bearer${t}`, invalidToken),
  line("N091", "refuses a colon behind the scheme", grammar, (t) => `Bearer:${t}`, invalidToken),
  line("N091", "refuses an equals sign behind the scheme", grammar, (t) => `Bearer=${t}`, invalidToken),
  line("N092", "refuses a second word behind the token", grammar, (t) => `Bearer ${t} extra`, invalidToken),
  line("N092", "refuses a semicolon behind the token", grammar, (t) => `Bearer ${t};x`, invalidToken),
  line("N104", "refuses octets beyond ASCII in a token", grammar, (t) => `Bearer ${t}\u00e9`, invalidToken),
  line(
    "N095",
    "asks a caller with Basic credentials to log in",
    "RFC 6750 §3.1: another scheme is no authentication information",
    () => "Basic dXNlcjpwYXNz",
    unauthorized,
  ),
  line(
    "N095",
    "asks a caller with Digest credentials to log in",
    "RFC 6750 §3.1",
    () => 'Digest username="a"',
    unauthorized,
  ),
  line(
    "N095",
    "asks a caller with Negotiate credentials to log in",
    "RFC 6750 §3.1",
    () => "Negotiate YIIB",
    unauthorized,
  ),
  line(
    "N095",
    "asks a caller with an unknown scheme to log in",
    "RFC 6750 §3.1",
    (t) => `Token ${t}`,
    unauthorized,
  ),
  line(
    "N095",
    "asks a caller with a DPoP token to log in",
    "RFC 9449 §7.1: a scheme of its own",
    (t) => `DPoP ${t}`,
    unauthorized,
  ),
  line("N095", "asks a caller with a bare token to log in", "RFC 6750 §3.1", (t) => t, unauthorized),
  line(
    "N221",
    "refuses thousands of blanks behind the scheme without delay",
    grammar,
    () => `Bearer ${" ".repeat(8000)}x y`,
    invalidToken,
  ),
];

const several: readonly ContractRow[] = [
  line(
    "N092",
    "refuses two tokens behind one scheme",
    singleton,
    (t) => `Bearer ${t}, ${t}`,
    multipleCredentials,
  ),
  line(
    "N092",
    "refuses two credentials in one line",
    singleton,
    (t) => `Bearer ${t}, Bearer ${t}`,
    multipleCredentials,
  ),
  line("N092", "refuses a comma behind the token", singleton, (t) => `Bearer ${t},`, multipleCredentials),
  ...(
    [
      ["a good and a bad one", (t) => [`Bearer ${t}`, "Bearer bad"]],
      ["a bad and a good one", (t) => ["Bearer bad", `Bearer ${t}`]],
      ["Basic and Bearer", (t) => ["Basic dXNlcjpwYXNz", `Bearer ${t}`]],
      ["Bearer and Basic", (t) => [`Bearer ${t}`, "Basic dXNlcjpwYXNz"]],
      ["the same one twice", (t) => [`Bearer ${t}`, `Bearer ${t}`]],
    ] satisfies [string, (token: string) => string[]][]
  ).map(([what, lines]) =>
    row(
      "N093",
      `refuses two Authorization headers: ${what}`,
      singleton,
      (mint) =>
        withHeaders(
          lines(mint.token()).map((value) => ["Authorization", value] as const),
          listTodos,
        ),
      multipleCredentials,
    ),
  ),
  row(
    "N094",
    "refuses two Authorization headers that are spelled differently",
    singleton,
    (mint) =>
      withHeaders(
        [
          ["Authorization", `Bearer ${mint.token()}`],
          ["authorization", "Bearer bad"],
        ],
        listTodos,
      ),
    multipleCredentials,
  ),
  row(
    "N101",
    "refuses a token in the header and another in the query",
    "RFC 6750 §2: clients MUST NOT use more than one method",
    (mint) => authorized(mint.token(), { ...listTodos, target: `/mcp?access_token=${mint.token()}` }),
    multipleCredentials,
  ),
];

const misplaced: readonly ContractRow[] = [
  ...["Proxy-Authorization", "X-Authorization"].map((name) =>
    elsewhere("N096", `does not look for a token in ${name}`, (t) =>
      withHeaders([[name, `Bearer ${t}`]], listTodos),
    ),
  ),
  ...["X-Forwarded-Access-Token", "X-Api-Key", "X-Access-Token"].map((name) =>
    elsewhere("N096", `does not look for a token in ${name}`, (t) => withHeaders([[name, t]], listTodos)),
  ),
  elsewhere("N097", "does not look for a token in the query", (t) => ({
    ...listTodos,
    target: `/mcp?access_token=${t}`,
  })),
  elsewhere("N097", "does not look for a token in the query under another name", (t) => ({
    ...listTodos,
    target: `/mcp?token=${t}`,
  })),
  elsewhere("N097", "does not look for a token in the fragment", (t) => ({
    ...listTodos,
    target: `/mcp#access_token=${t}`,
  })),
  elsewhere("N098", "does not look for a token in a form", (t) =>
    posted(`access_token=${t}`, [], { headers: [["Content-Type", "application/x-www-form-urlencoded"]] }),
  ),
  elsewhere("N099", "does not look for a token in JSON", (t) => posted(JSON.stringify({ access_token: t }))),
  elsewhere("N099", "does not look for a token in _meta or arguments", (t) =>
    legacy("tools/call", {
      name: "list_todos",
      arguments: { token: t },
      _meta: { authorization: `Bearer ${t}` },
    }),
  ),
  elsewhere("N100", "does not look for a token in a cookie", (t) =>
    withHeaders([["Cookie", `access_token=${t}`]], listTodos),
  ),
  elsewhere("N102", "does not open a WebSocket for a token in its protocol", (t) => ({
    method: "GET",
    headers: [
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
      ["Sec-WebSocket-Version", "13"],
      ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
      ["Sec-WebSocket-Protocol", `bearer, ${t}`],
    ],
  })),
  elsewhere("N103", "does not look for a token in a trailer", (t) => ({
    headers: [
      ["Content-Type", "application/json"],
      ["Transfer-Encoding", "chunked"],
      ["Trailer", "Authorization"],
    ],
    body: chunked([listTodos.body as string], [`Authorization: Bearer ${t}`]),
  })),
];

const unparsed: readonly ContractRow[] = [
  ...(
    [
      ["NUL", "\u0000"],
      ["a bare carriage return", "\r"],
    ] satisfies [string, string][]
  ).map(([what, character]) =>
    row(
      "N104",
      `does not let ${what} in the credentials through`,
      "RFC 9110 §5.5: field values hold no CR, LF or NUL",
      (mint) => withHeaders([["Authorization", `Bearer ${mint.token()}${character}x`]], listTodos),
      [refusedByParser, invalidToken],
      "HTTP parsers refuse it themselves, or hand it on",
    ),
  ),
  row(
    "N106",
    "does not take a request with two lengths",
    "RFC 9112 §6.1: Transfer-Encoding with Content-Length is how requests are smuggled",
    (mint) =>
      authorized(mint.token(), {
        headers: [
          ["Content-Type", "application/json"],
          ["Content-Length", "5"],
          ["Transfer-Encoding", "chunked"],
        ],
        body: `0\r\n\r\nPOST /mcp HTTP/1.1\r\nHost: mcp.example.com\r\n\r\n`,
      }),
    refusedByParser,
  ),
];

export const credentials: readonly ContractRow[] = [...one, ...several, ...misplaced, ...unparsed];
