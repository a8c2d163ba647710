import { scalekit } from "@mcp-authz/scalekit";
import { createApplication } from "./application.js";

const port = Number(process.env.PORT ?? 3002);
const resource = process.env.MCP_URL ?? `http://127.0.0.1:${port}/mcp`;

createApplication(resource, scalekit()).listen(port, "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`Notes on http://127.0.0.1:${port}, for AI hosts at ${resource}`);
});
