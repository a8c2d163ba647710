import { readFileSync } from "node:fs";
import { jwt, type McpAuthzOptions, type McpHandler } from "@mcp-authz/core";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { createMcpHonoApp } from "@modelcontextprotocol/hono";
import { type Context, Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getAuth, mcpAuthz } from "../src/index.js";

let mint: TokenMint;

beforeAll(async () => {
  mint = await createTokenMint();
});
afterAll(() => mint.close());

const options = (more: Partial<McpAuthzOptions> = {}): McpAuthzOptions => ({
  resource: "https://mcp.example.com/mcp",
  provider: jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri, audience: "https://mcp.example.com/mcp" }),
  policy: { baseline: "todo:read", tools: { list_todos: [], create_todo: "todo:write" } },
  ...more,
});

/** Says what it was called with. */
const echo: McpHandler = {
  fetch: async (request, { authInfo, parsedBody } = {}) =>
    Response.json(
      { caller: authInfo?.clientId, parsedBody, body: await request.json() },
      { headers: { Vary: "Accept" } },
    ),
};

const message = (name: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: { text: "naïve 東京" } },
});

const call = (name: string, headers: Record<string, string> = {}, path = "/mcp"): Request =>
  new Request(`https://mcp.example.com${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${mint.token()}`, "Content-Type": "application/json", ...headers },
    body: JSON.stringify(message(name)),
  });

describe("behind the gate", () => {
  it.each([
    ["c.req.json()", (c: Context) => c.req.json()],
    ["c.req.text()", async (c: Context) => JSON.parse(await c.req.text()) as unknown],
    ["c.req.raw", (c: Context) => c.req.raw.json()],
    ['c.get("parsedBody")', async (c: Context) => c.get("parsedBody")],
  ])("a route reads the authorized body with %s", async (_how, read) => {
    const app = new Hono().use(mcpAuthz(options()));
    app.post("/mcp", async (c) => c.json({ caller: c.get("auth")?.clientId, body: await read(c) }));
    expect((await app.fetch(call("create_todo"))).status).toBe(403);
    expect(await (await app.fetch(call("list_todos"))).json()).toEqual({
      caller: "client_1",
      body: message("list_todos"),
    });
  });

  it.each([
    ["c.req.json()", (c: Context) => c.req.json()],
    ["c.req.text()", (c: Context) => c.req.text()],
    ["c.req.arrayBuffer()", (c: Context) => c.req.arrayBuffer()],
  ])("a body counts that the application has read before with %s", async (_how, read) => {
    const app = new Hono().use(async (c, next) => {
      await read(c);
      await next();
    });
    app.use(mcpAuthz(options()));
    app.post("/mcp", async (c) => c.json({ caller: getAuth(c)?.clientId, body: await c.req.json() }));
    expect((await app.fetch(call("create_todo"))).status).toBe(403);
    expect(await (await app.fetch(call("list_todos"))).json()).toEqual({
      caller: "client_1",
      body: message("list_todos"),
    });
  });

  it("the very body counts that createMcpHonoApp of the SDK has parsed", async () => {
    const app = createMcpHonoApp({ host: "mcp.example.com" });
    let parsed: unknown;
    app.use(async (c, next) => {
      parsed = c.get("parsedBody");
      await next();
    });
    app.use(mcpAuthz(options()));
    app.post("/mcp", (c) => c.json({ same: c.get("parsedBody") === parsed, body: parsed }));
    expect((await app.fetch(call("create_todo"))).status).toBe(403);
    expect(await (await app.fetch(call("list_todos"))).json()).toEqual({
      same: true,
      body: message("list_todos"),
    });
  });

  it("headers of the application's middleware go out with those of the gate, whoever answers", async () => {
    const app = new Hono().use(async (c, next) => {
      c.header("X-Before", "1");
      c.header("Vary", "Cookie");
      await next();
      c.header("X-After", "1");
    });
    app.use(mcpAuthz(options()));
    app.post("/mcp", () => echo.fetch(call("list_todos")));
    const [refused, served] = [await app.fetch(call("create_todo")), await app.fetch(call("list_todos"))];
    expect([refused.status, served.status]).toEqual([403, 200]);
    for (const { headers } of [refused, served]) {
      expect([headers.get("x-after"), headers.get("x-content-type-options")]).toEqual(["1", "nosniff"]);
      expect(headers.get("vary")?.split(", ")).toContain("Origin");
    }
    expect(served.headers.get("vary")?.split(", ")).toContain("Accept");
  });
});

