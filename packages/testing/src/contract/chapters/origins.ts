import type { RawRequest } from "../../raw/request.js";
import {
  contentTypeRefused,
  hostNotAllowed,
  insufficientScope,
  invalidToken,
  originNotAllowed,
  ownHeaders,
  readableBy,
  refused,
  refusedByParser,
  served,
  unauthorized,
} from "../expected.js";
import { authorized, call, listTodos, posted, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const why =
  "MCP 2026-07-28 Streamable HTTP, Security & Endpoint: servers MUST validate Origin, and answer 403 when it is wrong";
const page = "https://app.example.com";
const ok = served("tools/call list_todos");

const from = (
  rows: string,
  title: string,
  origins: readonly string[],
  expected: ExpectedAnswer,
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why,
  setup: "main",
  request: ({ mint }) =>
    withHeaders(
      origins.map((origin) => ["Origin", origin] as const),
      authorized(mint.token(), listTodos),
    ),
  expected,
});

const refusedOrigins: readonly ContractRow[] = [
  from(
    "N144",
    "refuses another origin in spite of a good token",
    ["https://evil.example.com"],
    originNotAllowed,
  ),
  from("N145", "refuses the origin null", ["null"], originNotAllowed),
  from("N145", "refuses an empty origin", [""], originNotAllowed),
  from(
    "N146",
    "refuses an origin that begins like ours",
    ["https://mcp.example.com.evil.test"],
    originNotAllowed,
  ),
  from("N146", "refuses an origin that ends like ours", ["https://evil-mcp.example.com"], originNotAllowed),
  from(
    "N146",
    "refuses an origin with ours as its user",
    ["https://mcp.example.com@evil.test"],
    originNotAllowed,
  ),
  from("N146", "refuses an origin with a letter more", ["https://mcp.example.comx"], originNotAllowed),
  from("N146", "refuses an origin below ours", ["https://a.mcp.example.com"], originNotAllowed),
  from("N147", "refuses our origin over http", ["http://mcp.example.com"], originNotAllowed),
  from("N147", "refuses our origin at another port", ["https://mcp.example.com:8443"], originNotAllowed),
  from("N147", "refuses our origin with a slash", ["https://mcp.example.com/"], originNotAllowed),
  from("N148", "refuses two Origin headers", [page, "https://evil.example.com"], originNotAllowed),
  from("N148", "refuses two origins in one header", [`${page}, https://evil.example.com`], originNotAllowed),
  ...["GET", "DELETE", "OPTIONS", "PUT"].map(
    (method): ContractRow => ({
      rows: ["N152"],
      title: `refuses ${method} from another origin`,
      why,
      setup: "main",
      request: ({ mint }) => ({
        method,
        headers: [
          ["Origin", "https://evil.example.com"],
          ["Authorization", `Bearer ${mint.token()}`],
        ],
      }),
      expected: originNotAllowed,
    }),
  ),
  {
    rows: ["N152 N155"],
    title: "refuses a preflight from another origin",
    why: "Fetch standard, CORS protocol: without Access-Control-Allow-Origin the browser does not send the request",
    setup: "main",
    request: () => ({
      method: "OPTIONS",
      headers: [
        ["Origin", "https://evil.example.com"],
        ["Access-Control-Request-Method", "POST"],
      ],
    }),
    expected: { ...originNotAllowed, headers: { ...ownHeaders, "Access-Control-Allow-Methods": null } },
  },
  {
    rows: ["N144"],
    title: "refuses another origin before it looks for credentials",
    why,
    setup: "main",
    request: () => withHeaders([["Origin", "https://evil.example.com"]], listTodos),
    expected: originNotAllowed,
  },
];

const preflight = (asked: string, more: RawRequest["headers"] = []): RawRequest => ({
  method: "OPTIONS",
  headers: [
    ["Origin", page],
    ["Access-Control-Request-Method", "POST"],
    ["Access-Control-Request-Headers", asked],
    ...more,
  ],
});

const permitted = (headers: string): ExpectedAnswer =>
  readableBy(page, {
    status: 204,
    challenge: null,
    headers: {
      ...ownHeaders,
      "Content-Type": null,
      "Access-Control-Allow-Methods": "POST, GET, DELETE, OPTIONS",
      "Access-Control-Allow-Headers": headers,
      "Access-Control-Max-Age": "600",
      "Access-Control-Allow-Private-Network": null,
    },
    body: "",
    ran: false,
  });

