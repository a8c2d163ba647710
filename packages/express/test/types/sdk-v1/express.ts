import type { AuthInfo } from "@mcp-authz/core";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import express from "express";
import { expectTypeOf } from "vitest";
import { getAuth, mcpAuthz } from "../../../src/index.js";

const app = express();
const transport = new StreamableHTTPServerTransport();

expectTypeOf(mcpAuthz).returns.toEqualTypeOf<express.RequestHandler>();
expectTypeOf(requireBearerAuth).returns.toExtend<express.RequestHandler>();
app.all("/mcp", async (request, response) => {
  expectTypeOf(getAuth(request)).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(getAuth(request)).toExtend<SdkAuthInfo | undefined>();
  await transport.handleRequest(request, response, request.body);
});
