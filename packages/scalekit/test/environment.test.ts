import { type Answer, createGate, type Granted } from "@mcp-authz/core";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import { Scalekit } from "@scalekit-sdk/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScalekitOptions, scalekit } from "../src/index.js";

const resource = "https://mcp.example.com/mcp";

const modes: readonly (readonly [string, (environmentUrl: string) => ScalekitOptions])[] = [
  ["over the key set", () => ({})],
  ["through the SDK", (environmentUrl) => ({ sdk: new Scalekit(environmentUrl, "skc_1", "s3cr3t") })],
];

describe.each(modes)("a gate before an environment in Scalekit's shape, %s", (_, mode) => {
  let environment: DevServer;
  beforeAll(async () => {
    environment = await createDevServer({
      banner: false,
      servers: [{ id: "res_1", name: "Todos", url: resource, scopes: ["todo:read", "todo:write"] }],
      clients: [
        {
          id: "m2m_1",
          secret: "s3cr3t",
          server: "res_1",
          organizationId: "org_1",
          roles: ["agent"],
          permissions: ["data:read"],
        },
        { id: "skc_2", secret: "s3cr3t" },
      ],
    });
  });
  afterAll(() => environment.close());

  /** As a client in client credentials (RFC 6749 §4.4). */
  async function tokenOf(clientId: string, differing: Record<string, string>): Promise<string> {
    const response = await fetch(`${environment.url}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: "s3cr3t",
        ...differing,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  async function call(token: string): Promise<Answer | Granted> {
    const gate = createGate({
      resource,
      provider: scalekit({ environmentUrl: environment.url, resourceId: "res_1", ...mode(environment.url) }),
      policy: { tools: { list_todos: "todo:read" } },
    });
    const headers = [
      ["authorization", `Bearer ${token}`],
      ["content-type", "application/json"],
    ] as const;
    const outcome = await gate.authenticate({ method: "POST", target: "/mcp", headers });
    if (outcome.kind !== "authenticated") return outcome as Answer;
    const params = { name: "list_todos", arguments: {} };
    return outcome.authorize({
      kind: "parsed",
      value: { jsonrpc: "2.0", id: 1, method: "tools/call", params },
    });
  }

  it.each([
    ["legacy", ""],
    ["transition", ""],
    ["resource", "/resources/res_1"],
  ] as const)(
    "grants what a token allows and says who calls, in the issuer phase %s",
    async (phase, path) => {
      environment.setIssuerPhase(phase);
      const granted = await call(await tokenOf("m2m_1", { scope: "todo:read", resource }));
      expect(granted).toMatchObject({
        kind: "granted",
        auth: {
          clientId: "m2m_1",
          scopes: ["todo:read"],
          extra: {
            issuer: environment.url + path,
            subject: "m2m_1",
            kind: "client",
            organizationId: "org_1",
            roles: ["agent"],
            permissions: ["data:read"],
          },
        },
      });
      (granted as Granted).release();
    },
  );

  it("does not let in a token that was issued to the environment's own client for no server", async () => {
    expect(await call(await tokenOf("skc_2", {}))).toMatchObject({
      kind: "answer",
      status: 401,
      body: '{"error":"invalid_token","error_description":"The access token is invalid or expired"}',
    });
  });

  it("asks clients to come again, and for no login, while the keys cannot be fetched", async () => {
    const token = await tokenOf("m2m_1", { scope: "todo:read", resource });
    environment.setKeyServer("error");
    const answer = await call(token);
    environment.setKeyServer("healthy");
    expect(answer).toMatchObject({ kind: "answer", status: 503 });
    const names = (answer as Answer).headers.map(([name]) => name.toLowerCase());
    expect(names).toContain("retry-after");
    expect(names).not.toContain("www-authenticate");
  });

  it("takes the Metadata JSON as the dashboard shows it, and publishes it under the gate's own resource", async () => {
    const [server] = environment.servers;
    const gate = createGate({
      resource,
      provider: scalekit({ metadata: { ...server?.metadata }, ...mode(environment.url) }),
      policy: { tools: { list_todos: "todo:read" } },
    });
    const answer = await gate.authenticate({
      method: "GET",
      target: "/.well-known/oauth-protected-resource/mcp",
      headers: [],
    });
    expect(JSON.parse((answer as Answer).body)).toMatchObject({
      resource,
      authorization_servers: [`${environment.url}/resources/res_1`],
      scopes_supported: ["todo:read", "todo:write"],
      bearer_methods_supported: ["header"],
    });
  });
});
