import type { Server } from "node:http";
import { OptionError } from "@mcp-authz/core";
import { scalekit } from "@mcp-authz/scalekit";
import { createApplication } from "./application.js";
import { ConfigError, configOf, namesAuthorizationServer } from "./config.js";
import { localEnvironment, onThisMachine } from "./local-environment.js";
import { createLogger } from "./logging.js";
import { shutDownOnSignal } from "./shutdown.js";

try {
  const local = !namesAuthorizationServer(process.env);
  const config = configOf(local ? onThisMachine(process.env) : process.env);
  const provider = scalekit(local ? await localEnvironment(config.resource) : {});
  const logger = createLogger(config.logLevel);
  const application = createApplication(config, provider, logger);
  const { app } = application;
  const server: Server = app.listen(config.port, config.host, (error) => {
    if (error) throw error;
    logger.info({ resource: config.resource }, "greeting server listens");
  });
  shutDownOnSignal(server, application, logger);
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof OptionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
