/**
 * OAuth 2.1 authorization for an MCP server on Koa 2 or 3.
 *
 * ```ts
 * import Koa from "koa";
 * import { mcpAuthz } from "@mcp-authz/koa";
 * import { scalekit } from "@mcp-authz/scalekit";
 *
 * const app = new Koa();
 * app.use(mcpAuthz({ resource: "https://mcp.example.com/mcp", provider: scalekit(), policy, handler }));
 * app.listen(3000);
 * ```
 *
 * Use it on the application itself, before or after a body parser: it answers its own paths only, and the metadata
 * document stands at the root of the origin (RFC 9728 §3.1).
 *
 * @module
 */
import type { Answer, AuthInfo, Facts, Granted, McpAuthzOptions } from "@mcp-authz/core";
import { createGate } from "@mcp-authz/core";
import { applyHeaders, guard, headerLines, payloadOf, readBody, respond } from "@mcp-authz/core/node";
import type { Context, Middleware } from "koa";

/** What the middleware leaves in `ctx.state`. */
export interface McpAuthzState {
  /** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
  auth?: AuthInfo | undefined;
}

/** Who sent this request; undefined where no gate let it through, or the operation is public and no token came. */
export function getAuth(ctx: { readonly state: McpAuthzState }): AuthInfo | undefined {
  return ctx.state.auth;
}

function factsOf({ method, originalUrl, url, req }: Context): Facts {
  return { method, target: originalUrl, routed: url, headers: headerLines(req) };
}

/** Koa writes it when the middleware before us is done, so that what that sets goes out too. */
function send(ctx: Context, answer: Answer | Response): void {
  ctx.remove("Content-Type");
  ctx.body = payloadOf(ctx.res, answer);
  ctx.status = answer.status;
  applyHeaders(ctx.res, answer.headers);
}

/** In `ctx.state`, where body parsers look, and on the raw request for the SDK's Node transports. */
function attach(ctx: Context, granted: Granted): void {
  const { auth, body, headers } = granted;
  Object.assign(ctx.state, { auth });
  Object.assign(ctx.request, { body });
  Object.assign(ctx.req, { auth, body });
  applyHeaders(ctx.res, headers);
}

/** @throws {OptionError} when the options cannot work: the server does not start. */
export function mcpAuthz(options: McpAuthzOptions): Middleware<McpAuthzState> {
  const gate = createGate(options);
  return async (context, next) => {
    const ctx = context as Context;
    const outcome = await gate.authenticate(factsOf(ctx));
    switch (outcome.kind) {
      case "outside":
        return next();
      case "answer":
        return send(ctx, outcome);
      case "authenticated": {
        const before = (ctx.request as { body?: unknown }).body;
        const verdict = await outcome.authorize(await readBody(ctx.req, outcome.reading, before));
        if (verdict.kind === "answer") return send(ctx, verdict);
        attach(ctx, verdict);
        if (options.handler !== undefined)
          return send(ctx, await respond(options.handler, ctx.req, ctx.res, verdict));
        guard(ctx.res, verdict);
        return next();
      }
    }
  };
}
