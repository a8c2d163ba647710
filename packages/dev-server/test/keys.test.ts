import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDevServer, type DevServer, type KeyServerMode } from "../src/index.js";
import { call, headerOf, login } from "./support/oauth.js";

describe("the key server", () => {
  let dev: DevServer;
  beforeEach(async () => {
    dev = await createDevServer({
      banner: false,
      approve: "auto",
      servers: [{ name: "Todo", scopes: ["a"] }],
    });
  });
  afterEach(() => dev.close());

  const kids = async (): Promise<unknown[]> =>
    ((await call(`${dev.url}/keys`)).body.keys as { kid: string }[]).map((key) => key.kid);

  it("publishes public RS256 signing keys and nothing private", async () => {
    const { body } = await call(`${dev.url}/keys`);
    expect(body).toEqual({
      keys: [
        {
          kty: "RSA",
          use: "sig",
          alg: "RS256",
          kid: expect.stringMatching(/^snk_/),
          n: expect.any(String),
          e: "AQAB",
        },
      ],
    });
  });

  it("signs with a new key after rotation, and still publishes the old one", async () => {
    const [before] = await kids();
    await dev.rotateKeys();
    const after = await kids();
    expect(after).toHaveLength(2);
    expect(after).toContain(before);
    expect(headerOf((await login(dev)).tokens.access_token).kid).toBe(after[0]);
    expect(after[0]).not.toBe(before);
  });

  it("no longer publishes a revoked key, and signs with another", async () => {
    const [before] = await kids();
    await dev.revokeKey();
    const after = await kids();
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
    expect(headerOf((await login(dev)).tokens.access_token).kid).toBe(after[0]);
  });

  it.each<[KeyServerMode, number, unknown]>([
    ["error", 500, { error: "server_error" }],
    ["gone", 404, { error: "not_found" }],
    ["html", 200, { text: "<!doctype html><title>Sign in to the network</title>" }],
    ["empty", 200, { keys: [] }],
    ["shapeless", 200, {}],
  ])("can be broken on purpose: %s", async (mode, status, body) => {
    dev.setKeyServer(mode);
    const reply = await call(`${dev.url}/keys`);
    expect([reply.status, reply.body]).toEqual([status, body]);
    dev.setKeyServer("healthy");
    expect(await kids()).toHaveLength(1);
  });

  it("can leave a client waiting", async () => {
    dev.setKeyServer("hang");
    await expect(fetch(`${dev.url}/keys`, { signal: AbortSignal.timeout(200) })).rejects.toThrow("timeout");
  });
});
