import { describe, expect, it } from "vitest";
import { OptionError } from "../../src/option-error.js";
import { type JwtOptions, jwt } from "../../src/token/jwt.js";
import { ISS, jwks, resource, rsa } from "./issuer.js";

describe("options that cannot work stop the start, and are named", () => {
  it.each<[string, Record<string, unknown>]>([
    ["issuer", { issuer: undefined }],
    ["issuer", { issuer: [] }],
    ["issuer", { issuer: "as.example.com" }],
    ["issuer", { issuer: "http://as.example.com" }],
    ["issuer", { issuer: [ISS, "http://as.example.com"] }],
    ["jwksUri", { jwksUri: "http://as.example.com/keys" }],
    ["jwksUri", { jwksUri: "file:///keys" }],
    ["keys", { jwksUri: `${ISS}/keys`, keys: jwks(rsa) }],
    ["keys", { keys: {} }],
    ["algorithms", { algorithms: ["HS256"] }],
    ["algorithms", { algorithms: ["RS256", "none"] }],
    ["algorithms", { algorithms: ["rs256"] }],
    ["algorithms", { algorithms: [] }],
    ["clockTolerance", { clockTolerance: 61 }],
    ["clockTolerance", { clockTolerance: -1 }],
    ["clockTolerance", { clockTolerance: Number.NaN }],
    ["maxLifetime", { maxLifetime: 0 }],
    ["typ", { typ: "JWT" }],
    ["audience", { audience: "" }],
    ["audience", { audience: [] }],
    ["audience", { audience: [1] }],
    ["audience", { audience: { dangerouslyAcceptAny: false } }],
    ["audience", { audience: "x", verifyAudience: () => true }],
    ["authorizationServers", { authorizationServers: [] }],
    ["keySet.cooldown", { keySet: { cooldown: 0 } }],
    ["keySet.timeout", { keySet: { timeout: Number.POSITIVE_INFINITY } }],
    ["cache.size", { cache: { size: 0 } }],
    ["cache.ttl", { cache: { ttl: -1 } }],
  ])("%s: %j", (option, options) => {
    const start = () => jwt({ issuer: ISS, ...options } as JwtOptions).verifierFor(resource);
    expect(start).toThrow(OptionError);
    expect(start).toThrow(expect.objectContaining({ option, instead: expect.stringMatching(/\.$/) }));
  });
});

describe("what is advertised", () => {
  it("is the issuer, byte for byte, unless something else is given", () => {
    expect(jwt({ issuer: "https://as.example.com/" }).authorizationServers).toEqual([
      "https://as.example.com/",
    ]);
    expect(
      jwt({ issuer: ISS, authorizationServers: ["https://login.example.com"] }).authorizationServers,
    ).toEqual(["https://login.example.com"]);
  });
});

describe("http", () => {
  it("is for this machine, or for those who ask for it", () => {
    expect(() => jwt({ issuer: "http://localhost:4444" })).not.toThrow();
    expect(() => jwt({ issuer: "http://as.internal", allowInsecure: true })).not.toThrow();
  });
});
