import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/option-error.js";
import type { Provider, Verification } from "../../src/provider.js";
import { anyOf, type Choice } from "../../src/token/any-of.js";
import { jwt } from "../../src/token/jwt.js";
import { claims, ec, ISS, jwks, resource, rsa, signedToken } from "./issuer.js";

const other = "https://other.example.com";

/** Says which provider was asked, by refusing everything. */
function refusing(detail: string): Provider {
  return {
    authorizationServers: [`https://${detail}.example.com`],
    verifierFor: () => ({ verify: () => ({ kind: "rejected", reason: "token_inactive", detail }) }),
  };
}

function asked(token: string, ...choices: Choice[]): string {
  const verification = anyOf(...choices)
    .verifierFor(resource)
    .verify(token) as Verification;
  return verification.kind === "rejected" ? verification.detail : verification.kind;
}

describe("several providers", () => {
  it("are chosen by the form of the token", () => {
    const choices: Choice[] = [
      { when: { form: "jwt" }, provider: refusing("jwt") },
      { when: { form: "opaque" }, provider: refusing("opaque") },
    ];
    expect(asked(signedToken(), ...choices)).toBe("jwt");
    expect(asked("opaque-token", ...choices)).toBe("opaque");
    expect(asked("a.b.c", ...choices)).toBe("opaque");
    expect(asked(`${signedToken()}.d`, ...choices)).toBe("opaque");
  });

  it("are chosen by prefix, and the last may take the rest", () => {
    const choices: Choice[] = [
      { when: { prefix: "apit_" }, provider: refusing("keys") },
      { provider: refusing("rest") },
    ];
    expect(asked("apit_123", ...choices)).toBe("keys");
    expect(asked("123", ...choices)).toBe("rest");
  });

  it("are chosen by the issuer that a JWT names, and that one finds out whether it is true", () => {
    const choices: Choice[] = [
      { when: { issuer: ISS }, provider: jwt({ issuer: ISS, keys: jwks(rsa) }) },
      { when: { issuer: other }, provider: jwt({ issuer: other, keys: jwks(ec) }) },
    ];
    expect(asked(signedToken(), ...choices)).toBe("accepted");
    expect(asked(signedToken(claims({ iss: other }), {}, ec), ...choices)).toBe("accepted");
    expect(asked(signedToken(claims({ iss: other })), ...choices)).toBe(
      "the issuer has no key with this kid",
    );
    expect(asked(signedToken(claims({ iss: "https://third.example.com" })), ...choices)).toBe(
      "no provider is declared for tokens of this kind",
    );
  });

  it("never get a second try after another one refused", () => {
    const all = [
      { when: { form: "jwt" as const }, provider: refusing("first") },
      { provider: jwt({ issuer: ISS, keys: jwks(rsa) }) },
    ];
    expect(asked(signedToken(), ...all)).toBe("first");
  });

  it("are advertised together", () => {
    const provider = anyOf({ when: { prefix: "a" }, provider: refusing("a") }, { provider: refusing("b") });
    expect(provider.authorizationServers).toEqual(["https://a.example.com", "https://b.example.com"]);
  });

  it("are healthy when all of them are", async () => {
    const verifier = anyOf(
      { when: { issuer: ISS }, provider: jwt({ issuer: ISS, jwksUri: "http://127.0.0.1:1/keys" }) },
      { provider: refusing("b") },
    ).verifierFor(resource);
    await verifier.warm?.();
    expect(verifier.health?.()).toEqual({ ready: false, lastError: "http://127.0.0.1:1: bad port" });
  });

  it("must say which tokens are theirs", () => {
    expect(() => anyOf()).toThrow(OptionError);
    expect(() => anyOf({ provider: refusing("a") }, { provider: refusing("b") })).toThrow(
      expect.objectContaining({ option: "anyOf[0].when" }),
    );
  });
});
