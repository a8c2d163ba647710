import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { jwt, LateDenial, type McpAuthzOptions } from "@mcp-authz/core";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { createHeadlessHost, type HeadlessHost, type HeadlessHostOptions } from "@mcp-authz/testing";
import { McpServer as ServerV1 } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, requireScopes, McpServer as ServerV2 } from "@modelcontextprotocol/server";
import express from "express";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mcpAuthz } from "../src/index.js";

const scopes = ["todo:read", "todo:write", "todo:purge", "todo:admin"];
const text = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

const handlerV2 = createMcpHandler(() => {
  const server = new ServerV2({ name: "todo", version: "1.0.0" });
  server.registerTool("about", {}, async () => text("a todo server"));
  server.registerTool("list", {}, async () => text("listed"));
  server.registerTool("write", {}, async () => text("written"));
  server.registerTool("purge", {}, async () => text("purged"));
  server.registerTool("late", {}, async (context) => {
    if (context.http?.authInfo?.scopes.includes("todo:admin") !== true)
      throw new LateDenial(context.http?.authInfo, "todo:admin");
    return text("done after all");
  });
  server.registerTool("native", { scopeChallenge: requireScopes("todo:admin") }, async () => text("native"));
  return server;
});

function serverV1(): ServerV1 {
  const server = new ServerV1({ name: "todo", version: "1.0.0" });
  server.registerTool("about", {}, async () => text("a todo server"));
  server.registerTool("list", {}, async () => text("listed"));
  server.registerTool("write", {}, async () => text("written"));
  server.registerTool("purge", {}, async () => text("purged"));
  return server;
}

let dev: DevServer;
const open: (() => unknown)[] = [];

beforeAll(async () => {
  dev = await createDevServer({ approve: "auto", banner: false });
});
afterAll(() => dev.close());
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

type Generation = "v1" | "v2";

async function serve(generation: Generation, policy: McpAuthzOptions["policy"]): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const { id } = dev.registerServer({ name: "Todo", url, scopes });
  open.push(() => dev.removeServer(id));
  const provider = jwt({
    issuer: dev.url,
    jwksUri: `${dev.url}/keys`,
    authorizationServers: [`${dev.url}/resources/${id}`],
    audience: id,
  });
  const app = express();
  const options = { resource: url, provider, policy };
  if (generation === "v2") app.use(mcpAuthz({ ...options, handler: handlerV2 }));
  else {
    app.use(mcpAuthz(options));
    app.all("/mcp", async (request, response) => {
      const transport = new StreamableHTTPServerTransport({});
      response.on("close", () => void transport.close());
      await serverV1().connect(transport as Parameters<ServerV1["connect"]>[0]);
      await transport.handleRequest(request, response, request.body);
    });
  }
  server.on("request", app);
  return url;
}

async function hostFor(url: string, client: Omit<HeadlessHostOptions, "url">): Promise<HeadlessHost> {
  const host = await createHeadlessHost({ url, ...client });
  open.push(() => host.close());
  return host;
}

const logins = (host: HeadlessHost) => host.steps.filter((step) => step.kind === "login").length;
const words = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text;

const policy = {
  baseline: "todo:read",
  tools: {
    list: "todo:read",
    write: "todo:write",
    purge: "todo:purge",
    late: "todo:write",
    native: "todo:read",
  },
} as const;

const servers: readonly Generation[] = ["v2", "v1"];
const clients: readonly { name: string; client: Omit<HeadlessHostOptions, "url"> }[] = [
  { name: "v2 client, 2026-07-28, with refresh tokens", client: { version: 2 } },
  { name: "v2 client, 2026-07-28, without refresh tokens", client: { version: 2, refresh: false } },
  { name: "v2 client on the older protocol", client: { version: 2, negotiation: "legacy" } },
  { name: "v1 client without refresh tokens", client: { version: 1 } },
];

for (const generation of servers) {
  for (const { name, client } of clients) {
    describe(`SDK ${generation} server, ${name}`, () => {
      it("steps up once for each new permission, and keeps what it had", async () => {
        const host = await hostFor(await serve(generation, policy), client);
        await host.connect();
        expect(logins(host)).toBe(1);
        expect(words(await host.callTool("list"))).toBe("listed");
        expect(logins(host)).toBe(1);

        expect(words(await host.callTool("write"))).toBe("written");
        expect(logins(host)).toBe(2);
        expect(words(await host.callTool("purge"))).toBe("purged");
        expect(logins(host)).toBe(3);

        for (const tool of ["list", "write", "purge", "write", "list"]) await host.callTool(tool);
        expect(logins(host)).toBe(3);
      });

      it("connects without a token where something is public, and logs in at the first protected call", async () => {
        const url = await serve(generation, {
          ...policy,
          tools: { ...policy.tools, about: { public: true } },
        });
        const host = await hostFor(url, client);
        await host.connect();
        expect(words(await host.callTool("about"))).toBe("a todo server");
        expect(await host.listTools()).toContain("list");
        expect(logins(host)).toBe(0);

        expect(words(await host.callTool("list"))).toBe("listed");
        expect(logins(host)).toBe(1);
        expect(words(await host.callTool("about"))).toBe("a todo server");
        expect(logins(host)).toBe(1);
      });

      it("is refused for good, without a login, where no scope would help", async () => {
        const url = await serve(generation, {
          ...policy,
          tools: { ...policy.tools, write: { scopes: "todo:read", roles: "owner" } },
        });
        const host = await hostFor(url, client);
        await host.connect();
        await expect(host.callTool("write")).rejects.toThrow();
        await expect(host.callTool("unheard_of")).rejects.toThrow();
        expect(logins(host)).toBe(1);
      });
    });
  }
}

describe("a tool that finds out late, on the SDK v2 server", () => {
  it.each(clients)("steps up: $name", async ({ client }) => {
    const host = await hostFor(await serve("v2", policy), client);
    await host.connect();
    expect(words(await host.callTool("late"))).toBe("done after all");
    expect(host.scope?.split(" ")).toEqual(expect.arrayContaining(["todo:read", "todo:write", "todo:admin"]));
  });
});

describe("the SDK's own requireScopes behind the gate", () => {
  it.each(clients.slice(0, 2))("still challenges: $name", async ({ client }) => {
    const host = await hostFor(await serve("v2", policy), client);
    await host.connect();
    expect(words(await host.callTool("native"))).toBe("native");
    expect(logins(host)).toBe(2);
  });

  it("is never reached without a caller, though it would let one pass", async () => {
    const url = await serve("v2", { ...policy, tools: { about: { public: true }, native: [] } });
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "native",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: {
          name: "native",
          arguments: {},
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
          },
        },
      }),
    });
    expect(answer.status).toBe(401);
  });
});
