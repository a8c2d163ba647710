import type { RawRequest } from "../raw/request.js";

type Header = readonly [name: string, value: string];

const json: readonly Header[] = [
  ["Content-Type", "application/json"],
  ["Accept", "application/json, text/event-stream"],
];

export interface Shape {
  /** In place of 1; null leaves it out. */
  readonly id?: unknown;
  /** Headers in place of those of the same name, or beside them. */
  readonly headers?: readonly Header[];
  readonly target?: string;
}

/** A request of the protocols before 2026-07-28: the body alone says what is asked. */
export function legacy(method: string, params?: unknown, shape: Shape = {}): RawRequest {
  const message = { jsonrpc: "2.0", ...idOf(shape), method, ...(params === undefined ? {} : { params }) };
  return posted(JSON.stringify(message), [["MCP-Protocol-Version", "2025-11-25"]], shape);
}

/** A request of 2026-07-28: version, method and name stand in headers too (Streamable HTTP, Standard Request Headers). */
export function modern(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  shape: Shape = {},
): RawRequest {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const name = params["name"] ?? (method === "resources/read" ? params["uri"] : undefined);
  const message = { jsonrpc: "2.0", ...idOf(shape), method, params: { _meta: meta, ...params } };
  const headers: Header[] = [
    ["MCP-Protocol-Version", "2026-07-28"],
    ["Mcp-Method", method],
  ];
  if (typeof name === "string" && /^[\x21-\x7e]+$/.test(name)) headers.push(["Mcp-Name", name]);
  return posted(JSON.stringify(message), headers, shape);
}

/** A POST with a body that stands as it is. */
export function posted(
  body: string | Uint8Array,
  headers: readonly Header[] = [],
  shape: Shape = {},
): RawRequest {
  const own = shape.headers ?? [];
  const replaced = new Set(own.map(([name]) => name.toLowerCase()));
  const kept = [...json, ...headers].filter(([name]) => !replaced.has(name.toLowerCase()));
  return {
    headers: [...kept, ...own],
    body,
    ...(shape.target === undefined ? {} : { target: shape.target }),
  };
}

/** The same request with a bearer token. */
export function authorized(token: string, request: RawRequest): RawRequest {
  return withHeaders([["Authorization", `Bearer ${token}`]], request);
}

/** The same request with more headers, before its own. */
export function withHeaders(headers: readonly Header[], request: RawRequest): RawRequest {
  return { ...request, headers: [...headers, ...(request.headers ?? [])] };
}

/** The call that every token of the main setup may make. */
export const listTodos: RawRequest = legacy("tools/call", { name: "list_todos", arguments: {} });

/** A call of a tool in the oldest form. */
export const call = (name: unknown, shape: Shape = {}): RawRequest =>
  legacy("tools/call", { name, arguments: {} }, shape);

/** A call of a tool in the newest form. */
export const modernCall = (name: string, shape: Shape = {}): RawRequest =>
  modern("tools/call", { name, arguments: {} }, shape);

/** A call that asks the probe for a kind of answer. */
export const callFor = (answer: string): RawRequest =>
  legacy("tools/call", { name: "list_todos", arguments: { answer } });

function idOf({ id = 1 }: Shape): { id?: unknown } {
  return id === null ? {} : { id };
}
