import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Algorithm,
  createTokenMint,
  type TokenMint,
  type WrongTokenName,
  wrongTokens,
} from "../../src/index.js";

let mint: TokenMint;
let clean: TokenMint;
beforeAll(async () => {
  mint = await createTokenMint({ decoyKeys: true });
  clean = await createTokenMint();
});
afterEach(() => mint.restore());
afterAll(() => Promise.all([mint.close(), clean.close()]));

const keySet = () => createRemoteJWKSet(new URL(clean.jwksUri));

describe("good tokens", () => {
  it.each<Algorithm>(["RS256", "PS256", "ES256", "EdDSA"])(
    "verify with another implementation (%s)",
    async (algorithm) => {
      const token = clean.token({ sub: "alice" }, { algorithm });
      const { payload, protectedHeader } = await jwtVerify(token, keySet(), {
        issuer: clean.issuer,
        audience: "https://mcp.example.com/mcp",
        typ: "at+jwt",
        algorithms: [algorithm],
      });
      expect(payload.sub).toBe("alice");
      expect(payload.scope).toBe("todo:read");
      expect(protectedHeader.alg).toBe(algorithm);
    },
  );

  it("leave out a claim that is undefined", () => {
    expect(clean.claims({ sub: undefined })).toHaveProperty("sub", undefined);
    expect(
      Buffer.from(clean.token({ sub: undefined }).split(".")[1] as string, "base64url").toString(),
    ).not.toContain("sub");
  });
});

describe("wrong tokens", () => {
  it.each(Object.entries(wrongTokens))("%s can stand in a header and says why", (name, kind) => {
    expect(mint.wrong(name as WrongTokenName)).toMatch(/^[\x21-\x7e]+$/);
    expect(kind.title).toMatch(/^an? /);
    expect(kind.why.length).toBeGreaterThan(20);
    expect(kind.rows.join()).toMatch(/^N0\d\d/);
  });

  it("fit into the headers of a Node server", () => {
    const lengths = Object.keys(wrongTokens).map((name) => mint.wrong(name as WrongTokenName).length);
    expect(Math.max(...lengths)).toBeLessThan(15_000);
  });

  it("are within the length of a token unless length is the fault", () => {
    const long = Object.keys(wrongTokens).filter((name) => mint.wrong(name as WrongTokenName).length > 8192);
    expect(long).toEqual(["tooLong"]);
  });

  it.each<WrongTokenName>([
    "kidMissing",
    "noExp",
    "infiniteExp",
    "infiniteNbf",
    "issuedInFuture",
    "typDpop",
    "b64WithoutCrit",
    "idToken",
    "boundToKey",
    "audienceWithNonStrings",
  ])("%s is right but for its one fault: a library with its defaults takes it", async (name) => {
    const options = { issuer: mint.issuer, audience: "https://mcp.example.com/mcp" };
    const key = mint.publicKey("RS256");
    await expect(jwtVerify(mint.wrong(name), key, options)).resolves.toHaveProperty("payload");
  });
});

describe("the key server", () => {
  it("publishes metadata, a key set, and counts who asks", async () => {
    mint.resetFetches();
    const metadata = await (await fetch(`${mint.issuer}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toMatchObject({ issuer: mint.issuer, jwks_uri: mint.jwksUri });
    const { keys } = (await (await fetch(mint.jwksUri)).json()) as { keys: unknown[] };
    expect(keys).toHaveLength(12);
    expect(JSON.stringify(keys)).not.toContain('"d":');
    expect(mint.fetches).toEqual({ keys: 1, metadata: 1, introspection: 0, forbidden: 0 });
  });

  it("rotates a key and withdraws the old one", async () => {
    const old = clean.key("ES256");
    const before = clean.token({}, { algorithm: "ES256" });
    await clean.rotate("ES256");
    await expect(jwtVerify(clean.token({}, { algorithm: "ES256" }), keySet())).resolves.toBeDefined();
    await expect(jwtVerify(before, keySet())).resolves.toBeDefined();
    clean.removeKey(old.kid);
    await expect(jwtVerify(before, keySet())).rejects.toMatchObject({ code: "ERR_JWKS_NO_MATCHING_KEY" });
  });

  it("refuses connections during an outage and listens at the same place after it", async () => {
    await mint.outage("refuse");
    await expect(fetch(mint.jwksUri)).rejects.toThrow("fetch failed");
    await mint.restore();
    expect((await fetch(mint.jwksUri)).status).toBe(200);
  });

  it.each([
    ["500", 500, ""],
    ["html", 200, "<!doctype html><title>Log in to the Wi-Fi</title>"],
    ["empty", 200, "{}"],
    ["malformed", 200, '{"keys":[{"kty":"RSA",'],
  ] as const)("answers as a server that is out of order would (%s)", async (kind, status, body) => {
    await mint.outage(kind);
    const response = await fetch(mint.jwksUri);
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  it("redirects to another origin, where following is counted", async () => {
    mint.resetFetches();
    await mint.outage("redirect");
    expect((await fetch(mint.jwksUri, { redirect: "manual" })).headers.get("location")).toMatch(
      /^http:\/\/localhost:/,
    );
    expect(mint.fetches.forbidden).toBe(0);
    await fetch(mint.jwksUri);
    expect(mint.fetches.forbidden).toBe(1);
  });

  it("pours out a document without end", async () => {
    await mint.outage("huge");
    const response = await fetch(mint.jwksUri);
    let received = 0;
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      received += chunk.length;
      if (received > 3_000_000) break;
    }
    expect(received).toBeGreaterThan(3_000_000);
  });

  it("takes the connection and does not answer (slow)", async () => {
    await mint.outage("slow");
    await expect(fetch(mint.jwksUri, { signal: AbortSignal.timeout(50) })).rejects.toThrow("timeout");
  });
});

describe("introspection", () => {
  const introspect = async (at: TokenMint, token: string, headers: Record<string, string> = {}) => {
    const body = new URLSearchParams({ token });
    const response = await fetch(at.introspectionEndpoint, { method: "POST", headers, body });
    return [response.status, await response.json()];
  };

  it("knows the tokens that were issued and not revoked", async () => {
    const token = mint.opaque({ sub: "alice" });
    expect(await introspect(mint, token)).toEqual([
      200,
      expect.objectContaining({ active: true, sub: "alice" }),
    ]);
    expect(await introspect(mint, "unheard-of")).toEqual([200, { active: false }]);
    mint.revoke(token);
    expect(await introspect(mint, token)).toEqual([200, { active: false }]);
  });

  it("asks for the client's credentials where it has some", async () => {
    const guarded = await createTokenMint({ introspectionClient: { id: "rs", secret: "s3cret" } });
    const token = guarded.opaque();
    expect(await introspect(guarded, token)).toEqual([401, { error: "invalid_client" }]);
    const authorization = `Basic ${btoa("rs:s3cret")}`;
    expect(await introspect(guarded, token, { authorization })).toEqual([
      200,
      expect.objectContaining({ active: true }),
    ]);
    await guarded.close();
  });
});
