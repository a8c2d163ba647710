import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer as ServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, McpServer as ServerV2 } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it } from "vitest";
import { mcpAuthz } from "../src/bindings/node.js";
import { type AuthInfo, LateDenial, type McpAuthzOptions, type Provider } from "../src/index.js";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Tokens are their own scopes: `alice.todo:read.todo:write`. */
const provider: Provider = {
  authorizationServers: ["https://auth.example.com"],
  verifierFor: () => ({
    verify(token) {
      const [subject = "", ...scopes] = token.split(".").map((part) => part.replace("~", ":"));
      return {
        kind: "accepted",
        token: Object.freeze({
          issuer: "https://auth.example.com",
          subject,
          kind: "person",
          clientId: "client_1",
          scopes,
          expiresAt: Math.floor(Date.now() / 1000) + 600,
          roles: [],
          permissions: [],
          claims: {},
        }),
      };
    },
  }),
};

const policy: McpAuthzOptions["policy"] = {
  baseline: "todo:read",
  tools: { list: "todo:read", write: "todo:write", purge: "todo:write" },
};

async function purge(auth: AuthInfo | undefined): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new LateDenial(auth, "todo:admin");
}

const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

const handlerV2 = createMcpHandler(() => {
  const server = new ServerV2({ name: "server", version: "1.0.0" });
  server.registerTool("list", {}, async () => text("listed"));
  server.registerTool("write", {}, async () => text("written"));
  server.registerTool("purge", {}, async (context) => purge(context.http?.authInfo));
  server.registerTool("closed", {}, async () => text("never"));
  return server;
});

function serverV1(): ServerV1 {
  const server = new ServerV1({ name: "server", version: "1.0.0" });
  server.registerTool("list", {}, async () => text("listed"));
  server.registerTool("write", {}, async () => text("written"));
  server.registerTool("purge", {}, async (extra) => purge(extra.authInfo));
  server.registerTool("closed", {}, async () => text("never"));
  return server;
}

async function listen(make: (url: string) => RequestListener): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  server.on("request", make(url));
  return url;
}

const behindHandler = (options: Partial<McpAuthzOptions>) =>
  listen((resource) => {
    const gate = mcpAuthz({ resource, provider, policy, handler: handlerV2, ...options });
    return (request, response) => void gate(request, response);
  });

/** SDK v1 behind the guard, answering in JSON or as a stream. */
const behindGuard = (options: Partial<McpAuthzOptions>, enableJsonResponse: boolean) =>
  listen((resource) => {
    const gate = mcpAuthz({ resource, provider, policy, ...options });
    return (request, response) =>
      void gate(request, response, async () => {
        const transport = new StreamableHTTPServerTransport({ enableJsonResponse });
        await serverV1().connect(transport as Parameters<ServerV1["connect"]>[0]);
        await transport.handleRequest(request, response, (request as { body?: unknown }).body);
      });
  });

async function clientV2(url: string, token: string): Promise<ClientV2> {
  const client = new ClientV2({ name: "client", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(
    new TransportV2(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  );
  open.push(() => client.close());
  return client;
}

async function clientV1(url: string, token: string): Promise<ClientV1> {
  const client = new ClientV1({ name: "client", version: "1.0.0" });
  const transport = new TransportV1(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport as Parameters<ClientV1["connect"]>[0]);
  open.push(() => client.close());
  return client;
}

const targets = [
  { name: "SDK v2 server, v2 client", url: behindHandler, client: clientV2 },
  { name: "SDK v2 server, v1 client", url: behindHandler, client: clientV1 },
  {
    name: "SDK v1 server in JSON, v1 client",
    url: (o: Partial<McpAuthzOptions>) => behindGuard(o, true),
    client: clientV1,
  },
  {
    name: "SDK v1 server as a stream, v1 client",
    url: (o: Partial<McpAuthzOptions>) => behindGuard(o, false),
    client: clientV1,
  },
  {
    name: "SDK v1 server in JSON, v2 client",
    url: (o: Partial<McpAuthzOptions>) => behindGuard(o, true),
    client: clientV2,
  },
  {
    name: "SDK v1 server as a stream, v2 client",
    url: (o: Partial<McpAuthzOptions>) => behindGuard(o, false),
    client: clientV2,
  },
];

describe.each(targets)("$name", ({ name, url, client }) => {
  const names = (list: { tools: { name: string }[] }) => list.tools.map((tool) => tool.name);

  it("shows every tool, and what each needs, when nothing is filtered", async () => {
    const connected = await client(await url({}), "alice.todo~read");
    const list = await connected.listTools();
    expect(names(list)).toEqual(["list", "write", "purge", "closed"]);
    expect(list.tools.map((tool) => tool._meta?.["securitySchemes"])).toEqual([
      [{ type: "oauth2", scopes: ["todo:read"] }],
      [{ type: "oauth2", scopes: ["todo:write"] }],
      [{ type: "oauth2", scopes: ["todo:write"] }],
      undefined,
    ]);
  });

  it("shows a caller only what it may use, when lists are filtered", async () => {
    const connected = await client(await url({ lists: { filter: true } }), "alice.todo~read");
    expect(names(await connected.listTools())).toEqual(["list"]);
  });

  it("hides single tools by name", async () => {
    const connected = await client(await url({ lists: { filter: ["purge"] } }), "alice.todo~read");
    expect(names(await connected.listTools())).toEqual(["list", "write", "closed"]);
  });

  it("turns a late denial into 403 where the answer has not begun, else into isError", async () => {
    const connected = await client(await url({}), "alice.todo~read.todo~write");
    const call = connected.callTool({ name: "purge", arguments: {} });
    if (name.includes("as a stream")) {
      expect(await call).toMatchObject({
        isError: true,
        content: [{ text: "More permissions are needed: todo:admin" }],
      });
    } else await expect(call).rejects.toThrow(/Insufficient scope|insufficient_scope|403|More permissions/);
  });

  it("leaves ordinary calls alone", async () => {
    const connected = await client(await url({ lists: { filter: true } }), "alice.todo~read.todo~write");
    expect(await connected.callTool({ name: "write", arguments: {} })).toMatchObject({
      content: [{ text: "written" }],
    });
  });
});
