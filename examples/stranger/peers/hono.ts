import { createServer, type RequestListener } from "node:http";
import * as test from "node:test";
import { mcpAuthz } from "@mcp-authz/hono";
import { runContract } from "@mcp-authz/testing";
import { Hono } from "hono";
import { toNodeHandler } from "srvx/node";
import { listening } from "./listening.js";

runContract({
  name: "Hono",
  test,
  mount(options) {
    const app = new Hono();
    app.use(mcpAuthz(options));
    const listener = toNodeHandler((request) => app.fetch(request)) as RequestListener;
    return listening(createServer(listener));
  },
});
