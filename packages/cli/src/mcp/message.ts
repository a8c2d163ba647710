import type { HeaderLines } from "../net/answer.js";

/** The revision whose envelope has no session: every request says who and what it is. */
export const modernVersion = "2026-07-28";
/** The revision that begins with `initialize`. */
export const olderVersion = "2025-11-25";

export interface McpRequest {
  readonly headers: HeaderLines;
  readonly body: string;
}

const client = { name: "mcp-authz-verify", version: "1.0.0" };

const standard: HeaderLines = [
  ["Content-Type", "application/json"],
  ["Accept", "application/json, text/event-stream"],
];

export interface Call {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly id?: number;
}

/** A request of MCP 2026-07-28: version and capabilities in `_meta`, mirrored headers beside it. */
export function modernRequest({ method, params = {}, id = 1 }: Call): McpRequest {
  const name = params.name ?? params.uri;
  return {
    headers: [
      ...standard,
      ["MCP-Protocol-Version", modernVersion],
      ["Mcp-Method", method],
      ...(typeof name === "string" ? [["Mcp-Name", headerValue(name)] as const] : []),
    ],
    body: JSON.stringify({
      jsonrpc: "2.0",
      id,
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": modernVersion,
          "io.modelcontextprotocol/clientCapabilities": {},
          "io.modelcontextprotocol/clientInfo": client,
        },
      },
    }),
  };
}

/** What a header cannot carry goes as Base64 between markers (MCP 2026-07-28, Value Encoding). */
function headerValue(value: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith("=?base64?");
  return plain ? value : `=?base64?${Buffer.from(value, "utf8").toString("base64")}?=`;
}

/** `initialize`, with which clients of 2025-11-25 and earlier begin. */
export function initializeRequest(id = 1): McpRequest {
  return {
    headers: standard,
    body: JSON.stringify({
      jsonrpc: "2.0",
      id,
      method: "initialize",
      params: { protocolVersion: olderVersion, capabilities: {}, clientInfo: client },
    }),
  };
}

/** A request of an earlier revision, after `initialize`; `session` is the id that the server gave, if any. */
export function olderRequest(
  { method, params, id }: Call,
  session?: string,
  version: string = olderVersion,
): McpRequest {
  return {
    headers: [
      ...standard,
      ["MCP-Protocol-Version", version],
      ...(session === undefined ? [] : [["Mcp-Session-Id", session] as const]),
    ],
    body: JSON.stringify({
      jsonrpc: "2.0",
      ...(id === undefined ? {} : { id }),
      method,
      ...(params ? { params } : {}),
    }),
  };
}
