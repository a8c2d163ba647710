import { OptionError } from "@mcp-authz/core";
import { endOnSignal } from "@mcp-authz/example-stage";
import { createApplication } from "./application.js";
import { auditLines } from "./audit.js";
import { ConfigError, configOf } from "./config.js";

try {
  const config = await configOf(process.env, async (resource) => {
    const { localEnvironment } = await import("./local-environment.js");
    return localEnvironment(resource);
  });
  const application = createApplication(config, auditLines(console.log));
  const server = application.app.listen(config.port, config.host, (error) => {
    if (error) throw error;
    console.log(`Identity admin: ${config.resource}`);
  });
  endOnSignal(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await application.close();
    server.closeAllConnections();
    await closed;
  });
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof OptionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
