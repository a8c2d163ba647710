import { bearerChallenge, dpopChallenge } from "./challenge.js";
import type { TokenFault } from "./provider.js";

/** Why a request was refused. Stable: logs, dashboards and tests may rely on these names. */
export type ReasonCode =
  | TokenFault
  | "host_not_allowed"
  | "origin_not_allowed"
  | "credentials_missing"
  | "credentials_malformed"
  | "credentials_multiple"
  | "dpop_proof_invalid"
  | "dpop_nonce_required"
  | "verifier_unavailable"
  | "http_method_not_allowed"
  | "not_found"
  | "content_type"
  | "content_encoding"
  | "body_too_large"
  | "body_timeout"
  | "body_unparseable"
  | "message_invalid"
  | "params_invalid"
  | "header_mismatch"
  | "method_unknown"
  | "session_unknown"
  | "scope_insufficient"
  | "policy_denied"
  | "policy_unlisted"
  | "rule_failed"
  | "gate_failed";

/** A refusal on its way to becoming an answer. Never thrown; the detail never reaches the wire. */
export interface Rejection {
  readonly kind: "rejection";
  readonly reason: ReasonCode;
  /** For the event. */
  readonly detail?: string;
  /** Scopes for the challenge. */
  readonly scopes?: readonly string[];
  /** Scopes that the operation itself needs. */
  readonly required?: readonly string[];
  /** Seconds. */
  readonly retryAfter?: number;
  /** Id of the JSON-RPC request, where it could be read. */
  readonly id?: string | number;
  /** The mirrored header that differs. */
  readonly mismatch?: string;
  /** A modern client reads the status, an older one the body (method_unknown). */
  readonly modern?: boolean;
}

/** An HTTP answer, ready to be carried out. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

interface Row {
  readonly status: number;
  /** What a WWW-Authenticate header says; rows without one send none. */
  readonly challenge?:
    | "bare"
    | "invalid_request"
    | "invalid_token"
    | "insufficient_scope"
    | "invalid_dpop_proof"
    | "use_dpop_nonce";
  /** An OAuth error (RFC 6749 §5.2 form) or a JSON-RPC error code. */
  readonly error: string | number;
  readonly text: string;
  readonly headers?: readonly (readonly [string, string])[];
}

export const acceptedMethods = "POST, GET, DELETE, OPTIONS";

/** RFC 6750 §3.1: "the access token provided is expired, revoked, malformed, or invalid for other reasons": 401. One text for all. */
const invalidToken: Row = {
  status: 401,
  challenge: "invalid_token",
  error: "invalid_token",
  text: "The access token is invalid or expired",
};

/** RFC 9110 §15.6.4: the server cannot do it now. No challenge: a client would throw a good token away. */
const unavailable: Row = {
  status: 503,
  error: "temporarily_unavailable",
  text: "The request could not be authorized right now; try again shortly",
};

/** RFC 9110 §15.5.4: understood and refused; no challenge, since no new token would change it. */
const denied: Row = { status: 403, error: "access_denied", text: "The caller may not do this" };

