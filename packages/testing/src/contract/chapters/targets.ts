import type { RawRequest } from "../../raw/request.js";
import {
  methodNotAllowed,
  notFound,
  outside,
  ownHeaders,
  refusedByParser,
  served,
  unauthorized,
  unauthorizedHead,
} from "../expected.js";
import { authorized, listTodos, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const guardedWhy =
  "MCP 2026-07-28 Authorization: every request is authorized; a path that some router may take for the endpoint is guarded";

/** Spellings of the endpoint, or of something below it, that reach the handler on one framework or another. */
const spellings: readonly (readonly [row: string, target: string])[] = [
  ["N108", "/mcp?.well-known"],
  ["N108", "/mcp?x=/.well-known/oauth-protected-resource"],
  ["N109", "/mcp#.well-known"],
  ["N110", "/mcp/.well-known"],
  ["N110", "/mcp/.well-known/oauth-protected-resource"],
  ["N111", "/.well-known/../mcp"],
  ["N111", "/.well-known/oauth-protected-resource/../../mcp"],
  ["N111", "/mcp/.well-known/.."],
  ["N112", "/.well-known/%2e%2e/mcp"],
  ["N112", "/.well-known/..%2fmcp"],
  ["N112", "/%2ewell-known/../mcp"],
  ["N113", "http://x.well-known/mcp"],
  ["N113", "http://evil.example.com/.well-known/..//mcp"],
  ["N114", "/MCP"],
  ["N114", "/Mcp"],
  ["N114", "/mcp/"],
  ["N114", "/mcp//"],
  ["N114", "//mcp"],
  ["N114", "/./mcp"],
  ["N114", "/x/../mcp"],
  ["N115", "/%6dcp"],
  ["N115", "/mc%70"],
  ["N115", "/%256dcp"],
  ["N116", "/mcp;jsessionid=1"],
  ["N116", "/mcp%00"],
  ["N116", "/mcp%20"],
  ["N116", "/mcp\\"],
  ["N116", "/mcp%5c"],
  ["N132", "/mcp/<script>"],
];

const unguardedBecause = "an HTTP parser may refuse the target before anybody sees it";

/** Without a token: nobody gets in by a spelling. */
const guarded: readonly ContractRow[] = spellings.map(([row, target]) => ({
  rows: [row],
  title: `asks for credentials at ${target}`,
  why: guardedWhy,
  setup: "main",
  request: () => ({ ...listTodos, target }),
  expected: [unauthorized, refusedByParser],
  because: unguardedBecause,
}));

const anyone = { status: 200, challenge: null, ran: true } satisfies ExpectedAnswer;

/** With a token: the handler serves the endpoint itself and nothing else. */
const unserved: readonly ContractRow[] = [
  "/mcp/.well-known",
  "/mcp/other",
  "/MCP",
  "/%6dcp",
  "/mcp;jsessionid=1",
].map((target) => ({
  rows: ["N110", "N114"],
  title: `finds nothing at ${target} for a caller with a token`,
  why: "RFC 3986 §6.2.2.1: paths are case-sensitive; what a policy was not written for is not served",
  setup: "main",
  request: ({ mint }) => authorized(mint.token(), { ...listTodos, target }),
  expected: notFound,
  servedByApplication: [anyone, { status: [404, 405], ran: false }],
}));

const other: readonly ContractRow[] = [
  ...["/mcpx", "/xmcp", "/mcp2", "/mcp.json", "/", "/other"].map(
    (target): ContractRow => ({
      rows: ["N116", "N118"],
      title: `leaves ${target} to the application`,
      why: "RFC 9728 §1.2: the resource is one URL; others on the server are not ours to guard",
      setup: "main",
      request: () => ({ ...listTodos, target }),
      expected: outside,
    }),
  ),
  {
    rows: ["N114"],
    title: "serves the endpoint with a slash at its end",
    why: "MCP Streamable HTTP: the endpoint is one path; clients add or drop its last slash",
    setup: "main",
    request: ({ mint }) => authorized(mint.token(), { ...listTodos, target: "/mcp/" }),
    expected: served("tools/call list_todos"),
    servedByApplication: [anyone, { status: 404, ran: false }],
  },
  {
    rows: ["N113"],
    title: "serves a query without a look at it",
    why: "RFC 9728 §1.2: the path decides",
    setup: "main",
    request: ({ mint }) => authorized(mint.token(), { ...listTodos, target: "/mcp?x=1" }),
    expected: served("tools/call list_todos"),
  },
];

const rewriting: readonly ContractRow[] = (
  [
    ["N120", "X-Original-URL", "/.well-known/oauth-protected-resource"],
    ["N120", "X-Rewrite-URL", "/.well-known/oauth-protected-resource"],
    ["N120", "X-Forwarded-Path", "/.well-known"],
    ["N120", "X-Forwarded-Prefix", "/.well-known"],
    ["N121", "X-HTTP-Method-Override", "OPTIONS"],
    ["N121", "X-Method-Override", "GET"],
  ] as const
).map(([row, name, value]) => ({
  rows: [row],
  title: `pays no attention to ${name}`,
  why: "RFC 9112 §3: method and target are those of the request line",
  setup: "main",
  request: () => withHeaders([[name, value]], listTodos),
  expected: unauthorized,
}));

const method = (name: string, more: RawRequest = {}): RawRequest => ({ method: name, ...more });

const methods: readonly ContractRow[] = [
  ...["PUT", "PATCH"].map(
    (name): ContractRow => ({
      rows: ["N122"],
      title: `asks ${name} without a token for credentials`,
      why: "MCP 2026-07-28 Authorization: every request is authorized, before its method is looked at",
      setup: "main",
      request: () => method(name, { headers: listTodos.headers ?? [], body: listTodos.body ?? "" }),
      expected: unauthorized,
    }),
  ),
  {
    rows: ["N122"],
    title: "asks HEAD without a token for credentials",
    why: "RFC 9110 §9.3.2: as GET, without the body",
    setup: "main",
    request: () => method("HEAD"),
    expected: unauthorizedHead,
  },
  ...["TRACE", "QUERY", "PROPFIND", "FOO", "post"].map(
    (name): ContractRow => ({
      rows: ["N122"],
      title: `does not serve ${name}`,
      why: "RFC 9110 §9.1: methods are case-sensitive, and unknown ones are refused",
      setup: "main",
      request: () => method(name),
      expected: [unauthorized, refusedByParser, { ...refusedByParser, status: [404, 405, 501] }],
      because: "HTTP parsers and routers know different methods",
    }),
  ),
  ...["PUT", "PATCH"].map(
    (name): ContractRow => ({
      rows: ["N122", "R103"],
      title: `tells ${name} with a token which methods there are`,
      why: "RFC 9110 §15.5.6: 405 with Allow",
      setup: "main",
      request: ({ mint }) =>
        authorized(
          mint.token(),
          method(name, { headers: listTodos.headers ?? [], body: listTodos.body ?? "" }),
        ),
      expected: methodNotAllowed,
    }),
  ),
  {
    rows: ["N122"],
    title: "tells HEAD with a token which methods there are",
    why: "RFC 9110 §9.3.2, §15.5.6",
    setup: "main",
    request: ({ mint }) => authorized(mint.token(), method("HEAD")),
    expected: { ...methodNotAllowed, body: "" },
  },
  {
    rows: ["N123"],
    title: "answers OPTIONS with a message by itself",
    why: "RFC 9110 §9.3.7: OPTIONS asks what is possible and does nothing",
    setup: "main",
    request: () => ({ ...listTodos, method: "OPTIONS" }),
    expected: {
      status: 204,
      challenge: null,
      headers: { ...ownHeaders, "Content-Type": null, Allow: "POST, GET, DELETE, OPTIONS" },
      body: "",
      ran: false,
    },
  },
  {
    rows: ["N121"],
    title: "pays no attention to _method in the query",
    why: "RFC 9112 §3: the method is that of the request line",
    setup: "main",
    request: () => ({ ...listTodos, target: "/mcp?_method=OPTIONS" }),
    expected: unauthorized,
  },
];

export const targets: readonly ContractRow[] = [...guarded, ...unserved, ...other, ...rewriting, ...methods];
