import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  McpServer as ServerV1,
  ResourceTemplate as TemplateV1,
} from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { SubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  createMcpHandler,
  McpServer as ServerV2,
  ResourceTemplate as TemplateV2,
} from "@modelcontextprotocol/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mcpAuthz } from "../src/bindings/node.js";
import type { McpAuthzOptions, McpHandler, PolicyOptions, Provider, Rule } from "../src/index.js";

/**
 * Every operation × every shape of declaration × what the caller holds × SDK v1, SDK v2 and no SDK × both eras.
 * The expectations are written out; nothing here asks the policy what it would say.
 */

// --- callers: the token is the list of what it holds ------------------------------------------------------------

const provider: Provider = {
  authorizationServers: ["https://auth.example.com"],
  verifierFor: () => ({
    verify(token) {
      const held = token === "empty" ? [] : token.split("+").map((name) => name.replace("-", ":"));
      return {
        kind: "accepted",
        token: Object.freeze({
          issuer: "https://auth.example.com",
          subject: "somebody",
          kind: held.includes("machine") ? "client" : "person",
          clientId: "client_1",
          scopes: held.filter((name) => name.includes(":")),
          expiresAt: Math.floor(Date.now() / 1000) + 600,
          roles: held.filter((name) => name === "owner"),
          permissions: held.filter((name) => name === "export"),
          claims: {},
        }),
      };
    },
  }),
};

// --- shapes of a declaration, and who passes ---------------------------------------------------------------------

type Verdict = "granted" | "denied" | readonly string[];

interface Shape {
  readonly name: string;
  /** Undefined: the line is missing. */
  readonly rule: Rule | undefined;
  /** By token; an array lists the scopes that the challenge has to name for a modern client, whatever is held. */
  readonly outcomes: Readonly<Record<string, Verdict>>;
}

const shapes: readonly Shape[] = [
  {
    name: "one scope",
    rule: "x:read",
    outcomes: {
      empty: ["x:read"],
      "x-read": "granted",
      "x-write": "granted",
      "y-read": ["x:read"],
      "X-READ": ["x:read"],
    },
  },
  {
    name: "all of two scopes",
    rule: ["x:read", "y:read"],
    outcomes: {
      empty: ["x:read", "y:read"],
      "x-read": ["x:read", "y:read"],
      "x-read+y-read": "granted",
      "x-write+y-read": "granted",
    },
  },
  {
    name: "any of two scopes",
    rule: { anyOf: ["x:write", "y:read"] },
    outcomes: { empty: ["x:write"], "x-read": ["x:write"], "y-read": "granted", "x-write": "granted" },
  },
  { name: "any authenticated caller", rule: [], outcomes: { empty: "granted", "y-read": "granted" } },
  {
    name: "a permission beside a scope",
    rule: { scopes: "x:read", permissions: "export" },
    outcomes: { empty: "denied", "x-read": "denied", export: ["x:read"], "x-read+export": "granted" },
  },
  { name: "a role", rule: { roles: ["owner", "boss"] }, outcomes: { "x-write": "denied", owner: "granted" } },
  { name: "a person", rule: { person: true }, outcomes: { empty: "granted", "machine+x-write": "denied" } },
  { name: "public", rule: { public: true }, outcomes: { empty: "granted", "y-read": "granted" } },
  { name: "a function that allows", rule: () => true, outcomes: { empty: "granted" } },
  {
    name: "an asynchronous function that asks for scopes",
    rule: async () => ["x:read", "y:read"],
    outcomes: { empty: ["x:read", "y:read"], "x-read+y-read": "granted" },
  },
  {
    name: "an asynchronous function that says no",
    rule: async () => false,
    outcomes: { "x-write+y-read": "denied" },
  },
  {
    name: "a function that denies",
    rule: () => ({ denied: "not today" }),
    outcomes: { "x-write+y-read": "denied" },
  },
  { name: "no declaration", rule: undefined, outcomes: { empty: "denied", "x-write+y-read": "denied" } },
];

