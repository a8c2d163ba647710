import { request } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createDevServer } from "../src/index.js";
import { call, login, postForm } from "./support/oauth.js";

describe("createDevServer", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("refuses to run in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    await expect(createDevServer({ banner: false })).rejects.toThrow(
      "@mcp-authz/dev-server lets anyone log in as anyone, so it does not run where NODE_ENV is production.",
    );
  });

  it("listens on loopback names only", async () => {
    const host = "0.0.0.0" as "127.0.0.1";
    await expect(createDevServer({ banner: false, host })).rejects.toThrow("host must be a loopback name");
  });

  it("has a URL on loopback, and two test users", async () => {
    const dev = await createDevServer({ banner: false });
    expect(dev.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(dev.users.map((user) => user.email)).toEqual([
      "ada+sktest@acme.example",
      "max+sktest@globex.example",
    ]);
    await dev.close();
  });

  it("registers, changes and removes MCP servers while it runs", async () => {
    const dev = await createDevServer({ banner: false });
    const { id } = dev.registerServer({ name: "Todo", url: "http://127.0.0.1:1/mcp", scopes: ["a"] });
    expect(dev.updateServer(id, { scopes: ["a", "b"] })).toMatchObject({
      id,
      name: "Todo",
      scopes: [{ name: "a" }, { name: "b" }],
    });
    expect(dev.servers).toHaveLength(1);
    expect(dev.removeServer(id)).toBe(true);
    expect(dev.removeServer(id)).toBe(false);
    expect((await call(`${dev.url}/.well-known/oauth-authorization-server/resources/${id}`)).status).toBe(
      404,
    );
    expect(() => dev.updateServer(id, {})).toThrow(`There is no MCP server "${id}"`);
    await dev.close();
  });

  it.each([
    [{ servers: [{ name: "Todo", url: "not a url" }] }, "must be an http(s) URL"],
    [{ servers: [{ name: "Todo", scopes: ["two words"] }] }, "must be one word"],
    [{ servers: [{ name: "Todo", id: "todo" }] }, "does not look like res_…"],
    [{ servers: [{ name: "" }] }, "name is required"],
    [
      {
        servers: [
          { name: "A", url: "http://h/a" },
          { name: "B", url: "http://h/a" },
        ],
      },
      "is already that of",
    ],
    [{ users: [{ email: "a@a.example" }, { email: "A@a.example" }] }, "is already usr_"],
    [{ clients: [{ redirectUris: ["http://a.example/callback"] }] }, "must use https"],
    [{ clients: [{ server: "res_unknown" }] }, "is not registered"],
    [{ deterministic: true, file: "environment.json" }, "leave one out"],
  ])("refuses options that cannot work: %j", async (options, message) => {
    await expect(createDevServer({ banner: false, ...options })).rejects.toThrow(message);
  });

  it("takes away what an update sets to null", async () => {
    const dev = await createDevServer({ banner: false });
    const { id } = dev.registerServer({
      name: "Todo",
      url: "http://h/a",
      customLogin: { url: "http://h/login" },
    });
    const changed = dev.updateServer(id, { url: null, customLogin: null });
    expect(changed).not.toHaveProperty("url");
    expect(changed).not.toHaveProperty("customLogin");
    await dev.close();
  });

  it("uses changed settings for the next request", async () => {
    const dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", scopes: ["a"] }],
    });
    expect((await login(dev)).tokens.expires_in).toBe(3600);
    dev.updateServer(dev.servers[0]?.id ?? "", { accessTokenLifetime: 300 });
    expect((await login(dev)).tokens.expires_in).toBe(300);
    await dev.close();
  });

  it("refuses host names that are not this machine's", async () => {
    const dev = await createDevServer({ banner: false });
    const status = await new Promise((resolve, reject) => {
      request(`${dev.url}/keys`, { headers: { host: "rebound.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(403);
    await dev.close();
  });

  it("logs what happened, and no secret", async () => {
    const dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ id: "res_1", name: "Todo", scopes: ["a"] }],
    });
    const seen: string[] = [];
    const stop = dev.onRequest((entry) => seen.push(entry.kind));
    const { clientId, tokens } = await login(dev, { scope: "a offline_access" });
    stop();
    await call(`${dev.url}/keys`);
    await postForm(`${dev.url}/oauth/token`, {
      grant_type: "authorization_code",
      code: "guess",
      redirect_uri: "http://x",
      client_id: clientId,
    });
    expect(seen).toEqual(["registration", "authorize", "token"]);
    expect(dev.requests).toMatchObject([
      { id: 1, kind: "registration", method: "POST", status: 201, server: "res_1", clientId },
      { kind: "authorize", status: 303, clientId, subject: dev.users[0]?.id, scope: "a offline_access" },
      { kind: "token", status: 200, clientId, grantType: "authorization_code", granted: "offline_access a" },
      { kind: "keys", path: "/keys", status: 200 },
      { kind: "token", status: 400, error: "invalid_grant", detail: "authorization code not found" },
    ]);
    const text = JSON.stringify(dev.requests);
    for (const secret of [tokens.access_token, tokens.refresh_token, "guess", "state-1"])
      expect(text).not.toContain(secret);
    await dev.close();
  });
});
