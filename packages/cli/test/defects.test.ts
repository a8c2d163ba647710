import { describe, expect, it } from "vitest";
import { verify } from "../src/index.js";
import { type Behaviour, type Context, startModelServer, unauthorized } from "./servers/model-server.js";

type Misbehaviour = Partial<Behaviour>;

const withDocument = (change: (context: Context) => Record<string, unknown>): Misbehaviour => ({
  document: change,
});
const withChallenge = (change: (context: Context) => string | undefined): Misbehaviour => ({
  withoutToken: (_, context) => {
    const challenge = change(context);
    return challenge === undefined ? { status: 401 } : unauthorized(challenge);
  },
});
const withServer = (authorizationServer: Behaviour["authorizationServer"]): Misbehaviour => ({
  authorizationServer,
});
const withServerMetadata = (change: (issuer: string) => Record<string, unknown>): Misbehaviour =>
  withServer({ metadata: change });
const open = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: '{"jsonrpc":"2.0","id":1,"result":{}}',
};
const metadataUrl = ({ challenge }: Context): string =>
  /resource_metadata="([^"]*)"/.exec(challenge)?.[1] ?? "";
const echo = (id: number): typeof open => ({ ...open, body: `{"jsonrpc":"2.0","id":${id},"result":{}}` });
/** The id that the bypass probes use, so that a handler can be faked without parsing. */
const bypassId = 902_100_377;

