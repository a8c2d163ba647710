import { createServer } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { bodyParser } from "@koa/bodyparser";
import type { McpAuthzOptions } from "@mcp-authz/core";
import { type ContractTarget, runContract } from "@mcp-authz/testing";
import Koa3, { type Middleware } from "koa";
import koaBodyparser from "koa-bodyparser";
import Koa2 from "koa2";
import * as test from "vitest";
import { mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

type Chain = (options: McpAuthzOptions) => readonly Middleware[];
type How = Pick<ContractTarget, "servedBy" | "bodiesReadBy" | "prefix">;

const guard = ({ handler, ...options }: McpAuthzOptions, ...after: Middleware[]): Middleware[] => {
  const route: Middleware = async (ctx, next) => {
    if (ctx.path !== "/mcp") return next();
    const gone = new AbortController();
    ctx.res.once("close", () => gone.abort());
    const request = new Request(ctx.href, { method: ctx.method, signal: gone.signal });
    const { auth } = ctx.state;
    const context = { ...(auth && { authInfo: auth }), parsedBody: ctx.request.body };
    const { body, status, headers } = (await handler?.fetch(request, context)) ?? new Response();
    ctx.body = body && Readable.fromWeb(body as ReadableStream);
    ctx.status = status;
    for (const [name, value] of headers)
      name === "set-cookie" ? ctx.append(name, value) : ctx.set(name, value);
  };
  return [mcpAuthz(options), ...after, route];
};

for (const [version, Koa] of Object.entries({ 3: Koa3, 2: Koa2 })) {
  const contract = (name: string, chain: Chain, how: How = {}) => {
    const mount = (options: McpAuthzOptions) => {
      const app = new Koa().on("error", () => {});
      for (const middleware of chain(options)) app.use(middleware);
      return listening(createServer(app.callback()), `${how.prefix ?? ""}/mcp`);
    };
    runContract({ name: `Koa ${version}${name}`, test, mount, ...how });
  };
  contract("", (options) => [mcpAuthz(options)]);
  contract(" with a prefix", (options) => [mcpAuthz(options)], { prefix: "/api" });
  contract(" after koa-bodyparser", (options) => [koaBodyparser(), mcpAuthz(options)], {
    bodiesReadBy: "application",
  });
  contract(" before a route", guard, { servedBy: "application" });
  contract(" before @koa/bodyparser and a route", (options) => guard(options, bodyParser()), {
    servedBy: "application",
  });
}
