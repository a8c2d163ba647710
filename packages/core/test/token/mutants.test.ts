import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verification } from "../../src/provider.js";
import { jwt } from "../../src/token/jwt.js";
import { claims, ec, ed, ISS, jwks, resource, rsa, type SigningKey, signedToken } from "./issuer.js";

const verifier = jwt({ issuer: ISS, keys: jwks(rsa, ec, ed) }).verifierFor(resource);

/** Changes one part of a token; returns the token itself when there is nothing to change. */
type Mutation = (token: string, place: number, value: number) => string;

function ofSegment(
  index: number,
  change: (segment: string, place: number, value: number) => string,
): Mutation {
  return (token, place, value) =>
    token
      .split(".")
      .map((segment, at) => (at === index ? change(segment, place, value) : segment))
      .join(".");
}

const flipBit = (segment: string, place: number, value: number): string => {
  const bytes = Buffer.from(segment, "base64url");
  const at = place % bytes.length;
  bytes[at] = (bytes[at] as number) ^ (1 << (value % 8));
  return bytes.toString("base64url");
};

const exchangeByte = (segment: string, place: number, value: number): string => {
  const bytes = Buffer.from(segment, "base64url");
  bytes[place % bytes.length] = value % 256;
  return bytes.toString("base64url");
};

/** Values that attackers like. */
const values = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  "*",
  "none",
  "HS256",
  "__proto__",
  [],
  {},
  [[]],
  "a".repeat(200),
];

const exchangeMember = (segment: string, place: number, value: number): string => {
  const members: Record<string, unknown> = JSON.parse(Buffer.from(segment, "base64url").toString());
  const names = [...Object.keys(members), "jwk", "jku", "crit", "b64", "roles", "scp", "extra"];
  const name = names[place % names.length] as string;
  const next = value % 3 === 0 ? undefined : values[value % values.length];
  return Buffer.from(JSON.stringify({ ...members, [name]: next })).toString("base64url");
};

const splice = (insert: boolean): Mutation => {
  return (token, place, value) => {
    const at = place % token.length;
    const character = String.fromCharCode(value % 256);
    return token.slice(0, at) + character + token.slice(insert ? at : at + 1);
  };
};

const mutations: readonly Mutation[] = [
  ...[0, 1, 2].flatMap((index) => [ofSegment(index, flipBit), ofSegment(index, exchangeByte)]),
  ofSegment(0, exchangeMember),
  ofSegment(1, exchangeMember),
  splice(true),
  splice(false),
  (token, place) => token.slice(0, place % token.length),
  (token, place) => token.slice(0, place % token.length) + token.slice((place % token.length) + 1),
];

describe("a changed token is never accepted", () => {
  it.each<[string, SigningKey, number]>([
    ["RS256", rsa, 90_000],
    ["ES256", ec, 12_000],
    ["EdDSA", ed, 12_000],
  ])("%s, in tens of thousands of ways", { timeout: 60_000 }, (_alg, key, runs) => {
    const token = signedToken(claims({ exp: 2_000_000_000, iat: 1_700_000_000, jti: "fixed" }), {}, key);
    expect(verifier.verify(token)).toMatchObject({ kind: "accepted" });
    let mutants = 0;
    fc.assert(
      fc.property(fc.nat(mutations.length - 1), fc.nat(4095), fc.nat(65_535), (which, place, value) => {
        const mutant = (mutations[which] as Mutation)(token, place, value);
        if (mutant === token) return true;
        mutants++;
        return (verifier.verify(mutant) as Verification).kind === "rejected";
      }),
      { numRuns: runs, seed: 20_260_728 },
    );
    expect(mutants).toBeGreaterThan(runs * 0.9);
  });

  it("nor is one with the signature of another, or with pieces of two", () => {
    const [a, b] = [signedToken(claims({ jti: "a" })), signedToken(claims({ jti: "b", scope: "admin" }))];
    const [first, second] = [a.split("."), b.split(".")];
    const crossed = [
      [first[0], second[1], first[2]],
      [first[0], first[1], second[2]],
      [first[1], first[0], first[2]],
    ].map((parts) => parts.join("."));
    for (const one of crossed) expect(verifier.verify(one)).toMatchObject({ kind: "rejected" });
  });
});
