import { describe, expect, it } from "vitest";
import { call, header, plain, todoGate } from "./todo-gate.js";

const principal = {
  issuer: "https://as.example.com",
  subject: "user_1",
  kind: "person",
  clientId: "client_1",
};

describe("an event", () => {
  it("of a grant says who did what", async () => {
    const { ask, events } = todoGate();
    await ask({ token: "reader", body: call("list_todos", { secret: "argument" }) });
    expect(events).toEqual([
      {
        kind: "granted",
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        method: "POST",
        operations: [{ method: "tools/call", targets: [{ kind: "tool", name: "list_todos" }] }],
        principal,
      },
    ]);
  });

  it("of missing scopes says which were needed, and which were there", async () => {
    const { ask, events } = todoGate();
    await ask({ token: "writer", body: call("list_todos") });
    await ask({ token: "reader", body: call("create_todo") });
    expect(events[1]).toMatchObject({
      kind: "refused",
      reason: "scope_insufficient",
      status: 403,
      required: ["todo:write"],
      granted: ["todo:read"],
      principal,
    });
  });

  it("of a bad token says what was wrong with it, and names nobody", async () => {
    const { ask, events } = todoGate();
    await ask({ token: "expired" });
    expect(events).toEqual([
      {
        kind: "refused",
        requestId: expect.any(String),
        method: "POST",
        operations: [],
        reason: "token_expired",
        status: 401,
        detail: "exp has passed",
      },
    ]);
  });

  it("of a closed tool says which line to write", async () => {
    const { ask, events } = todoGate();
    await ask({ token: "reader", body: call("delete_everything") });
    expect(events).toMatchObject([
      { reason: "policy_unlisted", detail: 'policy.tools["delete_everything"] is not declared' },
    ]);
  });

  it("has the id that the client was told", async () => {
    const { ask, events } = todoGate();
    const answer = await ask();
    expect(answer.kind === "answer" && header(answer, "X-Request-Id")).toBe(events[0]?.requestId);
    expect(plain(answer).status).toBe(401);
  });

  it("stays small, whatever a client calls things", async () => {
    const { ask, events } = todoGate();
    const long = "x".repeat(100_000);
    await ask({ token: "reader", body: { jsonrpc: "2.0", id: 1, method: long } });
    await ask({ token: "reader", body: call(long.slice(0, 4000)) });
    const many = Array.from({ length: 100 }, (_, id) => ({ jsonrpc: "2.0", id, method: "ping" }));
    await ask({ token: "reader", body: { kind: "bytes", bytes: JSON.stringify(many) } });
    expect(events).toHaveLength(3);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(3_000);
  });
});

describe("the token, the headers and the arguments are in no event:", () => {
  const marker = "MARKER-that-must-not-be-seen";
  it.each([
    ["a good token", { verdict: "accepted", body: call("list_todos", { note: marker }) }],
    ["a token that is bad", { verdict: "rejected", body: call("list_todos") }],
    ["a tool that is closed", { verdict: "accepted", body: call("closed", { note: marker }) }],
    ["scopes that are missing", { verdict: "accepted", body: call("create_todo", { note: marker }) }],
    ["params that cannot be read", { verdict: "accepted", body: call(5, { note: marker }) }],
    ["a body that does not parse", { verdict: "accepted", body: { kind: "bytes", bytes: marker } }],
  ])("%s", async (_, { verdict, body }) => {
    const { verdicts } = await import("./todo-gate.js");
    const { ask, events } = todoGate(
      {},
      {
        verify: () =>
          verdicts.get(verdict === "accepted" ? "reader" : "expired") ?? { kind: "unavailable", detail: "" },
      },
    );
    const answer = await ask({
      token: marker,
      body,
      headers: [
        ["Cookie", marker],
        ["X-Note", marker],
      ],
    });
    expect(events).toHaveLength(1);
    expect(JSON.stringify(events)).not.toContain(marker);
    if (answer.kind === "answer") expect(JSON.stringify(answer)).not.toContain(marker);
  });

  it("a token in the query", async () => {
    const { ask, events } = todoGate();
    const answer = await ask({ target: `/mcp?access_token=${marker}` });
    expect(JSON.stringify([answer, events])).not.toContain(marker);
  });

  it("two sets of credentials", async () => {
    const { ask, events } = todoGate();
    const answer = await ask({ token: marker, headers: [["Authorization", `Bearer ${marker}`]] });
    expect(events).toMatchObject([{ reason: "credentials_multiple", status: 400 }]);
    expect(JSON.stringify([answer, events])).not.toContain(marker);
  });
});
