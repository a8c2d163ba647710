import { createHash, randomUUID } from "node:crypto";
import { DpopSession } from "@modelcontextprotocol/client";
import { calculateJwkThumbprint } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OptionError } from "../../src/option-error.js";
import { type DpopOptions, type DpopRequest, type DpopVerdict, DpopVerifier } from "../../src/token/dpop.js";
import { dpopNonces } from "../../src/token/dpop-nonce.js";
import { now, type SigningKey, signedToken, signingKey } from "./issuer.js";

const url = "https://mcp.example.com/mcp";
const accessToken = "header.payload.signature";
const ath = createHash("sha256").update(accessToken).digest("base64url");
const device = signingKey("ES256", "device");
const publicJwk = (key: SigningKey) => key.publicKey.export({ format: "jwk" });
const thumbprint = await calculateJwkThumbprint(publicJwk(device));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function proof(
  overrides: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key = device,
): string {
  return signedToken(
    { jti: randomUUID(), htm: "POST", htu: url, iat: now(), ath, ...overrides },
    { typ: "dpop+jwt", kid: undefined, jwk: publicJwk(key), ...header },
    key,
  );
}

function request(overrides: Partial<DpopRequest> = {}): DpopRequest {
  return { proofs: [proof()], method: "POST", url, accessToken, thumbprint, ...overrides };
}

function verify(overrides: Partial<DpopRequest> = {}, options: DpopOptions = {}): Promise<DpopVerdict> {
  return new DpopVerifier(options).verify(request(overrides));
}

describe("a proof that is in order", () => {
  it("proves that the token is in the right hands", async () => {
    expect(await verify()).toEqual({ kind: "proven" });
  });

  it.each([["RS256"], ["PS256"], ["ES256"], ["EdDSA"]])("may be signed with %s", async (alg) => {
    const key = signingKey(alg);
    const jkt = await calculateJwkThumbprint(publicJwk(key));
    expect(await verify({ proofs: [proof({}, {}, key)], thumbprint: jkt })).toEqual({ kind: "proven" });
  });

  it.each([
    ["HTTPS://MCP.example.com:443/mcp"],
    ["https://mcp.example.com/mcp?session=1#top"],
    ["https://mcp.example.com/a/../mcp"],
  ])("may spell the URL as %s", async (htu) => {
    expect(await verify({ proofs: [proof({ htu })] })).toEqual({ kind: "proven" });
  });

  it("is what the MCP SDK's client sends", async () => {
    const session = await DpopSession.create();
    const made = await session.buildProof({ htm: "POST", htu: url, accessToken });
    expect(await verify({ proofs: [made], thumbprint: session.thumbprint })).toEqual({ kind: "proven" });
  });
});

describe("a proof is invalid", () => {
  const evil = signingKey("ES256", "evil");
  it.each<[string, () => Partial<DpopRequest>, string]>([
    ["none at all", () => ({ proofs: [] }), "not exactly one DPoP header"],
    ["two of them", () => ({ proofs: [proof(), proof()] }), "not exactly one DPoP header"],
    ["two in one line", () => ({ proofs: [`${proof()}, ${proof()}`] }), "not three segments"],
    ["no JWT", () => ({ proofs: ["proof"] }), "not three segments"],
    ["typ JWT", () => ({ proofs: [proof({}, { typ: "JWT" })] }), "typ is not dpop+jwt"],
    ["no typ", () => ({ proofs: [proof({}, { typ: undefined })] }), "typ is not dpop+jwt"],
    ["alg none", () => ({ proofs: [proof({}, { alg: "none" })] }), "alg is not one of those allowed"],
    ["alg HS256", () => ({ proofs: [proof({}, { alg: "HS256" })] }), "alg is not one of those allowed"],
    [
      "alg of another key type",
      () => ({ proofs: [proof({}, { alg: "RS256" }, signingKey("RS256"))] }),
      "jwk is not the key that the token is bound to",
    ],
    ["no key", () => ({ proofs: [proof({}, { jwk: undefined })] }), "jwk is not a public key for alg"],
    [
      "a private key",
      () => ({ proofs: [proof({}, { jwk: device.privateKey.export({ format: "jwk" }) })] }),
      "jwk is not a public key for alg",
    ],
    [
      "a symmetric key",
      () => ({ proofs: [proof({}, { jwk: { kty: "oct", k: "AAAA" } })] }),
      "jwk is not a public key for alg",
    ],
    [
      "somebody else's key",
      () => ({ proofs: [proof({}, {}, evil)] }),
      "jwk is not the key that the token is bound to",
    ],
    [
      "the right key, and another one's signature",
      () => ({ proofs: [proof({}, { jwk: publicJwk(device) }, evil)] }),
      "bad signature",
    ],
    [
      "a token that is bound to another key",
      () => ({ thumbprint: "x".repeat(43) }),
      "jwk is not the key that the token is bound to",
    ],
    ["another method", () => ({ method: "GET" }), "htm is not the request's method"],
    [
      "the method in other letters",
      () => ({ proofs: [proof({ htm: "post" })] }),
      "htm is not the request's method",
    ],
    ["another URL", () => ({ proofs: [proof({ htu: `${url}/other` })] }), "htu is not the request's URL"],
    [
      "another origin",
      () => ({ proofs: [proof({ htu: "https://evil.example.com/mcp" })] }),
      "htu is not the request's URL",
    ],
    [
      "http",
      () => ({ proofs: [proof({ htu: "http://mcp.example.com/mcp" })] }),
      "htu is not the request's URL",
    ],
    ["no URL", () => ({ proofs: [proof({ htu: "/mcp" })] }), "htu is not the request's URL"],
    ["an old iat", () => ({ proofs: [proof({ iat: now() - 301 })] }), "iat is not about now"],
    ["an iat to come", () => ({ proofs: [proof({ iat: now() + 301 })] }), "iat is not about now"],
    ["an iat that is no number", () => ({ proofs: [proof({ iat: "now" })] }), "iat is not about now"],
    ["an expiry that has passed", () => ({ proofs: [proof({ exp: now() - 1 })] }), "exp has passed"],
    ["no jti", () => ({ proofs: [proof({ jti: undefined })] }), "jti is missing or too long"],
    [
      "a jti without end",
      () => ({ proofs: [proof({ jti: "x".repeat(513) })] }),
      "jti is missing or too long",
    ],
    ["no ath", () => ({ proofs: [proof({ ath: undefined })] }), "ath is not the hash of the token"],
    ["another token", () => ({ accessToken: "another" }), "ath is not the hash of the token"],
    ["crit", () => ({ proofs: [proof({}, { crit: ["x"] })] }), "crit and b64 are not accepted"],
  ])("with %s", async (_name, change, detail) => {
    expect(await verify(change())).toEqual({ kind: "invalid", detail });
  });
});

