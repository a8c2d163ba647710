import type { RawRequest } from "../../raw/request.js";
import { invalidParams, invalidRequest, parseError, refusedByBodyParser } from "../expected.js";
import { call, legacy, modern, modernCall, posted } from "../requests.js";
import type { ContractRow } from "../row.js";
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

const shape =
  "JSON-RPC 2.0 §4, MCP 2026-07-28 Base Protocol: one request or notification, with its id a string or an integer";

const text = (body: string | Uint8Array): RawRequest =>
  posted(body, [["MCP-Protocol-Version", "2025-11-25"]]);

const json = (value: unknown): RawRequest => text(JSON.stringify(value));

/** Some body parsers take objects and arrays only. */
const primitive = [invalidRequest(), parseError, refusedByBodyParser];

export const shapes: readonly ContractRow[] = [
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

export const params: readonly ContractRow[] = [
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
