import type { ExpectedAnswer } from "./row.js";

/** Where the main setup's metadata is. */
export const metadataUrl = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

const challenge = `Bearer realm="OAuth", resource_metadata="${metadataUrl}"`;

/** On every answer of the gate's own; and no other protocol's remains. */
export const ownHeaders: Readonly<Record<string, string | RegExp | null>> = {
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "X-Request-Id": /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  Vary: /(^|, )Origin(,|$)/,
  "Access-Control-Allow-Origin": null,
  "Access-Control-Allow-Credentials": null,
  "Set-Cookie": null,
};

/** An answer of the gate's own, which the handler never sees. */
export function refused(
  status: number,
  body: unknown,
  wwwAuthenticate: string | null = null,
  headers: ExpectedAnswer["headers"] = {},
): ExpectedAnswer {
  return { status, challenge: wwwAuthenticate, headers: { ...ownHeaders, ...headers }, body, ran: false };
}

/** The same answer, to a page of this origin. */
export function readableBy(origin: string, answer: ExpectedAnswer): ExpectedAnswer {
  const headers = {
    ...answer.headers,
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers":
      "WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id, DPoP-Nonce, Retry-After, X-Request-Id",
  };
  return { ...answer, headers };
}

/** Nothing that counts as a credential came: no error code (RFC 6750 §3.1). */
export const unauthorized: ExpectedAnswer = refused(
  401,
  { error: "unauthorized", error_description: "Authentication is required" },
  `${challenge}, scope="todo:read"`,
);

/** To HEAD: the same without a body (RFC 9110 §9.3.2). */
export const unauthorizedHead: ExpectedAnswer = { ...unauthorized, body: "" };

/** Whatever is wrong with a token: one answer, so that nobody learns how far they got. */
export const invalidToken: ExpectedAnswer = refused(
  401,
  { error: "invalid_token", error_description: "The access token is invalid or expired" },
  `${challenge}, scope="todo:read", error="invalid_token", error_description="The access token is invalid or expired"`,
);

export const multipleCredentials: ExpectedAnswer = refused(
  400,
  { error: "invalid_request", error_description: "More than one set of credentials was sent" },
  `${challenge}, error="invalid_request", error_description="More than one set of credentials was sent"`,
);

/** @param scope Every scope of the challenge, in order. */
export function insufficientScope(scope: string): ExpectedAnswer {
  return refused(
    403,
    { error: "insufficient_scope", error_description: "More permissions are needed" },
    `${challenge}, scope="${scope}", error="insufficient_scope", error_description="More permissions are needed"`,
  );
}

/** No scope would change it, so there is no challenge that would send the client to log in again. */
export const accessDenied: ExpectedAnswer = refused(403, {
  error: "access_denied",
  error_description: "The caller may not do this",
});

/** Not the caller's fault: no challenge, or it would throw away a good token. */
export const temporarilyUnavailable: ExpectedAnswer = refused(
  503,
  {
    error: "temporarily_unavailable",
    error_description: "The request could not be authorized right now; try again shortly",
  },
  null,
  { "Retry-After": /^[1-9]\d{0,3}$/ },
);

/** A refusal in JSON-RPC; without `id` where none could be read. */
export function rpcError(
  status: number,
  code: number,
  message: string,
  more: { id?: string | number; data?: unknown } = {},
): ExpectedAnswer {
  const { id, data } = more;
  return refused(status, {
    jsonrpc: "2.0",
    ...(id === undefined ? {} : { id }),
    error: { code, message, ...(data === undefined ? {} : { data }) },
  });
}

export const hostNotAllowed: ExpectedAnswer = rpcError(403, -32600, "Host not allowed");
export const originNotAllowed: ExpectedAnswer = rpcError(403, -32600, "Origin not allowed");
export const contentTypeRefused: ExpectedAnswer = rpcError(
  415,
  -32600,
  "Content-Type must be application/json",
);
export const contentEncodingRefused: ExpectedAnswer = rpcError(
  415,
  -32600,
  "Content-Encoding is not accepted",
);
export const bodyTooLarge: ExpectedAnswer = rpcError(413, -32600, "Request body too large");
export const parseError: ExpectedAnswer = rpcError(400, -32700, "Parse error");
export const notFound: ExpectedAnswer = rpcError(404, -32600, "Not found");

export const methodNotAllowed: ExpectedAnswer = {
  ...rpcError(405, -32600, "Method not allowed"),
  headers: { ...ownHeaders, Allow: "POST, GET, DELETE, OPTIONS" },
};

export const invalidRequest = (id?: string | number): ExpectedAnswer =>
  rpcError(400, -32600, "Invalid Request", id === undefined ? {} : { id });

export const invalidParams = (id: string | number = 1): ExpectedAnswer =>
  rpcError(400, -32602, "Invalid params", { id });

/** @param header The mirrored header that differs, as the standard spells it. */
export const headerMismatch = (header: string, id: string | number = 1): ExpectedAnswer =>
  rpcError(400, -32020, "Header mismatch", { id, data: { mismatch: header } });

/** The handler ran. */
export function served(
  served: string,
  more: { to?: string; scopes?: string; id?: string | number } = {},
): ExpectedAnswer {
  const { to = "user_1", scopes = "todo:read", id = 1 } = more;
  return {
    status: 200,
    challenge: null,
    headers: { ...ownHeaders, "Content-Type": /^application\/json/ },
    body: { jsonrpc: "2.0", id, result: { served, to, scopes } },
    ran: true,
  };
}

/** A notification was taken. */
export const accepted: ExpectedAnswer = { status: 202, challenge: null, body: "", ran: true };

/** Not the gate's business: the application has nothing there either, and no MCP handler. */
export const outside: ExpectedAnswer = { status: [404, 405], challenge: null, ran: false };

/** The server's HTTP parser ends it before any application sees a request. */
export const refusedByParser: ExpectedAnswer = { status: 400, challenge: null, ran: false };

/** The application's body parser ends it. */
export const refusedByBodyParser: ExpectedAnswer = { status: [400, 413, 415], challenge: null, ran: false };
