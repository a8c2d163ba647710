import type { TokenVerifier } from "@mcp-authz/core";
import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { Scalekit } from "@scalekit-sdk/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type ScalekitOptions, scalekit } from "../src/index.js";
import { relay } from "./relay.js";
import { resourceAt } from "./resource-at.js";

const resourceId = "res_92015146095";

const modes: readonly (readonly [string, (environmentUrl: string) => ScalekitOptions])[] = [
  ["over the key set", () => ({})],
  ["through an SDK instance", (environmentUrl) => ({ sdk: new Scalekit(environmentUrl, "skc_1", "s3cr3t") })],
  [
    "through a maker of SDK instances",
    (environmentUrl) => ({ sdk: () => new Scalekit(environmentUrl, "", "") }),
  ],
];

describe.each(modes)("the environment's keys, %s", (_, mode) => {
  let mint: TokenMint;
  let verifier: TokenVerifier;

  beforeAll(async () => {
    mint = await createTokenMint({ algorithms: ["RS256"], audience: resourceId, lifetime: 86_400 });
  });
  afterAll(() => mint.close());
  beforeEach(() => {
    mint.resetFetches();
    verifier = scalekit({ environmentUrl: mint.issuer, resourceId, ...mode(mint.issuer) }).verifierFor(
      resourceAt("https://mcp.example.com/mcp"),
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await mint.restore();
  });

  const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
  const accepted = { kind: "accepted" };
  const unavailable = { kind: "unavailable", retryAfter: expect.any(Number) };

  it("are fetched once for a hundred requests that come at once", async () => {
    const verifications = await Promise.all(Array.from({ length: 100 }, () => verifier.verify(mint.token())));
    expect(verifications).toHaveLength(100);
    for (const verification of verifications) expect(verification).toMatchObject(accepted);
    expect(mint.fetches.keys).toBe(1);
  });

  it("are fetched ahead of the first request when warmed, and the verifier says that it is ready", async () => {
    expect(verifier.health?.()).toMatchObject({ ready: false });
    await verifier.warm?.();
    expect(verifier.health?.()).toMatchObject({ ready: true, keysAge: 0 });
    expect(await verifier.verify(mint.token())).toMatchObject(accepted);
    expect(mint.fetches.keys).toBe(1);
  });

  it("are asked for again when a token's key is new", async () => {
    expect(await verifier.verify(mint.token())).toMatchObject(accepted);
    const old = mint.token();
    await mint.rotate();
    expect(await verifier.verify(mint.token())).toMatchObject(accepted);
    expect(await verifier.verify(old)).toMatchObject(accepted);
    expect(mint.fetches.keys).toBe(2);
  });

  it("are not asked for again for each of three hundred tokens with unknown keys", async () => {
    await verifier.verify(mint.token());
    mint.resetFetches();
    for (let index = 0; index < 300; index++)
      expect(await verifier.verify(mint.token({}, { header: { kid: `unknown-${index}` } }))).toMatchObject({
        kind: "rejected",
        reason: "token_key_unknown",
      });
    expect(mint.fetches.keys).toBe(1);
    expect(await verifier.verify(mint.token())).toMatchObject(accepted);
  });

  it("that were taken back are refused once they were asked for again", async () => {
    const token = mint.token();
    expect(await verifier.verify(token)).toMatchObject(accepted);
    const removed = mint.key().kid;
    await mint.rotate();
    mint.removeKey(removed);
    later(601);
    expect(await verifier.verify(token)).toMatchObject({ kind: "rejected", reason: "token_key_unknown" });
    expect(await verifier.verify(mint.token())).toMatchObject(accepted);
  });

  it.each(["refuse", "500", "html", "empty", "malformed"] as const)(
    "are kept while their source is out of order (%s)",
    async (outage) => {
      await verifier.verify(mint.token());
      await mint.outage(outage);
      later(601);
      await verifier.verify(mint.token());
      expect(await verifier.verify(mint.token())).toMatchObject(accepted);
      expect(verifier.health?.()).toMatchObject({ ready: true, lastError: expect.any(String) });
      later(21_600);
      expect(await verifier.verify(mint.token())).toMatchObject(unavailable);
      await mint.restore();
      later(31);
      expect(await verifier.verify(mint.token())).toMatchObject(accepted);
    },
  );

  it.each(["refuse", "500", "html", "empty", "malformed"] as const)(
    "that never came leave the verifier unavailable, and it recovers by itself (%s)",
    async (outage) => {
      await mint.outage(outage);
      expect(await verifier.verify(mint.token())).toMatchObject(unavailable);
      expect(verifier.health?.()).toMatchObject({ ready: false, lastError: expect.any(String) });
      await mint.restore();
      later(2);
      expect(await verifier.verify(mint.token())).toMatchObject(accepted);
    },
  );

  it("are not asked for by each request while their source is down", async () => {
    await mint.outage("500");
    for (let index = 0; index < 20; index++) await verifier.verify(mint.token());
    expect(mint.fetches.keys).toBe(1);
  });

  it("that were all taken back at once do not leave the verifier with none", async () => {
    const own = await createTokenMint({ algorithms: ["RS256"], audience: resourceId, lifetime: 86_400 });
    const options = { environmentUrl: own.issuer, resourceId, ...mode(own.issuer) };
    const itsVerifier = scalekit(options).verifierFor(resourceAt("https://mcp.example.com/mcp"));
    await itsVerifier.verify(own.token());
    own.removeKey(own.key().kid);
    later(601);
    await itsVerifier.verify(own.token());
    expect(await itsVerifier.verify(own.token())).toMatchObject(accepted);
    await own.close();
  });
});

describe("SDK instances", () => {
  it("that hang do not hold a request for longer than keySet.timeout", async () => {
    const mint = await createTokenMint({ algorithms: ["RS256"], audience: resourceId });
    await mint.outage("slow");
    const verifier = scalekit({
      environmentUrl: mint.issuer,
      resourceId,
      sdk: () => new Scalekit(mint.issuer, "", ""),
      keySet: { timeout: 0.2 },
    }).verifierFor(resourceAt("https://mcp.example.com/mcp"));
    expect(await verifier.verify(mint.token())).toEqual({
      kind: "unavailable",
      detail: "keys: no answer in time",
      retryAfter: 1,
    });
    await mint.close();
  });

  it("send no credentials along when they fetch keys", async () => {
    const mint = await createTokenMint({ algorithms: ["RS256"], audience: resourceId });
    const { environmentUrl, asked, close } = await relay(mint, () => true);
    const sdk = new Scalekit(environmentUrl, "skc_1", "s3cr3t");
    const verifier = scalekit({ environmentUrl, resourceId, sdk }).verifierFor(
      resourceAt("https://mcp.example.com/mcp"),
    );
    expect(await verifier.verify(mint.token({ iss: environmentUrl }))).toMatchObject({ kind: "accepted" });
    expect(asked).toEqual([{ url: "/keys", authorization: undefined }]);
    close();
    await mint.close();
  });

  it("take no key set that has a malformed entry, and say so", async () => {
    const mint = await createTokenMint({ algorithms: ["RS256"], audience: resourceId, decoyKeys: true });
    const sdk = new Scalekit(mint.issuer, "skc_1", "s3cr3t");
    const verifier = scalekit({ environmentUrl: mint.issuer, resourceId, sdk }).verifierFor(
      resourceAt("https://mcp.example.com/mcp"),
    );
    expect(await verifier.verify(mint.token())).toEqual({
      kind: "unavailable",
      detail: "keys: JSON Web Key Set malformed",
      retryAfter: 1,
    });
    await mint.close();
  });

  it("that answer otherwise than with a verdict are replaced", async () => {
    const mint = await createTokenMint({ algorithms: ["RS256"], audience: resourceId });
    let broken = false;
    class Breakable extends Scalekit {
      readonly bornBroken: boolean = broken;
      override async validateToken<T>(token: string): Promise<T> {
        if (broken && !this.bornBroken)
          throw new TypeError("Cannot read properties of undefined (reading 'length')");
        return super.validateToken<T>(token);
      }
    }
    const verifier = scalekit({
      environmentUrl: mint.issuer,
      resourceId,
      sdk: () => new Breakable(mint.issuer, "", ""),
    }).verifierFor(resourceAt("https://mcp.example.com/mcp"));
    expect(await verifier.verify(mint.token())).toMatchObject({ kind: "accepted" });
    broken = true;
    expect(await verifier.verify(mint.token())).toMatchObject({ kind: "unavailable" });
    expect(await verifier.verify(mint.token())).toMatchObject({ kind: "accepted" });
    await mint.close();
  });
});
