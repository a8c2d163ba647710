import { assertGuarded } from "@mcp-authz/core";
import { createMcpHandler, type McpHttpHandler, McpServer } from "@modelcontextprotocol/server";
import { tools } from "./tools/index.js";

/** Streamable HTTP, with a fresh `McpServer` for each request: nothing of one caller is left for the next. */
export function createTransport(): McpHttpHandler {
  return createMcpHandler(({ authInfo }) => {
    assertGuarded(authInfo);
    const server = new McpServer({ name: "greeting", title: "Greeting", version: "1.0.0" });
    for (const tool of tools) tool.register(server, authInfo);
    return server;
  });
}
