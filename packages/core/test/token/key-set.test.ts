import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TokenVerifier, Verification } from "../../src/provider.js";
import { type JwtOptions, jwt } from "../../src/token/jwt.js";
import {
  claims,
  json,
  jwks,
  type LocalServer,
  localServer,
  resource,
  rsa,
  signedToken,
  signingKey,
} from "./issuer.js";

let server: LocalServer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  server = await localServer(json(jwks(rsa)));
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

function verifier(options: Partial<JwtOptions> = {}): TokenVerifier {
  return jwt({ issuer: server.origin, jwksUri: `${server.origin}/keys`, ...options }).verifierFor(resource);
}

function token(header: Record<string, unknown> = {}, key = rsa): string {
  return signedToken(claims({ iss: server.origin }), header, key);
}

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

function outcome(verification: Verification): string {
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

async function outcomes(verifications: readonly (Verification | Promise<Verification>)[]): Promise<string[]> {
  return [...new Set((await Promise.all(verifications)).map(outcome))];
}

/** Requests are answered by turns of the event loop that we do not see: until `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((turn) => setImmediate(turn));
}

const broken = json({ error: "down" }, 503);

describe("keys of an issuer", () => {
  it("are fetched once for 100 requests that come at the same time", async () => {
    const { verify } = bound(verifier());
    const tokens = Array.from({ length: 100 }, (_, n) =>
      signedToken(claims({ iss: server.origin, jti: `${n}` })),
    );
    expect(await outcomes(tokens.map(verify))).toEqual(["accepted"]);
    expect(server.requests).toEqual(["/keys"]);
  });

  it("are there before the first request after a warm-up", async () => {
    const one = verifier();
    await one.warm?.();
    expect(one.verify(token())).toMatchObject({ kind: "accepted" });
  });

  it("are asked for twice at most by 300 tokens with a kid that nobody knows", async () => {
    const { verify } = bound(verifier());
    expect(outcome(await verify(token()))).toBe("accepted");
    const unknown = Array.from({ length: 300 }, (_, n) => token({ kid: `unknown-${n}` }));
    expect(await outcomes(unknown.map(verify))).toEqual(["token_key_unknown"]);
    for (const one of unknown.slice(0, 20)) expect(outcome(await verify(one))).toBe("token_key_unknown");
    expect(server.requests).toEqual(["/keys", "/keys"]);
    pass(31);
    expect(outcome(await verify(token({ kid: "unknown" })))).toBe("token_key_unknown");
    expect(server.requests).toHaveLength(3);
  });

  it("are fetched anew for the first token of a new key, however many new keys come in a row", async () => {
    const { verify } = bound(verifier());
    await verify(token());
    for (const kid of ["second", "third", "fourth"]) {
      const next = signingKey("ES256", kid);
      server.route = json(jwks(rsa, next));
      expect(outcome(await verify(token({}, next)))).toBe("accepted");
    }
    expect(server.requests).toHaveLength(4);
  });

  it("do not verify any more once they were removed and their age is over", async () => {
    const { verify } = bound(verifier());
    const old = token();
    expect(outcome(await verify(old))).toBe("accepted");
    server.route = json(jwks(signingKey("ES256", "next")));
    pass(299);
    expect(outcome(await verify(old))).toBe("accepted");
    pass(302);
    expect(outcome(await verify(signedToken(claims({ iss: server.origin }))))).toBe("token_key_unknown");
  });

  it("are refreshed in the background, and a remembered token goes with its key", async () => {
    const one = verifier();
    await one.warm?.();
    pass(301);
    const remembered = token();
    server.route = json(jwks(signingKey("RS256", rsa.kid)));
    one.verify(remembered);
    expect(one.verify(remembered)).toMatchObject({ kind: "accepted" });
    await until(() => one.health?.().keysAge === 0);
    expect(one.verify(remembered)).toMatchObject({ reason: "token_signature" });
  });

  it("stay the same keys when the issuer repeats them, so that remembered tokens stay", async () => {
    const one = verifier();
    await one.warm?.();
    pass(301);
    const remembered = token();
    one.verify(remembered);
    const first = one.verify(remembered) as Extract<Verification, { kind: "accepted" }>;
    await until(() => one.health?.().keysAge === 0);
    const second = one.verify(remembered) as Extract<Verification, { kind: "accepted" }>;
    expect(second.token).toBe(first.token);
  });
});

describe("a key server that is down", () => {
  it("makes tokens uncheckable while no keys are held, and is asked once per growing back-off step", async () => {
    const { verify } = bound(verifier());
    server.route = broken;
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(token())));
    expect(answers[0]).toEqual({
      kind: "unavailable",
      detail: `keys: ${server.origin}/keys answered 503`,
      retryAfter: 1,
    });
    const asked: number[] = [server.requests.length];
    for (const step of [1, 2, 4, 8, 16, 30, 30]) {
      pass(step * 0.7);
      expect(outcome(await verify(token()))).toBe("unavailable");
      expect(server.requests).toHaveLength(asked.length);
      pass(step * 0.3);
      await Promise.all(Array.from({ length: 50 }, () => verify(token())));
      asked.push(server.requests.length);
    }
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    server.route = json(jwks(rsa));
    pass(30);
    expect(outcome(await verify(token()))).toBe("accepted");
  });

  it("does no harm while keys are held, until they are older than maxStale", async () => {
    const one = verifier({ keySet: { maxStale: 3600 } });
    await one.warm?.();
    server.route = broken;
    pass(700);
    expect(outcome(await one.verify(token()))).toBe("accepted");
    pass(2000);
    expect(outcome(await one.verify(token()))).toBe("accepted");
    expect(one.health?.()).toEqual({
      ready: true,
      keysAge: 2700,
      lastError: `${server.origin}/keys answered 503`,
    });
    pass(1000);
    expect(outcome(await one.verify(token()))).toBe("unavailable");
    expect(one.health?.()).toMatchObject({ ready: false });
  });

  it("cannot say whether it has a kid that we do not hold", async () => {
    const { verify } = bound(verifier());
    await verify(token());
    server.route = broken;
    expect(outcome(await verify(token({ kid: "new" })))).toBe("unavailable");
    expect(outcome(await verify(token({ kid: "new" })))).toBe("unavailable");
    expect(outcome(await verify(token()))).toBe("accepted");
    expect(server.requests).toHaveLength(2);
  });

  it("is not waited for by requests that hold keys", async () => {
    const one = verifier({ keySet: { timeout: 0.2 } });
    await one.warm?.();
    server.route = () => {};
    pass(650);
    expect(outcome(await one.verify(token()))).toBe("accepted");
    pass(5);
    expect(one.verify(token())).toMatchObject({ kind: "accepted" });
  });
});

describe("an answer that is no key set", () => {
  const endless: Parameters<typeof json>[0] = Array.from({ length: 101 }, () => rsa.jwk);
  it.each([
    ["an empty object", json({})],
    ["HTML", ((_request, response) => response.end("<html>Sign in</html>")) as LocalServer["route"]],
    ["keys that are no list", json({ keys: { [rsa.kid]: rsa.jwk } })],
    ["no keys", json({ keys: [] })],
    ["only keys that are not for signatures", json({ keys: [{ ...rsa.jwk, use: "enc" }] })],
    ["too many keys", json({ keys: endless })],
    ["too many bytes", json({ keys: [rsa.jwk], padding: "x".repeat(300_000) })],
    [
      "a redirect to another place",
      ((_request, response) => response.writeHead(302, { location: "/other" }).end()) as LocalServer["route"],
    ],
    [
      "an answer that never ends",
      ((_request, response) => response.write('{"keys":[')) as LocalServer["route"],
    ],
    ["a connection that breaks", ((request) => request.socket.destroy()) as LocalServer["route"]],
  ])(
    "is a failure, keeps the keys that are held, and is mended by the next good answer: %s",
    async (_name, route) => {
      const cold = verifier({ keySet: { timeout: 0.3 } });
      const warm = verifier({ keySet: { timeout: 0.3 } });
      await warm.warm?.();
      server.route = route;
      expect(outcome(await cold.verify(token()))).toBe("unavailable");
      pass(700);
      expect(outcome(await warm.verify(token()))).toBe("accepted");
      expect(server.requests).not.toContain("/other");
      server.route = json({ keys: [null, { kty: "RSA" }, { kty: "oct", k: "AAAA" }, ...jwks(rsa).keys] });
      pass(30);
      expect(outcome(await cold.verify(token()))).toBe("accepted");
      await warm.warm?.();
      expect(warm.health?.()).toEqual({ ready: true, keysAge: 0 });
    },
  );
});

function bound(one: TokenVerifier): { verify: (token: string) => Verification | Promise<Verification> } {
  return { verify: (text) => one.verify(text) };
}
