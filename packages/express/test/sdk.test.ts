import { createServer } from "node:http";
import express5 from "express";
import express4 from "express4";
import { handlerV2, nodeRouteV1 } from "../../testing/test/sdk/servers.js";
import { clientStories, type Serve } from "../../testing/test/sdk/stories.js";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

for (const [version, express] of Object.entries({ 5: express5, 4: express4 })) {
  const route =
    (stateful: boolean): Serve =>
    (options, tools) => {
      const app = express().use(mcpAuthz(options), express.json());
      const serve = nodeRouteV1(tools, stateful);
      app.all("/mcp", (request, response) => serve(request, response, request.body));
      return listening(createServer(app));
    };
  clientStories(`A handler of SDK v2 on Express ${version}`, (options, tools) =>
    listening(createServer(express().use(mcpAuthz({ ...options, handler: handlerV2(tools) })))),
  );
  clientStories(`SDK v1 without sessions behind the gate on Express ${version}`, route(false));
  clientStories(`SDK v1 with sessions behind the gate on Express ${version}`, route(true), {
    sessions: true,
  });
}
