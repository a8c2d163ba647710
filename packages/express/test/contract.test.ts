import { createServer } from "node:http";
import type { McpAuthzOptions } from "@mcp-authz/core";
import { type ContractTarget, runContract } from "@mcp-authz/testing";
import express5, { type Express, type RequestHandler } from "express";
import express4 from "express4";
import * as test from "vitest";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";
import { ownRoute } from "./own-route.js";

type Build = (app: Express, options: McpAuthzOptions) => void;
type How = Pick<ContractTarget, "servedBy" | "bodiesReadBy" | "prefix">;

const guard = (app: Express, { handler, ...options }: McpAuthzOptions, ...after: RequestHandler[]) => {
  app.use(mcpAuthz(options), ...after);
  app.all("/mcp", (request, response) => ownRoute(handler, request, response));
};

for (const [version, express] of Object.entries({ 5: express5, 4: express4 })) {
  const contract = (name: string, build: Build, how: How = {}) => {
    const mount = (options: McpAuthzOptions) => {
      const app = express();
      build(app, options);
      return listening(createServer(app), `${how.prefix ?? ""}/mcp`);
    };
    runContract({ name: `Express ${version}${name}`, test, mount, ...how });
  };
  contract("", (app, options) => app.use(mcpAuthz(options)));
  contract(" after express.json()", (app, options) => app.use(express.json(), mcpAuthz(options)), {
    bodiesReadBy: "application",
  });
  contract(" before a route", guard, { servedBy: "application" });
  contract(
    " before a router with a prefix",
    (app, { handler, ...options }) => {
      app.use(mcpAuthz(options)).use(
        "/api",
        express.Router().all("/mcp", (request, response) => {
          return ownRoute(handler, request, response);
        }),
      );
    },
    { servedBy: "application", prefix: "/api" },
  );
  contract(" before express.json() and a route", (app, options) => guard(app, options, express.json()), {
    servedBy: "application",
  });
}
