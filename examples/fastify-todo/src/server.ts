import {
  closeServer,
  createTodoHandler,
  endOnSignal,
  readConfig,
  todoImplies,
  todoPolicy,
} from "@mcp-authz/example-todo";
import { mcpAuthz } from "@mcp-authz/fastify";
import { scalekit } from "@mcp-authz/scalekit";
import fastify from "fastify";

const { port, host, resource } = readConfig();
const handler = createTodoHandler();

const app = fastify();
app.get("/health", async () => ({ status: "ok" }));
await app.register(mcpAuthz, {
  resource,
  provider: scalekit(),
  policy: todoPolicy,
  implies: todoImplies,
  handler,
});

await app.listen({ port, host });
console.log(`Todo server on Fastify: ${resource}`);
endOnSignal(() => Promise.all([handler.close(), closeServer(app.server, () => app.close())]));
