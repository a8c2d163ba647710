import type { AuthInfo } from "@mcp-authz/core";
import { jwt } from "@mcp-authz/core";
import { createMcpHonoApp } from "@modelcontextprotocol/hono";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { Hono } from "hono";
import { expectTypeOf } from "vitest";
import { mcpAuthz } from "../../../src/index.js";

const handler = createMcpHandler(() => new McpServer({ name: "todo", version: "1.0.0" }));
const gate = mcpAuthz({
  resource: "https://mcp.example.com/mcp",
  provider: jwt({ issuer: "https://auth.example.com" }),
  policy: { tools: { list_todos: "todo:read" } },
  handler,
});

createMcpHonoApp().use(gate);
const app = new Hono<{ Bindings: { SECRET: string }; Variables: { session: string } }>();
app.use(gate);
app.get("/typed", (c) => {
  expectTypeOf(c.get("auth")).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(c.get("session")).toEqualTypeOf<string>();
  return c.body(null);
});
