import { unauthorized } from "../servers/model-server.js";
import { type Defect, withChallenge, withDocument, withServer, withServerMetadata } from "./defect.js";

/** Defects of the metadata, the server's own and its authorization server's. */
export const metadata: readonly Defect[] = [
  ["metadata-not-found", "G3", { metadata: () => ({ status: 404 }) }],
  ["metadata-incomplete", "G3", withDocument(() => ({ scopes_supported: undefined }))],
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
];
