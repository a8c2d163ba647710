import {
  closeServer,
  createTodoHandler,
  endOnSignal,
  readConfig,
  todoImplies,
  todoPolicy,
} from "@mcp-authz/example-todo";
import { mcpAuthz } from "@mcp-authz/koa";
import { scalekit } from "@mcp-authz/scalekit";
import Koa from "koa";

const { port, host, resource } = readConfig();
const handler = createTodoHandler();

const app = new Koa();
app.use(async (ctx, next) => {
  if (ctx.method !== "GET" || ctx.path !== "/health") return next();
  ctx.body = { status: "ok" };
});
app.use(mcpAuthz({ resource, provider: scalekit(), policy: todoPolicy, implies: todoImplies, handler }));

const server = app.listen(port, host, () => {
  console.log(`Todo server on Koa: ${resource}`);
});
endOnSignal(() => Promise.all([handler.close(), closeServer(server)]));
