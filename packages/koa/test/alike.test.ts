import { createServer } from "node:http";
import { mcpAuthz as nodeAuthz } from "@mcp-authz/core/node";
import { answersOf } from "@mcp-authz/testing";
import Koa from "koa";
import { expect, it } from "vitest";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

it("answers the whole contract as node:http does", { timeout: 60_000 }, async () => {
  const node = await answersOf({
    name: "node:http",
    mount: (options) => listening(createServer(nodeAuthz(options))),
  });
  const own = await answersOf({
    name: "Koa",
    mount: (options) => listening(createServer(new Koa().use(mcpAuthz(options)).callback())),
  });
  expect(own.length).toBeGreaterThan(400);
  expect(own).toEqual(node);
});
