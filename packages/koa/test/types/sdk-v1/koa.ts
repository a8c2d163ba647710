import type { AuthInfo } from "@mcp-authz/core";
import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import Koa from "koa";
import { expectTypeOf } from "vitest";
import { getAuth, type McpAuthzState, mcpAuthz } from "../../../src/index.js";

const transport = new StreamableHTTPServerTransport();

new Koa<McpAuthzState>().use(mcpAuthz({} as never)).use(async (ctx) => {
  expectTypeOf(ctx.state.auth).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(getAuth(ctx)).toExtend<SdkAuthInfo | undefined>();
  ctx.respond = false;
  await transport.handleRequest(ctx.req, ctx.res);
});
