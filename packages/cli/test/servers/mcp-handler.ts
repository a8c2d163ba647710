import type { IncomingMessage, ServerResponse } from "node:http";

export interface McpBehaviour {
  /** Compares the mirrored headers with the body. Default true. */
  readonly checksHeaders?: boolean;
  /** Runs batches, as MCP 2025-03-26 asked. Default false. */
  readonly batches?: boolean;
  /** A read-only tool in place of the usual ones. */
  readonly toolName?: string;
  /** What a call of create_todo comes to. */
  readonly created?: unknown;
  /** Serves one request at a time and fails the others, as a shared server object does. */
  readonly exclusive?: boolean;
}

const tools = ["list_todos", "get_todo", "create_todo"].map((name) => ({
  name,
  description: name,
  inputSchema: { type: "object", properties: {} },
}));

let busy = false;

/** A stateless MCP server of both eras, small enough to be read at once. */
export function handleMcp(
  request: IncomingMessage,
  body: string,
  behaviour: McpBehaviour | undefined,
  response: ServerResponse,
): void {
  if (behaviour?.exclusive) {
    if (busy) {
      response.writeHead(500).end("Already connected to a transport");
      return;
    }
    busy = true;
    setTimeout(() => {
      busy = false;
      handleMcp(request, body, { ...behaviour, exclusive: false }, response);
    }, 20);
    return;
  }
  const { status, value } = answerTo(request, body, behaviour ?? {});
  const type = { "content-type": "application/json" };
  if (value === undefined) response.writeHead(status).end();
  else response.writeHead(status, type).end(JSON.stringify(value));
}

interface Answered {
  readonly status: number;
  readonly value?: unknown;
}

function answerTo(request: IncomingMessage, body: string, behaviour: McpBehaviour): Answered {
  let message: { id?: unknown; method?: string; params?: Record<string, unknown> };
  try {
    message = JSON.parse(body);
  } catch {
    return { status: 400, value: { jsonrpc: "2.0", error: { code: -32700, message: "Parse error" } } };
  }
  if (Array.isArray(message) && behaviour.batches) {
    const results = message.map((item) => ({
      jsonrpc: "2.0",
      id: item.id,
      result: resultOf(item, behaviour),
    }));
    return { status: 200, value: results };
  }
  if (Array.isArray(message))
    return { status: 400, value: { jsonrpc: "2.0", error: { code: -32600, message: "Invalid Request" } } };
  const meta = message.params?._meta as Record<string, unknown> | undefined;
  const version = meta?.["io.modelcontextprotocol/protocolVersion"];
  if (version !== undefined && behaviour.checksHeaders !== false) {
    const name = behaviour.toolName === undefined ? (message.params?.name ?? message.params?.uri) : undefined;
    const agrees =
      request.headers["mcp-method"] === message.method &&
      request.headers["mcp-protocol-version"] === version &&
      (name === undefined || request.headers["mcp-name"] === name);
    if (!agrees)
      return {
        status: 400,
        value: {
          jsonrpc: "2.0",
          id: message.id,
          error: { code: -32020, message: "Header mismatch" },
        },
      };
  }
  if (message.id === undefined) return { status: 202 };
  return { status: 200, value: { jsonrpc: "2.0", id: message.id, result: resultOf(message, behaviour) } };
}

function resultOf(
  { method, params }: { method?: string; params?: Record<string, unknown> },
  behaviour: McpBehaviour,
): unknown {
  if (params?.name === "create_todo" && behaviour.created !== undefined) return behaviour.created;
  if (method === "initialize") {
    return {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: "model", version: "1" },
    };
  }
  if (method === "server/discover") {
    return {
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: {} },
      serverInfo: { name: "model", version: "1" },
    };
  }
  if (method === "tools/list" && behaviour.toolName !== undefined) {
    return { tools: [{ name: behaviour.toolName, inputSchema: {}, annotations: { readOnlyHint: true } }] };
  }
  if (method === "tools/list") return { tools };
  return { content: [{ type: "text", text: "done" }] };
}