// --- operations --------------------------------------------------------------------------------------------------

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly params: Record<string, unknown>;
  /** `Mcp-Name`, where the modern protocol mirrors it. */
  readonly mirrored?: string;
  readonly policy: (rule: Rule) => PolicyOptions;
  /** What callers hold beside, because the operation is about more than its target. */
  readonly beside?: string;
  /** The eras whose SDK servers know the method; the gate decides before them in both. */
  readonly eras: readonly Era[];
}

type Era = "modern" | "legacy";
const both: readonly Era[] = ["modern", "legacy"];

const operations: readonly Operation[] = [
  {
    name: "tools/call",
    method: "tools/call",
    params: { name: "tool", arguments: {} },
    mirrored: "tool",
    policy: (rule) => ({ tools: { tool: rule } }),
    eras: both,
  },
  {
    name: "resources/read of an exact URI",
    method: "resources/read",
    params: { uri: "doc://one" },
    mirrored: "doc://one",
    policy: (rule) => ({ resources: { "doc://one": rule } }),
    eras: both,
  },
  {
    name: "resources/read through a template",
    method: "resources/read",
    params: { uri: "note://seven" },
    mirrored: "note://seven",
    policy: (rule) => ({ resources: { "note://{id}": rule } }),
    eras: both,
  },
  {
    name: "resources/subscribe",
    method: "resources/subscribe",
    params: { uri: "doc://one" },
    policy: (rule) => ({ resources: { "doc://one": rule } }),
    eras: ["legacy"],
  },
  {
    name: "prompts/get",
    method: "prompts/get",
    params: { name: "prompt" },
    mirrored: "prompt",
    policy: (rule) => ({ prompts: { prompt: rule } }),
    eras: both,
  },
  {
    name: "completion/complete for a prompt",
    method: "completion/complete",
    params: { ref: { type: "ref/prompt", name: "prompt" }, argument: { name: "a", value: "b" } },
    policy: (rule) => ({ prompts: { prompt: rule } }),
    eras: both,
  },
  {
    name: "completion/complete for a template",
    method: "completion/complete",
    params: { ref: { type: "ref/resource", uri: "note://{id}" }, argument: { name: "id", value: "b" } },
    policy: (rule) => ({ resources: { "note://{id}": rule } }),
    eras: both,
  },
  {
    name: "subscriptions/listen",
    method: "subscriptions/listen",
    params: { notifications: { resourceSubscriptions: ["doc://one"] } },
    policy: (rule) => ({ resources: { "doc://one": rule } }),
    beside: "base-use",
    eras: ["modern"],
  },
  {
    name: "a method of one's own",
    method: "acme/export",
    params: {},
    policy: (rule) => ({ methods: { "acme/export": rule } }),
    eras: [],
  },
];

// --- servers -----------------------------------------------------------------------------------------------------

const reply = { content: [{ type: "text" as const, text: "ran" }] };
const prompted = { messages: [{ role: "user" as const, content: { type: "text" as const, text: "ran" } }] };
const read = (uri: URL) => ({ contents: [{ uri: uri.href, text: "ran" }] });

const sdkV2: McpHandler = createMcpHandler(
  () => {
    const server = new ServerV2(
      { name: "s", version: "1.0.0" },
      { capabilities: { resources: { subscribe: true } } },
    );
    server.registerTool("tool", {}, async () => reply);
    server.registerResource("one", "doc://one", {}, async (uri) => read(uri));
    server.registerResource(
      "note",
      new TemplateV2("note://{id}", { list: undefined, complete: { id: () => ["seven"] } }),
      {},
      async (uri) => read(uri),
    );
    server.registerPrompt("prompt", {}, async () => prompted);
    server.server.setRequestHandler("resources/subscribe", async () => ({}));
    return server;
  },
  { onerror: () => {} },
);

const sdkV1: McpHandler = {
  async fetch(request, options = {}) {
    const server = new ServerV1(
      { name: "s", version: "1.0.0" },
      { capabilities: { resources: { subscribe: true } } },
    );
    server.registerTool("tool", {}, async () => reply);
    server.registerResource("one", "doc://one", {}, async (uri) => read(uri));
    server.registerResource(
      "note",
      new TemplateV1("note://{id}", { list: undefined, complete: { id: () => ["seven"] } }),
      {},
      async (uri) => read(uri),
    );
    server.registerPrompt("prompt", {}, async () => prompted);
    server.server.setRequestHandler(SubscribeRequestSchema, async () => ({}));
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport as Parameters<ServerV1["connect"]>[0]);
    return transport.handleRequest(request, options);
  },
};

