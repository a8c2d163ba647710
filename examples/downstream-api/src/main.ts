import { endOnSignal, freePort } from "@mcp-authz/example-stage";
import { environmentOf } from "./environment.js";
import { start } from "./start.js";

const url = process.env["MCP_URL"] ?? `http://127.0.0.1:${await freePort(3002)}/mcp`;
const api = process.env["CALENDAR_URL"] ?? `http://127.0.0.1:${await freePort(3003)}/calendar`;
const environment = await environmentOf(process.env, url, api);
const servers = await start({ url, api }, environment);
console.log(`MCP endpoint          ${url}
Calendar API          ${api}
Authorization server  ${environment.environmentUrl}
Connect an MCP host to the endpoint and ask for today's events.`);
endOnSignal(() => Promise.all([servers.close(), environment.close()]));