const table: Readonly<Record<ReasonCode, Row>> = {
  // MCP 2026-07-28 Streamable HTTP: "if the Origin header is present and invalid, servers MUST respond with HTTP 403 Forbidden".
  origin_not_allowed: { status: 403, error: -32600, text: "Origin not allowed" },
  host_not_allowed: { status: 403, error: -32600, text: "Host not allowed" },

  // RFC 6750 §3.1: a request without authentication information gets no error code.
  credentials_missing: {
    status: 401,
    challenge: "bare",
    error: "unauthorized",
    text: "Authentication is required",
  },
  credentials_malformed: invalidToken,
  // RFC 6750 §3.1: "uses more than one method for including an access token, or is otherwise malformed": 400.
  credentials_multiple: {
    status: 400,
    challenge: "invalid_request",
    error: "invalid_request",
    text: "More than one set of credentials was sent",
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
  // RFC 9449 §7.1 and §9.
  dpop_proof_invalid: {
    status: 401,
    challenge: "invalid_dpop_proof",
    error: "invalid_dpop_proof",
    text: "The DPoP proof is invalid",
  },
  dpop_nonce_required: {
    status: 401,
    challenge: "use_dpop_nonce",
    error: "use_dpop_nonce",
    text: "The DPoP proof needs a nonce",
  },
  verifier_unavailable: unavailable,

  // RFC 9110 §15.5.6: a 405 names what is allowed.
  http_method_not_allowed: {
    status: 405,
    error: -32600,
    text: "Method not allowed",
    headers: [["Allow", acceptedMethods]],
  },
  not_found: { status: 404, error: -32600, text: "Not found" },
  // RFC 9110 §15.5.16. Also keeps out the "simple requests" that a browser sends across origins unasked.
  content_type: { status: 415, error: -32600, text: "Content-Type must be application/json" },
  content_encoding: {
    status: 415,
    error: -32600,
    text: "Content-Encoding is not accepted",
    headers: [["Accept-Encoding", "identity"]],
  },
  body_too_large: { status: 413, error: -32600, text: "Request body too large" },
  body_timeout: { status: 408, error: -32600, text: "Request body took too long" },
  // JSON-RPC 2.0 §5.1.
  body_unparseable: { status: 400, error: -32700, text: "Parse error" },
  message_invalid: { status: 400, error: -32600, text: "Invalid Request" },
  params_invalid: { status: 400, error: -32602, text: "Invalid params" },
  // MCP 2026-07-28 Streamable HTTP, Server Validation.
  header_mismatch: { status: 400, error: -32020, text: "Header mismatch" },
  method_unknown: { status: 404, error: -32601, text: "Method not found" },

  // Somebody else's session is answered like one that does not exist (MCP 2025-11-25 Transports, Session Management).
  session_unknown: { status: 404, error: -32001, text: "Session not found" },

  // RFC 6750 §3.1: "the request requires higher privileges than provided by the access token": 403, with all scopes that are needed.
  scope_insufficient: {
    status: 403,
    challenge: "insufficient_scope",
    error: "insufficient_scope",
    text: "More permissions are needed",
  },
  policy_denied: denied,
  policy_unlisted: denied,
  rule_failed: unavailable,
  gate_failed: unavailable,
};

const secondsToWait = 5;
const longestWait = 3600;

/** RFC 9110 §10.2.3: whole seconds. */
function retryAfter({ retryAfter: seconds = secondsToWait }: Rejection): string {
  return String(
    Number.isFinite(seconds) ? Math.min(longestWait, Math.max(1, Math.ceil(seconds))) : secondsToWait,
  );
}

/** Whether a verifier of the user's gave a reason that there is. */
export function isTokenFault(reason: unknown): reason is TokenFault {
  return typeof reason === "string" && reason.startsWith("token_") && Object.hasOwn(table, reason);
}

export interface ChallengeSettings {
  readonly realm: string;
  readonly resourceMetadata: string;
  /** Given where DPoP is accepted. */
  readonly dpopAlgorithms?: readonly string[] | undefined;
}

/** The one place in which a reason becomes a status, a challenge and a body. */
export function answerTo(
  rejection: Rejection,
  settings: ChallengeSettings,
  headers: Answer["headers"],
): Answer {
  const row = table[rejection.reason];
  // Clients of the older protocols take a 404 for the end of their session.
  const status = rejection.reason === "method_unknown" && rejection.modern !== true ? 200 : row.status;
  const extra: [string, string][] = [];
  if (row.challenge !== undefined)
    extra.push(["WWW-Authenticate", challengesOf(row.challenge, row.text, rejection.scopes, settings)]);
  if (row.status === 503) extra.push(["Retry-After", retryAfter(rejection)]);
  return json(status, bodyOf(row, rejection), [...headers, ...(row.headers ?? []), ...extra]);
}

/** Bearer comes first: several clients look at the first challenge alone. */
function challengesOf(
  kind: NonNullable<Row["challenge"]>,
  description: string,
  scopes: readonly string[] | undefined,
  { dpopAlgorithms, ...settings }: ChallengeSettings,
): string {
  const ofDpop = kind === "invalid_dpop_proof" || kind === "use_dpop_nonce";
  const bearer = bearerChallenge({
    ...settings,
    ...(kind === "invalid_request" || scopes === undefined ? {} : { scopes }),
    ...(kind === "bare" || ofDpop ? {} : { error: kind, description }),
  });
  if (dpopAlgorithms === undefined) return bearer;
  return `${bearer}, ${dpopChallenge(dpopAlgorithms, ofDpop ? { error: kind, description } : {})}`;
}

function bodyOf(row: Row, { id, mismatch }: Rejection): object {
  if (typeof row.error === "string") return { error: row.error, error_description: row.text };
  // MCP: an id is never null; it is left out where it could not be read.
  return {
    jsonrpc: "2.0",
    ...(id === undefined ? {} : { id }),
    error: { code: row.error, message: row.text, ...(mismatch === undefined ? {} : { data: { mismatch } }) },
  };
}

function json(status: number, body: object, headers: Answer["headers"]): Answer {
  return {
    kind: "answer",
    status,
    headers: [["Content-Type", "application/json"], ...headers],
    body: JSON.stringify(body),
  };
}

/**
 * The same refusal as a tool result, for hosts that start a login from there and do not look at HTTP (ChatGPT's
 * `mcp/www_authenticate`). Undefined when the answer holds no challenge.
 */
export function inBandAnswer(answer: Answer, id: string | number, modern: boolean): Answer | undefined {
  const challenge = answer.headers.find(([name]) => name === "WWW-Authenticate")?.[1];
  if (challenge === undefined) return undefined;
  const { error_description: text } = JSON.parse(answer.body) as { error_description: string };
  const result = {
    ...(modern ? { resultType: "complete" } : {}),
    content: [{ type: "text", text }],
    isError: true,
    _meta: { "mcp/www_authenticate": [challenge] },
  };
  const kept = answer.headers.filter(([name]) => name !== "WWW-Authenticate" && name !== "Content-Type");
  return json(200, { jsonrpc: "2.0", id, result }, kept);
}

/** RFC 9110 §15.5.6, for a document that may only be read. */
export function methodNotAllowed(methods: string, headers: Answer["headers"]): Answer {
  const row = table.http_method_not_allowed;
  return json(row.status, bodyOf(row, { kind: "rejection", reason: "http_method_not_allowed" }), [
    ...headers,
    ["Allow", methods],
  ]);
}
