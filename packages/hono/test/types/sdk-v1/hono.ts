import type { AuthInfo } from "@mcp-authz/core";
import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { Hono } from "hono";
import { expectTypeOf } from "vitest";
import { getAuth } from "../../../src/index.js";

const app = new Hono();
const transport = new WebStandardStreamableHTTPServerTransport();

app.all("/mcp", (c) => {
  const auth = c.get("auth");
  expectTypeOf(auth).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(c.var.auth).toEqualTypeOf<AuthInfo | undefined>();
  expectTypeOf(getAuth(c)).toExtend<SdkAuthInfo | undefined>();
  return transport.handleRequest(c.req.raw, {
    ...(auth === undefined ? {} : { authInfo: auth }),
    parsedBody: c.get("parsedBody"),
  });
});
