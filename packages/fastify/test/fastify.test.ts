import cors from "@fastify/cors";
import { jwt, type McpAuthzOptions, type McpHandler } from "@mcp-authz/core";
import { createTokenMint, exchange, type RawRequest, type TokenMint } from "@mcp-authz/testing";
import fastify, { type FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import mcpAuthz, { getAuth } from "../src/index.js";

let mint: TokenMint;
let app: FastifyInstance;

beforeAll(async () => {
  mint = await createTokenMint();
});
afterEach(() => app.close());
afterAll(() => mint.close());

const options = (more: Partial<McpAuthzOptions> = {}): McpAuthzOptions => ({
  resource: "https://mcp.example.com/mcp",
  provider: jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri, audience: "https://mcp.example.com/mcp" }),
  policy: { baseline: "todo:read", tools: { list_todos: [], create_todo: "todo:write" } },
  origins: ["https://app.example.com"],
  ...more,
});

/** Says what it was called with. */
const echo: McpHandler = {
  fetch: async (request, { authInfo, parsedBody } = {}) =>
    Response.json(
      { path: new URL(request.url).pathname, caller: authInfo?.clientId, parsedBody },
      { headers: { Vary: "Accept" } },
    ),
};

const message = (name: string, input: object = {}) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: input },
});

function call(name: string, more: RawRequest = {}): RawRequest {
  const headers = [
    ["Authorization", `Bearer ${mint.token()}`],
    ["Content-Type", "application/json"],
    ["Origin", "https://app.example.com"],
  ] as const;
  return { headers, body: JSON.stringify(message(name)), ...more };
}

async function serving() {
  const origin = await app.listen({ host: "127.0.0.1", port: 0 });
  return (request: RawRequest) => exchange(`${origin}/mcp`, request);
}

describe("the application's hooks", () => {
  it("see the gate's own answers on their way out", async () => {
    app = fastify();
    const seen: string[] = [];
    app.addHook("onSend", async (_request, reply) => {
      reply.header("X-Served-By", "todo");
      seen.push(`onSend ${reply.statusCode}`);
    });
    app.addHook("onResponse", async (_request, reply) => {
      seen.push(`onResponse ${reply.statusCode}`);
    });
    await app.register(mcpAuthz, options({ handler: echo }));
    const send = await serving();
    for (const request of [call("list_todos", { headers: [] }), call("create_todo"), call("list_todos")])
      expect((await send(request)).header("x-served-by")).toBe("todo");
    expect(seen).toEqual([
      ...["onSend 401", "onResponse 401"],
      ...["onSend 403", "onResponse 403"],
      ...["onSend 200", "onResponse 200"],
    ]);
  });

  it("know the caller when the route runs, and do not run for a request that was refused", async () => {
    app = fastify();
    await app.register(mcpAuthz, options());
    const seen: unknown[] = [];
    app.addHook("onRequest", async () => void seen.push("onRequest"));
    app.addHook("preHandler", async (request) => void seen.push(getAuth(request)?.clientId));
    app.post("/mcp", async () => "served");
    const send = await serving();
    await send(call("list_todos", { headers: [] }));
    await send(call("create_todo"));
    expect(seen).toEqual(["onRequest"]);
    expect((await send(call("list_todos"))).text).toBe("served");
    expect(seen).toEqual(["onRequest", "onRequest", "client_1"]);
  });

  it.each(["before", "after"])("of @fastify/cors may be registered %s the gate", async (when) => {
    app = fastify();
    const register = async () => app.register(cors, { origin: ["https://app.example.com"] });
    if (when === "before") await register();
    await app.register(mcpAuthz, options({ handler: echo }));
    if (when === "after") await register();
    const send = await serving();
    for (const request of [
      call("list_todos", { headers: call("").headers?.slice(1) ?? [] }),
      call("list_todos"),
    ]) {
      const answer = await send(request);
      expect(answer.values("access-control-allow-origin")).toEqual(["https://app.example.com"]);
      expect(answer.header("access-control-expose-headers")).toContain("WWW-Authenticate");
      expect(answer.header("vary")?.split(", ")).toContain("Origin");
    }
    expect((await send(call("list_todos"))).header("vary")?.split(", ")).toContain("Accept");
  });
});

