import { afterEach, describe, expect, it, vi } from "vitest";
import type { Facts } from "../src/facts.js";
import type { Body } from "../src/mcp/body.js";
import type { McpAuthzOptions } from "../src/options.js";
import type { Verification } from "../src/provider.js";
import { accessToken, call, header, plain, todoGate } from "./todo-gate.js";

const marker = "MARKER-token-that-must-not-be-seen";

/** Looks bad, and throws when it is looked at. */
const unreadable: unknown = new Proxy(new Error("x"), {
  get() {
    throw new Error("looked at");
  },
  getPrototypeOf() {
    throw new Error("looked at");
  },
});

const thrown: [string, unknown][] = [
  ["an error", new Error("down")],
  ["an error that quotes the token", new Error(`cannot check ${marker}`)],
  ["a string", marker],
  ["nothing", undefined],
  ["null", null],
  ["an error whose message is no string", Object.assign(new Error(), { message: { token: marker } })],
  [
    "an error whose message throws",
    Object.defineProperty(new Error(), "message", {
      get: () => {
        throw marker;
      },
    }),
  ],
  ["something that throws when it is looked at", unreadable],
  ["an object that cannot become a string", Object.create(null)],
];

async function asked(
  options: Partial<McpAuthzOptions>,
  verify: (token: string) => unknown,
  body: object = call("t"),
) {
  const { ask, events } = todoGate(options, { verify: (token) => verify(token) as Verification });
  const answer = await ask({ token: marker, body });
  return { answer, events, seen: JSON.stringify([answer.kind === "answer" ? answer : answer.kind, events]) };
}

const accepts =
  (own: object = {}) =>
  () => ({ kind: "accepted", token: accessToken(own) });

describe.each(thrown)("a verifier that throws %s", (_, error) => {
  it.each([
    [
      "at once",
      () => {
        throw error;
      },
    ],
    ["later", () => Promise.reject(error)],
  ])("%s could not check: 503, no challenge, no token anywhere", async (_when, verify) => {
    const { answer, events, seen } = await asked({}, verify);
    expect(answer).toMatchObject({ kind: "answer", status: 503 });
    expect(events).toMatchObject([{ kind: "refused", reason: "verifier_unavailable", status: 503 }]);
    expect(seen).not.toContain("WWW-Authenticate");
    expect(seen).not.toContain(marker);
  });
});

describe("a verifier that answers something else than a verdict could not check:", () => {
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["true", true],
    ["a string", "accepted"],
    ["an unknown kind", { kind: "ok" }],
    ["an accepted token without the token", { kind: "accepted" }],
    ["an accepted null", { kind: "accepted", token: null }],
    ["a token without claims", { kind: "accepted", token: { ...accessToken(), claims: undefined } }],
    ["a token without scopes", { kind: "accepted", token: { ...accessToken(), scopes: undefined } }],
    [
      "scopes that are a string",
      { kind: "accepted", token: { ...accessToken(), scopes: "todo:read todo:write" } },
    ],
    ["a token without roles", { kind: "accepted", token: { ...accessToken(), roles: undefined } }],
    [
      "a token without permissions",
      { kind: "accepted", token: { ...accessToken(), permissions: undefined } },
    ],
    ["a token without a subject", { kind: "accepted", token: { ...accessToken(), subject: undefined } }],
    ["a token without an issuer", { kind: "accepted", token: { ...accessToken(), issuer: undefined } }],
    ["a token that never expires", { kind: "accepted", token: { ...accessToken(), expiresAt: Number.NaN } }],
    ["a token of an unknown kind", { kind: "accepted", token: { ...accessToken(), kind: "robot" } }],
    ["a rejection for an unknown reason", { kind: "rejected", reason: "expired", detail: "x" }],
    ["a rejection for a reason of the prototype", { kind: "rejected", reason: "constructor", detail: "x" }],
    ["a rejection for a reason that is no token's", { kind: "rejected", reason: "not_found", detail: "x" }],
    [
      "a rejection for the reason of a denial",
      { kind: "rejected", reason: "scope_insufficient", detail: "x" },
    ],
    ["something that throws when it is looked at", unreadable],
  ])("%s", async (_, verdict) => {
    const { answer } = await asked({ policy: { unlisted: "baseline" } }, () => verdict);
    expect(answer).toMatchObject({ kind: "answer", status: 503 });
  });
});

it.each([
  ["a rejection", { kind: "rejected", reason: "token_expired", detail: `bad: ${marker}` }, 401],
  ["an outage", { kind: "unavailable", detail: `bad: ${marker}` }, 503],
])("%s whose detail quotes the token is reported without it", async (_, verdict, status) => {
  const { answer, events, seen } = await asked({}, () => verdict);
  expect(answer).toMatchObject({ status });
  expect(events).toMatchObject([{ detail: "bad: [redacted]" }]);
  expect(seen).not.toContain(marker);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, "soon", null])(
  "a verifier that asks to wait for %s seconds does not spoil the header",
  async (retryAfter) => {
    const { answer } = await asked({}, () => ({ kind: "unavailable", detail: "x", retryAfter }));
    expect(header(plain(answer), "Retry-After")).toMatch(/^[1-9]\d{0,3}$/);
  },
);

