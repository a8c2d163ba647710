import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { mcpAuthz as nodeAuthz } from "@mcp-authz/core/node";
import { answersOf } from "@mcp-authz/testing";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

it("answers the whole contract as node:http does", { timeout: 60_000 }, async () => {
  const node = await answersOf({
    name: "node:http",
    mount: (options) => listening(createServer(nodeAuthz(options))),
  });
  const own = await answersOf({
    name: "Hono",
    mount: (options) => listening(createServer(getRequestListener(new Hono().use(mcpAuthz(options)).fetch))),
  });
  expect(own.length).toBeGreaterThan(400);
  expect(own).toEqual(node);
});
