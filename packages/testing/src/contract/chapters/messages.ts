import type { RawRequest } from "../../raw/request.js";
import {
  accepted,
  headerMismatch,
  invalidParams,
  invalidRequest,
  parseError,
  refusedByBodyParser,
  rpcError,
  served,
} from "../expected.js";
import { authorized, call, legacy, listTodos, modern, modernCall, posted } from "../requests.js";
import type { ContractRow, ExpectedAnswer } from "../row.js";

const row = (
  rows: string,
  title: string,
  why: string,
  request: RawRequest,
  expected: ContractRow["expected"],
  readByApplication?: ContractRow["readByApplication"],
): ContractRow => ({
  rows: rows.split(" "),
  title,
  why,
  setup: "main",
  request: ({ mint }) => authorized(mint.token(), request),
  expected,
  ...(readByApplication === undefined ? {} : { readByApplication }),
});

const shape =
  "JSON-RPC 2.0 §4, MCP 2026-07-28 Base Protocol: one request or notification, with its id a string or an integer";
const text = (body: string | Uint8Array): RawRequest =>
  posted(body, [["MCP-Protocol-Version", "2025-11-25"]]);
const json = (value: unknown): RawRequest => text(JSON.stringify(value));
const byParser = [refusedByBodyParser, parseError];

/** Some body parsers take objects and arrays only. */
const primitive = [invalidRequest(), parseError, refusedByBodyParser];

const shapes: readonly ContractRow[] = [
  row(
    "N158",
    "refuses a batch in a protocol without batches",
    "MCP 2025-06-18: JSON-RPC batching was removed",
    json([
      { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "list_todos" } },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "create_todo" } },
    ]),
    invalidRequest(),
  ),
  row(
    "N158",
    "refuses a batch of one in a protocol without batches",
    "MCP 2025-06-18: JSON-RPC batching was removed",
    json([{ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "create_todo" } }]),
    invalidRequest(),
  ),
  row(
    "N158",
    "refuses a batch under the newest version",
    "MCP 2026-07-28 Streamable HTTP: one message for each POST",
    posted(`[${modernCall("list_todos").body as string}]`, [["MCP-Protocol-Version", "2026-07-28"]]),
    invalidRequest(),
  ),
  row(
    "N158",
    "refuses a batch in a batch",
    shape,
    json([[{ jsonrpc: "2.0", id: 1, method: "ping" }]]),
    invalidRequest(),
  ),
  row("N158", "refuses an empty batch", "JSON-RPC 2.0 §6", json([]), invalidRequest()),
  row("N173", "refuses a message that is a string", shape, json("tools/call"), invalidRequest(), primitive),
  row("N173", "refuses a message that is a number", shape, json(1), invalidRequest(), primitive),
  row("N173", "refuses a message that is null", shape, json(null), invalidRequest(), primitive),
  row("N173", "refuses an empty object", shape, json({}), invalidRequest()),
  row("N173", "refuses a message without jsonrpc", shape, json({ id: 1, method: "ping" }), invalidRequest(1)),
  row(
    "N173",
    "refuses another version of JSON-RPC",
    shape,
    json({ jsonrpc: "1.0", id: "a", method: "ping" }),
    invalidRequest("a"),
  ),
  row(
    "N173",
    "refuses an id that is null",
    "MCP: the id MUST NOT be null",
    json({ jsonrpc: "2.0", id: null, method: "ping" }),
    invalidRequest(),
  ),
  row(
    "N173",
    "refuses an id that is an object",
    shape,
    json({ jsonrpc: "2.0", id: {}, method: "ping" }),
    invalidRequest(),
  ),
  row(
    "N173",
    "refuses an id that is a fraction",
    shape,
    json({ jsonrpc: "2.0", id: 1.5, method: "ping" }),
    invalidRequest(),
  ),
  row(
    "N173",
    "refuses an id of 10,000 characters",
    shape,
    json({ jsonrpc: "2.0", id: "x".repeat(10_000), method: "ping" }),
    invalidRequest(),
  ),
  row(
    "N173",
    "refuses a method that is no string",
    shape,
    json({ jsonrpc: "2.0", id: 1, method: 1 }),
    invalidRequest(1),
  ),
  row(
    "N172",
    "refuses a privileged request without an id",
    "JSON-RPC 2.0 §4.1: notifications are never answered; only notifications/* are notifications in MCP",
    call("create_todo", { id: null }),
    invalidRequest(),
  ),
  row(
    "N172",
    "refuses an ordinary request without an id",
    "JSON-RPC 2.0 §4.1",
    call("list_todos", { id: null }),
    invalidRequest(),
  ),
  row(
    "N174",
    "refuses a response under the newest version",
    "MCP 2026-07-28 Streamable HTTP: clients send no responses",
    posted(JSON.stringify({ jsonrpc: "2.0", id: 1, result: {} }), [["MCP-Protocol-Version", "2026-07-28"]]),
    invalidRequest(),
  ),
  row(
    "N173",
    "refuses a response with both result and error",
    "JSON-RPC 2.0 §5",
    json({ jsonrpc: "2.0", id: 1, result: {}, error: { code: 1, message: "" } }),
    invalidRequest(1),
  ),
];

