import { describe, expect, it } from "vitest";
import type { ReasonCode } from "../src/answers.js";
import type { DpopVerdict } from "../src/dpop.js";
import type { GateEvent } from "../src/events.js";
import type { TokenFault } from "../src/provider.js";
import { refusals } from "./refusals.js";
import { accessToken, call, granted, header, plain, todoGate } from "./todo-gate.js";

let reported: GateEvent[] = [];

/** The gate of one case, whose events can be looked at afterwards. */
function observedGate(...given: Parameters<typeof todoGate>): ReturnType<typeof todoGate> {
  const made = todoGate(...given);
  reported = made.events;
  return made;
}

const failing = () => Promise.reject(new Error("down"));

/** A token that a verifier rejects for `reason`. */
const withFault = (reason: TokenFault) =>
  observedGate({}, { verify: () => ({ kind: "rejected", reason, detail: "x" }) }).ask({ token: "t" });

const modern = (params: object, method = "tools/call") => ({
  jsonrpc: "2.0",
  id: 1,
  method,
  params: { ...params, _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
});

async function inForeignSession() {
  const { ask } = observedGate();
  const opening = granted(
    await ask({ token: "reader", body: { jsonrpc: "2.0", id: 1, method: "initialize" } }),
  );
  opening.outgoing.begin({ status: 200, header: (name) => (name === "mcp-session-id" ? "s1" : undefined) });
  return ask({ token: "machine", headers: [["Mcp-Session-Id", "s1"]] });
}

function withProof(verdict: DpopVerdict) {
  const dpop = {
    required: false,
    algorithms: ["ES256"],
    verify: async () => verdict,
    nonce: async () => "n1",
  };
  const token = accessToken({ claims: { cnf: { jkt: "x" } } });
  return observedGate({ dpop }, { verify: () => ({ kind: "accepted", token }) }).ask({
    headers: [["Authorization", "DPoP t"]],
  });
}

/** A request that ends for each reason. A new reason does not compile without one. */
const requests: Readonly<Record<ReasonCode, () => ReturnType<ReturnType<typeof todoGate>["ask"]>>> = {
  host_not_allowed: () =>
    observedGate({ hosts: ["mcp.example.com"] }).ask({ headers: [["Host", "evil.example"]] }),
  origin_not_allowed: () => observedGate().ask({ headers: [["Origin", "https://evil.example"]] }),
  credentials_missing: () => observedGate().ask(),
  credentials_malformed: () => observedGate().ask({ headers: [["Authorization", "Bearer"]] }),
  credentials_multiple: () => observedGate().ask({ token: "reader", target: "/mcp?access_token=reader" }),
  token_malformed: () => withFault("token_malformed"),
  token_too_long: () => observedGate().ask({ token: "t".repeat(8193) }),
  token_algorithm: () => withFault("token_algorithm"),
  token_key_unknown: () => withFault("token_key_unknown"),
  token_signature: () => withFault("token_signature"),
  token_type: () => withFault("token_type"),
  token_claims: () => withFault("token_claims"),
  token_issuer: () => withFault("token_issuer"),
  token_audience: () => withFault("token_audience"),
  token_expired: () => withFault("token_expired"),
  token_not_yet_valid: () => withFault("token_not_yet_valid"),
  token_sender_constrained: () =>
    observedGate(
      {},
      { verify: () => ({ kind: "accepted", token: accessToken({ claims: { cnf: { jkt: "x" } } }) }) },
    ).ask({ token: "t" }),
  token_inactive: () => withFault("token_inactive"),
  token_revoked: () => withFault("token_revoked"),
  dpop_proof_invalid: () => withProof({ kind: "invalid", detail: "bad signature" }),
  dpop_nonce_required: () => withProof({ kind: "nonce", nonce: "n1" }),
  verifier_unavailable: () => observedGate().ask({ token: "unchecked" }),
  http_method_not_allowed: () => observedGate().ask({ token: "reader", method: "PUT" }),
  not_found: () =>
    observedGate({ handler: { fetch: () => new Response() } }).ask({ token: "reader", target: "/mcp/x" }),
  content_type: () => observedGate().ask({ token: "reader", type: "text/plain" }),
  content_encoding: () => observedGate().ask({ token: "reader", headers: [["Content-Encoding", "gzip"]] }),
  body_too_large: () => observedGate().ask({ token: "reader", body: { kind: "too large" } }),
  body_timeout: () => observedGate().ask({ token: "reader", body: { kind: "timed out" } }),
  body_unparseable: () => observedGate().ask({ token: "reader", body: { kind: "bytes", bytes: "{" } }),
  message_invalid: () => observedGate().ask({ token: "reader", body: { kind: "bytes", bytes: "[]" } }),
  params_invalid: () => observedGate().ask({ token: "reader", body: call(["create_todo"]) }),
  header_mismatch: () =>
    observedGate().ask({
      token: "reader",
      headers: [
        ["MCP-Protocol-Version", "2026-07-28"],
        ["Mcp-Method", "tools/list"],
      ],
      body: modern({ name: "create_todo" }),
    }),
  method_unknown: () =>
    observedGate().ask({
      token: "reader",
      headers: [
        ["MCP-Protocol-Version", "2026-07-28"],
        ["Mcp-Method", "todo/everything"],
      ],
      body: modern({}, "todo/everything"),
    }),
  session_unknown: inForeignSession,
  scope_insufficient: () => observedGate().ask({ token: "reader", body: call("create_todo") }),
  policy_denied: () => observedGate().ask({ token: "machine", body: call("invite") }),
  policy_unlisted: () => observedGate().ask({ token: "writer", body: call("delete_everything") }),
  gate_failed: () =>
    observedGate({
      inBand() {
        throw new Error("no");
      },
    }).ask({ token: "reader", body: call("create_todo") }),
  rule_failed: () =>
    observedGate({ policy: { tools: { t: failing } } }).ask({ token: "reader", body: call("t") }),
};

describe.each(Object.entries(refusals))("%s", (reason, expected) => {
  it(`is answered with ${expected.status}, its challenge and its body, word for word`, async () => {
    const answer = plain(await requests[reason as ReasonCode]());
    expect(reported.at(-1)).toMatchObject({ kind: "refused", reason, status: expected.status });
    expect(answer.status).toBe(expected.status);
    expect(header(answer, "WWW-Authenticate")).toBe(expected.challenge);
    expect(JSON.parse(answer.body)).toEqual(expected.body);
    const own = answer.headers.filter(([name]) => name !== "WWW-Authenticate");
    expect(Object.fromEntries(own)).toEqual({
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      "X-Request-Id": "(an id)",
      Vary: "Origin",
      ...expected.headers,
    });
  });
});

describe("what is outside", () => {
  it.each(["/", "/health", "/mcpx", "/todos/mcp"])("%s is the application's own business", async (target) => {
    expect(await todoGate().ask({ target })).toEqual({ kind: "outside" });
  });

  it("is reported by no event", async () => {
    const { ask, events } = todoGate();
    await ask({ target: "/health" });
    await ask({ target: "/.well-known/oauth-protected-resource", method: "GET" });
    expect(events).toEqual([]);
  });
});

describe("the metadata document", () => {
  it.each(["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"])(
    "stands at %s, for whoever asks and however",
    async (target) => {
      const { ask } = todoGate({ hosts: ["mcp.example.com"] });
      const answer = await ask({
        method: "GET",
        target,
        headers: [
          ["Host", "evil.example"],
          ["Origin", "https://evil.example"],
          ["X-Forwarded-Host", 'a", error="x'],
          ["MCP-Protocol-Version", "1999-01-01"],
        ],
      });
      expect(answer).toMatchObject({
        status: 200,
        body: '{"resource":"https://mcp.example.com/mcp","authorization_servers":["https://as.example.com"],"scopes_supported":["todo:read"],"bearer_methods_supported":["header"]}',
      });
    },
  );

  it("is no way to send a message", async () => {
    const answer = await todoGate().ask({
      token: "writer",
      target: "/.well-known/oauth-protected-resource/mcp",
      body: call("create_todo"),
    });
    expect(answer).toMatchObject({ kind: "answer", status: 405 });
  });
});

describe("OPTIONS", () => {
  const preflight = [
    ["Origin", "https://mcp.example.com"],
    ["Access-Control-Request-Method", "POST"],
    ["Access-Control-Request-Headers", "authorization, mcp-param-region"],
  ] as const;

  it("as a preflight is answered without a token", async () => {
    expect(plain(await todoGate().ask({ method: "OPTIONS", headers: preflight }))).toEqual({
      kind: "answer",
      status: 204,
      headers: [
        ["Cache-Control", "no-store"],
        ["X-Content-Type-Options", "nosniff"],
        ["X-Request-Id", "(an id)"],
        ["Vary", "Origin"],
        ["Access-Control-Allow-Origin", "https://mcp.example.com"],
        [
          "Access-Control-Expose-Headers",
          "WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id, DPoP-Nonce, Retry-After, X-Request-Id",
        ],
        ["Access-Control-Allow-Methods", "POST, GET, DELETE, OPTIONS"],
        [
          "Access-Control-Allow-Headers",
          "Authorization, DPoP, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, mcp-param-region",
        ],
        ["Access-Control-Max-Age", "600"],
      ],
      body: "",
    });
  });

  it("as a preflight from elsewhere is 403, without a word for CORS", async () => {
    const answer = plain(
      await todoGate().ask({
        method: "OPTIONS",
        headers: [["Origin", "https://evil.example"], ...preflight.slice(1)],
      }),
    );
    expect(answer.status).toBe(403);
    expect(answer.headers.filter(([name]) => name.startsWith("Access-Control"))).toEqual([]);
  });

  it("alone names the methods", async () => {
    const answer = plain(await todoGate().ask({ method: "OPTIONS", body: call("create_todo") }));
    expect(answer).toMatchObject({ status: 204, body: "" });
    expect(header(answer, "Allow")).toBe("POST, GET, DELETE, OPTIONS");
    expect(header(answer, "Access-Control-Allow-Methods")).toBeUndefined();
  });

  it("leaves CORS to the application that does it itself", async () => {
    const answer = plain(await todoGate({ cors: false }).ask({ method: "OPTIONS", headers: preflight }));
    expect(answer.headers).toEqual([
      ["Cache-Control", "no-store"],
      ["X-Content-Type-Options", "nosniff"],
      ["X-Request-Id", "(an id)"],
      ["Allow", "POST, GET, DELETE, OPTIONS"],
    ]);
  });
});

it("a page of an allowed origin can read a refusal", async () => {
  const answer = plain(await todoGate().ask({ headers: [["Origin", "https://mcp.example.com"]] }));
  expect(answer.status).toBe(401);
  expect(header(answer, "Vary")).toBe("Origin");
  expect(header(answer, "Access-Control-Allow-Origin")).toBe("https://mcp.example.com");
  expect(header(answer, "Access-Control-Expose-Headers")).toContain("WWW-Authenticate");
  expect(header(answer, "Access-Control-Allow-Credentials")).toBeUndefined();
});

it("a session that is named twice is refused, for nobody knows which the server would take", async () => {
  const headers = [
    ["Mcp-Session-Id", "s1"],
    ["Mcp-Session-Id", "s1"],
  ] as const;
  expect(await todoGate().ask({ token: "reader", headers })).toMatchObject({ kind: "answer", status: 400 });
});

it("a token may be as long as the limit", async () => {
  const { ask } = todoGate({ limits: { token: 6 } });
  expect((await ask({ token: "reader" })).kind).toBe("granted");
  const { ask: shorter, events } = todoGate({ limits: { token: 5 } });
  await shorter({ token: "reader" });
  expect(events).toMatchObject([{ reason: "token_too_long", detail: "6 characters" }]);
});
