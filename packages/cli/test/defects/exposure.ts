import { unauthorized } from "../servers/model-server.js";
import { bypassId, type Defect, echo, open, withServerMetadata } from "./defect.js";

/** Defects in what is let in, let through or let out. */
export const exposure: readonly Defect[] = [
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
