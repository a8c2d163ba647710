import { mcpAuthz } from "@mcp-authz/express";
import { scalekit } from "@mcp-authz/scalekit";
import express, { type Express } from "express";
import { implies } from "./access.js";
import type { Audit } from "./audit.js";
import { createCatalogue } from "./catalogue.js";
import type { Config } from "./config.js";
import { createManagement } from "./management/management.js";
import { createService } from "./service.js";
import { createTransport } from "./transport.js";

export interface Application {
  readonly app: Express;
  /** Ends every MCP stream. */
  close(): Promise<void>;
}

/**
 * The whole server, without a port.
 *
 * @param request what REST calls of the management API go through
 */
export function createApplication(config: Config, audit: Audit, request: typeof fetch = fetch): Application {
  const { environmentUrl, resourceId } = config.scalekit;
  const catalogue = createCatalogue();
  const service = createService(createManagement(config.scalekit, request), audit);
  const transport = createTransport(catalogue, service);
  const app = express();
  app.disable("x-powered-by");
  app.get("/health", (_request, response) => {
    response.json({ status: "ok" });
  });
  app.use(
    mcpAuthz({
      resource: config.resource,
      provider: scalekit({ environmentUrl, resourceId }),
      policy: catalogue.policy,
      implies,
      lists: { filter: true },
      handler: transport,
    }),
  );
  return { app, close: () => transport.close() };
}
