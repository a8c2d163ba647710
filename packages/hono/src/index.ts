/**
 * OAuth 2.1 authorization for an MCP server on Hono 4, on Node.js, Cloudflare Workers, Deno, Bun and others.
 *
 * ```ts
 * import { Hono } from "hono";
 * import { mcpAuthz } from "@mcp-authz/hono";
 * import { scalekit } from "@mcp-authz/scalekit";
 *
 * const app = new Hono();
 * app.use(mcpAuthz({ resource: "https://mcp.example.com/mcp", provider: scalekit(), policy, handler }));
 * export default app;
 * ```
 *
 * Use it on the application itself: it answers its own paths only, and the metadata document stands at the root of
 * the origin (RFC 9728 §3.1).
 *
 * @module
 */
import type { Answer, AuthInfo, Body, Facts, Granted, McpAuthzOptions } from "@mcp-authz/core";
import { createGate } from "@mcp-authz/core";
import * as web from "@mcp-authz/core/fetch";
import type { Context, MiddlewareHandler } from "hono";

declare module "hono" {
  interface ContextVariableMap {
    /** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
    auth: AuthInfo | undefined;
    /** The body that was authorized, for the MCP SDK's `{ parsedBody }`. */
    parsedBody: unknown;
  }
}

/** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
export function getAuth(c: Context): AuthInfo | undefined {
  return c.get("auth");
}

/** On Node.js the adapter keeps the request, whose target no URL parser has put in order yet. */
function factsOf(c: Context): Facts {
  const facts = web.factsOf(c.req.raw);
  const sent = (c.env as { incoming?: { url?: unknown } } | undefined)?.incoming?.url;
  return { ...facts, target: typeof sent === "string" ? sent : facts.target, routed: c.req.path };
}

function send(answer: Answer): Response {
  return web.send(answer);
}

/** A request whose body can be read again, and holds what was authorized. */
function attach(c: Context, granted: Granted, signal: AbortSignal): void {
  c.set("auth", granted.auth);
  c.set("parsedBody", granted.body);
  c.req.raw = web.attach(c.req.raw, granted, signal);
}

/** @throws {OptionError} when the options cannot work: the server does not start. */
export function mcpAuthz(options: McpAuthzOptions): MiddlewareHandler {
  const gate = createGate(options);
  return async (c, next) => {
    const outcome = await gate.authenticate(factsOf(c));
    switch (outcome.kind) {
      case "outside":
        return next();
      case "answer":
        return send(outcome);
      case "authenticated": {
        const verdict = await outcome.authorize(await readBody(c, outcome.reading));
        if (verdict.kind === "answer") return send(verdict);
        if (options.handler !== undefined) return web.serve(options.handler, c.req.raw, verdict);
        const ending = web.endingOf(c.req.raw);
        attach(c, verdict, ending.signal);
        await next();
        const answer = await web.answered(c.res, verdict, ending);
        // Hono would put the headers of the answer before over those of this one.
        c.res = undefined;
        c.res = answer;
      }
    }
  };
}

/** What `c.req.json()` and its kin have read stays with Hono; others may have left it as `parsedBody`. */
async function readBody(c: Context, reading: Parameters<typeof web.bodyOf>[2]): Promise<Body> {
  const parsedBody = c.get("parsedBody");
  if (parsedBody === undefined && c.req.raw.bodyUsed && Object.keys(c.req.bodyCache).length > 0)
    return { kind: "bytes", bytes: await c.req.text() };
  return web.bodyOf(c.req.raw, { parsedBody }, reading);
}