describe.each(thrown)("a rule that throws %s", (_, error) => {
  it.each([
    [
      "at once",
      () => {
        throw error;
      },
    ],
    ["later", () => Promise.reject(error)],
  ])("%s could not decide: 503, no challenge, no token anywhere", async (_when, rule) => {
    const { answer, events, seen } = await asked({ policy: { tools: { t: rule } } }, accepts());
    expect(answer).toMatchObject({ kind: "answer", status: 503 });
    expect(events).toMatchObject([{ kind: "refused", reason: "rule_failed", status: 503 }]);
    expect(seen).not.toContain("WWW-Authenticate");
    expect(seen).not.toContain(marker);
  });
});

it.each([
  ["denies", ({ auth }: { auth: { token: string } }) => ({ denied: `not ${auth.token}` })],
  ["answers", ({ auth }: { auth: { token: string } }) => ({ scopes: [`${auth.token} "`] })],
  ["answers nonsense", ({ auth }: { auth: { token: string } }) => ({ [auth.token]: 1 })],
])("a rule that %s with the token does not get it into an event", async (_, rule) => {
  const { answer, seen } = await asked({ policy: { tools: { t: rule as never } } }, accepts());
  expect(answer.kind).toBe("answer");
  expect(seen).not.toContain(marker);
});

it("scopes of a token that are no scopes do not get into a challenge", async () => {
  const scopes = ['a", error="x', "b\r\nSet-Cookie: c=d", "ü", "files:read"];
  const { answer } = await asked({ policy: { tools: { t: "todo:write" } } }, accepts({ scopes }));
  expect(header(plain(answer), "WWW-Authenticate")).toContain(
    'scope="files:read todo:write", error="insufficient_scope"',
  );
});

describe.each(thrown)("a log that fails with %s", (_, error) => {
  const unhandled = vi.fn();
  afterEach(() => {
    process.off("unhandledRejection", unhandled);
  });

  it.each([
    [
      "at once",
      () => {
        throw error;
      },
    ],
    ["later", () => Promise.reject(error)],
  ])("%s decides about nothing", async (_when, onEvent) => {
    process.on("unhandledRejection", unhandled);
    const { answer } = await asked({ onEvent, policy: { tools: { t: [] } } }, accepts());
    expect(answer.kind).toBe("granted");
    const refused = await asked({ onEvent }, () => ({
      kind: "rejected",
      reason: "token_expired",
      detail: "x",
    }));
    expect(refused.answer).toMatchObject({ status: 401 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  });
});

it("an in-band switch that throws refuses the request", async () => {
  const inBand = () => {
    throw new Error(marker);
  };
  const { answer, seen } = await asked({ inBand, policy: { tools: { t: "x" } } }, accepts());
  expect(answer).toMatchObject({ kind: "answer", status: 503 });
  expect(seen).not.toContain(marker);
});

it.each([
  ["a body of an unknown kind", { kind: "stream" }],
  ["no body at all", undefined],
  ["an object that throws when it is looked at", { kind: "parsed", value: unreadable }],
  ["no body on a POST", { kind: "none" }],
])("a binding that delivers %s gets a refusal", async (_, body) => {
  const { gate } = todoGate(
    { policy: { unlisted: "baseline" } },
    { verify: accepts() as () => Verification },
  );
  const outcome = await gate.authenticate({
    method: "POST",
    target: "/mcp",
    headers: [
      ["Authorization", "Bearer t"],
      ["Content-Type", "application/json"],
    ],
  });
  if (outcome.kind !== "authenticated") throw new Error("not authenticated");
  expect((await outcome.authorize(body as Body)).kind).toBe("answer");
});

it("facts that cannot be read are refused, not thrown back", async () => {
  const { gate } = todoGate();
  for (const facts of [
    { method: "POST", target: "/mcp" },
    { method: "POST", headers: [] },
  ])
    expect(await gate.authenticate(facts as unknown as Facts)).toMatchObject({ kind: "answer" });
});

it("a nonce that cannot be had refuses the request, and nothing is thrown", async () => {
  const dpop = {
    required: false,
    algorithms: ["ES256"],
    verify: async () => ({ kind: "proven" as const }),
    nonce: () => Promise.reject(new Error("the store is down")),
  };
  const { gate } = todoGate({ dpop });
  const headers: [string, string][] = [["Authorization", "DPoP t"]];
  expect(await gate.authenticate({ method: "POST", target: "/mcp", headers })).toMatchObject({
    kind: "answer",
    status: 503,
  });
});

it("a token that is known at once costs no turn of the event loop", () => {
  const { gate } = todoGate();
  const headers: [string, string][] = [
    ["Authorization", "Bearer reader"],
    ["Content-Type", "application/json"],
  ];
  const outcome = gate.authenticate({ method: "POST", target: "/mcp", headers });
  if (!("kind" in outcome) || outcome.kind !== "authenticated") throw new Error("it is waited for");
  const bytes = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
  expect(outcome.authorize({ kind: "bytes", bytes })).toMatchObject({ kind: "granted" });
});

describe("somebody else's code that hangs", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is waited for 15 seconds when it is a verifier", async () => {
    vi.useFakeTimers();
    const pending = asked({}, () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await pending).answer).toMatchObject({ status: 503 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is waited for 10 seconds when it is a rule", async () => {
    vi.useFakeTimers();
    const pending = asked({ policy: { tools: { t: () => new Promise<never>(() => {}) } } }, accepts());
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await pending).answer).toMatchObject({ status: 503 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer behind when it answers in time", async () => {
    vi.useFakeTimers();
    await asked({ policy: { tools: { t: async () => true as const } } }, async () => accepts()());
    expect(vi.getTimerCount()).toBe(0);
  });
});
