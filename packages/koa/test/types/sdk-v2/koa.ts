import type { AuthInfo } from "@mcp-authz/core";
import { jwt } from "@mcp-authz/core";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import Koa from "koa";
import { expectTypeOf } from "vitest";
import { getAuth, type McpAuthzState, mcpAuthz } from "../../../src/index.js";

const handler = createMcpHandler(() => new McpServer({ name: "todo", version: "1.0.0" }));
const gate = mcpAuthz({
  resource: "https://mcp.example.com/mcp",
  provider: jwt({ issuer: "https://auth.example.com" }),
  policy: { tools: { list_todos: "todo:read" } },
  handler,
});

new Koa().use(gate).use((ctx) => {
  expectTypeOf(getAuth(ctx)).toEqualTypeOf<AuthInfo | undefined>();
});
new Koa<McpAuthzState & { session: string }>().use(gate).use((ctx) => {
  expectTypeOf(ctx.state.auth).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(ctx.state.session).toEqualTypeOf<string>();
});
