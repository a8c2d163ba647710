import type { AuthInfo } from "@mcp-authz/core";
import { jwt } from "@mcp-authz/core";
import { createMcpExpressApp, requireBearerAuth } from "@modelcontextprotocol/express";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type express from "express";
import { expectTypeOf } from "vitest";
import { getAuth, mcpAuthz } from "../../../src/index.js";

const handler = createMcpHandler(() => new McpServer({ name: "todo", version: "1.0.0" }));
const app = createMcpExpressApp();

expectTypeOf(requireBearerAuth).returns.toExtend<express.RequestHandler>();
app.use(
  mcpAuthz({
    resource: "https://mcp.example.com/mcp",
    provider: jwt({ issuer: "https://auth.example.com" }),
    policy: { tools: { list_todos: "todo:read" } },
    handler,
  }),
);
app.get("/typed", (request) => {
  expectTypeOf(getAuth(request)).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(request.auth).toExtend<AuthInfo | undefined>();
});
