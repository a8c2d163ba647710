import { describe, expect, it } from "vitest";
import { type Report, verify } from "../src/index.js";
import { type Behaviour, type Context, startModelServer, unauthorized } from "./servers/model-server.js";

type Misbehaviour = Partial<Behaviour>;

const withServer = (authorizationServer: Behaviour["authorizationServer"]): Misbehaviour => ({
  authorizationServer,
});
const withIssuer = (responseIssuer: (issuer: string) => string | undefined): Misbehaviour =>
  withServer({ responseIssuer });

/** One row per defect that only a client with a token can see. */
const defects: readonly (readonly [code: string, check: string, behaviour: Misbehaviour])[] = [
  [
    "scheme-case-sensitive",
    "V22",
    {
      first: ({ headers }, { challenge }) =>
        headers.authorization?.startsWith("bearer ") ? unauthorized(challenge) : undefined,
    },
  ],
  ["sloppy-credentials", "V21", { takesFirstToken: true }],
  ["headers-contradict-body", "V25", { mcp: { checksHeaders: false } }],
  ["missing-scope-is-401", "V26", { insufficient: (_, { challenge }) => unauthorized(challenge) }],
  [
    "step-up-without-challenge",
    "V26",
    { insufficient: () => ({ status: 403, body: '{"error":"insufficient_scope"}' }) },
  ],
  [
    "step-up-challenge-incomplete",
    "V26",
    {
      insufficient: () => ({
        status: 403,
        headers: { "www-authenticate": 'Bearer error="insufficient_scope"' },
      }),
    },
  ],
  ["step-up-not-enough", "V26", { insufficient: (_, { challenge }) => drip(challenge), grantsNothing: true }],
  ["batch-bypasses-scopes", "V26", { mcp: { batches: true } }],
  [
    "missing-scope-in-result",
    "V26",
    {
      allowedScopes: "unchecked",
      mcp: { created: { isError: true, content: [{ type: "text", text: "insufficient_scope" }] } },
    },
  ],
  ["later-requests-fail", "V27", { mcp: { exclusive: true } }],
  [
    "token-refused",
    "V32",
    { badToken: (_, { challenge }) => unauthorized(challenge), refusesGoodTokens: true },
  ],
  ["login-not-started", "V32", { withoutToken: () => ({ status: 403 }) }],
  ["audience-not-the-resource", "V32", withServer({ claims: (claims) => ({ ...claims, aud: "res_123" }) })],
  ["token-type-not-at-jwt", "V32", withServer({ tokenType: "JWT" })],
  ["token-response-may-be-cached", "V32", withServer({ tokenHeaders: {} })],
  ["token-lives-long", "V32", withServer({ tokenBody: { expires_in: 30 * 24 * 3600 } })],
  ["scopes-not-granted", "V32", withServer({ tokenBody: { scope: "something:else" } })],
  ["login-iss-mismatch", "V32", withIssuer(() => "https://evil.example")],
  ["login-iss-mismatch", "V32", withIssuer((issuer) => `${issuer}/`)],
  ["login-iss-mismatch", "V32", withIssuer(() => undefined)],
  ["login-issuer-mismatch", "V32", withServer({ metadata: (issuer) => ({ issuer: `${issuer}/` }) })],
  ["login-no-pkce", "V32", withServer({ metadata: () => ({ code_challenge_methods_supported: ["plain"] }) })],
  ["login-no-server-metadata", "V32", withServer({ locations: [] })],
  ["login-no-registration", "V32", withServer({ metadata: () => ({ registration_endpoint: undefined }) })],
  [
    "login-registration-refused",
    "V32",
    withServer({ metadata: (issuer) => ({ registration_endpoint: `${issuer}/nowhere` }) }),
  ],
  [
    "login-endpoint-refused",
    "V32",
    withServer({ metadata: () => ({ authorization_endpoint: "javascript:alert(1)" }) }),
  ],
  [
    "login-not-automatic",
    "V32",
    withServer({ metadata: (issuer) => ({ authorization_endpoint: `${issuer}/keys` }) }),
  ],
  [
    "login-redirects-for-ever",
    "V32",
    withServer({ metadata: (issuer) => ({ authorization_endpoint: `${issuer}/loop` }) }),
  ],
  [
    "login-request-failed",
    "V32",
    withServer({ metadata: () => ({ token_endpoint: "http://127.0.0.1:1/token" }) }),
  ],
  ["login-refused", "V32", withServer({ metadata: (issuer) => ({ token_endpoint: `${issuer}/refuse` }) })],
  ["login-resource-mismatch", "V32", { document: () => ({ resource: "https://evil.example/mcp" }) }],
  ["login-no-authorization-server", "V32", { document: () => ({ authorization_servers: [] }) }],
  ["login-metadata-unreadable", "V32", { metadata: () => ({ status: 500 }) }],
];

function drip(challenge: string): { status: number; headers: Record<string, string> } {
  const header = challenge.replace(/scope="[^"]*"/, 'scope="todo:admin", error="insufficient_scope"');
  return { status: 403, headers: { "www-authenticate": header } };
}

