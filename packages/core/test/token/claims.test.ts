import { describe, expect, it, vi } from "vitest";
import type { AccessToken, Verification } from "../../src/provider.js";
import { resourceOf } from "../../src/resource.js";
import { scopesOf } from "../../src/token/claims.js";
import { type JwtOptions, jwt } from "../../src/token/jwt.js";
import { claims, ISS, jwks, now, RES, resource, rsa, signedToken } from "./issuer.js";

const keys = jwks(rsa);

function verify(payload: unknown, options: Partial<JwtOptions> = {}, at = resource): Verification {
  return jwt({ issuer: ISS, keys, ...options })
    .verifierFor(at)
    .verify(signedToken(payload)) as Verification;
}

function outcome(payload: unknown, options: Partial<JwtOptions> = {}, at = resource): string {
  const verification = verify(payload, options, at);
  return verification.kind === "rejected" ? verification.reason : verification.kind;
}

function accepted(payload: unknown, options: Partial<JwtOptions> = {}): AccessToken {
  const verification = verify(payload, options);
  if (verification.kind !== "accepted") throw new Error(JSON.stringify(verification));
  return verification.token;
}

/** JSON can say numbers that JavaScript cannot write. */
function raw(name: string, value: string): string {
  return JSON.stringify(claims({ [name]: "?" })).replace(`"${name}":"?"`, `"${name}":${value}`);
}

describe("exp", () => {
  it.each([
    ["missing"],
    ['"2030-01-01"'],
    ["true"],
    ["null"],
    ["-1"],
    ["1e400"],
    ["-1e400"],
    ["{}"],
    ["[1e9]"],
  ])("that is %s is no expiry", (value) => {
    expect(outcome(value === "missing" ? claims({ exp: undefined }) : raw("exp", value))).toBe(
      "token_claims",
    );
  });

  it("in the year 9999 is no expiry either", () => {
    expect(outcome(claims({ exp: 253_402_300_799 }))).toBe("token_claims");
  });

  it("may lie back by the tolerance and no more", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
    expect(outcome(claims({ exp: now() - 9 }))).toBe("accepted");
    expect(outcome(claims({ exp: now() - 10 }))).toBe("token_expired");
    expect(outcome(claims({ exp: now() }), { clockTolerance: 0 })).toBe("token_expired");
    expect(outcome(claims({ exp: now() + 1 }), { clockTolerance: 0 })).toBe("accepted");
    expect(outcome(claims({ exp: now() - 59 }), { clockTolerance: 60 })).toBe("accepted");
    vi.useRealTimers();
  });

  it("may be limited by maxLifetime, which needs an iat", () => {
    const maxLifetime = 3600;
    expect(outcome(claims({ exp: now() + 3600 }), { maxLifetime })).toBe("accepted");
    expect(outcome(claims({ exp: now() + 3700 }), { maxLifetime })).toBe("token_claims");
    expect(outcome(claims({ iat: undefined }), { maxLifetime })).toBe("token_claims");
  });

  it("is seen on a remembered token as well", () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const verifier = jwt({ issuer: ISS, keys }).verifierFor(resource);
    const token = signedToken(claims({ exp: now() + 20 }));
    for (const _ of [1, 2, 3]) expect(verifier.verify(token)).toMatchObject({ kind: "accepted" });
    vi.setSystemTime(Date.now() + 31_000);
    expect(verifier.verify(token)).toMatchObject({ reason: "token_expired" });
    vi.useRealTimers();
  });
});

describe("nbf and iat", () => {
  it.each([["nbf"], ["iat"]])("%s in the future by more than the tolerance is too early", (name) => {
    expect(outcome(claims({ [name]: now() + 60 }))).toBe("token_not_yet_valid");
    expect(outcome(claims({ [name]: now() + 5 }))).toBe("accepted");
    expect(outcome(claims({ [name]: undefined }))).toBe("accepted");
  });

  it.each(
    ["nbf", "iat"].flatMap((name) => ["-1e400", "1e400", '"0"', "null", "-1"].map((value) => [name, value])),
  )("%s that is %s is no date", (name, value) => {
    expect(outcome(raw(name as string, value as string))).toBe("token_claims");
  });
});

