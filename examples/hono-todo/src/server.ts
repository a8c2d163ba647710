import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import {
  closeServer,
  createTodoHandler,
  endOnSignal,
  readConfig,
  todoImplies,
  todoPolicy,
} from "@mcp-authz/example-todo";
import { mcpAuthz } from "@mcp-authz/hono";
import { scalekit } from "@mcp-authz/scalekit";
import { Hono } from "hono";

const { port, host, resource } = readConfig();
const handler = createTodoHandler();

const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));
app.use(mcpAuthz({ resource, provider: scalekit(), policy: todoPolicy, implies: todoImplies, handler }));

const server = serve({ fetch: app.fetch, port, hostname: host }, () => {
  console.log(`Todo server on Hono: ${resource}`);
});
endOnSignal(() => Promise.all([handler.close(), closeServer(server as Server)]));
