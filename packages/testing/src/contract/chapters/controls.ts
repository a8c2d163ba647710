import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { served } from "../expected.js";
import { authorized, callFor, legacy, listTodos } from "../requests.js";
import type { ContractRow, ContractScenario, Scene } from "../row.js";

/** A whole session of the older protocols. */
async function session({ exchange, mints, probe }: Scene): Promise<void> {
  const token = mints.mint.token();
  const initialize = legacy("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "a", version: "1" },
  });
  const statuses: number[] = [];
  for (const request of [
    initialize,
    legacy("notifications/initialized", undefined, { id: null }),
    legacy("ping"),
    legacy("tools/list"),
    { method: "GET", headers: [["Accept", "text/event-stream"]] as const },
    {
      headers: [["Content-Type", "application/json"]] as const,
      body: '{"jsonrpc":"2.0","id":"s1","result":{}}',
    },
    { method: "DELETE" },
  ])
    statuses.push((await exchange(authorized(token, request))).status);
  deepStrictEqual(statuses, [200, 202, 200, 200, 200, 202, 200]);
  deepStrictEqual(
    probe.runs.map(({ method }) => method),
    ["POST", "POST", "POST", "POST", "GET", "POST", "DELETE"],
  );
}

export const controls: readonly ContractScenario[] = [
  {
    rows: ["P3"],
    title: "serves a session of the older protocols from its handshake to its end",
    why: "MCP 2025-11-25 Streamable HTTP, Session Management",
    setup: "main",
    run: session,
  },
  {
    rows: ["N064", "N210"],
    title: "tells the handler who calls, in the form of the MCP SDK, and nobody what the token is",
    why: "MCP SDK AuthInfo; RFC 6750 §5.2: tokens are not logged",
    setup: "main",
    async run({ exchange, mints: { mint }, probe, prefix }) {
      const exp = Math.floor(Date.now() / 1000) + 300;
      const token = mint.token({
        sub: "alice",
        client_id: "client_7",
        scope: "todo:read extra",
        exp,
        roles: ["owner"],
      });
      await exchange(authorized(token, listTodos));
      const caller = probe.runs[0]?.caller;
      ok(caller, "the handler got no authInfo");
      const { logged, extra, ...rest } = caller;
      deepStrictEqual(rest, {
        token,
        clientId: "client_7",
        scopes: ["todo:read", "extra"],
        expiresAt: exp,
        resource: prefix.text("https://mcp.example.com/mcp"),
        resourceMetadataUrl: prefix.text("https://mcp.example.com/.well-known/oauth-protected-resource/mcp"),
      });
      const { claims, ...identity } = extra as { claims: Record<string, unknown> };
      deepStrictEqual(identity, {
        issuer: "https://auth.example.com",
        subject: "alice",
        kind: "person",
        roles: ["owner"],
        permissions: [],
      });
      equal(claims["sub"], "alice");
      ok(!logged.includes(token), "whoever logs authInfo logs the token");
    },
  },
  {
    rows: ["N160"],
    title: "hands the handler the very body that was decided about",
    why: "one parse: a second could read something else",
    setup: "main",
    async run({ exchange, mints: { mint }, probe }) {
      const request = legacy("tools/call", {
        name: "list_todos",
        arguments: { text: "ünïcode \u2028 \ud83d\ude00", deep: { a: [1, { b: null }] } },
      });
      await exchange(authorized(mint.token(), request));
      const run = probe.runs[0];
      ok(run, "the handler did not run");
      deepStrictEqual(run.parsed, JSON.parse(request.body as string));
      if (run.text !== "") deepStrictEqual(JSON.parse(run.text), run.parsed);
    },
  },
  {
    rows: ["R109", "N201"],
    title: "keeps the headers that the handler sets, every cookie among them",
    why: "RFC 6265 §3: Set-Cookie lines are not joined; MCP sessions live in a header",
    setup: "main",
    async run({ exchange, mints: { mint } }) {
      const answer = await exchange(authorized(mint.token(), callFor("headers")));
      deepStrictEqual(answer.values("Set-Cookie"), ["a=1", "b=2"]);
      equal(answer.header("X-Own"), "yes");
      equal(answer.header("Cache-Control"), "private");
      equal(answer.header("X-Content-Type-Options"), "nosniff");
    },
  },
];

/** One answer for each way in, so that the refusals elsewhere prove something. */
export const controlRows: readonly ContractRow[] = [
  {
    rows: ["P3"],
    title: "serves a GET with a token",
    why: "MCP 2025-11-25 Streamable HTTP: GET opens a stream",
    setup: "main",
    request: ({ mint }) => authorized(mint.token(), { method: "GET" }),
    expected: {
      ...served("stream"),
      body: { jsonrpc: "2.0", result: { served: "stream", to: "user_1", scopes: "todo:read" } },
    },
  },
];
