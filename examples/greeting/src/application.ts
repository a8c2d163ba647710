import type { Provider } from "@mcp-authz/core";
import express, { type ErrorRequestHandler, type Express } from "express";
import type { Logger } from "pino";
import { authorization } from "./auth.js";
import type { Config } from "./config.js";
import { healthRoutes } from "./health.js";
import { requestLog } from "./logging.js";
import { RateLimit, rateLimited } from "./rate-limit.js";
import { createTransport } from "./transport.js";

export interface Application {
  readonly app: Express;
  /** Ends every MCP stream. */
  close(): Promise<void>;
}

/** The whole server, without a port. */
export function createApplication(config: Config, provider: Provider, logger: Logger): Application {
  const transport = createTransport();
  const handler = rateLimited(transport, new RateLimit(config.rateLimit));
  const app = express();
  app.disable("x-powered-by");
  app.use(requestLog(logger));
  app.use(healthRoutes(provider));
  app.use(authorization(config, provider, handler, logger));
  app.use((_request, response) => {
    response.status(404).json({ error: "not_found" });
  });
  app.use(failure(logger));
  return { app, close: () => transport.close() };
}

/** What went wrong stands in the log, under the id that the client is told. */
function failure(logger: Logger): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const requestId = response.getHeader("X-Request-Id");
    logger.error({ err: error, requestId }, "request failed");
    if (response.headersSent) return next(error);
    response.status(500).json({ error: "server_error", request_id: requestId });
  };
}
