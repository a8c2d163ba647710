import { createServer } from "node:http";
import * as test from "node:test";
import { mcpAuthz } from "@mcp-authz/koa";
import { runContract } from "@mcp-authz/testing";
import Koa from "koa";
import { listening } from "./listening.js";

runContract({
  name: "Koa",
  test,
  mount(options) {
    const app = new Koa().on("error", () => {});
    app.use(mcpAuthz(options));
    return listening(createServer(app.callback()));
  },
});
