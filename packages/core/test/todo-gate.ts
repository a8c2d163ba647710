import type { Answer } from "../src/answers.js";
import type { GateEvent } from "../src/events.js";
import type { HeaderLines } from "../src/facts.js";
import { createGate } from "../src/gate.js";
import type { Granted } from "../src/granted.js";
import type { Body } from "../src/mcp/body.js";
import type { McpAuthzOptions } from "../src/options.js";
import type { AccessToken, TokenVerifier, Verification } from "../src/provider.js";

export const resource = "https://mcp.example.com/mcp";

export function accessToken(own: Partial<AccessToken> = {}): AccessToken {
  return {
    issuer: "https://as.example.com",
    subject: "user_1",
    kind: "person",
    clientId: "client_1",
    scopes: ["todo:read"],
    expiresAt: 4_000_000_000,
    roles: [],
    permissions: [],
    claims: { iss: "https://as.example.com", sub: "user_1" },
    ...own,
  };
}

/** What each token is worth. Anything else is malformed. */
export const verdicts: ReadonlyMap<string, Verification> = new Map<string, Verification>([
  ["reader", { kind: "accepted", token: accessToken() }],
  ["writer", { kind: "accepted", token: accessToken({ scopes: ["todo:read", "todo:write", "files:read"] }) }],
  ["stranger", { kind: "accepted", token: accessToken({ subject: "user_2", scopes: [] }) }],
  ["machine", { kind: "accepted", token: accessToken({ kind: "client", subject: "client_1" }) }],
  ["expired", { kind: "rejected", reason: "token_expired", detail: "exp has passed" }],
  ["unchecked", { kind: "unavailable", detail: "no keys", retryAfter: 7 }],
]);

const fromMap: TokenVerifier = {
  verify: (token) =>
    verdicts.get(token) ?? { kind: "rejected", reason: "token_malformed", detail: "not in the map" },
};

/** A gate before a todo server, and everything that it reported. */
export function todoGate(options: Partial<McpAuthzOptions> = {}, verifier: TokenVerifier = fromMap) {
  const events: GateEvent[] = [];
  const gate = createGate({
    resource,
    provider: { authorizationServers: ["https://as.example.com"], verifierFor: () => verifier },
    policy: {
      baseline: "todo:read",
      tools: { list_todos: "todo:read", create_todo: "todo:write", whoami: [], invite: { person: true } },
    },
    onEvent: (event) => {
      events.push(event);
    },
    ...options,
  });
  /** Takes a request through both steps, as a binding does. */
  async function ask(request: Partial<Asked> = {}): Promise<Outside | Answer | Granted> {
    const { method = "POST", target = "/mcp", headers = [], body } = request;
    const token = request.token === undefined ? [] : [["Authorization", `Bearer ${request.token}`] as const];
    const type =
      method === "POST" && request.type !== null
        ? [["Content-Type", request.type ?? "application/json"] as const]
        : [];
    const outcome = await gate.authenticate({ method, target, headers: [...token, ...type, ...headers] });
    if (outcome.kind !== "authenticated") return outcome;
    return outcome.authorize(outcome.reading === undefined ? { kind: "none" } : bodyOf(body));
  }
  return { gate, ask, events };
}

type Outside = { readonly kind: "outside" };

export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly token: string;
  /** Content-Type; null for none. */
  readonly type: string | null;
  readonly headers: HeaderLines;
  /** A message, or a body as a binding delivers it. */
  readonly body: object;
}

function bodyOf(given: object = { jsonrpc: "2.0", id: 1, method: "ping" }): Body {
  const kinds: unknown[] = ["none", "bytes", "parsed", "too large", "timed out"];
  if ("kind" in given && kinds.includes(given.kind)) return given as Body;
  return { kind: "bytes", bytes: JSON.stringify(given) };
}

export function call(name: unknown, given: object = {}, id: unknown = 1): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: given } };
}

/** An answer without what differs from request to request. */
export function plain(answer: Outside | Answer | Granted): Answer {
  if (answer.kind !== "answer") throw new Error(`expected an answer, it was ${answer.kind}`);
  const headers = answer.headers.map(([name, value]) =>
    name === "X-Request-Id" ? ([name, "(an id)"] as const) : ([name, value] as const),
  );
  return { ...answer, headers };
}

export function header(answer: { readonly headers: HeaderLines }, name: string): string | undefined {
  return answer.headers.find(([key]) => key === name)?.[1];
}

export function granted(verdict: Outside | Answer | Granted): Granted {
  if (verdict.kind !== "granted") throw new Error(`expected a grant, it was ${JSON.stringify(verdict)}`);
  return verdict;
}