const parsing: readonly ContractRow[] = [
  row(
    "N177",
    "refuses half a message",
    "JSON-RPC 2.0 §5.1: -32700",
    text('{"jsonrpc":"2.0","id":1,"method":"pi'),
    parseError,
    byParser,
  ),
  row("N177", "refuses an empty body", "JSON-RPC 2.0 §5.1: -32700", text(""), parseError, [
    parseError,
    invalidRequest(),
    refusedByBodyParser,
  ]),
  row(
    "N177",
    "refuses two messages, one after the other",
    "RFC 8259 §2: one value",
    text(`${listTodos.body as string}\n${listTodos.body as string}`),
    parseError,
    byParser,
  ),
  row(
    "N177",
    "refuses a body that is nested 100,000 deep",
    "RFC 8259 §9: parsers set limits",
    text(`${"[".repeat(100_000)}${"]".repeat(100_000)}`),
    parseError,
    [parseError, invalidRequest(), refusedByBodyParser],
  ),
  row(
    "N177",
    "refuses a message that is nested 1,000 deep",
    "RFC 8259 §9: parsers set limits",
    text(`{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(1000)}${"]".repeat(1000)}}}`),
    parseError,
    byParser,
  ),
  row(
    "N178",
    "refuses a body that is not UTF-8",
    "RFC 8259 §8.1",
    text(
      Buffer.from(
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_todos\xff"}}',
        "latin1",
      ),
    ),
    parseError,
    [parseError, refusedByBodyParser, { status: 403, ran: false }],
  ),
  row(
    "N178",
    "refuses a byte order mark",
    "RFC 8259 §8.1: none is added",
    text(`\ufeff${listTodos.body as string}`),
    parseError,
    [parseError, refusedByBodyParser, served("tools/call list_todos")],
  ),
  row(
    "N178",
    "refuses UTF-16",
    "RFC 8259 §8.1: UTF-8",
    text(Buffer.from(listTodos.body as string, "utf16le")),
    parseError,
    byParser,
  ),
  row(
    "N177",
    "serves a message of a thousand arguments",
    "RFC 8259 §9",
    legacy("tools/call", {
      name: "list_todos",
      arguments: Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, index])),
    }),
    served("tools/call list_todos"),
  ),
];

const unsure = "the one parse that the policy reads is the one that the handler gets";

const doubled: readonly ContractRow[] = [
  row(
    "N160",
    "decides about the last of two names, which the handler gets too",
    unsure,
    text(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_todo","name":"list_todos"}}',
    ),
    served("tools/call list_todos"),
    [served("tools/call list_todos"), refusedByBodyParser],
  ),
  row(
    "N160",
    "decides about the last of two names when one is escaped",
    unsure,
    text(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_todo","na\\u006de":"list_todos"}}',
    ),
    served("tools/call list_todos"),
    [served("tools/call list_todos"), refusedByBodyParser],
  ),
];

const params: readonly ContractRow[] = [
  ...(
    [
      ["an array", ["list_todos"]],
      ["an object", { name: "list_todos" }],
      ["a number", 1],
      ["missing", undefined],
      ["null", null],
    ] satisfies [string, unknown][]
  ).map(([what, name]) =>
    row(
      "N170",
      `refuses a tool call whose name is ${what}`,
      "MCP tools/call: name is a string",
      call(name),
      invalidParams(),
    ),
  ),
  row(
    "N170",
    "refuses params that are an array",
    "JSON-RPC 2.0 §4.2; MCP: params is an object",
    legacy("tools/call", ["list_todos"]),
    invalidParams(),
  ),
  row(
    "N170",
    "refuses a resource read without a URI",
    "MCP resources/read: uri is a string",
    legacy("resources/read", {}),
    invalidParams(),
  ),
  row(
    "N170",
    "refuses a completion for nothing in particular",
    "MCP completion/complete: ref names a prompt or a resource",
    legacy("completion/complete", { argument: { name: "a", value: "b" } }),
    invalidParams(),
  ),
  row(
    "N170",
    "refuses a subscription filter that is no list",
    "MCP subscriptions/listen",
    modern("subscriptions/listen", { notifications: { resourceSubscriptions: "todo://list" } }),
    invalidParams(),
  ),
];

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

const headers: readonly ContractRow[] = [
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
    "R102",
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

export const messages: readonly ContractRow[] = [...shapes, ...parsing, ...doubled, ...params, ...headers];
