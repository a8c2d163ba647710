import { createServer } from "node:http";
import { bodyParser } from "@koa/bodyparser";
import { jwt, type McpAuthzOptions, type McpHandler } from "@mcp-authz/core";
import { createTokenMint, exchange, type RawRequest, type TokenMint } from "@mcp-authz/testing";
import Koa3 from "koa";
import koaBodyparser from "koa-bodyparser";
import Koa2 from "koa2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { getAuth, mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

let mint: TokenMint;
let close: (() => void) | undefined;

beforeAll(async () => {
  mint = await createTokenMint();
});
afterEach(() => close?.());
afterAll(() => mint.close());

const options = (more: Partial<McpAuthzOptions> = {}): McpAuthzOptions => ({
  resource: "https://mcp.example.com/mcp",
  provider: jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri }),
  policy: { baseline: "todo:read", tools: { list_todos: [], create_todo: "todo:write" } },
  ...more,
});

/** Says what it was called with, as JSON or in an event. */
const echo: McpHandler = {
  async fetch(request, { authInfo, parsedBody } = {}) {
    const said = JSON.stringify({ caller: authInfo?.clientId, parsedBody });
    return request.headers.get("accept") === "text/event-stream"
      ? new Response(`data: ${said}\n\n`, { headers: { "Content-Type": "text/event-stream" } })
      : new Response(said, { headers: { "Content-Type": "application/json", Vary: "Accept" } });
  },
};

const message = (name: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: { text: "naïve 東京" } },
});

function call(name: string, more: RawRequest = {}): RawRequest {
  const { headers = [], ...rest } = more;
  const own = [
    ["Authorization", `Bearer ${mint.token()}`],
    ["Content-Type", "application/json"],
  ] as const;
  return { headers: [...own, ...headers], body: JSON.stringify(message(name)), ...rest };
}

async function serving(app: { callback(): Parameters<typeof createServer>[1] }) {
  const server = await listening(createServer(app.callback() as () => void));
  close = server.close;
  return (request: RawRequest) => exchange(server.url, request);
}

describe.each(Object.entries({ "Koa 3": Koa3, "Koa 2": Koa2 }))("%s", (_, Koa) => {
  describe.each([
    ["koa-bodyparser", koaBodyparser],
    ["@koa/bodyparser", bodyParser],
  ] as const)("with %s", (_name, parser) => {
    it("authorizes the body that it has read before", async () => {
      const send = await serving(new Koa().use(parser()).use(mcpAuthz(options({ handler: echo }))));
      expect((await send(call("create_todo"))).status).toBe(403);
      expect((await send(call("list_todos"))).json()).toEqual({
        caller: "client_1",
        parsedBody: message("list_todos"),
      });
    });

    it("leaves nothing for it to read after the gate", async () => {
      const app = new Koa().use(mcpAuthz(options())).use(parser());
      app.use((ctx) => {
        ctx.body = { caller: getAuth(ctx)?.clientId, body: ctx.request.body };
      });
      const send = await serving(app);
      expect((await send(call("create_todo"))).status).toBe(403);
      expect((await send(call("list_todos"))).json()).toEqual({
        caller: "client_1",
        body: message("list_todos"),
      });
    });
  });

  it("sends what middleware before the gate sets before and after it", async () => {
    const app = new Koa().use(async (ctx, next) => {
      ctx.set("X-Before", "1");
      ctx.type = "html";
      ctx.vary("Cookie");
      await next();
      ctx.set("X-After", String(ctx.status));
    });
    const send = await serving(app.use(mcpAuthz(options({ handler: echo }))));
    const events = call("list_todos", { headers: [["Accept", "text/event-stream"]] });
    for (const [request, status, type] of [
      [call("create_todo"), 403, "application/json"],
      [call("list_todos"), 200, "application/json"],
      [events, 200, "text/event-stream"],
      [{ method: "HEAD", target: "/.well-known/oauth-protected-resource" }, 200, "application/json"],
    ] as const) {
      const answer = await send(request);
      expect(answer.status).toBe(status);
      expect(answer.header("content-type")).toBe(type);
      expect([answer.header("x-before"), answer.header("x-after")]).toEqual(["1", String(status)]);
      expect(answer.header("vary")).toContain("Cookie");
    }
    expect((await send(call("list_todos"))).header("vary")).toBe("Cookie, Origin, Accept");
  });

  it("puts its headers on what a route writes by itself with ctx.respond = false", async () => {
    const app = new Koa().use(mcpAuthz(options())).use((ctx) => {
      ctx.respond = false;
      ctx.res.writeHead(200, { "Content-Type": "text/plain" });
      ctx.res.end((ctx.req as { auth?: { clientId: string } }).auth?.clientId);
    });
    const answer = await (await serving(app))(call("list_todos"));
    expect([answer.text, answer.header("cache-control")]).toEqual(["client_1", "no-store"]);
  });

  it("leaves other paths and their bodies to the application", async () => {
    const app = new Koa().use(mcpAuthz(options({ handler: echo }))).use(bodyParser());
    app.use((ctx) => {
      if (ctx.path === "/todos") ctx.body = { body: ctx.request.body, state: ctx.state };
    });
    const send = await serving(app);
    expect((await send(call("list_todos", { target: "/todos" }))).json()).toEqual({
      body: message("list_todos"),
      state: {},
    });
    expect((await send(call("list_todos", { target: "/nowhere" }))).status).toBe(404);
  });

  it.each([
    ["a URL that was rewritten to the endpoint", "/old"],
    ["a prefix that a mount takes off", "/api/mcp"],
    ["a target in absolute form", "http://elsewhere.example.com/mcp"],
    ["another case", "/MCP"],
  ])("guards a route that is reached by %s", async (_what, target) => {
    const app = new Koa().use((ctx, next) => {
      if (ctx.path === "/old") ctx.url = "/mcp";
      if (ctx.path.startsWith("/api/")) ctx.path = ctx.path.slice(4);
      return next();
    });
    app.use(mcpAuthz(options())).use((ctx) => {
      ctx.body = "reached";
    });
    const send = await serving(app);
    const { status } = await send({ ...call("list_todos", { target }), headers: [] });
    expect(status).toBe(401);
  });

  it("hands what a handler throws to the application", async () => {
    const seen: Error[] = [];
    const app = new Koa().on("error", (error: Error) => seen.push(error));
    const handler: McpHandler = { fetch: () => Promise.reject(new Error("the database is gone")) };
    const send = await serving(app.use(mcpAuthz(options({ handler }))));
    expect((await send(call("list_todos"))).status).toBe(500);
    expect(seen.map((error) => error.message)).toEqual(["the database is gone"]);
  });
});
