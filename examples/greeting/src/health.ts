import { type Provider, readiness } from "@mcp-authz/core";
import { type Request, type Response, Router } from "express";

/**
 * `/health`: the process is alive, do not restart it. `/ready`: tokens can be verified, send it requests.
 * Both are open to everybody, and so neither says what is wrong: the log does.
 */
export function healthRoutes(provider: Provider): Router {
  return Router()
    .get("/health", (_request: Request, response: Response) => {
      response.json({ status: "ok" });
    })
    .get("/ready", (_request: Request, response: Response) => {
      const { ready } = readiness(provider);
      response.status(ready ? 200 : 503).json({ ready });
    });
}
