import type { RawRequest } from "../../raw/request.js";
import { accepted, headerMismatch, invalidParams, rpcError, served } from "../expected.js";
import { legacy, modern, modernCall } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";
import { withToken } from "../rows.js";

const row = (
  rows: string,
  title: string,
  why: string,
  request: RawRequest,
  expected: ContractRow["expected"],
  readByApplication?: ContractRow["readByApplication"],
): ContractRow =>
  withToken(
    rows,
    title,
    why,
    request,
    expected,
    readByApplication === undefined ? {} : { readByApplication },
  );

const mirrored =
  "MCP 2026-07-28 Streamable HTTP, Server Validation: mirrored headers are compared with the body; -32020 when they differ";

const meta = (version: string): Record<string, unknown> => ({
  "io.modelcontextprotocol/protocolVersion": version,
});

/** A modern call of list_todos with headers that say something else. */
const saying = (headers: readonly (readonly [string, string])[], name = "list_todos"): RawRequest =>
  modernCall(name, { headers });

const without = (header: string, request: RawRequest): RawRequest => ({
  ...request,
  headers: (request.headers ?? []).filter(([name]) => name.toLowerCase() !== header.toLowerCase()),
});

const ok = served("tools/call list_todos");

const encoded = (name: string, marker = "base64"): string =>
  `=?${marker}?${Buffer.from(name).toString("base64")}?=`;

const nameHeader = (
  title: string,
  value: string,
  expected: ExpectedAnswer = headerMismatch("Mcp-Name"),
): ContractRow => row("N162", title, mirrored, saying([["Mcp-Name", value]]), expected);

export const headers: readonly ContractRow[] = [
  row("P3", "serves a request whose headers repeat its body", mirrored, modernCall("list_todos"), ok),
  row(
    "N161",
    "refuses a method that differs from the header",
    mirrored,
    saying([["Mcp-Method", "tools/list"]]),
    headerMismatch("Mcp-Method"),
  ),
  row(
    "N161",
    "refuses a method that differs from the header in its case",
    mirrored,
    saying([["Mcp-Method", "Tools/Call"]]),
    headerMismatch("Mcp-Method"),
  ),
  row(
    "N161",
    "refuses a request without Mcp-Method",
    mirrored,
    without("Mcp-Method", modernCall("list_todos")),
    headerMismatch("Mcp-Method"),
  ),
  row(
    "N161",
    "refuses two Mcp-Method headers",
    mirrored,
    saying([
      ["Mcp-Method", "tools/call"],
      ["Mcp-Method", "tools/call"],
    ]),
    headerMismatch("Mcp-Method"),
  ),
  nameHeader("refuses a name that differs from the header", "create_todo"),
  nameHeader("refuses a header that is no name", ""),
  row(
    "N162",
    "refuses a call without Mcp-Name",
    mirrored,
    without("Mcp-Name", modernCall("list_todos")),
    headerMismatch("Mcp-Name"),
  ),
  row(
    "N162",
    "refuses two Mcp-Name headers",
    mirrored,
    saying([
      ["Mcp-Name", "list_todos"],
      ["Mcp-Name", "create_todo"],
    ]),
    headerMismatch("Mcp-Name"),
  ),
  nameHeader("refuses base64 of another name", encoded("create_todo")),
  nameHeader("refuses a base64 marker in capitals", encoded("list_todos", "BASE64")),
  nameHeader("refuses base64 without its padding", encoded("list_todos").replace("==", "")),
  nameHeader("refuses what is not base64", "=?base64?list_todos?="),
  nameHeader("takes base64 of the name", encoded("list_todos"), ok),
  row(
    "N163",
    "takes base64 of a name beyond ASCII",
    "MCP 2026-07-28 Streamable HTTP, Value Encoding",
    modernCall("naïve 東京", { headers: [["Mcp-Name", encoded("naïve 東京")]] }),
    served("tools/call naïve 東京"),
  ),
  row(
    "N162",
    "compares the URI of a resource",
    mirrored,
    modern("resources/read", { uri: "todo://list" }, { headers: [["Mcp-Name", "todo://other"]] }),
    headerMismatch("Mcp-Name"),
  ),
  row(
    "N162",
    "compares the name of a prompt",
    mirrored,
    modern("prompts/get", { name: "summarize" }, { headers: [["Mcp-Name", "audit"]] }),
    headerMismatch("Mcp-Name"),
  ),
  row(
    "N164",
    "refuses an older version in the body than in the header",
    mirrored,
    modern("tools/call", { name: "list_todos", _meta: meta("2025-11-25") }),
    headerMismatch("MCP-Protocol-Version"),
  ),
  row(
    "N164",
    "refuses an older version in the header than in the body",
    mirrored,
    saying([["MCP-Protocol-Version", "2025-11-25"]]),
    headerMismatch("MCP-Protocol-Version"),
  ),
  row(
    "N164",
    "refuses a request without the version header",
    mirrored,
    without("MCP-Protocol-Version", modernCall("list_todos")),
    headerMismatch("MCP-Protocol-Version"),
  ),
  row(
    "N164",
    "refuses a version that is no string",
    "MCP 2026-07-28 Base Protocol: _meta",
    legacy("tools/call", { name: "list_todos", _meta: { "io.modelcontextprotocol/protocolVersion": 1 } }),
    invalidParams(),
  ),
  row(
    "R98",
    "knows no method that nobody declared, in the newest protocol",
    "MCP 2026-07-28 Streamable HTTP: 404 with -32601",
    modern("todo/steal"),
    rpcError(404, -32601, "Method not found", { id: 1 }),
  ),
  row(
    "R98",
    "knows no method that nobody declared, in the older protocols",
    "MCP 2025-11-25: a 404 would end the session",
    legacy("todo/steal"),
    rpcError(200, -32601, "Method not found", { id: 1 }),
  ),
  row(
    "R102 N192",
    "passes a session id of the older protocols by in the newest",
    "MCP 2026-07-28 Streamable HTTP: there are no sessions",
    saying([["Mcp-Session-Id", "session_1"]]),
    ok,
  ),
  row(
    "R87",
    "takes a notification",
    "MCP: 202 without a body",
    legacy("notifications/initialized", undefined, { id: null }),
    accepted,
  ),
];
