import { describe, expect, it } from "vitest";
import { type AuthInfo, authInfoOf } from "../src/auth-info.js";
import type { AccessToken } from "../src/provider.js";
import { resourceOf } from "../src/resource.js";
import { createSessionOwners } from "../src/session-owners.js";
import type { SharedStore } from "../src/shared-store.js";
import { accessToken, granted, todoGate } from "./todo-gate.js";

const caller = (own: Partial<AccessToken> = {}, token = "t"): AuthInfo =>
  authInfoOf(token, accessToken(own), resourceOf("https://mcp.example.com/mcp"));
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a session", () => {
  it("belongs to who opened it, with any of their tokens", async () => {
    const owners = createSessionOwners();
    owners.opened("s", caller({}, "first"));
    await settled();
    expect(await owners.faultOf("s", caller({ scopes: ["other"], expiresAt: 1 }, "second"))).toBeUndefined();
  });

  it.each([
    ["another user", caller({ subject: "user_2" })],
    ["the same subject of another issuer", caller({ issuer: "https://evil.example" })],
    ["the same user in another client", caller({ clientId: "client_2" })],
    ["a client with the user's name", caller({ kind: "client" })],
    ["nobody", undefined],
  ])("does not exist for %s", async (_, auth) => {
    const owners = createSessionOwners();
    owners.opened("s", caller());
    await settled();
    expect(await owners.faultOf("s", auth)).toBe("session_unknown");
  });

  it("tells principals apart whose names run together", async () => {
    const owners = createSessionOwners();
    owners.opened("s", caller({ subject: 'a","b', clientId: "c" }));
    await settled();
    expect(await owners.faultOf("s", caller({ subject: "a", clientId: 'b","c' }))).toBe("session_unknown");
  });

  it("that was not opened here is the server's own business", async () => {
    expect(await createSessionOwners().faultOf("s", caller())).toBeUndefined();
    expect(await createSessionOwners().faultOf("__proto__", caller())).toBeUndefined();
  });

  it("opened by nobody goes to the first who logs in", async () => {
    const owners = createSessionOwners();
    owners.opened("s", undefined);
    await settled();
    expect(await owners.faultOf("s", undefined)).toBeUndefined();
    expect(await owners.faultOf("s", caller())).toBeUndefined();
    expect(await owners.faultOf("s", caller({ subject: "user_2" }))).toBe("session_unknown");
    expect(await owners.faultOf("s", undefined)).toBe("session_unknown");
  });

  it("that has ended is nobody's", async () => {
    const owners = createSessionOwners();
    owners.opened("s", caller());
    await settled();
    owners.ended("s");
    await settled();
    expect(await owners.faultOf("s", caller({ subject: "user_2" }))).toBeUndefined();
  });
});

describe("a shared store", () => {
  it("is told neither tokens nor scopes", async () => {
    const written: string[] = [];
    const map = new Map<string, string>();
    const store: SharedStore = {
      get: async (key) => map.get(key),
      set: async (key, value) => {
        written.push(key, value);
        map.set(key, value);
      },
      delete: async (key) => map.delete(key),
    };
    createSessionOwners(store).opened("s", caller({}, "MARKER"));
    await settled();
    expect(written).toHaveLength(2);
    expect(written.join()).not.toMatch(/MARKER|todo:read/);
  });

  it("that fails to answer refuses the request, and one that fails to write harms nobody", async () => {
    const failing = () => {
      throw new Error("down");
    };
    for (const broken of [failing, () => Promise.reject(new Error("down"))]) {
      const owners = createSessionOwners({ get: broken, set: broken, delete: broken });
      owners.opened("s", caller());
      owners.ended("s");
      expect(await owners.faultOf("s", caller())).toBe("verifier_unavailable");
    }
  });
});

it("a server that names the session in every answer does not give it away", async () => {
  const { ask } = todoGate();
  const answering = { status: 200, header: (name: string) => (name === "mcp-session-id" ? "s" : undefined) };
  const inSession = (token: string) => ask({ token, headers: [["Mcp-Session-Id", "s"]] });
  // Not opened before our eyes: the server has known it since before it was started anew.
  granted(await inSession("machine")).outgoing.begin(answering);
  await settled();
  expect((await inSession("reader")).kind).toBe("granted");
});
