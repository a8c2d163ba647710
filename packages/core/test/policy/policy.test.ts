import { describe, expect, it } from "vitest";
import { type AuthInfo, authInfoOf } from "../../src/auth-info.js";
import type { Operation, Target } from "../../src/mcp/operation.js";
import { decideAll } from "../../src/policy/decision.js";
import { createPolicy, type PolicyOptions } from "../../src/policy/policy.js";
import type { Call } from "../../src/policy/rule.js";
import type { AccessToken } from "../../src/provider.js";
import { resourceOf } from "../../src/resource.js";
import { accessToken } from "../todo-gate.js";

const caller = (own: Partial<AccessToken> = {}): AuthInfo =>
  authInfoOf("t", accessToken(own), resourceOf("https://mcp.example.com/mcp"));
const withScopes = (...scopes: string[]) => caller({ scopes });

function operation(method: string, ...targets: Target[]): Operation {
  return { method, targets, arguments: {} };
}
const tool = (name: string) => operation("tools/call", { kind: "tool", name });
const read = (name: string) => operation("resources/read", { kind: "resource", name });

async function decide(options: PolicyOptions, what: Operation, auth: AuthInfo | undefined, implies = {}) {
  return createPolicy(options, implies).decide(what, auth);
}

const allowed = { kind: "allowed" };
const short = (...required: string[]) => ({ kind: "scopes", required });

describe("a tool's rule", () => {
  it.each([
    ["one scope that is held", "a", ["a"], allowed],
    ["one scope that is not", "a", ["b"], short("a")],
    [
      "a scope that only begins the same",
      "todo:read",
      ["todo:re", "todo:read:x", "TODO:READ"],
      short("todo:read"),
    ],
    ["all of several", ["a", "b"], ["b", "a"], allowed],
    ["all of several, of which one is missing: all are named", ["a", "b"], ["a"], short("a", "b")],
    ["nothing but a caller", [], [], allowed],
    ["one of several, the second of which is held", { anyOf: ["a", "b"] }, ["b"], allowed],
    ["one of several, none of which is held: the first is named", { anyOf: ["a", "b"] }, [], short("a")],
    [
      "an alternative that is held and a scope that is not: both are named",
      { anyOf: ["a", "b"], scopes: "c" },
      ["b"],
      short("b", "c"),
    ],
  ])("%s", async (_, rule, scopes, expected) => {
    expect(await decide({ tools: { t: rule } }, tool("t"), withScopes(...scopes))).toEqual(expected);
  });

  it("is met by a scope that implies it", async () => {
    const options = { tools: { t: "read" } };
    expect(await decide(options, tool("t"), withScopes("admin"), { admin: "write", write: "read" })).toEqual(
      allowed,
    );
    expect(await decide({ tools: { t: "write" } }, tool("t"), withScopes("read"), { write: "read" })).toEqual(
      short("write"),
    );
    expect(
      await decide({ tools: { t: { anyOf: ["x", "read"] } } }, tool("t"), withScopes("write"), {
        write: "read",
      }),
    ).toEqual(allowed);
  });

  it.each([
    ["a permission that is held", { permissions: "p" }, { permissions: ["p"] }, allowed],
    [
      "a permission that is missing",
      { permissions: ["p", "q"] },
      { permissions: ["p"] },
      { kind: "denied", detail: "permission q is missing" },
    ],
    ["one of the roles", { roles: ["a", "b"] }, { roles: ["b"] }, allowed],
    [
      "none of the roles",
      { roles: ["a", "b"] },
      { roles: ["c"] },
      { kind: "denied", detail: "none of the roles a, b is held" },
    ],
    ["a person", { person: true }, { kind: "person" }, allowed],
    [
      "a person, when it is a client",
      { person: true },
      { kind: "client" },
      { kind: "denied", detail: "a person is needed, the caller is a client" },
    ],
    [
      "what no login can bring is said before a scope that is missing too",
      { permissions: "p", scopes: "s" },
      {},
      { kind: "denied", detail: "permission p is missing" },
    ],
  ] as [string, object, Partial<AccessToken>, object][])("%s", async (_, rule, own, expected) => {
    expect(await decide({ tools: { t: rule as never } }, tool("t"), caller(own))).toEqual(expected);
  });

  it.each(["T", " t", "t\u0000", "constructor", "__proto__", ""])(
    "is not found for %j, which is closed",
    async (name) => {
      expect(await decide({ tools: { t: [] } }, tool(name), caller())).toEqual({
        kind: "unlisted",
        option: `policy.tools[${JSON.stringify(name)}]`,
      });
    },
  );

  it("does not count for a prompt or a resource of its name", async () => {
    const options = { tools: { x: [] } };
    expect(
      await decide(options, operation("prompts/get", { kind: "prompt", name: "x" }), caller()),
    ).toMatchObject({ kind: "unlisted" });
    expect(await decide(options, read("x"), caller())).toMatchObject({ kind: "unlisted" });
  });
});

