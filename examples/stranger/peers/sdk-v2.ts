import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { logsInAndStepsUp, toolNames } from "./step-up.js";

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "todo", version: "1.0.0" });
  for (const name of toolNames)
    server.registerTool(name, {}, () => ({ content: [{ type: "text", text: name }] }));
  return server;
});

logsInAndStepsUp(2, handler);
