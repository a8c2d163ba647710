import type { AuthInfo } from "@mcp-authz/core";
import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import fastify from "fastify";
import { expectTypeOf } from "vitest";
import mcpAuthz, { getAuth, mcpAuthz as named } from "../../../src/index.js";

const app = fastify();
const transport = new StreamableHTTPServerTransport();

expectTypeOf(named).toEqualTypeOf(mcpAuthz);
app.get("/typed", async (request) => {
  expectTypeOf(request.auth).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(getAuth(request)).toExtend<SdkAuthInfo | undefined>();
});
app.all("/mcp", async (request, reply) => {
  reply.hijack();
  await transport.handleRequest(request.raw, reply.raw, request.body);
});
