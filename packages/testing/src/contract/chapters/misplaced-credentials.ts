import { chunked, type RawRequest } from "../../raw/request.js";
import { invalidToken, refusedByParser, unauthorized } from "../expected.js";
import { authorized, legacy, listTodos, posted, withHeaders } from "../requests.js";
import type { ContractRow } from "../row.js";
import { row } from "../rows.js";

const headerOnly =
  "MCP 2026-07-28 Authorization, Token Requirements: the token comes in the Authorization header and nowhere else";

/** Credentials where none are looked for. */
const elsewhere = (rows: string, title: string, request: (token: string) => RawRequest): ContractRow =>
  row(rows, title, headerOnly, ({ mint }) => request(mint.token()), unauthorized);

export const misplaced: readonly ContractRow[] = [
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

export const unparsed: readonly ContractRow[] = [
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
      ({ mint }) => withHeaders([["Authorization", `Bearer ${mint.token()}${character}x`]], listTodos),
      [refusedByParser, invalidToken],
      { because: "HTTP parsers refuse it themselves, or hand it on" },
    ),
  ),
  row(
    "N106",
    "does not take a request with two lengths",
    "RFC 9112 §6.1: Transfer-Encoding with Content-Length is how requests are smuggled",
    ({ mint }) =>
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
