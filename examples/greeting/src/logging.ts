import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { type DestinationStream, type Logger, pino } from "pino";
import type { LogLevel } from "./config.js";

const secrets = ["authorization", "cookie", "token", "access_token", "refresh_token", "client_secret"];

/**
 * JSON lines on standard output. Whatever is called like a secret is struck out down to three levels: nothing here logs
 * headers or tokens, and the day on which somebody does must not be the day on which they leak.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: "[redacted]" } }, destination ?? pino.destination(1));
}

/**
 * One line for each request, with the id that the client was told. The gate has ids of its own, which its events carry
 * too; everything else gets one here. An id that comes with a request is never taken: anybody could choose it.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    response.setHeader("X-Request-Id", randomUUID());
    response.once("close", () => {
      logger.info(
        {
          requestId: response.getHeader("X-Request-Id"),
          method: request.method,
          // Without the query: it is where people put tokens by mistake.
          path: request.path,
          status: response.statusCode,
          ms: Math.round(performance.now() - began),
        },
        response.writableFinished ? "request completed" : "request ended early",
      );
    });
    next();
  };
}
