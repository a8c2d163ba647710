/**
 * OAuth 2.1 authorization for an MCP server on Express 4 or 5.
 *
 * ```ts
 * import express from "express";
 * import { mcpAuthz } from "@mcp-authz/express";
 * import { scalekit } from "@mcp-authz/scalekit";
 *
 * const app = express();
 * app.use(mcpAuthz({ resource: "https://mcp.example.com/mcp", provider: scalekit(), policy, handler }));
 * app.listen(3000);
 * ```
 *
 * Mount it at the root of the application, before or after `express.json()`: it answers its own paths only, and
 * the metadata document stands at the root of the origin (RFC 9728 §3.1).
 *
 * @module
 */
import type { Answer, AuthInfo, Facts, Granted, McpAuthzOptions } from "@mcp-authz/core";
import { createGate } from "@mcp-authz/core";
import { applyHeaders, guard, headerLines, readBody, send as sendNode, serve } from "@mcp-authz/core/node";
import type { NextFunction, Request, RequestHandler, Response } from "express";

/** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
export function getAuth(request: Request): AuthInfo | undefined {
  return (request as { auth?: AuthInfo }).auth;
}

function factsOf(request: Request): Facts {
  return {
    method: request.method,
    target: request.originalUrl,
    routed: `${request.baseUrl}${request.url}`,
    headers: headerLines(request),
  };
}

function send(response: Response, answer: Answer): void {
  sendNode(response, answer);
}

/** `_body` tells the body parser of Express 4 that there is nothing left to read. */
function attach(request: Request, response: Response, granted: Granted): void {
  Object.assign(request, { auth: granted.auth, body: granted.body, _body: true });
  applyHeaders(response, granted.headers);
}

/** @throws {OptionError} when the options cannot work: the server does not start. */
export function mcpAuthz(options: McpAuthzOptions): RequestHandler {
  const gate = createGate(options);
  const pass = async (request: Request, response: Response, next: NextFunction) => {
    const outcome = await gate.authenticate(factsOf(request));
    switch (outcome.kind) {
      case "outside":
        return next();
      case "answer":
        return send(response, outcome);
      case "authenticated": {
        const verdict = await outcome.authorize(await readBody(request, outcome.reading));
        if (verdict.kind === "answer") return send(response, verdict);
        attach(request, response, verdict);
        if (options.handler !== undefined) return serve(options.handler, request, response, verdict);
        guard(response, verdict);
        return next();
      }
    }
  };
  // Express 4 does not look after promises.
  return (request, response, next) => {
    pass(request, response, next).catch(next);
  };
}