describe("a proof is good once", () => {
  it("in one process", async () => {
    const verifier = new DpopVerifier();
    const used = request();
    expect(await verifier.verify(used)).toEqual({ kind: "proven" });
    expect(await verifier.verify(used)).toEqual({ kind: "invalid", detail: "the proof was used before" });
    vi.setSystemTime(Date.now() + 299_000);
    expect(await verifier.verify(used)).toEqual({ kind: "invalid", detail: "the proof was used before" });
    vi.setSystemTime(Date.now() + 2000);
    expect(await verifier.verify(used)).toEqual({ kind: "invalid", detail: "iat is not about now" });
  });

  it("even when it is sent many times at once", async () => {
    const verifier = new DpopVerifier();
    const used = request();
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(used)));
    expect(verdicts.filter(({ kind }) => kind === "proven")).toHaveLength(1);
  });

  it("in all processes that share a store", async () => {
    const values = new Map<string, string>();
    const store = {
      get: async (key: string) => values.get(key),
      set: async (key: string, value: string, ttl?: number) => {
        expect(ttl).toBe(600_000);
        values.set(key, value);
      },
      delete: async (key: string) => values.delete(key),
    };
    const used = request();
    expect(await new DpopVerifier({ store }).verify(used)).toEqual({ kind: "proven" });
    expect(await new DpopVerifier({ store }).verify(used)).toMatchObject({ kind: "invalid" });
    expect([...values.keys()].join()).not.toContain(used.proofs[0]);
  });

  it("and cannot be judged while the store is down", async () => {
    const down = () => Promise.reject(new Error("ECONNREFUSED"));
    expect(await verify({}, { store: { get: down, set: down, delete: down } })).toEqual({
      kind: "unavailable",
      detail: "proofs: ECONNREFUSED",
      retryAfter: 1,
    });
  });

  it("while one that fails is not used up, so that its jti cannot be stolen", async () => {
    const verifier = new DpopVerifier();
    const good = request();
    expect(await verifier.verify({ ...good, method: "GET" })).toMatchObject({ kind: "invalid" });
    expect(await verifier.verify(good)).toEqual({ kind: "proven" });
  });
});

describe("nonces", () => {
  it("are asked for, and then found in the proof", async () => {
    const verifier = new DpopVerifier({ nonces: dpopNonces() });
    const verdict = await verifier.verify(request());
    expect(verdict).toEqual({ kind: "nonce", nonce: await verifier.nonce() });
    const { nonce } = verdict as Extract<DpopVerdict, { kind: "nonce" }>;
    expect(await verifier.verify(request({ proofs: [proof({ nonce })] }))).toEqual({ kind: "proven" });
    expect(await verifier.verify(request({ proofs: [proof({ nonce: "made-up" })] }))).toMatchObject({
      kind: "nonce",
    });
    expect(await new DpopVerifier().nonce()).toBeUndefined();
  });

  it("are taken up by the MCP SDK's client", async () => {
    const verifier = new DpopVerifier({ nonces: dpopNonces() });
    const session = await DpopSession.create();
    session.rememberNonce(url, (await verifier.nonce()) as string);
    const made = await session.buildProof({ htm: "POST", htu: url, accessToken });
    expect(await verifier.verify(request({ proofs: [made], thumbprint: session.thumbprint }))).toEqual({
      kind: "proven",
    });
  });

  it("last between one and two lifetimes", async () => {
    vi.setSystemTime(1_800_000_000_000);
    const nonces = dpopNonces({ lifetime: 60 });
    const nonce = await nonces.current();
    vi.setSystemTime(Date.now() + 119_000);
    expect(await nonces.accepts(nonce)).toBe(true);
    vi.setSystemTime(Date.now() + 2000);
    expect(await nonces.accepts(nonce)).toBe(false);
  });

  it("are those of every process that has the secret, and of no other", async () => {
    const nonce = await dpopNonces({ secret: "shared" }).current();
    expect(await dpopNonces({ secret: "shared" }).accepts(nonce)).toBe(true);
    expect(await dpopNonces({ secret: "other" }).accepts(nonce)).toBe(false);
    expect(await dpopNonces().accepts(undefined)).toBe(false);
  });
});

it("options that cannot work are named", () => {
  expect(() => new DpopVerifier({ algorithms: ["HS256"] })).toThrow(OptionError);
  expect(() => new DpopVerifier({ maxAge: 0 })).toThrow(expect.objectContaining({ option: "dpop.maxAge" }));
});
