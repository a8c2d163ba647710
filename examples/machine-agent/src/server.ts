import type { RequestListener } from "node:http";
import type { Provider } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { Reports } from "./reports.js";
import { policy, registerTools } from "./tools.js";

/** The protected server, on plain `node:http`. */
export function createReportServer(resource: string, provider: Provider): RequestListener {
  const reports = new Reports();
  const handler = createMcpHandler(({ authInfo }) => {
    const server = new McpServer({ name: "reports", title: "Reports", version: "1.0.0" });
    registerTools(server, reports, authInfo);
    return server;
  });
  return mcpAuthz({ resource, provider, policy, handler });
}
