import { originNotAllowed, ownHeaders, served } from "../expected.js";
import { authorized, listTodos, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const why =
  "MCP 2026-07-28 Streamable HTTP, Security & Endpoint: servers MUST validate Origin, and answer 403 when it is wrong";

export const page = "https://app.example.com";

const _ok = served("tools/call list_todos");

export const from = (
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

export const refusedOrigins: readonly ContractRow[] = [
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
