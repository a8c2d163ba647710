import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { jwt, type McpAuthzOptions, type McpHandler } from "@mcp-authz/core";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import fastify from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mcpAuthz } from "../src/index.js";
import { ownRoute } from "./own-route.js";

let mint: TokenMint;
let session: ClientHttp2Session;
let close: () => Promise<void>;
let aborted: Promise<void>;

/** Opens a stream with one event, and ends it when the request's signal fires. */
const streaming: McpHandler = {
  async fetch(request, { authInfo } = {}) {
    const gone = new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
    aborted = gone;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode(`data: ${authInfo?.clientId}\n\n`));
        await gone;
        controller.close();
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  },
};

beforeAll(async () => {
  mint = await createTokenMint();
});
afterEach(() => {
  session.destroy();
  return close();
});
afterAll(() => mint.close());

async function open({ handler, ...options }: McpAuthzOptions, servedBy: string): Promise<void> {
  const app = fastify({ http2: true });
  if (servedBy === "the gate") await app.register(mcpAuthz, { ...options, handler: streaming });
  else {
    await app.register(mcpAuthz, options);
    app.all("/mcp", (request, reply) => {
      reply.hijack();
      return ownRoute(handler, request.raw as never, reply.raw as never);
    });
  }
  session = connect(await app.listen({ host: "127.0.0.1", port: 0 }));
  close = () => app.close();
}

function post(name: string, headers: Record<string, string>, text = ""): ClientHttp2Stream {
  const request = session.request({
    ":method": "POST",
    ":path": "/mcp",
    "content-type": "application/json",
    ...headers,
  });
  const params = { name, arguments: { text } };
  request.on("error", () => {});
  request.end(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }));
  return request;
}

async function answerTo(request: ClientHttp2Stream) {
  const [headers] = await once(request, "response");
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return { headers, text };
}

const bearer = (claims = {}) => ({ authorization: `Bearer ${mint.token(claims)}` });

describe.each(["the gate", "a route that hijacks"])("HTTP/2, served by %s", (servedBy) => {
  const opened = () =>
    open(
      {
        resource: "https://mcp.example.com/mcp",
        provider: jwt({ issuer: mint.issuer, jwksUri: mint.jwksUri }),
        policy: { baseline: "todo:read", tools: { list_todos: [], create_todo: "todo:write" } },
        limits: { body: 100_000 },
        handler: streaming,
      },
      servedBy,
    );

  it("challenges, refuses and bounds as over HTTP/1.1", async () => {
    await opened();
    const missing = await answerTo(post("list_todos", {}));
    expect(missing.headers).toMatchObject({
      ":status": 401,
      "content-type": "application/json",
      "www-authenticate":
        'Bearer realm="OAuth", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="todo:read"',
    });
    expect((await answerTo(post("create_todo", bearer()))).headers[":status"]).toBe(403);
    const large = await answerTo(post("list_todos", bearer(), "x".repeat(300_000)));
    expect([large.headers[":status"], JSON.parse(large.text).error.message]).toEqual([
      413,
      "Request body too large",
    ]);
    const odd = await answerTo(post("list_todos", { ...bearer(), ":path": "/.well-known/../mcp" }));
    expect(odd.headers[":status"]).toBe(404);
  });

  it("streams, and aborts the tool when the client resets its stream", async () => {
    await opened();
    const request = post("list_todos", bearer());
    const [headers] = await once(request, "response");
    expect(headers).toMatchObject({
      ":status": 200,
      "content-type": "text/event-stream",
      "x-content-type-options": "nosniff",
    });
    const [chunk] = await once(request, "data");
    expect(String(chunk)).toBe("data: client_1\n\n");
    request.close();
    await aborted;
  });

  it("ends a stream whose token expires", async () => {
    await opened();
    const request = post("list_todos", bearer({ exp: Math.ceil(Date.now() / 1000) + 1 }));
    await once(request, "data");
    await once(request, "close");
    await aborted;
  });
});
