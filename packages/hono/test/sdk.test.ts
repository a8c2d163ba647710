import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { handlerV2, webRouteV1 } from "../../testing/test/sdk/servers.js";
import { clientStories, type Serve } from "../../testing/test/sdk/stories.js";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

const serving = (app: Hono) => listening(createServer(getRequestListener(app.fetch)));

const route =
  (stateful: boolean): Serve =>
  (options, tools) => {
    const app = new Hono();
    app.use(mcpAuthz(options));
    const serve = webRouteV1(tools, stateful);
    app.all("/mcp", (c) => {
      const auth = c.get("auth");
      return serve(c.req.raw, { ...(auth && { authInfo: auth }), parsedBody: c.get("parsedBody") });
    });
    return serving(app);
  };

clientStories("A handler of SDK v2 on Hono", (options, tools) => {
  const app = new Hono();
  app.use(mcpAuthz({ ...options, handler: handlerV2(tools) }));
  return serving(app);
});
clientStories("SDK v1 without sessions behind the gate on Hono", route(false));
clientStories("SDK v1 with sessions behind the gate on Hono", route(true), { sessions: true });