const allowedHeaders =
  "Authorization, DPoP, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID";

const readable =
  "Fetch standard, CORS protocol: a page reads the challenge only when it is exposed, and errors only with CORS headers";

const cors: readonly ContractRow[] = [
  {
    rows: ["N153"],
    title: "answers a preflight without a token",
    why: "Fetch standard: preflights carry no credentials, and Authorization is not covered by a wildcard",
    setup: "main",
    request: () => preflight("authorization, content-type"),
    expected: permitted(allowedHeaders),
  },
  {
    rows: ["N153"],
    title: "permits the parameter headers that a preflight asks for, and no others",
    why: "MCP 2026-07-28 Streamable HTTP, Custom Headers: Mcp-Param-* are named by tools",
    setup: "main",
    request: () => preflight("mcp-param-region, x-evil, Mcp-Param-City"),
    expected: permitted(`${allowedHeaders}, mcp-param-region, Mcp-Param-City`),
  },
  {
    rows: ["N157"],
    title: "does not open the private network to a public page",
    why: "Private Network Access: granted by a header of its own, which is not sent",
    setup: "main",
    request: () => preflight("authorization", [["Access-Control-Request-Private-Network", "true"]]),
    expected: permitted(allowedHeaders),
  },
  {
    ...from("N154", "lets an allowed page read what it is served", [page], readableBy(page, ok)),
    why: readable,
  },
  {
    ...from(
      "N154",
      "lets a page of the resource's own origin in",
      ["https://mcp.example.com"],
      readableBy("https://mcp.example.com", ok),
    ),
    why: readable,
  },
  {
    rows: ["N154"],
    title: "lets an allowed page read the challenge",
    why: readable,
    setup: "main",
    request: () => withHeaders([["Origin", page]], listTodos),
    expected: readableBy(page, unauthorized),
  },
  {
    rows: ["N154"],
    title: "lets an allowed page read that its token is wrong",
    why: readable,
    setup: "main",
    request: ({ mint }) => withHeaders([["Origin", page]], authorized(mint.wrong("expired"), listTodos)),
    expected: readableBy(page, invalidToken),
  },
  {
    rows: ["N154"],
    title: "lets an allowed page read which scopes are missing",
    why: readable,
    setup: "main",
    request: ({ mint }) => withHeaders([["Origin", page]], authorized(mint.token(), call("create_todo"))),
    expected: readableBy(page, insufficientScope("todo:read todo:write")),
  },
  {
    rows: ["N155"],
    title: "leaves CORS to the application where it says so",
    why: "Fetch standard: two Access-Control-Allow-Origin headers are none",
    setup: "behind a proxy",
    request: ({ mint }) =>
      withHeaders([["Origin", "https://api.example.com"]], authorized(mint.token(), listTodos)),
    expected: { ...ok, headers: { ...ok.headers, Vary: null, "Access-Control-Expose-Headers": null } },
  },
];

const simple: readonly ContractRow[] = [
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/json, text/plain",
  "application/jsonp",
  "text/json",
  "application/json; charset=utf-7",
].map((type) => ({
  rows: ["N156", "N178"],
  title: `refuses a message as ${type}`,
  why: "MCP Streamable HTTP: messages are application/json; browsers send the simple types across origins unasked (Fetch standard, simple requests)",
  setup: "main",
  request: ({ mint }) =>
    authorized(mint.token(), posted(listTodos.body as string, [], { headers: [["Content-Type", type]] })),
  expected: contentTypeRefused,
  readByApplication: [contentTypeRefused, { status: [400, 415], ran: false }],
}));

const untyped: ContractRow = {
  rows: ["N156"],
  title: "refuses a message without a Content-Type",
  why: "MCP Streamable HTTP: messages are application/json",
  setup: "main",
  request: ({ mint }) => ({
    headers: [["Authorization", `Bearer ${mint.token()}`]],
    body: listTodos.body as string,
  }),
  expected: contentTypeRefused,
};

const local =
  "MCP 2026-07-28 Streamable HTTP, Security & Endpoint: DNS rebinding puts an attacker's name on a local server";

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

const hosts: readonly ContractRow[] = [
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

export const origins: readonly ContractRow[] = [...refusedOrigins, ...cors, ...simple, untyped, ...hosts];
