import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDevServer, type DevServer, reportDecisions } from "../src/index.js";
import { call, login, theServer } from "./support/oauth.js";

describe("the page's interface", () => {
  let dev: DevServer;
  beforeAll(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ id: "res_1", name: "Todo", scopes: ["a"] }],
    });
  });
  afterAll(() => dev.close());

  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(`${dev.url}/_dev/api/${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it("registers, changes and deletes", async () => {
    const server = await api("POST", "servers", {
      name: "Notes",
      url: "http://127.0.0.1:3005/mcp",
      scopes: ["n"],
    });
    expect(server.body).toMatchObject({ name: "Notes", env: { SCALEKIT_RESOURCE_ID: server.body.id } });
    expect((await api("PATCH", `servers/${server.body.id}`, { dcr: false })).body).toMatchObject({
      name: "Notes",
      dcr: false,
    });
    expect((await api("DELETE", `servers/${server.body.id}`)).status).toBe(200);
    const user = await api("POST", "users", { email: "new@acme.example" });
    expect(dev.users.some((one) => one.id === user.body.id)).toBe(true);
    await api("DELETE", `users/${user.body.id}`);
    const client = await api("POST", "clients", { name: "Job", confidential: true, server: "res_1" });
    expect(client.body).toMatchObject({
      id: expect.stringMatching(/^m2m_/),
      secret: expect.stringMatching(/^dev_/),
    });
    await api("DELETE", `clients/${client.body.id}`);
    const { body } = await api("GET", "state");
    expect((body.servers as unknown[]).length).toBe(1);
    expect((body.clients as { id: string }[]).map((one) => one.id)).toEqual([dev.env.SCALEKIT_CLIENT_ID]);
  });

  it("breaks and mends", async () => {
    const changes = { issuerPhase: "resource", keyServer: "error", tokenFault: "expired", clockOffset: 60 };
    await api("PATCH", "settings", changes);
    expect((await api("GET", "state")).body.settings).toEqual(changes);
    expect((await call(`${dev.url}/keys`)).status).toBe(500);
    await api("PATCH", "settings", {
      issuerPhase: "transition",
      keyServer: "healthy",
      tokenFault: "",
      clockOffset: 0,
    });
    expect((await call(`${dev.url}/keys`)).status).toBe(200);
    await api("POST", "keys", {});
    const { keys } = (await api("GET", "state")).body as { keys: { kid: string; signs: boolean }[] };
    expect(keys.map((key) => key.signs)).toEqual([true, false]);
    await api("DELETE", `keys/${keys[1]?.kid}`);
    expect(((await api("GET", "state")).body.keys as unknown[]).length).toBe(1);
  });

  it.each([
    ["servers", { name: "Bad", url: "not a url" }, /must be an http\(s\) URL/],
    ["servers", { name: "Bad", accessTokenLifetime: -1 }, /whole number of seconds/],
    ["clients", { server: "res_unknown" }, /is not registered/],
  ])("says what is wrong with %s %j", async (path, body, message) => {
    const reply = await api("POST", path, body);
    expect(reply.status).toBe(400);
    expect(reply.body.error).toMatch(message);
  });

  it("says what is wrong with a setting", async () => {
    expect((await api("PATCH", "settings", { keyServer: "broken" })).body.error).toMatch(
      /keyServer must be one of healthy/,
    );
  });

  it.each([
    ["another origin", { origin: "http://127.0.0.1:9999" }],
    ["an opaque origin", { origin: "null" }],
    ["a form", { "content-type": "text/plain" }],
  ])("changes nothing for %s", async (_what, headers) => {
    expect((await api("POST", "servers", { name: "Evil" }, headers)).status).toBe(403);
    expect(dev.servers).toHaveLength(1);
  });

  it("shows the log, but not itself, and streams what comes", async () => {
    const stream = await fetch(`${dev.url}/_dev/api/log`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await login(dev);
    let seen = "";
    while (!seen.includes('"kind":"token"')) seen += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    const { body } = await call(`${dev.url}/_dev/api/requests?after=0`);
    const kinds = (body as unknown as { kind: string }[]).map((entry) => entry.kind);
    expect(kinds).toContain("authorize");
    expect(kinds).not.toContain("page");
    expect(JSON.stringify(body)).not.toContain("_dev");
  });

  it("shows what MCP servers report about their decisions", async () => {
    const seen = new Promise<unknown>((resolve) => {
      const stop = dev.onRequest((entry) => {
        if (entry.kind !== "decision") return;
        stop();
        resolve(entry);
      });
    });
    const report = reportDecisions({ environmentUrl: dev.url, resourceId: theServer(dev).id });
    report({ kind: "refused", status: 403, reason: "denied", method: "POST", operations: [] });
    expect(await seen).toMatchObject({
      kind: "decision",
      status: 403,
      server: "res_1",
      decision: { reason: "denied" },
    });
  });

  it("is not reported to where the environment is somewhere else", () => {
    expect(() =>
      reportDecisions({ environmentUrl: "https://acme.scalekit.com" })({ kind: "granted" }),
    ).not.toThrow();
  });
});
