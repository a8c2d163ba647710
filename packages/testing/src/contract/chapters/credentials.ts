import { invalidToken, multipleCredentials, served, unauthorized } from "../expected.js";
import { authorized, listTodos, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { row } from "../rows.js";

const singleton =
  "RFC 9110 §5.3, RFC 6750 §2: one request, one credential; more than one is a malformed request (§3.1)";

const grammar = "RFC 6750 §2.1: Bearer, one space or more, and a b64token, with nothing behind it";

/** One Authorization line. */
const line = (
  rows: string,
  title: string,
  why: string,
  value: (token: string) => string,
  expected: ExpectedAnswer,
): ContractRow =>
  row(
    rows,
    title,
    why,
    ({ mint }) => withHeaders([["Authorization", value(mint.token())]], listTodos),
    expected,
  );

const ok = served("tools/call list_todos");

export const one: readonly ContractRow[] = [
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

export const several: readonly ContractRow[] = [
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
      ({ mint }) =>
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
    ({ mint }) =>
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
    ({ mint }) => authorized(mint.token(), { ...listTodos, target: `/mcp?access_token=${mint.token()}` }),
    multipleCredentials,
  ),
];
