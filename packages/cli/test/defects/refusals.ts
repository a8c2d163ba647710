import { unauthorized } from "../servers/model-server.js";
import { type Defect, metadataUrl, open, withChallenge } from "./defect.js";

/** Defects of what an unauthenticated request is answered. */
export const refusals: readonly Defect[] = [
  ["no-401", "G1", { withoutToken: () => ({ status: 403 }) }],
  ["challenge-without-metadata-url", "G2", withChallenge(() => 'Bearer realm="OAuth", scope="todo:read"')],
  [
    "no-answer",
    "V2",
    {
      first: (request) => {
        if (request.method === "POST") request.socket.destroy();
        return undefined;
      },
    },
  ],
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
];
