import type { ReasonCode } from "../src/answers.js";

export interface Refusal {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: object;
  /** Headers that this reason alone brings. */
  readonly headers: Readonly<Record<string, string>>;
}

const metadata = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';

const invalidToken: Refusal = {
  status: 401,
  challenge: `Bearer realm="OAuth", ${metadata}, scope="todo:read", error="invalid_token", error_description="The access token is invalid or expired"`,
  body: { error: "invalid_token", error_description: "The access token is invalid or expired" },
  headers: {},
};

function jsonRpc(status: number, code: number, message: string, more: Partial<Refusal> = {}): Refusal {
  return {
    status,
    challenge: undefined,
    body: { jsonrpc: "2.0", error: { code, message } },
    headers: {},
    ...more,
  };
}

const unavailable = (seconds: string): Refusal => ({
  status: 503,
  challenge: undefined,
  body: {
    error: "temporarily_unavailable",
    error_description: "The request could not be authorized right now; try again shortly",
  },
  headers: { "Retry-After": seconds },
});

const denied: Refusal = {
  status: 403,
  challenge: undefined,
  body: { error: "access_denied", error_description: "The caller may not do this" },
  headers: {},
};

/** What goes out for each reason, for resource https://mcp.example.com/mcp and baseline todo:read. A new reason does not compile without its line. */
export const refusals: Readonly<Record<ReasonCode, Refusal>> = {
  host_not_allowed: jsonRpc(403, -32600, "Host not allowed"),
  origin_not_allowed: jsonRpc(403, -32600, "Origin not allowed"),
  credentials_missing: {
    status: 401,
    challenge: `Bearer realm="OAuth", ${metadata}, scope="todo:read"`,
    body: { error: "unauthorized", error_description: "Authentication is required" },
    headers: {},
  },
  dpop_proof_invalid: {
    status: 401,
    challenge: `Bearer realm="OAuth", ${metadata}, scope="todo:read", DPoP algs="ES256", error="invalid_dpop_proof", error_description="The DPoP proof is invalid"`,
    body: { error: "invalid_dpop_proof", error_description: "The DPoP proof is invalid" },
    headers: { "DPoP-Nonce": "n1" },
  },
  dpop_nonce_required: {
    status: 401,
    challenge: `Bearer realm="OAuth", ${metadata}, scope="todo:read", DPoP algs="ES256", error="use_dpop_nonce", error_description="The DPoP proof needs a nonce"`,
    body: { error: "use_dpop_nonce", error_description: "The DPoP proof needs a nonce" },
    headers: { "DPoP-Nonce": "n1" },
  },
  credentials_malformed: invalidToken,
  credentials_multiple: {
    status: 400,
    challenge: `Bearer realm="OAuth", ${metadata}, error="invalid_request", error_description="More than one set of credentials was sent"`,
    body: { error: "invalid_request", error_description: "More than one set of credentials was sent" },
    headers: {},
  },
  token_malformed: invalidToken,
  token_too_long: invalidToken,
  token_algorithm: invalidToken,
  token_key_unknown: invalidToken,
  token_signature: invalidToken,
  token_type: invalidToken,
  token_claims: invalidToken,
  token_issuer: invalidToken,
  token_audience: invalidToken,
  token_expired: invalidToken,
  token_not_yet_valid: invalidToken,
  token_sender_constrained: invalidToken,
  token_inactive: invalidToken,
  token_revoked: invalidToken,
  verifier_unavailable: unavailable("7"),
  http_method_not_allowed: jsonRpc(405, -32600, "Method not allowed", {
    headers: { Allow: "POST, GET, DELETE, OPTIONS" },
  }),
  not_found: jsonRpc(404, -32600, "Not found"),
  content_type: jsonRpc(415, -32600, "Content-Type must be application/json"),
  content_encoding: jsonRpc(415, -32600, "Content-Encoding is not accepted", {
    headers: { "Accept-Encoding": "identity" },
  }),
  body_too_large: jsonRpc(413, -32600, "Request body too large"),
  body_timeout: jsonRpc(408, -32600, "Request body took too long"),
  body_unparseable: jsonRpc(400, -32700, "Parse error"),
  message_invalid: jsonRpc(400, -32600, "Invalid Request"),
  params_invalid: jsonRpc(400, -32602, "Invalid params", {
    body: { jsonrpc: "2.0", id: 1, error: { code: -32602, message: "Invalid params" } },
  }),
  header_mismatch: jsonRpc(400, -32020, "Header mismatch", {
    body: {
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32020, message: "Header mismatch", data: { mismatch: "Mcp-Method" } },
    },
  }),
  method_unknown: jsonRpc(404, -32601, "Method not found", {
    body: { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "Method not found" } },
  }),
  session_unknown: jsonRpc(404, -32001, "Session not found", {
    body: { jsonrpc: "2.0", id: 1, error: { code: -32001, message: "Session not found" } },
  }),
  scope_insufficient: {
    status: 403,
    challenge: `Bearer realm="OAuth", ${metadata}, scope="todo:read todo:write", error="insufficient_scope", error_description="More permissions are needed"`,
    body: { error: "insufficient_scope", error_description: "More permissions are needed" },
    headers: {},
  },
  policy_denied: denied,
  policy_unlisted: denied,
  rule_failed: unavailable("5"),
  gate_failed: unavailable("5"),
};
