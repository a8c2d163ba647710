import { describe, expect, it, vi } from "vitest";
import type { Verification } from "../../src/provider.js";
import { jwt } from "../../src/token/jwt.js";
import { revocationList } from "../../src/token/revocation.js";
import { claims, ISS, jwks, now, resource, rsa, signedToken } from "./issuer.js";

function guarded(list: ReturnType<typeof revocationList>) {
  const verifier = jwt({ issuer: ISS, keys: jwks(rsa), revoked: list.revoked }).verifierFor(resource);
  return async (token: string): Promise<string> => {
    const verification: Verification = await verifier.verify(token);
    return verification.kind === "rejected" ? verification.reason : verification.kind;
  };
}

/** What two processes share. */
function sharedStore() {
  const values = new Map<string, string>();
  return {
    values,
    get: async (key: string) => values.get(key),
    set: async (key: string, value: string, _ttl?: number) => values.set(key, value),
    delete: async (key: string) => values.delete(key),
  };
}

describe("a revoked token", () => {
  it.each([
    ["its jti", { issuer: ISS, jti: "jti_1" }],
    ["its subject", { issuer: ISS, subject: "user_1" }],
    ["its client", { issuer: ISS, clientId: "client_1" }],
  ])("is refused at once by %s, though it was remembered", async (_name, what) => {
    const list = revocationList();
    const verify = guarded(list);
    const token = signedToken();
    for (const _ of [1, 2, 3]) expect(await verify(token)).toBe("accepted");
    await list.revoke(what);
    expect(await verify(token)).toBe("token_revoked");
  });

  it.each([
    ["another issuer's", { issuer: "https://other.example.com", subject: "user_1" }],
    ["another subject's", { issuer: ISS, subject: "user_2" }],
    ["another token's", { issuer: ISS, jti: "jti_2" }],
    ["a client's of the subject's name", { issuer: ISS, clientId: "user_1" }],
  ])("is not a token that is %s", async (_name, what) => {
    const list = revocationList();
    await list.revoke(what);
    expect(await guarded(list)(signedToken())).toBe("accepted");
  });

  it("makes way for one that was issued after a new login", async () => {
    const list = revocationList();
    await list.revoke({ issuer: ISS, subject: "user_1" });
    expect(await guarded(list)(signedToken(claims({ iat: now() + 2 })))).toBe("accepted");
    expect(await guarded(list)(signedToken(claims({ iat: undefined })))).toBe("token_revoked");
  });

  it("is refused by every process that shares the store", async () => {
    const store = sharedStore();
    const elsewhere = revocationList({ store });
    const verify = guarded(revocationList({ store }));
    expect(await verify(signedToken())).toBe("accepted");
    await elsewhere.revoke({ issuer: ISS, subject: "user_1" });
    expect(await verify(signedToken())).toBe("token_revoked");
  });

  it("cannot be told from a good one while the store is down, which is not the token's fault", async () => {
    const store = { ...sharedStore(), get: () => Promise.reject(new Error("ECONNREFUSED")) };
    await expect(guarded(revocationList({ store }))(signedToken())).rejects.toThrow("ECONNREFUSED");
  });

  it("is forgotten by the memory when it must have expired", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const list = revocationList({ keepFor: 60 });
    const verify = guarded(list);
    await list.revoke({ issuer: ISS, jti: "jti_1" });
    vi.setSystemTime(Date.now() + 61_000);
    await list.revoke({ issuer: ISS, jti: "jti_2" });
    expect(await verify(signedToken())).toBe("accepted");
    vi.useRealTimers();
  });
});
