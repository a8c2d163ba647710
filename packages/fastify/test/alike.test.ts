import { createServer } from "node:http";
import { mcpAuthz as nodeAuthz } from "@mcp-authz/core/node";
import { answersOf } from "@mcp-authz/testing";
import fastify from "fastify";
import { expect, it } from "vitest";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

it("answers the whole contract as node:http does", { timeout: 60_000 }, async () => {
  const node = await answersOf({
    name: "node:http",
    mount: (options) => listening(createServer(nodeAuthz(options))),
  });
  const own = await answersOf({
    name: "Fastify",
    async mount(options) {
      const app = fastify({
        forceCloseConnections: true,
        // What Node.js does not take for HTTP, Fastify answers in words of its own, before any plugin.
        clientErrorHandler: (_error, socket) =>
          void socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
      });
      await app.register(mcpAuthz, options);
      return { url: `${await app.listen({ host: "127.0.0.1", port: 0 })}/mcp`, close: () => app.close() };
    },
  });
  expect(own.length).toBeGreaterThan(400);
  expect(own).toEqual(node);
});