describe("iss", () => {
  it.each([
    ["https://evil.example.com"],
    [undefined],
    [[ISS]],
    [null],
    [1],
    ["https://as.example.com/"],
    ["https://AS.example.com"],
    ["https://as.example.com:443"],
    ["http://as.example.com"],
    ["https://as.example.com/other-tenant"],
    ["__proto__"],
  ])("must be the configured one, byte for byte, and not %j", (iss) => {
    expect(outcome(claims({ iss }))).toBe("token_issuer");
  });

  it("tells apart two people who have the same sub", () => {
    const issuer = [ISS, "https://other.example.com"];
    const first = accepted(claims(), { issuer });
    const second = accepted(claims({ iss: "https://other.example.com" }), { issuer });
    expect([first.subject, second.subject]).toEqual(["user_1", "user_1"]);
    expect(first.issuer).not.toBe(second.issuer);
  });
});

describe("aud", () => {
  it.each([[undefined], [null], [{}], [[]], [1], [""], [{ 0: RES, length: 1 }]])(
    "that is %j names nobody",
    (aud) => {
      expect(outcome(claims({ aud }))).toBe("token_audience");
    },
  );

  it.each([
    ["https://other.example.com/mcp"],
    ["https://mcp.example.com/mc"],
    ["https://mcp.example.com/mcp/admin"],
    ["https://mcp.example.com"],
    ["https://mcp.example.com/"],
    ["https://mcp.example.com/mcp/"],
    ["https://MCP.example.com/mcp"],
    ["https://mcp.example.com:443/mcp"],
    ["https://mcp.example.com/%6dcp"],
    ["https://user@mcp.example.com/mcp"],
    ["https://mcp.examplе.com/mcp"],
    ["http://mcp.example.com/mcp"],
    ["client_1"],
    ["api"],
    ["account"],
  ])("%s is not this resource", (aud) => {
    expect(outcome(claims({ aud }))).toBe("token_audience");
    expect(outcome(claims({ aud: [aud] }))).toBe("token_audience");
  });

  it("may name others beside us, unless that is excluded", () => {
    const aud = [RES, "https://other.example.com"];
    expect(outcome(claims({ aud }))).toBe("accepted");
    expect(outcome(claims({ aud }), { exclusiveAudience: true })).toBe("token_audience");
    expect(outcome(claims({ aud: [RES] }), { exclusiveAudience: true })).toBe("accepted");
    expect(outcome(claims({ aud: [] }), { exclusiveAudience: true })).toBe("token_audience");
  });

  it("is refused when its list holds anything but texts, or is without end", () => {
    expect(outcome(claims({ aud: [RES, 1, {}] }))).toBe("token_audience");
    expect(outcome(claims({ aud: [RES, [RES]] }))).toBe("token_audience");
    expect(outcome(claims({ aud: [...Array.from({ length: 101 }, (_, n) => `a${n}`), RES] }))).toBe(
      "token_audience",
    );
  });

  it("has one alias: a bare origin with and without its slash", () => {
    for (const identifier of ["https://mcp.example.com", "https://mcp.example.com/"])
      for (const aud of ["https://mcp.example.com", "https://mcp.example.com/"])
        expect(outcome(claims({ aud }), {}, resourceOf(identifier))).toBe("accepted");
    expect(
      outcome(claims({ aud: "https://mcp.example.com//" }), {}, resourceOf("https://mcp.example.com")),
    ).toBe("token_audience");
  });

  it("is what was configured, and then not the resource", () => {
    expect(outcome(claims({ aud: "res_123" }), { audience: "res_123" })).toBe("accepted");
    expect(outcome(claims(), { audience: "res_123" })).toBe("token_audience");
    expect(outcome(claims(), { audience: ["res_123", RES] })).toBe("accepted");
  });

  it("can be decided by a function, of frozen claims", () => {
    const verifyAudience = vi.fn((all: Readonly<Record<string, unknown>>) => all.app === "mine");
    expect(outcome(claims({ aud: undefined, app: "mine" }), { verifyAudience })).toBe("accepted");
    expect(outcome(claims({ app: "other" }), { verifyAudience })).toBe("token_audience");
    expect(Object.isFrozen(verifyAudience.mock.calls[0]?.[0])).toBe(true);
  });

  it("is not looked at when that was asked for in so many words", () => {
    const audience = { dangerouslyAcceptAny: true } as const;
    expect(outcome(claims({ aud: "https://other.example.com" }), { audience })).toBe("accepted");
  });
});

