import type { McpHandler } from "@mcp-authz/core";
import { objectOf } from "../net/answer.js";

/** Stands where the app's own MCP server would: says yes to every request that it is handed. */
export const stubHandler: McpHandler = {
  async fetch(request, options) {
    const message = objectOf(options?.parsedBody ?? (await body(request)));
    if (message?.id === undefined) return new Response(null, { status: 202 });
    const result = message.method === "tools/list" ? { tools: [] } : { content: [], ...capabilities };
    return Response.json({ jsonrpc: "2.0", id: message.id, result });
  },
};

const capabilities = {
  protocolVersion: "2025-11-25",
  supportedVersions: ["2026-07-28"],
  capabilities: { tools: {} },
  serverInfo: { name: "stub", version: "1.0.0" },
};

async function body(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}
