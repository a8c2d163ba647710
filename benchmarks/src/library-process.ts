/** Verifiers without HTTP, one after the other in one process, in another order each round. Reports once. */
import { createPublicKey, verify as verifySignature } from "node:crypto";
import { readFileSync } from "node:fs";
import { jwt, type Resource } from "@mcp-authz/core";
import { verifyBearerToken } from "@modelcontextprotocol/server";
import { createVerifier } from "fast-jwt";
import { verifyWithJwks } from "hono/jwt";
import jsonwebtoken from "jsonwebtoken";
import { type IssuerFacts, resource, scope } from "./issuer.js";
import { guideVerifier } from "./peers/guide.js";
import { joseVerifier } from "./peers/jose.js";
import { mcpAuthGuard } from "./peers/mcp-auth.js";
import { oauth2JwtBearer } from "./peers/oauth2-jwt-bearer.js";
import { sdkVerifier } from "./peers/sdk-guard.js";
import { withoutExpress } from "./peers/without-express.js";
import { type Profile, Profiling } from "./profile.js";
import { shuffled } from "./statistics.js";

export interface LibraryReport {
  /** Of each contender, what it verified in a second, round by round. */
  readonly perSecond: Record<string, number[]>;
  /** Of `ours, fresh`. */
  readonly profile: Profile;
}

interface Contender {
  readonly label: string;
  readonly tokens: readonly Buffer[];
  /** Rejects or throws when the token is no good. */
  readonly verify: (token: string) => unknown;
  next: number;
}

const [tokenFile = "", facts = "{}", rounds = "5", slot = "40"] = process.argv.slice(2);
const issuer = JSON.parse(facts) as IssuerFacts;
// From bytes each time, as a server has them: a string that was hashed before would be too cheap to look up.
const tokens = readFileSync(tokenFile, "latin1")
  .split("\n")
  .map((token) => Buffer.from(token));
const [seen, fresh] = [tokens.slice(0, 256), tokens.slice(256)];

function ours(cache?: false): (token: string) => unknown {
  const provider = jwt({ issuer: issuer.issuer, jwksUri: issuer.jwksUri, cache });
  const verifier = provider.verifierFor({ identifier: resource } as Resource);
  return (token) => {
    const verification = verifier.verify(token);
    if (verification instanceof Promise) return verification;
    if (verification.kind !== "accepted") throw new Error(verification.kind);
    return verification;
  };
}

/** The work that nobody gets around: one signature, with everything at hand. */
function raw(): (token: string) => unknown {
  const key = createPublicKey(issuer.pem);
  const parts = fresh.map((token) => {
    const end = token.lastIndexOf(".");
    return [token.subarray(0, end), Buffer.from(token.toString("latin1", end + 1), "base64url")] as const;
  });
  let next = 0;
  return () => {
    const [signed, signature] = parts[next++ % parts.length] as (typeof parts)[number];
    if (!verifySignature("sha256", signed, key, signature)) throw new Error("signature");
  };
}

function fastJwt(cache: boolean): (token: string) => unknown {
  const options = { allowedIss: issuer.issuer, allowedAud: resource, algorithms: ["RS256" as const] };
  return createVerifier({ key: issuer.pem, ...options, cache });
}

async function contenders(): Promise<Contender[]> {
  const verifier = sdkVerifier(issuer);
  const key = createPublicKey(issuer.pem);
  const verification = { iss: issuer.issuer, aud: resource, typ: "at+jwt" };
  const keys = [issuer.jwk as { kty: string; kid: string }];
  const list: [string, readonly Buffer[], Contender["verify"]][] = [
    ["raw crypto.verify", fresh, raw()],
    ["ours, fresh", fresh, ours()],
    ["ours without its cache", fresh, ours(false)],
    ["ours, seen", seen, ours()],
    ["jose, remote keys", fresh, joseVerifier(issuer)],
    ["fast-jwt, one key given", fresh, fastJwt(false)],
    ["fast-jwt with its cache, seen", seen, fastJwt(true)],
    [
      "jsonwebtoken, one key given",
      fresh,
      (token) =>
        jsonwebtoken.verify(token, key, { algorithms: ["RS256"], audience: resource, issuer: issuer.issuer }),
    ],
    [
      "MCP SDK verifyBearerToken with jose",
      fresh,
      (token) => verifyBearerToken(`Bearer ${token}`, { verifier, requiredScopes: [scope] }),
    ],
    ["mcp-auth", fresh, withoutExpress(await mcpAuthGuard(issuer))],
    ["express-oauth2-jwt-bearer", fresh, withoutExpress(oauth2JwtBearer(issuer))],
    [
      "hono/jwt, keys given",
      fresh,
      (token) => verifyWithJwks(token, { keys, verification, allowedAlgorithms: ["RS256"] }),
    ],
    ["@scalekit-sdk/node", fresh, guideVerifier(issuer)],
  ];
  return list.map(([label, tokens, verify]) => ({ label, tokens, verify, next: 0 }));
}

/** @returns verifications in a second of this process's processor time, so that its neighbours do not count */
async function oneSlot(contender: Contender, milliseconds: number): Promise<number> {
  const { tokens, verify } = contender;
  const before = cpu();
  let count = 0;
  while (cpu() - before < milliseconds * 1000) {
    for (let index = 0; index < 32; index++) {
      const bytes = tokens[contender.next++ % tokens.length] as Buffer;
      const result = verify(bytes.toString("latin1"));
      if (result instanceof Promise) await result;
    }
    count += 32;
  }
  return (count * 1e6) / (cpu() - before);
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const all = await contenders();
const perSecond = Object.fromEntries(all.map(({ label }) => [label, [] as number[]]));
for (const contender of all) await oneSlot(contender, 3 * Number(slot));
for (let round = 0; round < Number(rounds); round++)
  for (const contender of shuffled(all))
    perSecond[contender.label]?.push(await oneSlot(contender, Number(slot)));
const profiling = new Profiling();
await profiling.begin();
for (const contender of all.filter(({ label }) => label === "ours, fresh")) await oneSlot(contender, 2_000);
const profile = await profiling.end();
process.send?.({ perSecond, profile } satisfies LibraryReport);
