import type { Provider } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/express";
import express, { type Express } from "express";
import { ownPages } from "./login.js";
import type { LoginReports } from "./login-request.js";
import { createOwnHandler, policy } from "./mcp-server.js";
import { someUsers } from "./users.js";

/** An application with users of its own, and an MCP endpoint that knows the same users. */
export function createApplication(resource: string, provider: Provider, reports: LoginReports): Express {
  const users = someUsers();
  const app = express();
  app.disable("x-powered-by");
  app.use(mcpAuthz({ resource, provider, policy, handler: createOwnHandler(users) }));
  app.use(ownPages(users, reports));
  return app;
}
