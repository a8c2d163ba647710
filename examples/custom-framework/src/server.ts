import {
  closeServer,
  createTodoHandler,
  endOnSignal,
  readConfig,
  todoImplies,
  todoPolicy,
} from "@mcp-authz/example-todo";
import { scalekit } from "@mcp-authz/scalekit";
import { mcpAuthz } from "./mcp-authz.js";
import { Rill } from "./rill.js";

const { port, host, resource } = readConfig();
const handler = createTodoHandler();

const app = new Rill()
  .get("/health", () => ({ status: 200, headers: [], body: "ok" }))
  .use(mcpAuthz({ resource, provider: scalekit(), policy: todoPolicy, implies: todoImplies, handler }));

const server = await app.listen(port, host);
console.log(`Todo server on Rill: ${resource}`);
endOnSignal(() => Promise.all([handler.close(), closeServer(server)]));
