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

/**
 * On Node.js the adapter keeps the message as it came: its target no URL parser has put in order, and of two header lines
 * with one name it has both, which `Headers` has joined.
 */
function factsOf(c: Context): Facts {
  const { incoming } = (c.env ?? {}) as { incoming?: { url?: unknown; rawHeaders?: readonly string[] } };
  if (typeof incoming?.url !== "string" || !Array.isArray(incoming.rawHeaders))
    return { ...web.factsOf(c.req.raw), routed: c.req.path };
  return {
    method: c.req.method,
    target: incoming.url,
    routed: c.req.path,
    headers: web.headerLines(incoming.rawHeaders),
  };
}

function send(answer: Answer): Response {
  return web.send(answer);
}

/**
 * A request whose body can be read again, and holds what was authorized. It is made for those who ask for it: most routes
 * are content with `parsedBody`, and a `Request` costs more than the gate.
 */
function attach(c: Context, granted: Granted, ending: AbortController): void {
  c.set("auth", granted.auth);
  c.set("parsedBody", granted.body);
  const { raw } = c.req;
  let handed: Request | undefined;
  Object.defineProperty(c.req, "raw", {
    configurable: true,
    enumerable: true,
    get() {
      if (handed !== undefined) return handed;
      web.endWith(raw, ending);
      handed = web.attach(raw, granted, ending.signal);
      return handed;
    },
    set(request: Request) {
      handed = request;
    },
  });
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
        const ending = new AbortController();
        attach(c, verdict, ending);
        await next();
        const answer = await web.answered(c.res, verdict, ending);
        if (answer === c.res) return;
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
