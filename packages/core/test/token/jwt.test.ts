import { describe, expect, it } from "vitest";
import type { Verification } from "../../src/provider.js";
import { type JwtOptions, jwt } from "../../src/token/jwt.js";
import { claims, ec, ed, ISS, jwks, now, resource, rsa, signedToken, signingKey } from "./issuer.js";

const keys = jwks(rsa, ec, ed);

function verify(token: string, options: Partial<JwtOptions> = {}) {
  return jwt({ issuer: ISS, keys, ...options })
    .verifierFor(resource)
    .verify(token);
}

function reasonOf(verification: Verification | Promise<Verification>): string {
  if (verification instanceof Promise) throw new Error("expected an answer at once");
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

describe("a token that is in order", () => {
  it("is accepted at once when the keys are in memory", () => {
    const exp = now() + 300;
    expect(
      verify(signedToken(claims({ exp, oid: "org_1", roles: ["admin"], permissions: ["todo:delete"] }))),
    ).toEqual({
      kind: "accepted",
      token: {
        issuer: "https://as.example.com",
        subject: "user_1",
        kind: "person",
        clientId: "client_1",
        scopes: ["todo:read", "todo:write"],
        expiresAt: exp,
        organizationId: "org_1",
        roles: ["admin"],
        permissions: ["todo:delete"],
        claims: expect.objectContaining({ jti: "jti_1", aud: "https://mcp.example.com/mcp" }),
      },
    });
  });

  it.each([
    ["RS256", rsa],
    ["PS256", signingKey("PS256")],
    ["ES256", ec],
    ["EdDSA", ed],
  ] as const)("is accepted when signed with %s", (_alg, key) => {
    expect(reasonOf(verify(signedToken(claims(), {}, key), { keys: jwks(key) }))).toBe("accepted");
  });

  it.each([["RS384"], ["RS512"], ["PS384"], ["PS512"], ["ES384"], ["ES512"], ["Ed25519"]])(
    "is accepted when signed with %s, once that is listed",
    (alg) => {
      const key = signingKey(alg);
      const token = signedToken(claims(), {}, key);
      expect(reasonOf(verify(token, { keys: jwks(key) }))).toBe("token_algorithm");
      expect(reasonOf(verify(token, { keys: jwks(key), algorithms: [alg] }))).toBe("accepted");
    },
  );
});
