import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Verification } from "../../src/provider.js";
import { jwt } from "../../src/token/jwt.js";
import { claims, ec, ed, ISS, jwks, resource, rsa, signature, signedToken, signingKey } from "./issuer.js";

/** As on runtimes without `node:crypto`: signatures go through WebCrypto, everything else is the same code. */
beforeEach(() => {
  vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
});
afterEach(() => {
  vi.restoreAllMocks();
});

function verifier(keys = jwks(rsa, ec, ed)) {
  return jwt({
    issuer: ISS,
    keys,
    algorithms: [
      "RS256",
      "RS384",
      "RS512",
      "PS256",
      "PS384",
      "PS512",
      "ES256",
      "ES384",
      "ES512",
      "EdDSA",
      "Ed25519",
    ],
  }).verifierFor(resource);
}

async function outcome(token: string, keys = jwks(rsa, ec, ed)): Promise<string> {
  const pending = verifier(keys).verify(token);
  const verification: Verification = await pending;
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

describe("without node:crypto", () => {
  it.each([
    ["RS256"],
    ["RS384"],
    ["RS512"],
    ["PS256"],
    ["PS384"],
    ["PS512"],
    ["ES256"],
    ["ES384"],
    ["ES512"],
    ["EdDSA"],
    ["Ed25519"],
  ])("%s is checked all the same", async (alg) => {
    const key = signingKey(alg);
    const token = signedToken(claims(), {}, key);
    expect(await outcome(token, jwks(key))).toBe("accepted");
    const other = signingKey(alg, key.kid);
    expect(await outcome(token, jwks(other))).toBe("token_signature");
  });

  it.each([
    ["a flipped bit", (bytes: Buffer) => Buffer.from(bytes.map((byte, n) => (n === 7 ? byte ^ 1 : byte)))],
    ["zeros", (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ["a byte less", (bytes: Buffer) => bytes.subarray(1)],
  ])("a signature is refused with %s", async (_name, change) => {
    for (const key of [rsa, ec, ed]) {
      const signed = signedToken(claims(), {}, key).split(".").slice(0, 2).join(".");
      const made = change(signature(key.alg, key.privateKey, signed)).toString("base64url");
      expect(await outcome(`${signed}.${made}`)).toBe("token_signature");
    }
  });

  it("refusals that need no signature come at once", () => {
    expect(verifier().verify("nonsense")).toMatchObject({ reason: "token_malformed" });
    expect(verifier().verify(signedToken(claims({ iss: "https://evil.example.com" })))).toMatchObject({
      reason: "token_issuer",
    });
  });

  it("validations of one token that run at the same time are one", async () => {
    const one = verifier();
    const token = signedToken();
    const running = one.verify(token);
    expect(one.verify(token)).toBe(running);
    await running;
    expect(one.verify(token)).not.toBe(running);
  });
});
