import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { McpAuthzOptions } from "@mcp-authz/core";
import { type ContractTarget, runContract } from "@mcp-authz/testing";
import { Hono } from "hono";
import * as test from "vitest";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

type Build = (app: Hono, options: McpAuthzOptions) => void;
type How = Pick<ContractTarget, "servedBy" | "bodiesReadBy" | "prefix">;

const contract = (name: string, build: Build, how: How = {}) => {
  const mount = (options: McpAuthzOptions) => {
    const app = new Hono().onError((_error, c) => c.text("", 400));
    build(app, options);
    return listening(createServer(getRequestListener(app.fetch)), `${how.prefix ?? ""}/mcp`);
  };
  runContract({ name: `Hono${name}`, test, mount, ...how });
};

contract("", (app, options) => app.use(mcpAuthz(options)));
contract(" with a prefix", (app, options) => app.use(mcpAuthz(options)), { prefix: "/api" });
contract(
  " after c.req.json()",
  (app, options) => {
    app.use(async (c, next) => {
      if (c.req.header("content-type")?.startsWith("application/json")) await c.req.json();
      await next();
    });
    app.use(mcpAuthz(options));
  },
  { bodiesReadBy: "application" },
);
contract(
  " before a route",
  (app, { handler, ...options }) => {
    app.use(mcpAuthz(options));
    app.all("/mcp", async (c) => {
      const auth = c.get("auth");
      const context = { ...(auth && { authInfo: auth }), parsedBody: c.get("parsedBody") };
      return (await handler?.fetch(c.req.raw, context)) ?? c.notFound();
    });
  },
  { servedBy: "application" },
);
