import * as test from "node:test";
import { mcpAuthz } from "@mcp-authz/fastify";
import { runContract } from "@mcp-authz/testing";
import fastify from "fastify";

runContract({
  name: "Fastify",
  test,
  async mount(options) {
    const app = fastify({ forceCloseConnections: true });
    await app.register(mcpAuthz, options);
    const origin = await app.listen({ host: "127.0.0.1", port: 0 });
    return { url: `${origin}/mcp`, close: () => app.close() };
  },
});
