/** How often a key set is fetched in trouble. Time is moved on by moving the clock. Reports once. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { jwt, type Resource } from "@mcp-authz/core";
import { verifyWithJwks } from "hono/jwt";
import jwksRsa from "jwks-rsa";
import { Issuer, type IssuerFacts, resource } from "./issuer.js";
import { guideVerifier } from "./peers/guide.js";
import { joseVerifier } from "./peers/jose.js";
import { mcpAuthGuard } from "./peers/mcp-auth.js";
import { oauth2JwtBearer } from "./peers/oauth2-jwt-bearer.js";
import { withoutExpress } from "./peers/without-express.js";

export interface FetchesReport {
  /** 300 tokens at once, nothing fetched yet. */
  readonly herd: number;
  /** 300 tokens of unknown keys at once: right after a fetch, a minute later, and before anything was fetched. */
  readonly flood: { readonly warm: number; readonly later: number; readonly cold: number };
  /** A key server that fails for a minute, and a token four times a second. */
  readonly outage: {
    readonly fetches: number /** Seconds between them. */;
    readonly gaps: readonly number[];
  };
}

type Verify = (token: string) => unknown;

function ours({ issuer, jwksUri }: IssuerFacts): Verify {
  const verifier = jwt({ issuer, jwksUri }).verifierFor({ identifier: resource } as Resource);
  return (token) => verifier.verify(token);
}

function withJwksRsa({ jwksUri }: IssuerFacts): Verify {
  const client = jwksRsa({ jwksUri, cache: true });
  return (token) => {
    const header = JSON.parse(Buffer.from(token.split(".")[0] as string, "base64url").toString());
    return client.getSigningKey((header as { kid: string }).kid);
  };
}

function honoJwk({ issuer, jwksUri }: IssuerFacts): Verify {
  const verification = { iss: issuer, aud: resource, typ: "at+jwt" };
  return (token) => verifyWithJwks(token, { jwks_uri: jwksUri, verification, allowedAlgorithms: ["RS256"] });
}

const makers: Record<string, (facts: IssuerFacts) => Verify | Promise<Verify>> = {
  ours,
  "jose, also under the MCP SDKs' requireBearerAuth": joseVerifier,
  "mcp-auth": async (facts) => withoutExpress(await mcpAuthGuard(facts)),
  "express-oauth2-jwt-bearer": (facts) => withoutExpress(oauth2JwtBearer(facts)),
  "hono/jwk, jwks_uri": honoJwk,
  "jwks-rsa, under koa-jwt": withJwksRsa,
  "@scalekit-sdk/node": guideVerifier,
};

const realNow = Date.now;
let moved = 0;
Date.now = () => realNow() + moved;

const issuer = await new Issuer(20).start();
const make = makers[process.argv[2] as string];
if (make === undefined) throw new Error("nobody of this name");
const good = await issuer.mint(300);
const unknown = await issuer.mint(300, randomUUID);

async function fetchesFor(verify: Verify, tokens: readonly string[]): Promise<number> {
  const before = issuer.fetches;
  const all = Promise.allSettled(tokens.map(async (token) => verify(token)));
  await Promise.race([all, sleep(10_000)]);
  return issuer.fetches - before;
}

async function duringOutage(verify: Verify): Promise<FetchesReport["outage"]> {
  issuer.failing = true;
  const times: number[] = [];
  for (let tick = 0; tick < 240; tick++) {
    const before = issuer.fetches;
    await fetchesFor(verify, good.slice(0, 1));
    if (issuer.fetches > before) times.push(tick / 4);
    moved += 250;
  }
  issuer.failing = false;
  const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
  return { fetches: times.length, gaps };
}

const first = await make(issuer.facts);
const herd = await fetchesFor(first, good);
const warm = await fetchesFor(first, unknown);
moved += 61_000;
const later = await fetchesFor(first, unknown);
const cold = await fetchesFor(await make(issuer.facts), unknown);
const outage = await duringOutage(await make(issuer.facts));
process.send?.({ herd, flood: { warm, later, cold }, outage } satisfies FetchesReport);
