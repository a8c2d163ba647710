import type { McpAuthzOptions } from "@mcp-authz/core";
import { type ContractTarget, runContract } from "@mcp-authz/testing";
import { type NodeIncomingMessageLike, toWebRequest } from "@modelcontextprotocol/node";
import fastify, { type FastifyInstance } from "fastify";
import * as test from "vitest";
import { mcpAuthz } from "../src/index.js";
import { ownRoute } from "./own-route.js";

type Build = (app: FastifyInstance, options: McpAuthzOptions) => unknown;
type How = Pick<ContractTarget, "servedBy" | "prefix">;

const contract = (name: string, build: Build, how: How = {}) =>
  runContract({
    name: `Fastify${name}`,
    test,
    async mount(options) {
      const app = fastify({ forceCloseConnections: true });
      await build(app, options);
      const origin = await app.listen({ host: "127.0.0.1", port: 0 });
      return { url: `${origin}${how.prefix ?? ""}/mcp`, close: () => app.close() };
    },
    ...how,
  });

contract("", (app, options) => app.register(mcpAuthz, options));
contract(
  " before a route that sends",
  async (app, { handler, ...options }) => {
    await app.register(mcpAuthz, options);
    app.all("/mcp", async ({ auth, body, raw }, reply) => {
      const ending = new AbortController();
      reply.raw.once("close", () => ending.abort());
      const request = await toWebRequest(raw as NodeIncomingMessageLike, body, { signal: ending.signal });
      return handler?.fetch(request, { ...(auth && { authInfo: auth }), parsedBody: body });
    });
  },
  { servedBy: "application" },
);
contract(
  " before a scope with a prefix",
  async (app, { handler, ...options }) => {
    await app.register(mcpAuthz, options);
    const scope = async (api: FastifyInstance) =>
      void api.all("/mcp", (request, reply) => {
        reply.hijack();
        return ownRoute(handler, request.raw, reply.raw);
      });
    await app.register(scope, { prefix: "/api" });
  },
  { servedBy: "application", prefix: "/api" },
);
contract(
  " before a route that hijacks",
  async (app, { handler, ...options }) => {
    await app.register(mcpAuthz, options);
    app.all("/mcp", (request, reply) => {
      reply.hijack();
      return ownRoute(handler, request.raw, reply.raw);
    });
  },
  { servedBy: "application" },
);