describe("sub", () => {
  it.each([[""], [1], [null], [["user_1"]], ["a\0b"], ["a\nb"], ["x".repeat(1025)]])(
    "%j names nobody",
    (sub) => {
      expect(outcome(claims({ sub }))).toBe("token_claims");
    },
  );

  it("is the client when a client acts for itself, which is not a person of the same name", () => {
    expect(accepted(claims({ sub: undefined }))).toMatchObject({ subject: "client_1", kind: "client" });
    expect(accepted(claims({ sub: "client_1" }))).toMatchObject({ subject: "client_1", kind: "client" });
    expect(accepted(claims({ sub: "client_1", client_id: "client_2" }))).toMatchObject({
      subject: "client_1",
      kind: "person",
      clientId: "client_2",
    });
    expect(outcome(claims({ sub: undefined, client_id: undefined }))).toBe("token_claims");
  });
});

describe("the client", () => {
  it("is client_id, else azp, else nobody", () => {
    expect(accepted(claims({ azp: "other" })).clientId).toBe("client_1");
    expect(accepted(claims({ client_id: undefined, azp: "app" })).clientId).toBe("app");
    expect(accepted(claims({ client_id: ["x"] })).clientId).toBe("");
  });
});

describe("scopes", () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ["scope", { scope: "a b" }, ["a", "b"]],
    ["scopes as a list", { scopes: ["a", "b"] }, ["a", "b"]],
    ["scopes as a text", { scopes: "a b" }, ["a", "b"]],
    ["scp as a list", { scp: ["a", "b"] }, ["a", "b"]],
    ["scp as a text", { scp: "a b" }, ["a", "b"]],
    ["all of them, each once", { scope: "a b", scopes: ["b", "c"], scp: "c d" }, ["a", "b", "c", "d"]],
    ["several spaces", { scope: " a  b " }, ["a", "b"]],
    ["case as it is", { scope: "A a" }, ["A", "a"]],
    ["a comma, which separates nothing", { scope: "a,b" }, ["a,b"]],
    ["a tab, a newline or another space, which are in no scope", { scope: "a\tb c\nd e\u00a0f g" }, ["g"]],
    ["scope as a list, which the standard does not know", { scope: ["a"] }, []],
    ["numbers and objects", { scope: 1, scopes: { a: true }, scp: [1, {}, null, "a"] }, ["a"]],
    ["a list item with a space inside, which is no scope", { scp: ["a b"] }, []],
    ["roles and groups, which are no scopes", { roles: ["a"], groups: ["a"], entitlements: ["a"] }, []],
    ["an asterisk, which stands for itself", { scope: "*" }, ["*"]],
  ])("are read from %s", (_name, all, scopes) => {
    expect(scopesOf(all)).toEqual(scopes);
  });

  it("are at most a thousand", () => {
    expect(scopesOf({ scope: Array.from({ length: 100_000 }, (_, n) => `s${n}`).join(" ") })).toHaveLength(
      1000,
    );
  });
});

describe("organization, roles and permissions", () => {
  it("are oid or org_id, and lists of texts", () => {
    expect(accepted(claims({ oid: "org_1", org_id: "org_2" })).organizationId).toBe("org_1");
    expect(accepted(claims({ org_id: "org_2" })).organizationId).toBe("org_2");
    expect(accepted(claims({ oid: { id: 1 } }))).not.toHaveProperty("organizationId");
    expect(accepted(claims({ roles: ["a", 1, {}], permissions: "all" }))).toMatchObject({
      roles: ["a"],
      permissions: [],
    });
  });

  it("can be mapped from an issuer's own claims, which the mapping sees verified and frozen", () => {
    const mapping = vi.fn((all: Readonly<Record<string, unknown>>) => ({
      organizationId: String(all.tenant),
      roles: ["mapped"],
      scopes: ["x"],
      clientId: "mapped-client",
      kind: "client" as const,
    }));
    expect(accepted(claims({ tenant: "t1" }), { claims: mapping })).toMatchObject({
      organizationId: "t1",
      roles: ["mapped"],
      scopes: ["x"],
      clientId: "mapped-client",
      kind: "client",
    });
    expect(Object.isFrozen(mapping.mock.calls[0]?.[0])).toBe(true);
  });
});
