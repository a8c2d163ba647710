import type { RawRequest } from "../../raw/request.js";
import {
  insufficientScope,
  invalidToken,
  ownHeaders,
  readableBy,
  served,
  unauthorized,
} from "../expected.js";
import { authorized, call, listTodos, withHeaders } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { from, page } from "./origins.js";

const ok = served("tools/call list_todos");

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

export const cors: readonly ContractRow[] = [
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
    ...from(
      "N154",
      "lets a page of another scheme in that is listed",
      ["vscode-webview://app"],
      readableBy("vscode-webview://app", ok),
    ),
    why: "RFC 6454 §6.2: the origin of a scheme that browsers do not know is sent as it stands by hosts that have one",
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
