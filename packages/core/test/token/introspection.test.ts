import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OptionError } from "../../src/option-error.js";
import type { TokenVerifier, Verification } from "../../src/provider.js";
import { type IntrospectionOptions, introspection } from "../../src/token/introspection.js";
import { json, type LocalServer, localServer, now, RES, resource } from "./issuer.js";

let server: LocalServer;
let bodies: string[];
let headers: Record<string, string | undefined>[];
let answer: unknown;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  bodies = [];
  headers = [];
  answer = active();
  server = await localServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      bodies.push(body);
      headers.push({ ...request.headers } as Record<string, string>);
      json(answer)(request, response);
    });
  });
});

afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

function active(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    active: true,
    sub: "user_1",
    client_id: "client_1",
    scope: "todo:read",
    aud: RES,
    exp: now() + 300,
    ...overrides,
  };
}

function verifier(options: Partial<IntrospectionOptions> = {}): TokenVerifier {
  return introspection({
    issuer: server.origin,
    endpoint: `${server.origin}/introspect`,
    clientId: "mcp server",
    clientSecret: "p:ss",
    ...options,
  }).verifierFor(resource);
}

async function outcome(verification: Verification | Promise<Verification>): Promise<string> {
  const settled = await verification;
  return settled.kind === "rejected" ? settled.reason : settled.kind;
}

function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}

