import { mcpAuthz } from "@mcp-authz/express";
import { scalekit } from "@mcp-authz/scalekit";
import express from "express";
import { handler } from "./todo-server.js";

const app = express();
app.use(
  mcpAuthz({
    resource: "https://mcp.example.com/mcp",
    provider: scalekit(), // SCALEKIT_ENVIRONMENT_URL, SCALEKIT_RESOURCE_ID
    policy: { baseline: "todo:read", tools: { list_todos: "todo:read", create_todo: "todo:write" } },
    implies: { "todo:write": "todo:read" },
    handler,
  }),
);
app.listen(3000);
