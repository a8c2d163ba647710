import { createServer } from "node:http";
import { bodyParser } from "@koa/bodyparser";
import Koa3 from "koa";
import Koa2 from "koa2";
import { handlerV2, nodeRouteV1 } from "../../testing/test/sdk/servers.js";
import { clientStories, type Serve } from "../../testing/test/sdk/stories.js";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

for (const [version, Koa] of Object.entries({ 3: Koa3, 2: Koa2 })) {
  const route =
    (stateful: boolean): Serve =>
    (options, tools) => {
      const serve = nodeRouteV1(tools, stateful);
      const app = new Koa()
        .on("error", () => {})
        .use(mcpAuthz(options))
        .use(bodyParser());
      app.use(async (ctx) => {
        ctx.respond = false;
        await serve(ctx.req, ctx.res, ctx.request.body);
      });
      return listening(createServer(app.callback()));
    };
  clientStories(`A handler of SDK v2 on Koa ${version}`, (options, tools) => {
    const app = new Koa().on("error", () => {});
    app.use(mcpAuthz({ ...options, handler: handlerV2(tools) }));
    return listening(createServer(app.callback()));
  });
  clientStories(`SDK v1 without sessions behind the gate on Koa ${version}`, route(false));
  clientStories(`SDK v1 with sessions behind the gate on Koa ${version}`, route(true), { sessions: true });
}