/** One row per defect: what the report must call it, the check that finds it, and the one change that causes it. */
const defects: readonly (readonly [code: string, check: string, behaviour: Misbehaviour])[] = [
  ["no-401", "G1", { withoutToken: () => ({ status: 403 }) }],
  ["challenge-without-metadata-url", "G2", withChallenge(() => 'Bearer realm="OAuth", scope="todo:read"')],
  ["metadata-not-found", "G3", { metadata: () => ({ status: 404 }) }],
  ["metadata-incomplete", "G3", withDocument(() => ({ scopes_supported: undefined }))],
  ["open-without-token", "V2", { withoutToken: () => open }],
  ["not-401-without-token", "V2", { withoutToken: () => ({ status: 404 }) }],
  [
    "open-without-token",
    "V3",
    {
      first: ({ method, headers }) =>
        method === "POST" &&
        headers["mcp-method"] === undefined &&
        headers.authorization === undefined &&
        headers["content-type"] === "application/json"
          ? open
          : undefined,
    },
  ],
  [
    "method-open-without-token",
    "V4",
    {
      first: ({ method, url }) =>
        method === "GET" && url === "/mcp"
          ? { status: 200, headers: { "content-type": "text/event-stream" } }
          : undefined,
    },
  ],
  [
    "method-without-challenge",
    "V4",
    { first: ({ method }) => (method === "DELETE" ? { status: 404 } : undefined) },
  ],
  ["bad-token-accepted", "V5", { acceptsAnyToken: true, allowedScopes: "unchecked" }],
  ["bad-token-without-error", "V5", { badToken: (_, { challenge }) => unauthorized(challenge) }],
  ["bad-token-without-metadata-url", "V5", { badToken: () => unauthorized('Bearer error="invalid_token"') }],
  ["bad-token-not-401", "V5", { badToken: () => ({ status: 500 }) }],
  ["keys-unavailable", "V5", { badToken: () => ({ status: 503 }) }],
  ["challenge-missing", "V6", withChallenge(() => undefined)],
  ["challenge-malformed", "V6", withChallenge(({ challenge }) => `${challenge}, error_description="no end`)],
  ["challenge-not-bearer", "V6", withChallenge(() => 'Basic realm="OAuth"')],
  ["challenge-bearer-not-first", "V6", withChallenge(({ challenge }) => `Basic realm="OAuth", ${challenge}`)],
  ["challenge-bare", "V6", withChallenge(() => "Bearer")],
  [
    "challenge-duplicate-parameter",
    "V6",
    withChallenge(({ challenge }) => `${challenge}, scope="todo:write"`),
  ],
  [
    "challenge-misread-by-sdk",
    "V6",
    withChallenge(
      (context) =>
        `Bearer error_description="needs scope=admin now", resource_metadata="${metadataUrl(context)}", scope="todo:read"`,
    ),
  ],
  [
    "challenge-several-lines",
    "V6",
    {
      withoutToken: (_, { challenge }) => ({
        status: 401,
        headers: { "www-authenticate": [challenge, 'DPoP algs="ES256"'] },
      }),
    },
  ],
  [
    "challenge-without-resource-metadata",
    "V7",
    withChallenge(() => 'Bearer realm="OAuth", scope="todo:read"'),
  ],
  [
    "challenge-misdirects",
    "V7",
    withChallenge(
      () =>
        'Bearer realm="OAuth", resource_metadata="/.well-known/oauth-protected-resource", scope="todo:read"',
    ),
  ],
  [
    "challenge-without-scope",
    "V7",
    withChallenge((context) => `Bearer realm="OAuth", resource_metadata="${metadataUrl(context)}"`),
  ],
  [
    "challenge-error-without-token",
    "V7",
    withChallenge(({ challenge }) => `${challenge}, error="invalid_token"`),
  ],
  [
    "challenge-without-realm",
    "V7",
    withChallenge(({ challenge }) => challenge.replace('realm="OAuth", ', "")),
  ],
  [
    "redirects",
    "V8",
    {
      withoutToken: ({ method }) =>
        method === "POST" ? { status: 308, headers: { location: "/mcp/" } } : undefined,
    },
  ],
  [
    "sibling-redirects",
    "V8",
    { first: ({ url }) => (url === "/mcp/" ? { status: 307, headers: { location: "/mcp" } } : undefined) },
  ],
  ["metadata-nowhere", "V9", { metadata: () => ({ status: 404 }) }],
  [
    "metadata-needs-token",
    "V9",
    { metadata: ({ url }) => (url?.endsWith("/mcp") ? { status: 401 } : undefined) },
  ],
  [
    "challenge-points-nowhere",
    "V9",
    withChallenge(
      ({ origin }) => `Bearer realm="OAuth", resource_metadata="${origin}/nowhere", scope="todo:read"`,
    ),
  ],
  [
    "metadata-not-path-aware",
    "V9",
    {
      ...withChallenge(
        ({ origin }) =>
          `Bearer realm="OAuth", resource_metadata="${origin}/.well-known/oauth-protected-resource", scope="todo:read"`,
      ),
      metadata: ({ url }) => (url?.endsWith("/mcp") ? { status: 404 } : undefined),
    },
  ],
  [
    "metadata-not-at-root",
    "V9",
    { metadata: ({ url }) => (url?.endsWith("/mcp") ? undefined : { status: 404 }) },
  ],
  [
    "metadata-differs",
    "V9",
    {
      metadata: ({ url }, { origin, issuer }) =>
        url?.endsWith("/mcp")
          ? undefined
          : {
              status: 200,
              headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
              body: JSON.stringify({ resource: origin, authorization_servers: [issuer] }),
            },
    },
  ],
  [
    "metadata-content-type",
    "V9",
    {
      metadata: ({ method }, { resource, issuer }) =>
        method === "OPTIONS"
          ? undefined
          : {
              status: 200,
              headers: { "content-type": "text/plain", "access-control-allow-origin": "*" },
              body: JSON.stringify({
                resource,
                authorization_servers: [issuer],
                scopes_supported: ["todo:read"],
              }),
            },
    },
  ],
  ["resource-missing", "V10", withDocument(() => ({ resource: undefined }))],
  ["resource-not-a-url", "V10", withDocument(() => ({ resource: "res_123" }))],
  ["resource-trailing-slash", "V10", withDocument(({ resource }) => ({ resource: `${resource}/` }))],
  ["resource-is-parent", "V10", withDocument(({ origin }) => ({ resource: origin }))],
  ["resource-mismatch", "V10", withDocument(() => ({ resource: "https://mcp.yourapp.com" }))],
  ["no-authorization-server", "V11", withDocument(() => ({ authorization_servers: [] }))],
  [
    "issuer-not-usable",
    "V11",
    withDocument(({ issuer }) => ({
      authorization_servers: [`${issuer}/.well-known/oauth-authorization-server`],
    })),
  ],
  [
    "scopes-list-offline-access",
    "V12",
    withDocument(() => ({ scopes_supported: ["todo:read", "offline_access"] })),
  ],
  ["scopes-list-wildcard", "V12", withDocument(() => ({ scopes_supported: ["todo:*"] }))],
  [
    "scopes-list-is-catalogue",
    "V12",
    withDocument(() => ({ scopes_supported: Array.from({ length: 11 }, (_, at) => `scope:${at}`) })),
  ],
  ["metadata-empty-array", "V12", withDocument(() => ({ resource_signing_alg_values_supported: [] }))],
  [
    "metadata-refuses-version",
    "V13",
    {
      metadata: ({ headers }) =>
        headers["mcp-protocol-version"] === undefined ? undefined : { status: 400 },
    },
  ],
  [
    "metadata-refuses-origin",
    "V13",
    {
      metadata: ({ headers, method }) =>
        headers.origin !== undefined && method === "GET" ? { status: 403 } : undefined,
    },
  ],
  [
    "metadata-without-cors",
    "V13",
    {
      metadata: ({ method }, { resource, issuer }) =>
        method === "OPTIONS"
          ? undefined
          : {
              status: 200,
              headers: { "content-type": "application/json" },
              body: JSON.stringify({
                resource,
                authorization_servers: [issuer],
                scopes_supported: ["todo:read"],
              }),
            },
    },
  ],
  [
    "metadata-refuses-head",
    "V13",
    { metadata: ({ method }) => (method === "HEAD" ? { status: 405 } : undefined) },
  ],
  [
    "metadata-refuses-preflight",
    "V13",
    { metadata: ({ method }) => (method === "OPTIONS" ? { status: 404 } : undefined) },
  ],
  [
    "host-reflected",
    "V14",
    {
      checksHost: false,
      withoutToken: ({ headers }, { challenge, origin }) =>
        unauthorized(challenge.replace(origin, `http://${headers["x-forwarded-host"] ?? headers.host}`)),
    },
  ],
  ["issuer-without-metadata", "V15", withServer({ locations: [] })],
  ["issuer-mismatch", "V15", withServerMetadata((issuer) => ({ issuer: `${issuer}/` }))],
  ["pkce-not-advertised", "V16", withServerMetadata(() => ({ code_challenge_methods_supported: undefined }))],
  ["code-flow-not-advertised", "V16", withServerMetadata(() => ({ response_types_supported: ["token"] }))],
  [
    "endpoint-not-usable",
    "V16",
    withServerMetadata(() => ({ authorization_endpoint: "javascript:alert(1)" })),
  ],
  [
    "no-registration",
    "V17",
    withServerMetadata(() => ({
      client_id_metadata_document_supported: undefined,
      registration_endpoint: undefined,
    })),
  ],
  [
    "registration-by-dcr-only",
    "V17",
    withServerMetadata(() => ({ client_id_metadata_document_supported: false })),
  ],
  [
    "public-clients-not-advertised",
    "V17",
    withServerMetadata(() => ({ token_endpoint_auth_methods_supported: ["client_secret_basic"] })),
  ],
  ["keys-not-found", "V17", withServer({ keys: { keys: [] } })],
  [
    "iss-not-advertised",
    "V17",
    withServerMetadata(() => ({ authorization_response_iss_parameter_supported: false })),
  ],
  [
    "refresh-not-supported",
    "V17",
    withServerMetadata(() => ({ grant_types_supported: ["authorization_code"] })),
  ],
  ["origin-not-checked", "V18", { checksOrigin: false }],
  ["host-not-checked", "V19", { checksHost: false }],
  [
    "token-read-outside-header",
    "V20",
    {
      first: ({ url }, { challenge }) =>
        url?.includes("access_token=") ? unauthorized(`${challenge}, error="invalid_token"`) : undefined,
    },
  ],
  [
    "token-echoed",
    "V20",
    {
      first: ({ url }, { challenge }) =>
        url?.includes("access_token=")
          ? { ...unauthorized(challenge), body: `no such page: ${url}` }
          : undefined,
    },
  ],
  [
    "several-credentials",
    "V21",
    { first: ({ headers }) => (headers.authorization?.includes(",") ? open : undefined) },
  ],
  [
    "guard-bypassed",
    "V23",
    {
      first: ({ url }) =>
        url?.includes(".well-known") && url.startsWith("/mcp") ? echo(bypassId) : undefined,
    },
  ],
  [
    "other-transport-open",
    "V23",
    {
      first: ({ url }) =>
        url === "/sse" ? { status: 200, headers: { "content-type": "text/event-stream" } } : undefined,
    },
  ],
  [
    "body-open-without-token",
    "V24",
    { withoutToken: ({ headers }) => (headers["content-type"] === "text/plain" ? open : undefined) },
  ],
  [
    "body-parsed-before-token",
    "V24",
    { withoutToken: ({ headers }) => (headers["content-encoding"] === "gzip" ? { status: 415 } : undefined) },
  ],
  ["preflight-refused", "V28", { preflight: () => ({ status: 401 }) }],
  [
    "preflight-lacks-headers",
    "V28",
    { preflight: () => ({ status: 204, headers: { "access-control-allow-headers": "content-type" } }) },
  ],
  ["challenge-not-exposed", "V28", { exposes: false }],
  [
    "cors-any-origin",
    "V28",
    {
      checksOrigin: false,
      preflight: ({ headers }) => ({
        status: 204,
        headers: {
          "access-control-allow-origin": headers.origin ?? "*",
          "access-control-allow-headers":
            "authorization, content-type, mcp-protocol-version, mcp-method, mcp-name",
        },
      }),
    },
  ],
  [
    "refusal-leaks-detail",
    "V30",
    {
      badToken: (_, { challenge }) => ({
        ...unauthorized(`${challenge}, error="invalid_token"`),
        body: "JWSSignatureVerificationFailed: signature verification failed",
      }),
    },
  ],
  [
    "refusal-differs-by-fault",
    "V30",
    {
      badToken: (_, { challenge }, token) =>
        unauthorized(`${challenge}, error="invalid_token", error_description="fault ${token.length}"`),
    },
  ],
  [
    "powered-by",
    "V30",
    {
      withoutToken: (_, { challenge }) => ({
        status: 401,
        headers: { "www-authenticate": challenge, "x-powered-by": "Express" },
      }),
    },
  ],
  [
    "looks-like-an-old-server",
    "V31",
    {
      withoutToken: ({ headers }) =>
        headers["mcp-method"] === undefined ? undefined : { status: 400, body: "Bad Request" },
    },
  ],
  ["url-refused", "V33", withServerMetadata(() => ({ jwks_uri: "http://169.254.169.254/latest/meta-data" }))],
];

async function problemsOf(behaviour: Misbehaviour): Promise<readonly string[]> {
  const server = await startModelServer(behaviour);
  try {
    const { findings } = await verify({ url: server.url });
    return findings
      .filter(({ outcome }) => outcome !== "pass" && outcome !== "skip")
      .map(({ check, code }) => `${check} ${code}`);
  } finally {
    await server.close();
  }
}

describe("verify from outside", () => {
  it("finds nothing in a server that does everything right", async () => {
    expect(await problemsOf({})).toEqual([]);
  });

  it.each(defects)("finds %s with %s", async (code, check, behaviour) => {
    expect(await problemsOf(behaviour)).toContain(`${check} ${code}`);
  });
});
