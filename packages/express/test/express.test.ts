import { createServer } from "node:http";
import { jwt, type McpAuthzOptions, type McpHandler } from "@mcp-authz/core";
import { createTokenMint, exchange, type RawRequest, type TokenMint } from "@mcp-authz/testing";
import express5, { type ErrorRequestHandler, type Express } from "express";
import express4 from "express4";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { getAuth, mcpAuthz } from "../src/index.js";
import { listening } from "./listening.js";

const metadataPath = "/.well-known/oauth-protected-resource/api/mcp";
let mint: TokenMint;
let close: (() => void) | undefined;

beforeAll(async () => {
  mint = await createTokenMint({ audience: "https://mcp.example.com/api/mcp" });
});
afterEach(() => close?.());
afterAll(() => mint.close());

const options = (handler?: McpHandler): McpAuthzOptions => ({
  resource: "https://mcp.example.com/api/mcp",
  provider: jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri }),
  policy: { baseline: "todo:read", tools: { list_todos: [], create_todo: "todo:write" } },
  ...(handler === undefined ? {} : { handler }),
});

/** Says what it was called with. */
const echo: McpHandler = {
  fetch: async (request, { authInfo, parsedBody } = {}) =>
    Response.json({ path: new URL(request.url).pathname, caller: authInfo?.clientId, parsedBody }),
};

const message = (name: string) => ({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name, arguments: { text: "naïve 東京" } },
});

function call(name: string, more: RawRequest = {}): RawRequest {
  const headers = [
    ["Authorization", `Bearer ${mint.token()}`],
    ["Content-Type", "application/json"],
  ] as const;
  return { target: "/api/mcp", headers, body: JSON.stringify(message(name)), ...more };
}

async function serving(app: Express) {
  const server = await listening(createServer(app));
  close = server.close;
  return (request: RawRequest) => exchange(server.url, request);
}

describe.each(Object.entries({ "Express 5": express5, "Express 4": express4 }))("%s", (_, express) => {
  describe.each([
    ["express.json()", () => express.json()],
    ["express.urlencoded()", () => express.urlencoded({ extended: true })],
    ['express.text({ type: "*/*" })', () => express.text({ type: "*/*" })],
    ['express.raw({ type: "*/*" })', () => express.raw({ type: "*/*" })],
  ] as const)("with %s", (_parser, parser) => {
    it("authorizes the body that it has read before", async () => {
      const send = await serving(express().use(parser(), mcpAuthz(options(echo))));
      expect((await send(call("create_todo"))).status).toBe(403);
      expect((await send(call("list_todos"))).json()).toEqual({
        path: "/api/mcp",
        caller: "client_1",
        parsedBody: message("list_todos"),
      });
    });

    it("leaves nothing for it to read after the gate", async () => {
      const app = express().use(mcpAuthz(options()), parser());
      app.post("/api/mcp", (request, response) => {
        response.json({ caller: getAuth(request)?.clientId, body: request.body });
      });
      const send = await serving(app);
      expect((await send(call("create_todo"))).status).toBe(403);
      expect((await send(call("list_todos"))).json()).toEqual({
        caller: "client_1",
        body: message("list_todos"),
      });
    });
  });

  it("leaves the bodies of other routes to the application", async () => {
    const app = express().use(mcpAuthz(options(echo)), express.json());
    app.post("/todos", (request, response) => void response.json(request.body));
    const send = await serving(app);
    expect((await send(call("list_todos", { target: "/todos" }))).json()).toEqual(message("list_todos"));
  });

  it("serves endpoint and metadata from the root of an application whose other routes have a prefix", async () => {
    const app = express().use(mcpAuthz(options(echo)));
    app.use(
      "/api",
      express.Router().get("/health", (_request, response) => void response.send("ok")),
    );
    const send = await serving(app);
    expect((await send({ method: "GET", target: metadataPath })).json()).toMatchObject({
      resource: "https://mcp.example.com/api/mcp",
    });
    expect((await send(call("list_todos"))).status).toBe(200);
    expect((await send({ method: "GET", target: "/api/health" })).text).toBe("ok");
  });

  it("may be mounted under a prefix and once more where the metadata stands", async () => {
    const authz = mcpAuthz(options(echo));
    const app = express().use("/.well-known", authz);
    app.use("/api", express.Router().use(authz));
    const send = await serving(app);
    expect((await send({ method: "GET", target: metadataPath })).status).toBe(200);
    expect((await send({ method: "POST", target: "/api/mcp" })).status).toBe(401);
    expect((await send(call("list_todos"))).json()).toMatchObject({ path: "/api/mcp", caller: "client_1" });
  });

  it("may stand before the same route twice", async () => {
    const authz = mcpAuthz(options());
    const app = express().use(authz);
    app.post("/api/mcp", authz, (request, response) => void response.json(request.body));
    const send = await serving(app);
    expect((await send(call("create_todo"))).status).toBe(403);
    const answer = await send(call("list_todos"));
    expect(answer.json()).toEqual(message("list_todos"));
    expect(answer.values("vary")).toEqual(["Origin"]);
  });

  it.each([
    ["a URL that was rewritten to the endpoint", "/old"],
    ["a target in absolute form", "http://elsewhere.example.com/api/mcp"],
    ["a target in absolute form with another case", "HTTP://elsewhere.example.com/API/MCP"],
    ["a slash at the end", "/api/mcp/"],
  ])("guards a route that is reached by %s", async (_what, target) => {
    const app = express().use((request, _response, next) => {
      if (request.url === "/old") request.url = "/api/mcp";
      next();
    });
    app.use(mcpAuthz(options()));
    app.all("/api/mcp", (_request, response) => void response.send("reached"));
    const send = await serving(app);
    const { status, text } = await send({ ...call("list_todos", { target }), headers: [] });
    expect({ status, text }).toEqual({ status: 401, text: expect.not.stringContaining("reached") });
  });

  it("hands what a handler throws to the application's error handler", async () => {
    const failing: McpHandler = { fetch: () => Promise.reject(new Error("the database is gone")) };
    const apologize: ErrorRequestHandler = (error: Error, _request, response, _next) => {
      response.status(500).json({ sorry: error.message });
    };
    const send = await serving(
      express()
        .use(mcpAuthz(options(failing)))
        .use(apologize),
    );
    const answer = await send(call("list_todos"));
    expect([answer.status, answer.json()]).toEqual([500, { sorry: "the database is gone" }]);
  });

  it("stays up when somebody else has answered in the meantime", async () => {
    const app = express().use((_request, response, next) => {
      next();
      response.status(503).send("busy");
    });
    app.use(mcpAuthz(options(echo)));
    const send = await serving(app);
    expect((await send(call("list_todos"))).text).toBe("busy");
    expect((await send({ method: "POST", target: "/api/mcp" })).text).toBe("busy");
  });
});
