import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type GateEvent, jwt } from "@mcp-authz/core";
import { type Dpop, dpop, dpopNonces } from "@mcp-authz/core/dpop";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { approve } from "@mcp-authz/testing";
import {
  Client,
  DpopSession,
  type OAuthClientInformationMixed,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type OAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import express from "express";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mcpAuthz } from "../src/index.js";

const redirectUrl = "http://127.0.0.1:9/callback";

/** The smallest client of SDK v2 that asks for tokens which are bound to its key. */
class KeyHolder implements OAuthClientProvider {
  readonly session = DpopSession.create();
  readonly redirectUrl = redirectUrl;
  readonly clientMetadata = {
    client_name: "key holder",
    redirect_uris: [redirectUrl],
    token_endpoint_auth_method: "none",
  };
  callback: URLSearchParams | undefined;
  held: OAuthTokens | undefined;
  #client: OAuthClientInformationMixed | undefined;
  #verifier = "";
  #discovery: OAuthDiscoveryState | undefined;

  dpop = () => this.session;
  clientInformation = () => this.#client;
  saveClientInformation(client: OAuthClientInformationMixed): void {
    this.#client = client;
  }
  tokens = () => this.held;
  saveTokens(tokens: OAuthTokens): void {
    this.held = tokens;
  }
  codeVerifier = () => this.#verifier;
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }
  discoveryState = () => this.#discovery;
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }
  async redirectToAuthorization(url: URL): Promise<void> {
    this.callback = (await approve(url, redirectUrl)) as URLSearchParams;
  }
}

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: "s", version: "1.0.0" });
  server.registerTool("list", {}, async () => ({ content: [{ type: "text", text: "listed" }] }));
  return server;
});

let dev: DevServer;
const open: (() => unknown)[] = [];
beforeAll(async () => {
  dev = await createDevServer({ approve: "auto", banner: false });
});
afterAll(() => dev.close());
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(policy: Dpop | undefined, events: GateEvent[] = []): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  const { id } = dev.registerServer({ name: "Todo", url, scopes: ["todo:read"] });
  open.push(() => dev.removeServer(id));
  const provider = jwt({
    issuer: dev.url,
    jwksUri: `${dev.url}/keys`,
    authorizationServers: [`${dev.url}/resources/${id}`],
    audience: id,
  });
  const options = {
    resource: url,
    provider,
    policy: { baseline: "todo:read", tools: { list: "todo:read" } },
    handler,
  };
  server.on(
    "request",
    express().use(
      mcpAuthz({
        ...options,
        onEvent: (event) => events.push(event),
        ...(policy === undefined ? {} : { dpop: policy }),
      }),
    ),
  );
  return url;
}

async function connect(url: string, provider: KeyHolder): Promise<Client> {
  const make = () =>
    [
      new Client({ name: "c", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } }),
      new StreamableHTTPClientTransport(new URL(url), { authProvider: provider }),
    ] as const;
  const [first, transport] = make();
  try {
    await first.connect(transport);
    return first;
  } catch (error) {
    if (!UnauthorizedError.isInstance(error)) throw error;
    await transport.finishAuth(provider.callback as URLSearchParams);
    const [client, again] = make();
    await client.connect(again);
    open.push(() => client.close());
    return client;
  }
}

describe.each([
  { name: "accepted", policy: () => dpop() },
  { name: "required", policy: () => dpop({ required: true }) },
  { name: "required, with nonces", policy: () => dpop({ required: true, nonces: dpopNonces() }) },
])("DPoP $name", ({ policy, name }) => {
  it("lets the SDK v2 client call a tool with a token that is bound to its key", async () => {
    const url = await serve(policy());
    const provider = new KeyHolder();
    const client = await connect(url, provider);
    expect(provider.held?.token_type).toBe("DPoP");
    expect(await client.callTool({ name: "list", arguments: {} })).toMatchObject({
      content: [{ text: "listed" }],
    });
  });

  it("refuses the same token as a plain bearer token, and a proof that was used before", async () => {
    const events: GateEvent[] = [];
    const url = await serve(policy(), events);
    const provider = new KeyHolder();
    await connect(url, provider);
    const token = (provider.held as OAuthTokens).access_token;
    const send = (headers: Record<string, string>) =>
      fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
      });
    expect((await send({ authorization: `Bearer ${token}` })).status).toBe(401);
    expect(events.at(-1)).toMatchObject({ reason: "token_sender_constrained" });

    const session = await provider.session;
    const proof = await session.buildProof({ htm: "POST", htu: url, accessToken: token });
    expect((await send({ authorization: `DPoP ${token}`, dpop: proof })).status).not.toBe(401);
    const again = await send({ authorization: `DPoP ${token}`, dpop: proof });
    expect([again.status, events.at(-1)]).toMatchObject([
      401,
      { reason: "dpop_proof_invalid", detail: "the proof was used before" },
    ]);
    expect(again.headers.get("www-authenticate")).toBe(
      `Bearer realm="OAuth", resource_metadata="${url.replace("/mcp", "/.well-known/oauth-protected-resource/mcp")}", scope="todo:read", DPoP algs="RS256 PS256 ES256 EdDSA", error="invalid_dpop_proof", error_description="The DPoP proof is invalid"`,
    );
  });

  it("says so in the metadata and in every challenge", async () => {
    const url = await serve(policy());
    const document = await (
      await fetch(url.replace("/mcp", "/.well-known/oauth-protected-resource/mcp"))
    ).json();
    expect(document).toMatchObject({
      dpop_signing_alg_values_supported: ["RS256", "PS256", "ES256", "EdDSA"],
    });
    expect((document as Record<string, unknown>)["dpop_bound_access_tokens_required"]).toBe(
      name === "accepted" ? undefined : true,
    );
    const challenge = (await fetch(url, { method: "POST" })).headers.get("www-authenticate");
    expect(challenge).toMatch(/^Bearer realm="OAuth", .*, DPoP algs="RS256 PS256 ES256 EdDSA"$/);
  });
});

it("a server that does not know DPoP takes such a request for one without credentials", async () => {
  const url = await serve(undefined);
  const answer = await fetch(url, { method: "POST", headers: { authorization: "DPoP abc", dpop: "abc" } });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).not.toMatch(/DPoP|error/);
});
