import type { McpHandler } from "@mcp-authz/core";
import { McpServer as McpServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { createMcpHandler, McpServer as McpServerV2 } from "@modelcontextprotocol/server";

/** The same two tools on either SDK; each says who called. */
const tools = ["list_todos", "create_todo"];

export const sdkV2Server: McpHandler = createMcpHandler(({ authInfo }) => {
  const server = new McpServerV2({ name: "todo", version: "1.0.0" });
  for (const name of tools)
    server.registerTool(name, { description: name }, () => ({
      content: [{ type: "text", text: `${name} for ${String(authInfo?.extra?.["subject"])}` }],
    }));
  return server;
}) as McpHandler;

export const sdkV1Server: McpHandler = {
  async fetch(request, options) {
    const server = new McpServerV1({ name: "todo", version: "1.0.0" });
    for (const name of tools)
      server.registerTool(name, { description: name }, ({ authInfo }) => ({
        content: [{ type: "text", text: `${name} for ${String(authInfo?.extra?.["subject"])}` }],
      }));
    const transport = new WebStandardStreamableHTTPServerTransport();
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport.handleRequest(request, options);
  },
};