describe("what has no line of its own", () => {
  const options: PolicyOptions = { baseline: ["base", "more"] };

  it.each([
    "initialize",
    "ping",
    "server/discover",
    "(response)",
    "(stream)",
    "tools/list",
    "resources/list",
    "resources/templates/list",
    "prompts/list",
    "logging/setLevel",
    "tasks/get",
    "tasks/list",
    "tasks/result",
    "tasks/update",
    "tasks/cancel",
    "subscriptions/listen",
    "notifications/initialized",
    "notifications/anything",
  ])("%s takes the baseline", async (method) => {
    expect(await decide(options, operation(method), withScopes("base"))).toEqual(short("base", "more"));
    expect(await decide(options, operation(method), withScopes("base", "more"))).toEqual(allowed);
  });

  it("takes any authenticated caller where there is no baseline", async () => {
    expect(await decide({}, operation("initialize"), withScopes())).toEqual(allowed);
  });

  it.each([
    "todo/own",
    "tools/call ",
    "Tools/list",
    "constructor",
    "notification/x",
    "sampling/createMessage",
  ])("%s does not exist", async (method) => {
    expect(await decide(options, operation(method), withScopes("base", "more"))).toEqual({
      kind: "unknown method",
      option: `policy.methods[${JSON.stringify(method)}]`,
    });
  });

  it("takes the baseline where that is said", async () => {
    const loose: PolicyOptions = { baseline: "base", unlisted: "baseline", tools: { t: "special" } };
    expect(await decide(loose, tool("other"), withScopes("base"))).toEqual(allowed);
    expect(await decide(loose, tool("other"), withScopes())).toEqual(short("base"));
    expect(await decide(loose, operation("todo/own"), withScopes("base"))).toEqual(allowed);
    expect(await decide(loose, tool("t"), withScopes("base"))).toEqual(short("special"));
  });
});

describe("a method's rule", () => {
  it("stands instead of the baseline", async () => {
    const options: PolicyOptions = { baseline: "base", methods: { "tools/list": [], "todo/own": "own" } };
    expect(await decide(options, operation("tools/list"), withScopes())).toEqual(allowed);
    expect(await decide(options, operation("todo/own"), withScopes("base"))).toEqual(short("own"));
  });

  it.each([
    "tools/call",
    "prompts/get",
    "resources/read",
    "resources/subscribe",
    "resources/unsubscribe",
    "completion/complete",
  ])("cannot be written for %s, whose rules stand elsewhere", (method) => {
    expect(() => createPolicy({ methods: { [method]: "a" } }, {})).toThrow(
      `Option "policy.methods.${method}" is "a": this method is ruled by what it touches; write the rule under policy.tools, policy.resources or policy.prompts.`,
    );
  });
});

describe("a listener", () => {
  const listen = (...uris: string[]) =>
    operation("subscriptions/listen", ...uris.map((name) => ({ kind: "resource", name }) as const));
  const options: PolicyOptions = { baseline: "base", resources: { "docs://a": [], "docs://b": "b" } };

  it("needs the baseline and what each of its resources needs", async () => {
    expect(await decide(options, listen("docs://a"), withScopes())).toEqual(short("base"));
    expect(await decide(options, listen("docs://a"), withScopes("base"))).toEqual(allowed);
    expect(await decide(options, listen("docs://a", "docs://b"), withScopes())).toEqual(short("base", "b"));
  });

  it("may not name a resource that is closed", async () => {
    expect(await decide(options, listen("docs://a", "docs://c"), withScopes("base"))).toMatchObject({
      kind: "unlisted",
    });
  });

  it("needs a token even where its resource does not", async () => {
    expect(
      await decide({ resources: { "docs://a": { public: true } } }, listen("docs://a"), undefined),
    ).toEqual({
      kind: "authentication",
    });
  });
});

