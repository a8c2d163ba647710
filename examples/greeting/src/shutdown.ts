import type { Server } from "node:http";
import type { Logger } from "pino";
import type { Application } from "./application.js";

/** Milliseconds that answers in flight have to finish; orchestrators often kill after ten seconds. */
const grace = 8_000;

/** On SIGTERM or SIGINT: no new connections, answers in flight finish, streams end, then exit. A second signal exits at once. */
export function shutDownOnSignal(server: Server, application: Application, logger: Logger): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(1);
    ending = true;
    logger.info({ signal }, "shutting down");
    setTimeout(() => {
      logger.warn("answers in flight were cut off");
      process.exit(1);
    }, grace).unref();
    // Connections that are busy now become idle when they have answered, and would stay for a while.
    setInterval(() => server.closeIdleConnections(), 50).unref();
    server.close(() => process.exit(0));
    application.close().catch((error: unknown) => logger.error({ err: error }, "streams did not end"));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
}