describe("where it is used", () => {
  it("serves without anything of Node.js: no env, no request body that was read", async () => {
    const app = new Hono().use(mcpAuthz(options({ handler: echo })));
    const answer = await app.fetch(call("list_todos"));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { caller: "client_1", parsedBody: message("list_todos"), body: message("list_todos") },
    ]);
    const metadata = await app.request("/.well-known/oauth-protected-resource/mcp");
    expect(await metadata.json()).toMatchObject({ resource: "https://mcp.example.com/mcp" });
    expect((await app.request("/mcp", { method: "POST" })).status).toBe(401);
    expect((await app.request("/other")).status).toBe(404);
  });

  it("imports nothing of Node.js", () => {
    const seen = new Set<string>();
    const follow = (file: URL) => {
      if (seen.size === seen.add(file.href).size) return;
      const text = readFileSync(file, "utf8");
      expect(text, file.pathname).not.toMatch(/\b(?:from|import)[\s(]*["']node:|\brequire\(/);
      for (const [, path] of text.matchAll(/["'](\.[^"']+\.js)["']/g)) follow(new URL(String(path), file));
    };
    follow(new URL("../dist/index.js", import.meta.url));
    for (const entry of ["index", "fetch"])
      follow(new URL(`../node_modules/@mcp-authz/core/dist/${entry}.js`, import.meta.url));
    expect(seen.size).toBeGreaterThan(3);
  });

  it.each(["route", "mount"] as const)("guards an application that is attached with app.%s", async (how) => {
    const inner = new Hono().post("/mcp", (c) => c.text("served"));
    const app = new Hono().use(mcpAuthz(options({ resource: "https://mcp.example.com/api/mcp" })));
    if (how === "route") app.route("/api", inner);
    else app.mount("/api", inner.fetch);
    const refused = await app.fetch(call("list_todos", { Authorization: "" }, "/api/mcp"));
    expect(refused.status).toBe(401);
    expect((await app.fetch(call("create_todo", {}, "/api/mcp"))).status).toBe(403);
    expect(await (await app.fetch(call("list_todos", {}, "/api/mcp"))).text()).toBe("served");
  });

  it("guards a path that the application's own getPath makes the endpoint", async () => {
    const app = new Hono({ getPath: ({ url }) => new URL(url).pathname.replace(/^\/tenant/, "") });
    app.use(mcpAuthz(options()));
    app.post("/mcp", (c) => c.text("reached"));
    expect((await app.fetch(call("list_todos", { Authorization: "" }, "/tenant/mcp"))).status).toBe(401);
  });

  it("hands what a handler throws to the application's error handler", async () => {
    const app = new Hono().onError((error, c) => c.json({ sorry: error.message }, 500));
    app.use(
      mcpAuthz(options({ handler: { fetch: () => Promise.reject(new Error("the database is gone")) } })),
    );
    const answer = await app.fetch(call("list_todos"));
    expect([answer.status, await answer.json()]).toEqual([500, { sorry: "the database is gone" }]);
  });

  it("leaves answers alone that the application's error handler gives", async () => {
    const app = new Hono().onError((error, c) => c.json({ sorry: error.message }, 500));
    app.use(mcpAuthz(options()));
    app.post("/mcp", () => {
      throw new Error("the database is gone");
    });
    const answer = await app.fetch(call("list_todos"));
    expect([answer.status, await answer.json()]).toEqual([500, { sorry: "the database is gone" }]);
  });
});
