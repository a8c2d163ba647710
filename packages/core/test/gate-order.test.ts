import { describe, expect, it } from "vitest";
import type { ReasonCode } from "../src/answers.js";
import { createGate } from "../src/gate.js";
import { type Asked, granted, todoGate } from "./todo-gate.js";

/** A request that can be spoilt in many ways at once. */
interface Spoilable {
  method: string;
  target: string;
  headers: [string, string][];
  message: Record<string, unknown>;
  text: string | undefined;
}

const intact = (): Spoilable => ({
  method: "POST",
  target: "/mcp",
  headers: [
    ["Host", "mcp.example.com"],
    ["Authorization", "Bearer writer"],
    ["Content-Type", "application/json"],
    ["MCP-Protocol-Version", "2026-07-28"],
    ["Mcp-Method", "tools/call"],
    ["Mcp-Name", "create_todo"],
  ],
  message: {
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name: "create_todo",
      _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" },
    },
  },
  text: undefined,
});

function set(request: Spoilable, name: string, value: string): void {
  request.headers = [...request.headers.filter(([key]) => key !== name), [name, value]];
}

/** In the order in which they are looked for. */
const faults: readonly [ReasonCode, (request: Spoilable) => void][] = [
  ["host_not_allowed", (request) => set(request, "Host", "evil.example")],
  ["origin_not_allowed", (request) => set(request, "Origin", "https://evil.example")],
  ["credentials_multiple", (request) => Object.assign(request, { target: "/mcp?access_token=t" })],
  ["token_expired", (request) => set(request, "Authorization", "Bearer expired")],
  ["http_method_not_allowed", (request) => Object.assign(request, { method: "PUT" })],
  ["content_type", (request) => set(request, "Content-Type", "text/plain")],
  ["content_encoding", (request) => set(request, "Content-Encoding", "gzip")],
  ["body_too_large", (request) => set(request, "Content-Length", "99999999")],
  ["body_unparseable", (request) => Object.assign(request, { text: "{" })],
  ["message_invalid", (request) => Object.assign(request.message, { jsonrpc: "1.0" })],
  ["header_mismatch", (request) => set(request, "Mcp-Name", "list_todos")],
  ["session_unknown", (request) => set(request, "Mcp-Session-Id", "of-somebody-else")],
  ["scope_insufficient", (request) => set(request, "Authorization", "Bearer reader")],
];

async function reasonFor(spoil: readonly ((request: Spoilable) => void)[]): Promise<string> {
  const { gate, ask, events } = todoGate({ hosts: ["mcp.example.com"] });
  const opening: Partial<Asked> = {
    token: "machine",
    headers: [["Host", "mcp.example.com"]],
    body: { jsonrpc: "2.0", id: 1, method: "initialize" },
  };
  granted(await ask(opening)).outgoing.begin({
    status: 200,
    header: (name) => (name === "mcp-session-id" ? "of-somebody-else" : undefined),
  });
  const request = intact();
  for (const each of spoil) each(request);
  const outcome = await gate.authenticate(request);
  if (outcome.kind === "authenticated")
    await outcome.authorize({ kind: "bytes", bytes: request.text ?? JSON.stringify(request.message) });
  const event = events.at(-1);
  return event?.kind === "refused" ? event.reason : String(event?.kind);
}

it("a request without a fault is granted", async () => {
  expect(await reasonFor([])).toBe("granted");
});

describe("of two faults, the one that is looked for first decides:", () => {
  const pairs = faults.flatMap(([first, spoilFirst], index) =>
    faults.slice(index).map(([second, spoilSecond]) => ({ first, second, spoilFirst, spoilSecond })),
  );
  it.each(pairs)("$first, with $second", async ({ first, spoilFirst, spoilSecond }) => {
    // The first is applied last, so that of two values for one header the first fault's stands.
    expect(await reasonFor([spoilSecond, spoilFirst])).toBe(first);
  });
});

describe("nothing of a body is looked at", () => {
  it.each([
    ["without a token", [["Content-Type", "application/json"]]],
    [
      "with an expired token",
      [
        ["Authorization", "Bearer expired"],
        ["Content-Type", "application/json"],
      ],
    ],
    [
      "of another type",
      [
        ["Authorization", "Bearer reader"],
        ["Content-Type", "text/plain"],
      ],
    ],
  ] as [string, [string, string][]][])("%s: there is no second step to take", async (_, headers) => {
    const outcome = await todoGate().gate.authenticate({ method: "POST", target: "/mcp", headers });
    expect(outcome).not.toHaveProperty("authorize");
    expect(outcome.kind).toBe("answer");
  });
});

describe("how much body is to be read", () => {
  const authorization: [string, string] = ["Authorization", "Bearer reader"];

  it("is said for POST, in the units of the options", async () => {
    const outcome = await todoGate({ limits: { body: 10, bodyTimeout: 20 } }).gate.authenticate({
      method: "POST",
      target: "/mcp",
      headers: [authorization, ["Content-Type", "application/json"]],
    });
    expect(outcome).toMatchObject({ kind: "authenticated", reading: { bytes: 10, timeout: 20 } });
  });

  it("is 4 MiB in 30 seconds unless configured", async () => {
    const outcome = await todoGate().gate.authenticate({
      method: "POST",
      target: "/mcp",
      headers: [authorization, ["Content-Type", "application/json"]],
    });
    expect(outcome).toMatchObject({ reading: { bytes: 4_194_304, timeout: 30_000 } });
  });

  it.each(["GET", "DELETE"])("is nothing for %s", async (method) => {
    const outcome = await todoGate().gate.authenticate({ method, target: "/mcp", headers: [authorization] });
    expect(outcome).toMatchObject({ kind: "authenticated", reading: undefined });
  });
});

it("the endpoint is exempt for no spelling of the metadata's path", async () => {
  for (const target of [
    "/mcp?/.well-known/oauth-protected-resource",
    "/mcp/.well-known/oauth-protected-resource",
  ])
    expect(await todoGate().ask({ target })).toMatchObject({ kind: "answer", status: 401 });
});

it("a path below the endpoint is known to nobody without a token, and to nobody with one where the handler is ours", async () => {
  const { ask } = todoGate({ handler: { fetch: () => new Response() } });
  expect(await ask({ target: "/mcp/x" })).toMatchObject({ status: 401 });
  expect(await ask({ target: "/mcp/x", token: "reader" })).toMatchObject({ status: 404 });
  expect(await ask({ target: "/MCP", token: "reader" })).toMatchObject({ status: 404 });
  expect(await ask({ target: "/mcp/", token: "reader" })).toMatchObject({ kind: "granted" });
});

it("verification does not wait for a body, and happens once for each request", async () => {
  let verified = 0;
  const gate = createGate({
    resource: "https://mcp.example.com/mcp",
    provider: {
      authorizationServers: ["https://as.example.com"],
      verifierFor: () => ({
        verify() {
          verified++;
          return { kind: "rejected", reason: "token_expired", detail: "x" };
        },
      }),
    },
    policy: {},
  });
  await gate.authenticate({ method: "POST", target: "/mcp", headers: [["Authorization", "Bearer t"]] });
  expect(verified).toBe(1);
});
