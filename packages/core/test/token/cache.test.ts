import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AccessToken, Verification } from "../../src/provider.js";
import { BoundedMap, RepeatedTokenCache, TokenCache } from "../../src/token/cache.js";
import { jwt } from "../../src/token/jwt.js";
import { claims, ed, ISS, jwks, now, resource, rsa, signedToken } from "./issuer.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

function tokenOf(verification: Verification | Promise<Verification>): AccessToken {
  if (verification instanceof Promise || verification.kind !== "accepted")
    throw new Error("not accepted at once");
  return verification.token;
}

describe("a token that was verified", () => {
  it("is remembered from its second use on, for a minute: the same object, without the token in it", () => {
    const verifier = jwt({ issuer: ISS, keys: jwks(rsa) }).verifierFor(resource);
    const token = signedToken();
    expect(tokenOf(verifier.verify(token))).toMatchObject({ subject: "user_1" });
    const first = tokenOf(verifier.verify(token));
    expect(tokenOf(verifier.verify(token))).toBe(first);
    expect(JSON.stringify(first)).not.toContain(token.split(".")[2]);
    pass(61);
    const later = tokenOf(verifier.verify(token));
    expect(later).toEqual(first);
    expect(later).not.toBe(first);
  });

  it("is not remembered with cache: false", () => {
    const verifier = jwt({ issuer: ISS, keys: jwks(rsa), cache: false }).verifierFor(resource);
    const token = signedToken();
    const all = [1, 2, 3].map(() => tokenOf(verifier.verify(token)));
    expect(new Set(all).size).toBe(3);
  });

  it("is forgotten when the clock was set back to before it came", () => {
    const verifier = jwt({ issuer: ISS, keys: jwks(rsa) }).verifierFor(resource);
    const token = signedToken(claims({ iat: undefined }));
    verifier.verify(token);
    const first = tokenOf(verifier.verify(token));
    pass(-3600);
    expect(tokenOf(verifier.verify(token))).not.toBe(first);
  });

  it("is remembered by one verifier, not by another that accepts other audiences", () => {
    const provider = jwt({ issuer: ISS, keys: jwks(rsa) });
    const other = jwt({ issuer: ISS, keys: jwks(rsa), audience: "other" });
    const token = signedToken();
    const verifier = provider.verifierFor(resource);
    for (const _ of [1, 2, 3]) tokenOf(verifier.verify(token));
    expect(other.verifierFor(resource).verify(token)).toMatchObject({ reason: "token_audience" });
  });

  it("makes no room for other spellings: a thousand of them add nothing", () => {
    const verifier = jwt({ issuer: ISS, keys: jwks(rsa) }).verifierFor(resource);
    const token = signedToken();
    verifier.verify(token);
    const first = tokenOf(verifier.verify(token));
    for (let n = 0; n < 1000; n++)
      expect(verifier.verify(`${token}${"=".repeat(n + 1)}`)).toMatchObject({ kind: "rejected" });
    expect(tokenOf(verifier.verify(token))).toBe(first);
  });
});

it("a token that is used once costs no hash, whatever others came before", () => {
  const hashed: string[] = [];
  const cache = new RepeatedTokenCache((text) => {
    hashed.push(text);
    return text;
  });
  const tokens = Array.from({ length: 1_000 }, (_, number) =>
    signedToken(claims({ jti: `${number}` }), {}, ed),
  );
  for (const text of tokens) {
    expect(cache.get(text, Date.now())).toBeUndefined();
    cache.set(text, { expiresAt: now() + 300 } as AccessToken, Date.now(), { retired: false });
  }
  expect(hashed).toEqual([]);
});

describe("tokens that end alike", () => {
  it("are told apart: the end of a signature only says that hashing is worth it", () => {
    const cache = new RepeatedTokenCache((text) => text);
    const end = ".the-same-characters";
    const [a, b] = [{ expiresAt: now() + 300 } as AccessToken, { expiresAt: now() + 300 } as AccessToken];
    const key = { retired: false };
    for (const _ of [1, 2]) cache.set(`a${end}`, a, Date.now(), key);
    expect(cache.get(`a${end}`, Date.now())).toBe(a);
    expect(cache.get(`b${end}`, Date.now())).toBeUndefined();
    cache.set(`b${end}`, b, Date.now(), key);
    expect(cache.get(`b${end}`, Date.now())).toBe(b);
    expect(cache.get(`a${end}`, Date.now())).toBe(a);
  });
});

describe("the memory", () => {
  const token = (expiresAt = now() + 300) => ({ expiresAt }) as AccessToken;

  it("holds what is asked for and forgets what is not, within its size", () => {
    const map = new BoundedMap<number>(100);
    map.set("kept", 0);
    for (let n = 1; n <= 10_000; n++) {
      map.set(`${n}`, n);
      expect(map.get("kept")).toBe(0);
    }
    const held = Array.from({ length: 10_000 }, (_, n) => map.get(`${n + 1}`)).filter((n) => n !== undefined);
    expect(held.length).toBeLessThanOrEqual(100);
    expect(map.get("10000")).toBe(10_000);
  });

  it("ends with the token or the time to live, whichever is earlier", () => {
    const cache = new TokenCache({ ttl: 60 });
    const start = Date.now();
    cache.set("long", token(), start);
    cache.set("short", token(now() + 5), start);
    expect(cache.get("short", start + 3999)).toBeDefined();
    expect(cache.get("short", start + 6000)).toBeUndefined();
    expect(cache.get("long", start + 59_999)).toBeDefined();
    expect(cache.get("long", start + 60_000)).toBeUndefined();
  });

  it("hangs on the key object: a new key of the same name inherits nothing", () => {
    const cache = new TokenCache();
    const key = { retired: false };
    cache.set("hash", token(), Date.now(), key);
    expect(cache.get("hash", Date.now())).toBeDefined();
    key.retired = true;
    expect(cache.get("hash", Date.now())).toBeUndefined();
  });
});
