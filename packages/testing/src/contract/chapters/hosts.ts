import {
  hostNotAllowed,
  originNotAllowed,
  readableBy,
  refused,
  refusedByParser,
  served,
} from "../expected.js";
import { authorized, listTodos, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const local =
  "MCP 2026-07-28 Streamable HTTP, Security & Endpoint: DNS rebinding puts an attacker's name on a local server";

const ok = served("tools/call list_todos");

const hosted = (
  title: string,
  rows: string,
  host: string,
  expected: ContractRow["expected"],
  origin?: string,
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why: local,
  setup: "loopback",
  request: ({ mint }) =>
    withHeaders(
      [["Host", host], ...(origin === undefined ? [] : [["Origin", origin] as const])],
      authorized(mint.token(), listTodos),
    ),
  expected,
});

export const hosts: readonly ContractRow[] = [
  ...[
    "127.0.0.1.evil.test",
    "localhost.evil.test",
    "0.0.0.0",
    "[::ffff:127.0.0.1]",
    "2130706433",
    "evil.example.com",
    "127.0.0.1@evil.test",
  ].map(
    (host): ContractRow => ({
      ...hosted(`refuses Host ${host} at a local server`, "N149 N150", host, [
        hostNotAllowed,
        refusedByParser,
      ]),
      because: "some servers refuse a malformed Host before anybody sees it",
    }),
  ),
  hosted(
    "refuses another Host although the origin is local",
    "N149",
    "evil.example.com",
    hostNotAllowed,
    "http://localhost:3000",
  ),
  ...["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost", "LOCALHOST:8080"].map((host) =>
    hosted(`serves Host ${host} at a local server`, "N151", host, ok),
  ),
  hosted(
    "lets pages of any local port in at a local server",
    "N151",
    "localhost:3000",
    readableBy("http://localhost:6274", ok),
    "http://localhost:6274",
  ),
  hosted(
    "refuses a page from elsewhere at a local server",
    "N144",
    "localhost:3000",
    originNotAllowed,
    "https://mcp.example.com",
  ),
  {
    rows: ["N149"],
    title: "refuses another Host before it looks for credentials",
    why: local,
    setup: "loopback",
    request: () => withHeaders([["Host", "evil.example.com"]], listTodos),
    expected: hostNotAllowed,
  },
  {
    rows: ["N151"],
    title: "points to the metadata of a local server over http",
    why: "RFC 9728 §5.1",
    setup: "loopback",
    request: () => withHeaders([["Host", "localhost:3000"]], listTodos),
    expected: refused(
      401,
      { error: "unauthorized", error_description: "Authentication is required" },
      'Bearer realm="OAuth", resource_metadata="http://127.0.0.1:3000/.well-known/oauth-protected-resource/mcp", scope="todo:read"',
    ),
  },
  ...(
    [
      ["mcp.example.com", ok],
      ["mcp.example.com:8080", ok],
      ["internal.example.com:8443", ok],
      ["internal.example.com", hostNotAllowed],
      ["evil.example.com", hostNotAllowed],
      ["localhost", hostNotAllowed],
    ] satisfies [string, ExpectedAnswer][]
  ).map(
    ([host, expected]): ContractRow => ({
      ...hosted(
        `${expected === ok ? "serves" : "refuses"} Host ${host} where hosts are listed`,
        "N127 R84",
        host,
        expected,
      ),
      setup: "hosts",
    }),
  ),
];
