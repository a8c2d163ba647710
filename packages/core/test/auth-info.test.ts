import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { assertGuarded, authInfoOf } from "../src/auth-info.js";
import { resourceOf } from "../src/resource.js";
import { VerifiedToken } from "../src/verified-token.js";
import { accessToken } from "./todo-gate.js";

const marker = "MARKER-token-that-must-not-be-seen";
const resource = resourceOf("https://mcp.example.com/mcp");
const accepted = new VerifiedToken(
  accessToken({ organizationId: "org_1", roles: ["admin"], permissions: ["p"] }),
);
const auth = authInfoOf(marker, accepted, resource);

describe("what a tool learns of its caller", () => {
  it("is what the SDKs expect, and who it is", () => {
    expect(auth.token).toBe(marker);
    expect(auth.clientId).toBe("client_1");
    expect(auth.scopes).toEqual(["todo:read"]);
    expect(auth.expiresAt).toBe(4_000_000_000);
    expect(auth.resource?.href).toBe("https://mcp.example.com/mcp");
    expect(auth.resourceMetadataUrl).toBe("https://mcp.example.com/.well-known/oauth-protected-resource/mcp");
    expect(auth.extra).toEqual({
      issuer: "https://as.example.com",
      subject: "user_1",
      kind: "person",
      organizationId: "org_1",
      roles: ["admin"],
      permissions: ["p"],
      claims: { iss: "https://as.example.com", sub: "user_1" },
    });
  });

  it("has no organization where the token has none", () => {
    expect(authInfoOf("t", accessToken(), resource).extra).not.toHaveProperty("organizationId");
  });
});

describe("the token is left behind", () => {
  it.each([
    ["when it is spread", () => JSON.stringify({ ...auth }) + String(Object.values({ ...auth }))],
    ["when it is copied", () => JSON.stringify(Object.assign({}, auth))],
    ["when it is serialised", () => JSON.stringify(auth)],
    ["when it is serialised deep inside", () => JSON.stringify({ context: { auth } })],
    ["when it is inspected", () => inspect(auth, { depth: 10 })],
    ["when it is inspected with getters", () => inspect(auth, { depth: 10, getters: true })],
    ["when it is cloned", () => inspect(structuredClone({ ...auth, resource: undefined }), { depth: 10 })],
    ["when it becomes a string", () => `${auth} ${Object.keys(auth)} ${Object.entries(auth)}`],
  ])("%s", (_, seen) => {
    expect(seen()).not.toContain(marker);
  });
});

describe("what a tool does to it reaches nobody else", () => {
  it("it cannot be changed", () => {
    expect(Object.isFrozen(auth)).toBe(true);
    expect(Object.isFrozen(auth.scopes)).toBe(true);
    expect(Object.isFrozen(auth.extra)).toBe(true);
    expect(Object.isFrozen(auth.extra?.["roles"])).toBe(true);
    expect(Object.isFrozen(auth.extra?.["permissions"])).toBe(true);
    expect(() => auth.scopes.push("todo:admin")).toThrow(TypeError);
    expect(() => {
      auth.token = "other";
    }).toThrow(TypeError);
  });

  it("its URL belongs to whoever reads it", () => {
    const url = auth.resource;
    if (url !== undefined) url.hostname = "evil.example";
    expect(auth.resource?.hostname).toBe("mcp.example.com");
  });

  it("a verifier's own lists are not handed out", () => {
    const roles = ["a"];
    const own = authInfoOf("t", accessToken({ roles }), resource);
    roles.push("admin");
    expect(own.extra?.["roles"]).toEqual(["a"]);
  });

  it("a verifier that changes its token is heard again", () => {
    const own = accessToken({ scopes: ["a"] }) as { scopes: string[] } & ReturnType<typeof accessToken>;
    expect(authInfoOf("t", own, resource).scopes).toEqual(["a"]);
    own.scopes.splice(0, 1, "b");
    expect(authInfoOf("t", own, resource).scopes).toEqual(["b"]);
  });

  it("two requests with one token share all but the object itself", () => {
    const other = authInfoOf("other", accepted, resource);
    expect(other).not.toBe(auth);
    expect(other.extra).toBe(auth.extra);
    expect(other.token).toBe("other");
  });
});

describe("a handler's seat belt", () => {
  it("lets through what a gate handed out", () => {
    expect(() => assertGuarded(auth)).not.toThrow();
  });

  it.each([
    undefined,
    null,
    "x",
    {},
    { token: "t", clientId: "c", scopes: [] },
    { ...auth },
    JSON.parse(JSON.stringify(auth)),
  ])("throws for anything else: %#", (other) => {
    expect(() => assertGuarded(other)).toThrow(
      "This handler was reached without mcp-authz before it. Mount mcpAuthz on every route that leads here.",
    );
  });
});