const bare: McpHandler = {
  fetch: async () => Response.json({ jsonrpc: "2.0", id: 1, result: { ran: true } }),
};

const servers: readonly {
  name: string;
  handler: McpHandler;
  eras: (operation: Operation) => readonly Era[];
}[] = [
  { name: "raw JSON-RPC", handler: bare, eras: () => both },
  { name: "SDK v2", handler: sdkV2, eras: ({ eras }) => eras },
  { name: "SDK v1", handler: sdkV1, eras: ({ eras }) => eras.filter((era) => era === "legacy") },
];

let serve: (options: McpAuthzOptions) => string;
const closing: (() => void)[] = [];

beforeAll(async () => {
  const server = createServer();
  const gates = new Map<string, ReturnType<typeof mcpAuthz>>();
  server.on("request", (request, response) => void gates.get(request.url ?? "")?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  serve = (options) => {
    const path = `/mcp/${gates.size}`;
    gates.set(path, mcpAuthz({ ...options, resource: `${origin}${path}` }));
    return `${origin}${path}`;
  };
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
});
afterAll(() => {
  for (const close of closing) close();
});

async function send(url: string, token: string, operation: Operation, era: Era): Promise<Response> {
  const modern = era === "modern";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const controller = new AbortController();
  closing.push(() => controller.abort());
  return fetch(url, {
    method: "POST",
    signal: controller.signal,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": modern ? "2026-07-28" : "2025-06-18",
      ...(modern ? { "mcp-method": operation.method } : {}),
      ...(modern && operation.mirrored !== undefined ? { "mcp-name": operation.mirrored } : {}),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: operation.method,
      params: modern ? { ...operation.params, _meta: meta } : operation.params,
    }),
  });
}

const baseline = "base:use";

describe.each(servers)("$name", ({ handler, eras }) => {
  for (const operation of operations) {
    describe.each(eras(operation).map((era) => ({ era })))(`${operation.name}, $era`, ({ era }) => {
      it.each(shapes)("$name", async ({ rule, outcomes }) => {
        const policy = rule === undefined ? {} : operation.policy(rule);
        const url = serve({
          resource: "",
          provider,
          handler,
          policy: { baseline, ...policy },
          implies: { "x:write": "x:read" },
          onEvent: () => {},
        });
        const prm = url.replace(/\/mcp\/.*/, (path) => `/.well-known/oauth-protected-resource${path}`);
        for (const [holding, outcome] of Object.entries(outcomes)) {
          const { beside } = operation;
          const token =
            beside === undefined ? holding : holding === "empty" ? beside : `${beside}+${holding}`;
          const answer = await send(url, token, operation, era);
          const challenge = answer.headers.get("www-authenticate");
          const seen = { token, status: answer.status, challenge };
          if (outcome === "granted") {
            expect(seen).toEqual({ token, status: 200, challenge: null });
            continue;
          }
          if (outcome === "denied") {
            // A method that nobody declared does not exist; a tool, prompt or resource is refused.
            const missing = rule === undefined && operation.method === "acme/export";
            expect(seen).toEqual({
              token,
              status: !missing ? 403 : era === "modern" ? 404 : 200,
              challenge: null,
            });
            continue;
          }
          const held =
            token === "empty"
              ? []
              : token
                  .split("+")
                  .filter((part) => part.includes("-"))
                  .map((part) => part.replace("-", ":"));
          const scope = [...new Set([...(era === "legacy" ? held : []), baseline, ...outcome])].join(" ");
          expect(seen).toEqual({
            token,
            status: 403,
            challenge: `Bearer realm="OAuth", resource_metadata="${prm}", scope="${scope}", error="insufficient_scope", error_description="More permissions are needed"`,
          });
        }
      });
    });
  }
});
