import { endOnSignal, freePort } from "@mcp-authz/example-stage";
import { environmentOf } from "./environment.js";
import { start } from "./start.js";

const port = Number(process.env["PORT"] ?? (await freePort(3002)));
const url = process.env["MCP_URL"] ?? `http://127.0.0.1:${port}/mcp`;
const environment = await environmentOf(process.env, url);
const server = await start(url, port, environment);
console.log(`MCP endpoint          ${url}
The application       ${server.origin}  (ada@own.example, password "difference")
Authorization server  ${environment.environmentUrl}
Connect an MCP host to the endpoint: its login ends up at the application's own page.`);
endOnSignal(() => Promise.all([server.close(), environment.close()]));
