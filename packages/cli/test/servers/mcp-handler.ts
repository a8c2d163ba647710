import type { IncomingMessage, ServerResponse } from "node:http";

export interface McpBehaviour {
  /** Compares the mirrored headers with the body. Default true. */
  readonly checksHeaders?: boolean;
  /** Fails from the second request on, as a shared server does. */
  readonly failsLater?: { count: number };
}

const tools = ["list_todos", "get_todo", "create_todo"].map((name) => ({
  name,
  description: name,
  inputSchema: { type: "object", properties: {} },
}));

/** A stateless MCP server of both eras, small enough to be read at once. */
export function handleMcp(
  request: IncomingMessage,
  body: string,
  behaviour: McpBehaviour | undefined,
  response: ServerResponse,
): void {
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
  if (Array.isArray(message))
    return { status: 400, value: { jsonrpc: "2.0", error: { code: -32600, message: "Invalid Request" } } };
  if (behaviour.failsLater && behaviour.failsLater.count++ > 0)
    return { status: 500, value: { error: "Already connected" } };
  const meta = message.params?._meta as Record<string, unknown> | undefined;
  const version = meta?.["io.modelcontextprotocol/protocolVersion"];
  if (version !== undefined && behaviour.checksHeaders !== false) {
    const name = message.params?.name ?? message.params?.uri;
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
  return { status: 200, value: { jsonrpc: "2.0", id: message.id, result: resultOf(message) } };
}

function resultOf({ method, params }: { method?: string; params?: Record<string, unknown> }): unknown {
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
  if (method === "tools/list") return { tools };
  return { content: [{ type: "text", text: "done" }] };
}