describe("the body", () => {
  it("is the authorized object, whatever Fastify's own limits and parsers say", async () => {
    app = fastify({ bodyLimit: 100, onProtoPoisoning: "error" });
    app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, _body, done) =>
      done(new Error("not for MCP")),
    );
    await app.register(mcpAuthz, options());
    app.post("/mcp", async (request) => {
      expect(request.body).toBe((request.raw as { body?: unknown }).body);
      return { body: request.body, type: request.headers["content-type"] };
    });
    const send = await serving();
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_todos","arguments":{"__proto__":{"x":1},"text":"${"x".repeat(1000)}"}}}`;
    const answer = await send(call("list_todos", { body }));
    expect([answer.status, answer.json()]).toEqual([
      200,
      { body: JSON.parse(body), type: "application/json" },
    ]);
  });

  it("can be read again by hooks that come after", async () => {
    app = fastify();
    await app.register(mcpAuthz, options());
    let bytes = "";
    app.addHook("preParsing", async (_request, _reply, payload) => {
      for await (const chunk of payload) bytes += String(chunk);
      return payload;
    });
    app.post("/mcp", async (request) => request.body);
    const send = await serving();
    expect((await send(call("list_todos"))).json()).toEqual(message("list_todos"));
    expect(bytes).toBe(JSON.stringify(message("list_todos")));
  });

  it("is validated by the schema of the application's route", async () => {
    app = fastify();
    await app.register(mcpAuthz, options());
    const body = { type: "object", properties: { id: { type: "string" } } };
    app.post("/mcp", { schema: { body } }, async (request) => request.body);
    const send = await serving();
    expect((await send(call("list_todos"))).json()).toEqual({ ...message("list_todos"), id: "1" });
  });

  it("is no obstacle to DELETE with a JSON content type and nothing in it", async () => {
    app = fastify();
    await app.register(mcpAuthz, options());
    app.delete("/mcp", async (request) => ({ body: request.body ?? null, caller: request.auth?.clientId }));
    const send = await serving();
    const answer = await send(call("", { method: "DELETE", body: "" }));
    expect([answer.status, answer.json()]).toEqual([200, { body: null, caller: "client_1" }]);
  });

  it("of other routes is left to Fastify", async () => {
    app = fastify();
    await app.register(mcpAuthz, options({ handler: echo }));
    app.post("/todos", async (request) => request.body);
    const send = await serving();
    expect((await send(call("list_todos", { target: "/todos" }))).json()).toEqual(message("list_todos"));
    expect((await send(call("", { target: "/todos", body: "{" }))).json()).toMatchObject({
      code: "FST_ERR_CTP_INVALID_JSON_BODY",
    });
  });
});

