import type { McpHandler } from "@mcp-authz/core";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { logsInAndStepsUp, toolNames } from "./step-up.js";

const handler: McpHandler = {
  async fetch(request, options) {
    const server = new McpServer({ name: "todo", version: "1.0.0" });
    for (const name of toolNames)
      server.registerTool(name, {}, () => ({ content: [{ type: "text", text: name }] }));
    const transport = new WebStandardStreamableHTTPServerTransport();
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport.handleRequest(request, options);
  },
};

logsInAndStepsUp(1, handler);
