import { describe, expect, it } from "vitest";
import type { Verification } from "../../src/provider.js";
import { jwt } from "../../src/token/jwt.js";
import type { TokenTypePolicy } from "../../src/token/token-type.js";
import { claims, ISS, jwks, resource, rsa, signedToken } from "./issuer.js";

function outcome(typ: unknown, policy: TokenTypePolicy, overrides: Record<string, unknown> = {}): string {
  const token = signedToken(claims(overrides), { typ });
  const verification = jwt({ issuer: ISS, keys: jwks(rsa), typ: policy })
    .verifierFor(resource)
    .verify(token) as Verification;
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

describe("the header's typ", () => {
  it.each([["at+jwt"], ["AT+JWT"], ["application/at+jwt"], ["Application/AT+jwt"]])(
    "%s is an access token's, strictly and leniently",
    (typ) => {
      expect(outcome(typ, "at+jwt")).toBe("accepted");
      expect(outcome(typ, "lenient")).toBe("accepted");
    },
  );

  it.each([["JWT"], ["jwt"], [undefined]])("%s is so only leniently", (typ) => {
    expect(outcome(typ, "at+jwt")).toBe("token_type");
    expect(outcome(typ, "lenient")).toBe("accepted");
  });

  it.each([
    ["oauth-id-jag+jwt"],
    ["dpop+jwt"],
    ["logout+jwt"],
    ["token-introspection+jwt"],
    ["secevent+jwt"],
    ["client-authentication+jwt"],
    ["entity-statement+jwt"],
    ["application/logout+jwt"],
    ["vc+sd-jwt"],
    ["what-comes-next+jwt"],
    ["JOSE"],
    [""],
    [["at+jwt"]],
    [{}],
    [1],
    [null],
  ])("%j is another kind of token's, however perfect its claims", (typ) => {
    expect(outcome(typ, "at+jwt")).toBe("token_type");
    expect(outcome(typ, "lenient")).toBe("token_type");
  });
});

describe("claims of another kind of token", () => {
  it.each([
    ["an ID token's nonce", { nonce: "n" }],
    ["an ID token's at_hash", { at_hash: "h" }],
    ["an ID token's c_hash", { c_hash: "h" }],
    ["a logout token's events", { events: {} }],
    ["Keycloak's ID token", { typ: "ID" }],
    ["Keycloak's refresh token", { typ: "Refresh" }],
    ["Keycloak's offline token", { typ: "Offline" }],
    ["Cognito's ID token", { token_use: "id" }],
  ])("are refused where the header does not vouch for it: %s", (_name, overrides) => {
    expect(outcome("JWT", "lenient", overrides)).toBe("token_type");
    expect(outcome(undefined, "lenient", overrides)).toBe("token_type");
  });

  it.each([
    ["Keycloak's access token", { typ: "Bearer" }],
    ["Cognito's access token", { token_use: "access" }],
  ])("are not those of %s", (_name, overrides) => {
    expect(outcome("JWT", "lenient", overrides)).toBe("accepted");
  });
});
