import { gzipSync } from "node:zlib";
import { chunked } from "../../raw/request.js";
import {
  bodyTooLarge,
  contentEncodingRefused,
  invalidRequest,
  invalidToken,
  refusedByBodyParser,
  served,
  unauthorized,
} from "../expected.js";
import { authorized, call, legacy, listTodos, posted } from "../requests.js";
import type { ContractRow } from "../row.js";

const bounded = "RFC 9110 §15.5.14, CWE-770: a server bounds what it reads";
const order = "MCP 2026-07-28 Authorization: the token is looked at before one byte of the body";
const long = legacy("tools/call", { name: "list_todos", arguments: { text: "x".repeat(2000) } });
const json = [["Content-Type", "application/json"]] as const;
const coded = "RFC 9110 §15.5.16: content codings are how a small body becomes a large one";

const encoded = (encoding: string, body: string | Uint8Array): ContractRow => ({
  rows: ["N175"],
  title: `refuses a body in the coding ${encoding}`,
  why: coded,
  setup: "main",
  request: ({ mint }) =>
    authorized(mint.token(), posted(body, [], { headers: [["Content-Encoding", encoding]] })),
  expected: {
    ...contentEncodingRefused,
    headers: { ...contentEncodingRefused.headers, "Accept-Encoding": "identity" },
  },
  // A decoder that fails is a server error to some parsers.
  readByApplication: [contentEncodingRefused, refusedByBodyParser, { ...refusedByBodyParser, status: 500 }],
});

export const bodies: readonly ContractRow[] = [
  encoded("gzip", gzipSync(listTodos.body as string)),
  encoded("br", "xx"),
  encoded("deflate", "xx"),
  {
    rows: ["N176"],
    title: "refuses a body that says it is too long",
    why: bounded,
    setup: "limits",
    request: ({ mint }) => authorized(mint.token(), long),
    expected: bodyTooLarge,
    readByApplication: [bodyTooLarge, refusedByBodyParser],
  },
  {
    rows: ["N176"],
    title: "refuses a body that says it is too long before it comes",
    why: bounded,
    setup: "limits",
    request: ({ mint }) => ({
      headers: [["Authorization", `Bearer ${mint.token()}`], ...json, ["Content-Length", "1000000000"]],
    }),
    expected: bodyTooLarge,
    needsBodies: true,
  },
  {
    rows: ["N176"],
    title: "refuses a body that turns out to be too long",
    why: bounded,
    setup: "limits",
    request: ({ mint }) => ({
      headers: [["Authorization", `Bearer ${mint.token()}`], ...json, ["Transfer-Encoding", "chunked"]],
      body: chunked([(long.body as string).slice(0, 500), (long.body as string).slice(500)]),
    }),
    expected: bodyTooLarge,
    readByApplication: [bodyTooLarge, refusedByBodyParser, served("tools/call list_todos")],
  },
  {
    rows: ["N176"],
    title: "serves a body that comes in chunks",
    why: "RFC 9112 §7.1",
    setup: "main",
    request: ({ mint }) => ({
      headers: [["Authorization", `Bearer ${mint.token()}`], ...json, ["Transfer-Encoding", "chunked"]],
      body: chunked([...(listTodos.body as string)]),
    }),
    expected: served("tools/call list_todos"),
  },
  {
    rows: ["N176"],
    title: "asks for credentials before a body comes that has been announced",
    why: order,
    setup: "main",
    request: () => ({ headers: [...json, ["Content-Length", "1000000"]] }),
    expected: unauthorized,
    needsBodies: true,
  },
  {
    rows: ["N176"],
    title: "asks for credentials before a client goes on that waits for 100 Continue",
    why: "RFC 9110 §10.1.1: a final status may come at once",
    setup: "main",
    request: () => ({ headers: [...json, ["Content-Length", "1000"], ["Expect", "100-continue"]] }),
    expected: unauthorized,
    needsBodies: true,
  },
  {
    rows: ["N176"],
    title: "refuses a wrong token before it looks at a body that does not parse",
    why: order,
    setup: "main",
    request: ({ mint }) => authorized(mint.wrong("expired"), posted("{")),
    expected: invalidToken,
    readByApplication: [invalidToken, refusedByBodyParser],
  },
  {
    rows: ["N158"],
    title: "refuses a batch beyond the configured length",
    why: bounded,
    setup: "limits",
    request: ({ mint }) => {
      const member = JSON.parse(call("whoami").body as string) as unknown;
      const batch = JSON.stringify([member, member, member, member]);
      return authorized(mint.token(), posted(batch, [["MCP-Protocol-Version", "2025-03-26"]]));
    },
    expected: invalidRequest(),
  },
];