describe("an opaque token", () => {
  it("is asked about with our credentials, and accepted when it is active", async () => {
    expect(await verifier().verify("opaque-1")).toMatchObject({
      kind: "accepted",
      token: { issuer: server.origin, subject: "user_1", clientId: "client_1", scopes: ["todo:read"] },
    });
    expect(bodies).toEqual(["token=opaque-1&token_type_hint=access_token"]);
    expect(headers[0]).toMatchObject({
      authorization: `Basic ${Buffer.from("mcp+server:p%3Ass").toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    });
  });

  it("is asked about with credentials in the form, where that is configured", async () => {
    await verifier({ clientAuthentication: "client_secret_post" }).verify("opaque-1");
    expect(bodies).toEqual([
      "token=opaque-1&token_type_hint=access_token&client_id=mcp+server&client_secret=p%3Ass",
    ]);
    expect(headers[0]?.authorization).toBeUndefined();
  });

  it("is asked about where the issuer's metadata says", async () => {
    const one = introspection({ issuer: server.origin, clientId: "c", clientSecret: "s" }).verifierFor(
      resource,
    );
    server.route = json({ issuer: server.origin, introspection_endpoint: `${server.origin}/ask` });
    await one.warm?.();
    server.route = json(active());
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
    expect(server.requests).toEqual(["/.well-known/oauth-authorization-server", "/ask"]);
  });

  it.each([
    ["is not active", { active: false }, "token_inactive"],
    ["does not say whether it is active", { ...active(), active: undefined }, "token_inactive"],
    ['is "true" in place of true', active({ active: "true" }), "token_inactive"],
    ["is 1 in place of true", active({ active: 1 }), "token_inactive"],
    ["has no audience", active({ aud: undefined }), "token_audience"],
    ["is for another resource", active({ aud: "https://other.example.com/mcp" }), "token_audience"],
    ["has expired", active({ exp: 1 }), "token_expired"],
    ["has an expiry that is no date", active({ exp: "tomorrow" }), "token_claims"],
    ["never expires", active({ exp: null }), "token_claims"],
    ["is of another issuer", active({ iss: "https://evil.example.com" }), "token_issuer"],
    ["is a refresh token", active({ typ: "Refresh" }), "token_type"],
    ["is an ID token", active({ nonce: "n" }), "token_type"],
    ["has nobody as its subject", active({ sub: "", client_id: undefined }), "token_claims"],
  ])("is refused when it %s", async (_name, response, reason) => {
    answer = response;
    expect(await outcome(verifier().verify("opaque-1"))).toBe(reason);
  });

  it("may come without an audience only where that is configured", async () => {
    answer = active({ aud: undefined, client_id: "app_1" });
    const one = verifier({ verifyAudience: ({ client_id }) => client_id === "app_1" });
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
  });

  it.each([
    ["token&token_type_hint=refresh_token"],
    ["token\r\nX-Injected: 1"],
    ["tok en"],
    ["tök"],
    [""],
    ["=="],
  ])("that is outside the grammar of tokens is refused unasked: %j", async (token) => {
    expect(await outcome(verifier().verify(token))).toBe("token_malformed");
    expect(server.requests).toEqual([]);
  });
});

describe("answers are remembered", () => {
  it("for a minute, so that a revocation is seen then", async () => {
    const one = verifier();
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
    answer = { active: false };
    pass(59);
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
    pass(2);
    expect(await outcome(one.verify("opaque-1"))).toBe("token_inactive");
    expect(server.requests).toHaveLength(2);
  });

  it("never past the token's expiry", async () => {
    const one = verifier();
    answer = active({ exp: now() + 20 });
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
    pass(31);
    expect(await outcome(one.verify("opaque-1"))).toBe("token_expired");
  });

  it("for the cache's time only when the server names no expiry", async () => {
    const one = verifier({ cache: { ttl: 5 } });
    answer = active({ exp: undefined });
    expect(await one.verify("opaque-1")).toMatchObject({ token: { expiresAt: now() + 5 } });
    pass(6);
    answer = { active: false };
    expect(await outcome(one.verify("opaque-1"))).toBe("token_inactive");
  });

  it("for some seconds when they were negative, and within bounds", async () => {
    const one = verifier();
    answer = { active: false };
    for (const _ of [1, 2, 3]) expect(await outcome(one.verify("opaque-1"))).toBe("token_inactive");
    expect(server.requests).toHaveLength(1);
    answer = active();
    pass(11);
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
  });

  it("not at all with cache: false", async () => {
    const one = verifier({ cache: false });
    for (const _ of [1, 2, 3]) await one.verify("opaque-1");
    expect(server.requests).toHaveLength(3);
  });
});

describe("the authorization server is not flooded", () => {
  it("by 1000 requests with one token", async () => {
    const one = verifier();
    const all = await Promise.all(Array.from({ length: 1000 }, () => outcome(one.verify("opaque-1"))));
    expect([...new Set(all)]).toEqual(["accepted"]);
    expect(server.requests).toHaveLength(1);
  });

  it("by random tokens: what is more than it may be asked at once is told to try again", async () => {
    answer = { active: false };
    const one = verifier({ concurrency: 10 });
    const all = await Promise.all(Array.from({ length: 200 }, (_, n) => outcome(one.verify(`random-${n}`))));
    expect(all.filter((kind) => kind === "token_inactive")).toHaveLength(10);
    expect(all.filter((kind) => kind === "unavailable")).toHaveLength(190);
    expect(server.requests).toHaveLength(10);
  });

  it("while it is down: it is asked once per back-off step, and remembered tokens go on", async () => {
    const one = verifier();
    await one.verify("known");
    server.route = json({}, 503);
    expect(await one.verify("opaque-1")).toEqual({
      kind: "unavailable",
      detail: `introspection: ${server.origin}/introspect answered 503, and no JSON object`,
      retryAfter: 1,
    });
    for (const n of [1, 2, 3]) expect(await outcome(one.verify(`opaque-${n}`))).toBe("unavailable");
    expect(await outcome(one.verify("known"))).toBe("accepted");
    expect(server.requests).toHaveLength(2);
    expect(one.health?.()).toMatchObject({ ready: false });
    server.route = json(active());
    pass(1);
    expect(await outcome(one.verify("opaque-1"))).toBe("accepted");
    expect(one.health?.()).toEqual({ ready: true });
  });
});

describe("an answer that says nothing about the token", () => {
  it.each<[string, LocalServer["route"]]>([
    ["an error of the server", json({ active: true }, 500)],
    ["HTML", (_request, response) => response.end("<html>")],
    ["a list", json([{ active: true }])],
    ["a redirect", (_request, response) => response.writeHead(307, { location: "/other" }).end()],
    ["nothing in time", () => {}],
    ["too much", json({ active: true, padding: "x".repeat(70_000) })],
    ["a broken connection", (request) => request.socket.destroy()],
  ])("makes it uncheckable: %s", async (_name, route) => {
    server.route = route;
    expect(await outcome(verifier({ timeout: 0.3 }).verify("opaque-1"))).toBe("unavailable");
    expect(server.requests).not.toContain("/other");
  });

  it("makes it uncheckable, and says so aloud, when our own credentials are wrong", async () => {
    server.route = json({ error: "invalid_client" }, 401);
    expect(await verifier().verify("opaque-1")).toMatchObject({
      kind: "unavailable",
      detail: `introspection: ${server.origin}/introspect answered 401: it does not accept clientId and clientSecret`,
    });
  });
});

describe("options that cannot work", () => {
  it.each([
    ["clientId", { clientId: "" }],
    ["clientSecret", { clientSecret: "" }],
    ["issuer", { issuer: "http://as.example.com" }],
    ["endpoint", { endpoint: "http://as.example.com/introspect" }],
    ["audience", { audience: [] }],
    ["concurrency", { concurrency: 0 }],
  ] as const)("are named: %s", (option, options) => {
    const attempt = () => verifier(options);
    expect(attempt).toThrow(OptionError);
    expect(attempt).toThrow(expect.objectContaining({ option }));
  });
});
