import { freePort, listen } from "@mcp-authz/example-stage";
import { scalekit } from "@mcp-authz/scalekit";
import { connectAgent } from "./agent.js";
import { environmentOf } from "./environment.js";
import { createReportServer } from "./server.js";

const url = process.env["MCP_URL"] ?? `http://127.0.0.1:${await freePort(3002)}/mcp`;
const { environmentUrl, resourceId, agent, close } = await environmentOf(process.env, url);
const listener = createReportServer(url, scalekit({ environmentUrl, resourceId }));
const server = await listen(listener, Number(process.env["PORT"] ?? new URL(url).port));
const issuer = `${environmentUrl}/resources/${resourceId}`;
const client = await connectAgent({ url, issuer, ...agent });

console.log("The agent has a token, and no person behind it. It lists the reports:");
console.log(`  ${JSON.stringify((await client.callTool({ name: "list_reports" })).structuredContent)}`);
console.log("It tries to publish one:");
try {
  await client.callTool({ name: "publish_report", arguments: { id: "2026-q1" } });
  process.exitCode = 1;
} catch (error) {
  console.log(`  refused: ${error instanceof Error ? error.message : error}`);
}
await client.close();
await server.close();
await close();
