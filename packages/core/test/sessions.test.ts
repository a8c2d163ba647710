import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mcpAuthz } from "../src/bindings/node.js";
import type { McpAuthzOptions, Provider, SharedStore } from "../src/index.js";

/** Tokens read `subject.number.issuer.client`: the same person may hold several, as after a refresh. */
const provider: Provider = {
  authorizationServers: ["https://auth.example.com"],
  verifierFor: () => ({
    verify(token) {
      const [subject = "", , issuer = "auth", clientId = "client_1"] = token.split(".");
      return {
        kind: "accepted",
        token: Object.freeze({
          issuer,
          subject,
          kind: "person",
          clientId,
          scopes: [],
          expiresAt: Math.floor(Date.now() / 1000) + 600,
          roles: [],
          permissions: [],
          claims: {},
        }),
      };
    },
  }),
};

/** A stateful server of the older protocol: the SDK's own transports, kept by session. */
async function statefulServer(options: Partial<McpAuthzOptions> = {}) {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const gate = mcpAuthz({
    resource: url,
    provider,
    policy: { tools: { about: { public: true } } },
    ...options,
  });
  server.on("request", (request, response) =>
    gate(request, response, async () => {
      const known = transports.get(String(request.headers["mcp-session-id"]));
      const transport =
        known ??
        new StreamableHTTPServerTransport({
          sessionIdGenerator: () => randomUUID(),
          onsessioninitialized: (id) => void transports.set(id, transport),
          onsessionclosed: (id) => void transports.delete(id),
        });
      if (known === undefined) {
        const mcp = new McpServer({ name: "s", version: "1.0.0" });
        mcp.registerTool("about", {}, async () => ({ content: [] }));
        await mcp.connect(transport as Parameters<McpServer["connect"]>[0]);
      }
      await transport.handleRequest(request, response, (request as { body?: unknown }).body);
    }),
  );
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close, transports };
}

type Stateful = Awaited<ReturnType<typeof statefulServer>>;

let server: Stateful;
beforeEach(async () => {
  server = await statefulServer();
});
afterEach(() => server.close());

function headers(token: string | undefined, session?: string): Record<string, string> {
  return {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
    ...(session === undefined ? {} : { "mcp-session-id": session }),
  };
}

async function initialize(token: string | undefined, url = server.url): Promise<string> {
  const answer = await fetch(url, {
    method: "POST",
    headers: headers(token),
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "c", version: "1.0.0" },
      },
    }),
  });
  await answer.body?.cancel();
  return answer.headers.get("mcp-session-id") as string;
}

async function request(
  method: string,
  token: string | undefined,
  session: string,
  url = server.url,
  more = {},
): Promise<number> {
  const body = method === "POST" ? { body: JSON.stringify({ jsonrpc: "2.0", id: 2, method: "ping" }) } : {};
  const answer = await fetch(url, { method, headers: { ...headers(token, session), ...more }, ...body });
  await answer.body?.cancel();
  return answer.status;
}

describe("a session of the older protocol", () => {
  it("serves whoever opened it", async () => {
    const session = await initialize("alice.1");
    expect(await request("POST", "alice.1", session)).toBe(200);
    expect(await request("GET", "alice.1", session)).toBe(200);
  });

  it("goes on after the token was refreshed", async () => {
    const session = await initialize("alice.1");
    expect(await request("POST", "alice.2", session)).toBe(200);
  });

  it.each([
    { who: "another person", token: "mallory.1" },
    { who: "the same subject of another issuer", token: "alice.1.other" },
    { who: "the same person through another client", token: "alice.1.auth.client_2" },
  ])("does not exist for $who: POST, GET, resumed GET, DELETE", async ({ token }) => {
    const session = await initialize("alice.1");
    expect(await request("POST", token, session)).toBe(404);
    expect(await request("GET", token, session)).toBe(404);
    expect(await request("GET", token, session, server.url, { "last-event-id": "1" })).toBe(404);
    expect(await request("DELETE", token, session)).toBe(404);
    expect(await request("POST", "alice.1", session)).toBe(200);
  });

  it("answers a stranger as it answers for a session that never was", async () => {
    const session = await initialize("alice.1");
    const ask = async (token: string, id: string) => {
      const answer = await fetch(server.url, { method: "DELETE", headers: headers(token, id) });
      const { error } = (await answer.json()) as { error: object };
      return { status: answer.status, error };
    };
    expect(await ask("mallory.1", session)).toEqual({
      status: 404,
      error: { code: -32001, message: "Session not found" },
    });
  });

  it("is nobody's any more once its owner has ended it", async () => {
    const session = await initialize("alice.1");
    expect(await request("DELETE", "alice.1", session)).toBe(200);
    expect(server.transports.size).toBe(0);
  });

  it("asks for a token before anything else", async () => {
    const session = await initialize("alice.1");
    expect(await request("GET", undefined, session)).toBe(405);
    expect(await request("DELETE", undefined, session)).toBe(405);
    expect(await request("POST", undefined, session)).toBe(404);
  });

  it("that was opened without a token goes to the first who logs in", async () => {
    const session = await initialize(undefined);
    expect(await request("POST", undefined, session)).toBe(200);
    expect(await request("POST", "alice.1", session)).toBe(200);
    expect(await request("POST", "mallory.1", session)).toBe(404);
    expect(await request("POST", undefined, session)).toBe(404);
  });

  it("is guarded against strangers who claim the modern protocol", async () => {
    const session = await initialize("alice.1");
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const answer = await fetch(server.url, {
      method: "POST",
      headers: {
        ...headers("mallory.1", session),
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "server/discover",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 2, method: "server/discover", params: { _meta: meta } }),
    });
    // A server of the older protocol ignores the claim, and would serve the session.
    expect(answer.status).toBe(404);
  });
});

describe("owners in a shared store", () => {
  const memory = (): SharedStore & { values: Map<string, string> } => {
    const values = new Map<string, string>();
    return {
      values,
      get: async (key) => values.get(key),
      set: async (key, value) => values.set(key, value),
      delete: async (key) => values.delete(key),
    };
  };

  it("hold on every process that shares it, and hold no token", async () => {
    const store = memory();
    const first = await statefulServer({ sessions: store });
    const session = await initialize("alice.secret-token", first.url);
    const second = await statefulServer({ sessions: store });
    expect(await request("POST", "mallory.1", session, second.url)).toBe(404);
    expect(JSON.stringify([...store.values])).not.toContain("secret-token");
    first.close();
    second.close();
  });

  it("refuse with 503 while the store cannot be asked", async () => {
    const down = async () => Promise.reject(new Error("down"));
    const broken = await statefulServer({ sessions: { get: down, set: down, delete: down } });
    const session = await initialize("alice.1", broken.url);
    expect(await request("POST", "alice.1", session, broken.url)).toBe(503);
    broken.close();
  });
});
