import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import KeyvRedis from "@keyv/redis";
import Keyv from "keyv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authInfoOf } from "../src/auth-info.js";
import type { AccessToken, AuthInfo } from "../src/index.js";
import { revocationList } from "../src/index.js";
import { resourceOf } from "../src/resource.js";
import { createSessionOwners } from "../src/session-owners.js";
import { createHandles, createStateSeal, StateError } from "../src/state.js";

/** What several processes share, in a real Redis. Needs `redis-server` on the path. */

let redis: ChildProcess;
let folder: string;
let url: string;
const stores: Keyv<string>[] = [];

/** Another process's connection. */
function connected(): Keyv<string> {
  const store = new Keyv<string>(new KeyvRedis(url));
  stores.push(store);
  return store;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-authz-redis-"));
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  url = `redis://127.0.0.1:${port}`;
  const options = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
    "--dir",
    folder,
  ];
  redis = spawn("redis-server", options);
  await new Promise<void>((resolve, reject) => {
    redis.once("error", reject);
    redis.stdout?.on("data", (chunk: Buffer) => {
      if (chunk.includes("Ready to accept connections")) resolve();
    });
  });
}, 30_000);
afterAll(async () => {
  await Promise.all(stores.map((store) => store.disconnect()));
  redis.kill();
  await rm(folder, { recursive: true, force: true });
});

const now = () => Math.floor(Date.now() / 1000);

function token(
  differing: Partial<AccessToken> = {},
  claims: Record<string, unknown> = { jti: "t1", iat: now() - 10 },
): AccessToken {
  const base = { issuer: "https://auth", subject: "alice", kind: "person" as const, clientId: "client_1" };
  return { ...base, scopes: [], expiresAt: now() + 600, roles: [], permissions: [], claims, ...differing };
}

const caller = (subject: string): AuthInfo =>
  authInfoOf("secret-token", token({ subject }), resourceOf("https://mcp.example.com/mcp"));

describe("in a store that several processes share", () => {
  it("what one revokes, the others refuse", async () => {
    const [here, there] = [revocationList({ store: connected() }), revocationList({ store: connected() })];
    expect(await there.revoked(token())).toBe(false);
    await here.revoke({ issuer: "https://auth", jti: "t1" });
    expect(await there.revoked(token())).toBe(true);
    expect(await there.revoked(token({}, { jti: "t2", iat: now() - 10 }))).toBe(false);
    await here.revoke({ issuer: "https://auth", subject: "bob" });
    expect(await there.revoked(token({ subject: "bob" }, { jti: "t3", iat: now() - 10 }))).toBe(true);
    expect(await there.revoked(token({ subject: "bob" }, { jti: "t4", iat: now() + 2 }))).toBe(false);
  });

  it("a session that was opened at one is closed to strangers at the others", async () => {
    const [here, there] = [createSessionOwners(connected()), createSessionOwners(connected())];
    here.opened("session-1", caller("alice"));
    await expect.poll(() => there.faultOf("session-1", caller("mallory"))).toBe("session_unknown");
    expect(await there.faultOf("session-1", caller("alice"))).toBeUndefined();
  });

  it("a state that one opened cannot be opened again at the others", async () => {
    const secrets = ["a-secret-of-at-least-32-characters"];
    const [here, there] = [
      createStateSeal({ secrets, opened: connected() }),
      createStateSeal({ secrets, opened: connected() }),
    ];
    const state = await here.close(caller("alice"), "transfer", { step: 2 });
    expect(await there.open(caller("alice"), "transfer", state)).toEqual({ step: 2 });
    await expect(here.open(caller("alice"), "transfer", state)).rejects.toThrow(StateError);
  });

  it("a handle leads its owner to the value from everywhere", async () => {
    const [here, there] = [createHandles(connected()), createHandles(connected())];
    const handle = await here.create(caller("alice"), "three apples");
    expect(await there.get(caller("alice"), handle)).toBe("three apples");
    expect(await there.get(caller("mallory"), handle)).toBeUndefined();
  });

  it("no token ever gets into it", async () => {
    const keys = await new KeyvRedis(url).client.connect().then(async (client) => client.keys("*"));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.join()).not.toContain("secret-token");
  });
});
