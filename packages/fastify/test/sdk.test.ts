import fastify, { type FastifyInstance } from "fastify";
import { handlerV2, nodeRouteV1, webRouteV1 } from "../../testing/test/sdk/servers.js";
import { clientStories, type Serve } from "../../testing/test/sdk/stories.js";
import { mcpAuthz } from "../src/index.js";

async function listening(app: FastifyInstance): Promise<{ url: string; close(): Promise<void> }> {
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return { url: `${origin}/mcp`, close: () => app.close() };
}

const route =
  (stateful: boolean): Serve =>
  async (options, tools) => {
    const app = fastify({ forceCloseConnections: true });
    await app.register(mcpAuthz, options);
    const serve = nodeRouteV1(tools, stateful);
    app.all("/mcp", async (request, reply) => {
      reply.hijack();
      await serve(request.raw, reply.raw, request.body);
    });
    return listening(app);
  };

clientStories("A handler of SDK v2 on Fastify", async (options, tools) => {
  const app = fastify({ forceCloseConnections: true });
  await app.register(mcpAuthz, { ...options, handler: handlerV2(tools) });
  return listening(app);
});
clientStories("SDK v1 without sessions behind the gate on Fastify", route(false));
clientStories("SDK v1 with sessions behind the gate on Fastify", route(true), { sessions: true });
clientStories("SDK v1 on web-standard requests behind the gate on Fastify", async (options, tools) => {
  const app = fastify({ forceCloseConnections: true });
  await app.register(mcpAuthz, options);
  const serve = webRouteV1(tools, false);
  app.all("/mcp", ({ raw, auth, body, method }, reply) => {
    const ending = new AbortController();
    reply.raw.once("close", () => ending.abort());
    const headers = Object.entries(raw.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const request = new Request("http://localhost/mcp", { method, headers, signal: ending.signal });
    return serve(request, { ...(auth && { authInfo: auth }), parsedBody: body });
  });
  return listening(app);
});