async function examine(
  behaviour: Misbehaviour,
  options: Partial<Parameters<typeof verify>[0]> = {},
): Promise<Report> {
  const server = await startModelServer(behaviour);
  try {
    return await verify({
      url: server.url,
      login: { kind: "auto" },
      tools: ["create_todo", "list_todos"],
      ...options,
    });
  } finally {
    await server.close();
  }
}

function problems({ findings }: Report): readonly string[] {
  return findings
    .filter(({ outcome }) => outcome !== "pass" && outcome !== "skip")
    .map(({ check, code }) => `${check} ${code}`);
}

describe("verify with a login", () => {
  it("finds nothing in a server that does everything right, and shows what each token may do", async () => {
    const report = await examine({});
    expect(problems(report)).toEqual([]);
    expect(report.matrix).toEqual({
      columns: ["todo:read", "todo:read todo:write"],
      rows: [
        { tool: "create_todo", cells: ["insufficient_scope", "allowed"] },
        { tool: "list_todos", cells: ["allowed", "allowed"] },
      ],
    });
  });

  it.each(defects)("finds %s with %s", async (code, check, behaviour) => {
    expect(problems(await examine(behaviour))).toContain(`${check} ${code}`);
  });

  it("names itself by its metadata document where the authorization server takes one", async () => {
    const metadataUrl = "https://client.example/metadata.json";
    const report = await examine({}, { login: { kind: "auto", metadataUrl } });
    expect(report.findings.find(({ check }) => check === "V32")?.seen).toContain(
      "Client ID Metadata Document",
    );
  });

  it("waits on a loopback port for the person who logs in with the browser", async () => {
    const said: string[] = [];
    const opened: string[] = [];
    const report = await examine(
      {},
      {
        login: {
          kind: "browser",
          open: (url) => {
            opened.push(url.href);
            void fetch(url);
          },
        },
        say: (line) => void said.push(line),
        loginOnly: true,
      },
    );
    expect(problems(report)).toEqual([]);
    expect(opened[0]).toMatch(/redirect_uri=http%3A%2F%2F127\.0\.0\.1%3A\d+%2Fcallback/);
    expect(said[0]).toBe(`Log in here if no browser opens: ${opened[0]}`);
  });

  it("uses a registered client for itself alone", async () => {
    const login = { kind: "machine", client: { id: "ci", secret: "s" } } as const;
    const report = await examine({}, { login, loginOnly: true });
    expect(problems(report)).toEqual([]);
    expect(report.steps.some(({ to }) => to === "browser")).toBe(false);
  });

  it("sends the resource on both legs, byte for byte as the metadata spells it", async () => {
    const server = await startModelServer();
    try {
      await verify({ url: server.url, login: { kind: "auto" }, loginOnly: true });
      const { authorizationRequests, tokenRequests } = server.authorizationServer;
      expect(authorizationRequests.map((query) => query.get("resource"))).toEqual([server.url]);
      expect(tokenRequests.map((form) => form.get("resource"))).toEqual([server.url]);
    } finally {
      await server.close();
    }
  });

  it("asks for old and new scopes together when it steps up", async () => {
    const server = await startModelServer();
    try {
      await verify({ url: server.url, login: { kind: "auto" }, loginOnly: true, tools: ["create_todo"] });
      const asked = server.authorizationServer.authorizationRequests.map((query) => query.get("scope"));
      expect(asked).toEqual(["todo:read", "todo:read todo:write"]);
    } finally {
      await server.close();
    }
  });

  it("sends a given token to the server alone and never logs in by itself", async () => {
    const server = await startModelServer();
    const seen: string[] = [];
    try {
      const token = server.authorizationServer.mint("todo:read", server.url);
      const report = await verify({
        url: server.url,
        login: { kind: "token", token },
        tools: ["create_todo"],
      });
      seen.push(...problems(report));
      expect(server.authorizationServer.tokenRequests).toEqual([]);
      expect(JSON.stringify(report)).not.toContain(token);
    } finally {
      await server.close();
    }
    expect(seen).toEqual([]);
  });

  it("gives up after a bounded number of logins when the server is never content", async () => {
    const server = await startModelServer({
      first: ({ method, headers }, { challenge }) =>
        method === "POST" && headers.authorization !== undefined ? unauthorized(challenge) : undefined,
    });
    try {
      await verify({ url: server.url, login: { kind: "auto" }, loginOnly: true });
      expect(server.authorizationServer.authorizationRequests.length).toBeLessThanOrEqual(3);
    } finally {
      await server.close();
    }
  });

  it("takes the origin for the authorization server where there is no metadata, as in MCP 2025-03-26", async () => {
    const report = await examine(
      {
        withoutToken: () => ({ status: 401 }),
        metadata: () => ({ status: 404 }),
        first: olderServer,
      },
      { loginOnly: true },
    );
    expect(report.findings.find(({ code }) => code === "login-registration-refused")?.seen).toContain(
      "/register",
    );
  });
});

function olderServer(
  { url }: { readonly url?: string | undefined },
  _: Context,
): { status: number } | undefined {
  return url === "/register" ? { status: 418 } : undefined;
}
