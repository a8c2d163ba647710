import type { Server } from "node:http";
import {
  closeServer,
  createTodoHandler,
  endOnSignal,
  readConfig,
  todoImplies,
  todoPolicy,
} from "@mcp-authz/example-todo";
import { mcpAuthz } from "@mcp-authz/express";
import { scalekit } from "@mcp-authz/scalekit";
import express from "express";

const { port, host, resource } = readConfig();
const handler = createTodoHandler();

const app = express();
app.disable("x-powered-by");
app.get("/health", (_request, response) => {
  response.json({ status: "ok" });
});
app.use(mcpAuthz({ resource, provider: scalekit(), policy: todoPolicy, implies: todoImplies, handler }));

const server: Server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Todo server on Express: ${resource}`);
});
endOnSignal(() => Promise.all([handler.close(), closeServer(server)]));