describe("a caller without a token", () => {
  const open: PolicyOptions = {
    baseline: "base",
    tools: { open: { public: true }, closed: [], asked: () => true },
  };

  it("may use what is public, and connect", async () => {
    for (const what of [
      "initialize",
      "ping",
      "server/discover",
      "tools/list",
      "prompts/list",
      "resources/list",
      "resources/templates/list",
      "notifications/initialized",
    ])
      expect(await decide(open, operation(what), undefined)).toEqual(allowed);
    expect(await decide(open, tool("open"), undefined)).toEqual(allowed);
  });

  it.each([
    tool("closed"),
    tool("asked"),
    tool("unlisted"),
    operation("todo/own"),
    operation("(response)"),
    operation("(stream)"),
    operation("logging/setLevel"),
    operation("tasks/get"),
    operation("subscriptions/listen"),
    read("docs://a"),
  ])("has to log in for everything else, and learns nothing of it: $method $targets", async (what) => {
    expect(await decide(open, what, undefined)).toEqual({ kind: "authentication" });
  });

  it("may not even connect where nothing is public", async () => {
    expect(await decide({ baseline: "base" }, operation("initialize"), undefined)).toEqual({
      kind: "authentication",
    });
    expect(createPolicy({ tools: { t: [] } }, {}).open).toBe(false);
    expect(createPolicy(open, {}).open).toBe(true);
  });

  it("is not let in by a method's rule alone", async () => {
    const options: PolicyOptions = { methods: { "tools/list": [], "prompts/list": { public: true } } };
    expect(await decide(options, operation("tools/list"), undefined)).toEqual({ kind: "authentication" });
    expect(await decide(options, operation("prompts/list"), undefined)).toEqual(allowed);
  });
});

describe("a rule that is a function", () => {
  it("is told the call and the caller", async () => {
    const seen: Call[] = [];
    const auth = caller();
    const what: Operation = { ...tool("t"), arguments: { path: "/etc" } };
    await decide(
      {
        tools: {
          t: (call) => {
            seen.push(call);
            return true;
          },
        },
      },
      what,
      auth,
    );
    expect(seen).toEqual([{ operation: what, arguments: { path: "/etc" }, auth }]);
  });

  it.each([
    ["true", true, allowed],
    ["a scope that is missing", "x", short("x")],
    ["a list", ["a"], allowed],
    ["nothing more", [], allowed],
    ["a requirement", { permissions: "p" }, { kind: "denied", detail: "permission p is missing" }],
    ["a denial", { denied: "archived" }, { kind: "denied", detail: "archived" }],
  ])("may answer %s", async (_, ruling, expected) => {
    const sync = await decide({ tools: { t: () => ruling as never } }, tool("t"), withScopes("a"));
    const later = await decide({ tools: { t: async () => ruling as never } }, tool("t"), withScopes("a"));
    expect([sync, later]).toEqual([expected, expected]);
  });

  it.each([
    undefined,
    null,
    false,
    0,
    "",
    "a b",
    {},
    { scope: "a" },
    { denied: undefined, x: 1 },
    () => true,
  ])("refuses the call with any other answer: %s", async (ruling) => {
    const decision = await decide({ tools: { t: () => ruling as never } }, tool("t"), withScopes("a"));
    expect(["failed", "denied"]).toContain(decision.kind);
  });

  it("is asked once for several targets under one template", async () => {
    let asked = 0;
    const options: PolicyOptions = {
      resources: {
        "docs://{a}": () => {
          asked++;
          return true;
        },
      },
    };
    const listen = operation(
      "subscriptions/listen",
      { kind: "resource", name: "docs://a" },
      { kind: "resource", name: "docs://b" },
    );
    expect(await decide(options, listen, caller())).toEqual(allowed);
    expect(asked).toBe(1);
  });
});

describe("a batch runs whole or not at all:", () => {
  const options: PolicyOptions = {
    baseline: "base",
    tools: {
      a: "a",
      b: "b",
      never: { permissions: "p" },
      broken: () => {
        throw new Error("x");
      },
    },
  };
  const decideBatch = (auth: AuthInfo | undefined, ...operations: Operation[]) =>
    decideAll(createPolicy(options, {}), operations, auth);

  it("all allowed", async () => {
    expect(await decideBatch(withScopes("a", "b"), tool("a"), tool("b"))).toEqual(allowed);
  });

  it("one short of a scope: the scopes of all that are short are named once", async () => {
    expect(await decideBatch(withScopes("base"), operation("ping"), tool("a"), tool("b"), tool("a"))).toEqual(
      short("a", "b"),
    );
  });

  it.each([
    ["a denial goes before a scope", [tool("a"), tool("never")], "denied"],
    ["a closed tool goes before a denial", [tool("never"), tool("x")], "unlisted"],
    ["an unknown method goes before a closed tool", [tool("x"), operation("todo/own")], "unknown method"],
    ["a rule that failed goes before everything", [operation("todo/own"), tool("broken")], "failed"],
  ])("%s", async (_, operations, kind) => {
    expect(await decideBatch(withScopes("base"), ...operations)).toMatchObject({ kind });
  });

  it("a caller without a token is asked to log in", async () => {
    expect(await decideBatch(undefined, tool("a"), tool("x"))).toEqual({ kind: "authentication" });
  });
});

it.each(["open", "deny", true, null])("policy.unlisted %j is refused at start-up", (unlisted) => {
  expect(() => createPolicy({ unlisted: unlisted as "denied" }, {})).toThrow(
    `Option "policy.unlisted" is ${JSON.stringify(unlisted)}: write "denied" or "baseline".`,
  );
});
