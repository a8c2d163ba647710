import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/option-error.js";
import type { Verification } from "../../src/provider.js";
import { jwt } from "../../src/token/jwt.js";
import { claims, ec, ISS, resource, rsa, type SigningKey, signedToken, signingKey } from "./issuer.js";

function outcome(token: string, keys: Record<string, unknown>[]): string {
  // A second key, so that the set is never without one.
  const verifier = jwt({
    issuer: ISS,
    keys: { keys: [...keys, signingKey("EdDSA", "spare").jwk] },
  }).verifierFor(resource);
  const verification = verifier.verify(token) as Verification;
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

describe("a key that is not used", () => {
  const small = signingKey("RS256", "small", 1024);
  it.each<[string, Record<string, unknown>, SigningKey]>([
    ["an RSA key below 2048 bits", small.jwk, small],
    ["an RSA key that is written longer than it is", padded(small), small],
    ["one for encryption", { ...rsa.jwk, use: "enc" }, rsa],
    ["one whose key_ops do not name verify", { ...rsa.jwk, key_ops: ["encrypt"] }, rsa],
    ["one whose key_ops are no list", { ...rsa.jwk, key_ops: "verify" }, rsa],
    ["one for another algorithm", { ...rsa.jwk, alg: "RSA-OAEP" }, rsa],
    ["one whose alg is not of its type", { ...rsa.jwk, alg: "ES256" }, rsa],
    ["one without its modulus", { ...rsa.jwk, n: undefined }, rsa],
    ["one with a point that is not on the curve", { ...ec.jwk, x: ec.jwk.y }, ec],
    ["one with a kid that is no text", { ...rsa.jwk, kid: 1 }, rsa],
  ])("%s", (_name, jwk, signer) => {
    expect(outcome(signedToken(claims(), {}, signer), [jwk])).toBe("token_key_unknown");
  });

  it.each([[null], [[]], ["key"], [1]])("%j in the list, which does no harm to the others", (nonsense) => {
    expect(outcome(signedToken(), [nonsense as never, rsa.jwk])).toBe("accepted");
  });

  it("is refused at start when it is all there is", () => {
    for (const keys of [[], [{ kty: "oct", k: "AAAA" }], [small.jwk]])
      expect(() => jwt({ issuer: ISS, keys: { keys } })).toThrow(OptionError);
  });
});

describe("a key that is used", () => {
  it("may say no alg and no use, and then serves whatever its type can", () => {
    const { alg: _alg, use: _use, ...bare } = rsa.jwk;
    expect(outcome(signedToken(), [bare])).toBe("accepted");
    expect(outcome(signedToken(claims(), { alg: "PS256" }), [bare])).toBe("accepted");
  });

  it("may be published with its private part, of which nothing is taken", () => {
    const leaked = { ...rsa.privateKey.export({ format: "jwk" }), kid: rsa.kid };
    expect(outcome(signedToken(), [leaked])).toBe("accepted");
  });

  it("may share its kid with others of other types, and with some of its own", () => {
    const twins = ["ES256", "RS256", "EdDSA"].map((alg) => signingKey(alg, rsa.kid).jwk);
    expect(outcome(signedToken(), [...twins, rsa.jwk])).toBe("accepted");
    const crowd = Array.from({ length: 4 }, () => ({ ...ec.jwk, kid: rsa.kid }));
    expect(outcome(signedToken(), [...crowd, rsa.jwk])).toBe("token_signature");
  });
});

describe("a token without a kid", () => {
  const nameless = signedToken(claims(), { kid: undefined });
  const { kid: _kid, ...anonymous } = rsa.jwk;

  it("is refused when the issuer's keys have names, though there be only one", () => {
    expect(outcome(nameless, [rsa.jwk])).toBe("token_key_unknown");
  });

  it("is accepted by the one key without a name, and not when there are two", () => {
    expect(outcome(nameless, [anonymous])).toBe("accepted");
    const { kid: _other, ...second } = signingKey("RS256").jwk;
    expect(outcome(nameless, [anonymous, second])).toBe("token_key_unknown");
  });
});

function padded({ jwk }: SigningKey): Record<string, unknown> {
  const n = Buffer.concat([Buffer.alloc(128), Buffer.from(jwk.n as string, "base64url")]);
  return { ...jwk, n: n.toString("base64url") };
}
