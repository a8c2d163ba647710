import { type AuthInfo, assertGuarded } from "@mcp-authz/core";
import { createMcpHandler, type McpHttpHandler, McpServer } from "@modelcontextprotocol/server";
import type { Catalogue } from "./catalogue.js";
import type { Service } from "./service.js";

const instructions = `Administers a Scalekit environment: its workspace, organizations, connections and MCP servers.
Lists come in pages: pass next_cursor as cursor until there is none.
You see the tools that you may use now. More come with more scopes: wks:read, wks:write, env:write, org:read, org:write.
docs://index says which tool needs which; a call of a tool that you do not see asks for what is missing.
When you create something, send an idempotency_key, and the same one when you try again.`;

/** Streamable HTTP, with a fresh `McpServer` for each request: nothing of one caller is left for the next. */
export function createTransport(catalogue: Catalogue, service: Service): McpHttpHandler {
  return createMcpHandler(({ authInfo }) => {
    assertGuarded(authInfo);
    return serverFor(authInfo, catalogue, service);
  });
}

function serverFor(auth: AuthInfo, { tools, pages }: Catalogue, service: Service): McpServer {
  const server = new McpServer(
    { name: "identity-admin", title: "Identity admin", version: "1.0.0" },
    { instructions },
  );
  for (const tool of tools) tool.register(server, service, auth);
  for (const { uri, title, text } of pages)
    server.registerResource(uri.slice("docs://".length), uri, { title, mimeType: "text/markdown" }, () => ({
      contents: [{ uri, mimeType: "text/markdown", text }],
    }));
  return server;
}
