import type http2 from "node:http2";
import type { AuthInfo } from "@mcp-authz/core";
import { jwt } from "@mcp-authz/core";
import { createMcpFastifyApp } from "@modelcontextprotocol/fastify";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import fastify from "fastify";
import { expectTypeOf } from "vitest";
import mcpAuthz from "../../../src/index.js";

const handler = createMcpHandler(() => new McpServer({ name: "todo", version: "1.0.0" }));
const options = {
  resource: "https://mcp.example.com/mcp",
  provider: jwt({ issuer: "https://auth.example.com" }),
  policy: { tools: { list_todos: "todo:read" } },
  handler,
};

const app = createMcpFastifyApp();
await app.register(mcpAuthz, options);
app.get("/typed", async ({ auth }) => {
  expectTypeOf(auth).toEqualTypeOf<AuthInfo | undefined>();
  return handler.fetch(new Request("http://localhost"), auth === undefined ? {} : { authInfo: auth });
});

const http2App = fastify({ http2: true, https: { key: "", cert: "" } });
await http2App.register(mcpAuthz, options);
http2App.get("/typed", async (request) => {
  expectTypeOf(request.raw).toExtend<http2.Http2ServerRequest>();
  expectTypeOf(request.auth).toEqualTypeOf<AuthInfo | undefined>();
});