describe("where it is registered", () => {
  it("on the root, it guards routes in prefixed scopes and serves below a prefix", async () => {
    app = fastify();
    await app.register(mcpAuthz, options({ resource: "https://mcp.example.com/api/mcp" }));
    await app.register(async (scope) => void scope.post("/mcp", async () => "served"), { prefix: "/api" });
    const send = await serving();
    const target = "/api/mcp";
    expect((await send(call("list_todos", { target, headers: [] }))).status).toBe(401);
    expect((await send(call("list_todos", { target }))).text).toBe("served");
    const metadata = { method: "GET", target: "/.well-known/oauth-protected-resource/api/mcp" };
    expect((await send(metadata)).status).toBe(200);
  });

  it.each([
    ["guards the scope's routes", undefined],
    ["serves the scope's paths", echo],
  ])("in a prefixed scope, it %s", async (_what, handler) => {
    app = fastify();
    app.setNotFoundHandler((_request, reply) => reply.code(404).send("nothing here"));
    const scoped = options({ resource: "https://mcp.example.com/api/mcp", ...(handler && { handler }) });
    await app.register(
      async (scope) => {
        await scope.register(mcpAuthz, scoped);
        if (handler === undefined) scope.post("/mcp", async ({ auth }) => ({ caller: auth?.clientId }));
      },
      { prefix: "/api" },
    );
    const send = await serving();
    expect((await send(call("list_todos", { target: "/api/mcp", headers: [] }))).status).toBe(401);
    expect((await send(call("create_todo", { target: "/api/mcp" }))).status).toBe(403);
    expect((await send(call("list_todos", { target: "/api/mcp" }))).json()).toMatchObject({
      caller: "client_1",
    });
    expect((await send(call("list_todos", { target: "/api/other" }))).text).toBe("nothing here");
  });

  it("may stand before the same route twice", async () => {
    app = fastify();
    await app.register(mcpAuthz, options());
    await app.register(async (scope) => {
      await scope.register(mcpAuthz, options());
      scope.post("/mcp", async ({ body, headers }) => ({ body, type: headers["content-type"] }));
    });
    const send = await serving();
    expect((await send(call("create_todo"))).status).toBe(403);
    const answer = await send(call("list_todos"));
    expect(answer.json()).toEqual({ body: message("list_todos"), type: "application/json" });
  });

  it("serves two resources on one application", async () => {
    app = fastify();
    for (const name of ["a", "b"])
      await app.register(
        mcpAuthz,
        options({ resource: `https://mcp.example.com/${name}`, rootMetadata: name === "a", handler: echo }),
      );
    const send = await serving();
    for (const target of ["/a", "/b"]) {
      expect((await send(call("list_todos", { target, headers: [] }))).status).toBe(401);
      expect((await send(call("list_todos", { target }))).json()).toMatchObject({ path: target });
    }
  });

  it.each([
    ["a URL that was rewritten to the endpoint", "/old"],
    ["a target in absolute form", "http://elsewhere.example.com/mcp"],
    ["another case", "/MCP"],
    ["a slash at the end", "/mcp/"],
    ["two slashes", "//mcp"],
  ])("guards a route that is reached by %s", async (_what, target) => {
    app = fastify({
      rewriteUrl: ({ url = "/" }) => (url === "/old" ? "/mcp" : url),
      routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    });
    await app.register(mcpAuthz, options());
    app.all("/mcp", async () => "reached");
    const send = await serving();
    expect((await send(call("list_todos", { target, headers: [] }))).status).toBe(401);
  });

  it("is tested with inject like any other plugin", async () => {
    app = fastify();
    await app.register(mcpAuthz, options({ handler: echo }));
    const headers = { authorization: `Bearer ${mint.token()}` };
    const refused = await app.inject({ method: "POST", url: "/mcp", payload: message("list_todos") });
    expect([refused.statusCode, refused.headers["content-type"]]).toEqual([401, "application/json"]);
    const served = await app.inject({ method: "POST", url: "/mcp", headers, payload: message("list_todos") });
    expect([served.statusCode, served.json()]).toEqual([
      200,
      { path: "/mcp", caller: "client_1", parsedBody: message("list_todos") },
    ]);
  });

  it("hands what a handler throws to the application's error handler", async () => {
    app = fastify();
    app.setErrorHandler((error: Error, _request, reply) => reply.code(500).send({ sorry: error.message }));
    const handler: McpHandler = { fetch: () => Promise.reject(new Error("the database is gone")) };
    await app.register(mcpAuthz, options({ handler }));
    const send = await serving();
    const answer = await send(call("list_todos"));
    expect([answer.status, answer.json()]).toEqual([500, { sorry: "the database is gone" }]);
  });

  it("refuses options that cannot work when it is registered", async () => {
    app = fastify();
    await expect(async () => app.register(mcpAuthz, options({ realm: '"' }))).rejects.toThrow(/realm/);
  });
});
