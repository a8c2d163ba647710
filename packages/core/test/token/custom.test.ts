import { errors } from "jose";
import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/option-error.js";
import { type CustomOptions, custom, type VerifyToken } from "../../src/token/custom.js";
import { claims, ISS, now, resource } from "./issuer.js";

async function outcome(verify: VerifyToken, options: Partial<CustomOptions> = {}): Promise<string> {
  const verification = await custom(verify, { issuer: ISS, ...options })
    .verifierFor(resource)
    .verify("token");
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

describe("a verifier of the user's own", () => {
  it("gives claims, which are still checked against issuer, audience and time", async () => {
    expect(await outcome(() => claims())).toBe("accepted");
    expect(await outcome(async () => claims({ iss: undefined }))).toBe("token_issuer");
    expect(await outcome(() => claims({ iss: "https://evil.example.com" }))).toBe("token_issuer");
    expect(await outcome(() => claims({ aud: "https://other.example.com" }))).toBe("token_audience");
    expect(await outcome(() => claims({ exp: undefined }))).toBe("token_claims");
    expect(await outcome(() => claims({ exp: now() - 60 }))).toBe("token_expired");
    expect(await outcome(() => claims({ nonce: "n" }))).toBe("token_type");
  });

  it("keeps its own objects: ours are frozen copies", async () => {
    const own = claims({ nested: { list: [1] } });
    const verification = await custom(() => own, { issuer: ISS })
      .verifierFor(resource)
      .verify("token");
    expect(Object.isFrozen(own)).toBe(false);
    expect(verification).toMatchObject({ token: { claims: { nested: { list: [1] } } } });
  });

  it.each([[undefined], [null], [false as const]])("refuses a token with %s", async (nothing) => {
    expect(await outcome(() => nothing)).toBe("token_inactive");
  });

  it.each([
    ["jose's expired", new errors.JWTExpired("expired", {})],
    ["jose's bad signature", new errors.JWSSignatureVerificationFailed()],
    ["jose's unknown key", new errors.JWKSNoMatchingKey()],
    ["jose's algorithm", new errors.JOSEAlgNotAllowed()],
    ["the MCP SDK's invalid token", Object.assign(new Error(), { errorCode: "invalid_token" })],
  ])("refuses a token by throwing %s", async (_name, error) => {
    expect(
      await outcome(() => {
        throw error;
      }),
    ).toBe("token_inactive");
  });

  it.each([
    ["jose's key server timeout", new errors.JWKSTimeout()],
    ["a TypeError of its own", new TypeError("x is undefined")],
    ["something that is no error", "oops"],
    ["nothing", undefined],
  ])("could not check the token when it throws %s", async (_name, error) => {
    await expect(outcome(() => Promise.reject(error))).rejects.toBe(error);
  });

  it("must be a function, and needs an issuer", () => {
    expect(() => custom("verify" as never, { issuer: ISS })).toThrow(OptionError);
    expect(() => custom(() => null, {} as never)).toThrow(expect.objectContaining({ option: "issuer" }));
  });
});
