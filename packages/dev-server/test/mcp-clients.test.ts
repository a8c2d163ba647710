import {
  Client as ClientV2,
  IssuerMismatchError,
  StreamableHTTPClientTransport as TransportV2,
  UnauthorizedError as UnauthorizedV2,
} from "@modelcontextprotocol/client";
import { UnauthorizedError as UnauthorizedV1 } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDevServer, type DevServer, type IssuerPhase } from "../src/index.js";
import { HeadlessProvider } from "./support/headless-provider.js";
import { type McpServer, startMcpServer } from "./support/mcp-server.js";

const DOCUMENT = "https://client.example/metadata.json";

describe("the MCP SDK's own clients", () => {
  let mcp: McpServer;
  let dev: DevServer;
  beforeEach(async () => {
    mcp = await startMcpServer();
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", url: mcp.url, scopes: ["todo:read", "todo:write"] }],
      users: [{ id: "usr_1", email: "ada@acme.example" }],
      clientMetadata: {
        [DOCUMENT]: {
          client_id: DOCUMENT,
          client_name: "Headless",
          redirect_uris: [HeadlessProvider.redirectUri],
        },
      },
    });
    const [server] = dev.servers;
    mcp.protect(dev.url, server?.id ?? "", server?.metadata);
  });
  afterEach(async () => {
    await Promise.all([mcp.close(), dev.close()]);
  });

  async function connectV1(provider: HeadlessProvider) {
    const transport = () => new TransportV1(new URL(mcp.url), { authProvider: provider });
    const first = transport();
    await expect(new ClientV1({ name: "v1", version: "1" }).connect(first)).rejects.toThrow(UnauthorizedV1);
    await first.finishAuth(provider.callback.get("code") ?? "");
    const client = new ClientV1({ name: "v1", version: "1" });
    const second = transport();
    await client.connect(second);
    return { client, transport: second };
  }

  async function connectV2(provider: HeadlessProvider) {
    const transport = () => new TransportV2(new URL(mcp.url), { authProvider: provider });
    const first = transport();
    await expect(new ClientV2({ name: "v2", version: "1" }).connect(first)).rejects.toThrow(UnauthorizedV2);
    await first.finishAuth(provider.callback);
    const client = new ClientV2({ name: "v2", version: "1" });
    const second = transport();
    await client.connect(second);
    return { client, transport: second };
  }

  it.each<IssuerPhase>(["legacy", "transition", "resource"])("v1 logs in in the %s phase", async (phase) => {
    dev.setIssuerPhase(phase);
    const { client } = await connectV1(new HeadlessProvider());
    expect(await client.callTool({ name: "read" })).toMatchObject({
      content: [{ type: "text", text: "usr_1" }],
    });
    await client.close();
  });

  it.each<IssuerPhase>(["transition", "resource"])("v2 logs in in the %s phase", async (phase) => {
    dev.setIssuerPhase(phase);
    const { client } = await connectV2(new HeadlessProvider());
    expect(await client.callTool({ name: "read" })).toMatchObject({
      content: [{ type: "text", text: "usr_1" }],
    });
    await client.close();
  });

  it("v2 refuses the legacy phase, whose metadata names another issuer than it asked", async () => {
    dev.setIssuerPhase("legacy");
    const transport = new TransportV2(new URL(mcp.url), { authProvider: new HeadlessProvider() });
    await expect(new ClientV2({ name: "v2", version: "1" }).connect(transport)).rejects.toThrow(
      IssuerMismatchError,
    );
    expect(dev.requests.map((request) => request.kind)).not.toContain("registration");
  });

  it("v1 steps up after it registered with the first challenge's scope", async () => {
    const provider = new HeadlessProvider();
    const { client, transport } = await connectV1(provider);
    await expect(client.callTool({ name: "write" })).rejects.toThrow(UnauthorizedV1);
    await transport.finishAuth(provider.callback.get("code") ?? "");
    expect(await client.callTool({ name: "write" })).toMatchObject({ content: [{ text: "usr_1" }] });
    expect(mcp.callers.at(-1)?.scopes).toEqual(["todo:read", "todo:write"]);
    await client.close();
  });

  it("v2 steps up, and keeps the refresh token that it asked for by itself", async () => {
    const provider = new HeadlessProvider();
    const { client, transport } = await connectV2(provider);
    await expect(client.callTool({ name: "write" })).rejects.toThrow(UnauthorizedV2);
    await transport.finishAuth(provider.callback);
    expect(await client.callTool({ name: "write" })).toMatchObject({ content: [{ text: "usr_1" }] });
    expect(mcp.callers.at(-1)?.scopes).toEqual(["todo:read", "todo:write"]);
    expect(provider.tokens()).toHaveProperty("refresh_token");
    await client.close();
  });

  it("v2 identifies itself by its metadata document, without registering", async () => {
    const { client } = await connectV2(new HeadlessProvider(DOCUMENT));
    await client.callTool({ name: "read" });
    expect(mcp.callers.at(-1)?.client_id).toBe(DOCUMENT);
    expect(dev.requests.map((request) => request.kind)).not.toContain("registration");
    await client.close();
  });
});
