import { describe, expect, it } from "vitest";
import { authInfoOf } from "../../src/auth-info.js";
import { createListing, type ListOptions } from "../../src/policy/listing.js";
import { createPolicy, type PolicyOptions } from "../../src/policy/policy.js";
import { resourceOf } from "../../src/resource.js";
import { accessToken } from "../todo-gate.js";

const rules: PolicyOptions = {
  tools: {
    open: { public: true },
    any: [],
    read: "todo:read",
    write: { anyOf: ["todo:write", "todo:admin"], scopes: "todo:read" },
    asked: () => true,
    humans: { person: true, scopes: "x" },
  },
  prompts: { plan: "todo:write" },
  resources: { "docs://a": "todo:read", "docs://{topic}": "todo:write" },
};
const reader = authInfoOf("t", accessToken(), resourceOf("https://mcp.example.com/mcp"));

function listed(
  method: string,
  items: string,
  list: readonly object[],
  lists: ListOptions,
  result: object = {},
  auth: typeof reader | undefined = reader,
) {
  const rewrite = createListing(createPolicy(rules, {}), lists)(method, auth);
  const message = { jsonrpc: "2.0", id: 1, result: { [items]: list, ...result } };
  return rewrite === undefined ? message : (rewrite(message) as typeof message);
}

const tools = ["open", "any", "read", "write", "asked", "humans", "closed"].map((name) => ({ name }));
const names = (message: { result: object }, items = "tools", key = "name") =>
  (message.result as Record<string, Record<string, unknown>[]>)[items]?.map((item) => item[key]);

describe("a filtered list", () => {
  it("leaves out what the caller may not use, save where only the call can tell", () => {
    expect(names(listed("tools/list", "tools", tools, { filter: true }))).toEqual([
      "open",
      "any",
      "read",
      "asked",
    ]);
  });

  it("shows to a caller without a token what is public", () => {
    const rewrite = createListing(createPolicy(rules, {}), { filter: true })("tools/list", undefined);
    expect(names(rewrite?.({ result: { tools } }) as { result: object })).toEqual(["open", "asked"]);
  });

  it("leaves out those alone that are named", () => {
    expect(names(listed("tools/list", "tools", tools, { filter: ["write", "read"] }))).toEqual([
      "open",
      "any",
      "read",
      "asked",
      "humans",
      "closed",
    ]);
  });

  it("shows everything unless asked to filter", () => {
    expect(names(listed("tools/list", "tools", tools, {}))).toHaveLength(7);
  });

  it.each([
    ["prompts/list", "prompts", "name", ["plan", "x"], []],
    ["resources/list", "resources", "uri", ["docs://a", "docs://b"], ["docs://a"]],
    ["resources/templates/list", "resourceTemplates", "uriTemplate", ["docs://{topic}"], []],
  ])("may be %s", (method, items, key, given, expected) => {
    const list = given.map((value) => ({ [key]: value }));
    expect(names(listed(method, items, list, { filter: true }), items, key)).toEqual(expected);
  });

  it("must not be shared between callers", () => {
    expect(
      listed("tools/list", "tools", tools, { filter: true }, { cacheScope: "public" }).result,
    ).toMatchObject({ cacheScope: "private" });
    expect(listed("tools/list", "tools", tools, {}, { cacheScope: "public" }).result).toMatchObject({
      cacheScope: "public",
    });
    expect(listed("tools/list", "tools", tools, { filter: true }).result).not.toHaveProperty("cacheScope");
  });

  it("keeps the rest of the message", () => {
    expect(listed("tools/list", "tools", [], { filter: true }, { nextCursor: "c" })).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: { tools: [], nextCursor: "c" },
    });
  });
});

describe("what tools need", () => {
  const schemesOf = (name: string, own: object = {}) =>
    (listed("tools/list", "tools", [{ name, ...own }], {}).result as { tools?: { _meta?: object }[] })
      .tools?.[0]?._meta;

  it.each([
    ["open", [{ type: "noauth" }]],
    ["any", [{ type: "oauth2" }]],
    ["read", [{ type: "oauth2", scopes: ["todo:read"] }]],
    [
      "write",
      [
        { type: "oauth2", scopes: ["todo:read", "todo:write"] },
        { type: "oauth2", scopes: ["todo:read", "todo:admin"] },
      ],
    ],
    ["asked", [{ type: "oauth2" }]],
  ])("is told of %s", (name, securitySchemes) => {
    expect(schemesOf(name)).toEqual({ securitySchemes });
  });

  it("is not told of a tool that is closed", () => {
    expect(schemesOf("closed")).toBeUndefined();
  });

  it("stands beside what the server says itself, and never over it", () => {
    expect(schemesOf("any", { _meta: { a: 1 } })).toEqual({ a: 1, securitySchemes: [{ type: "oauth2" }] });
    expect(schemesOf("any", { _meta: { securitySchemes: ["own"] } })).toEqual({ securitySchemes: ["own"] });
  });

  it("is told nowhere when that is not wanted", () => {
    expect(
      createListing(createPolicy(rules, {}), { securitySchemes: false })("tools/list", reader),
    ).toBeUndefined();
  });

  it("is told of nothing but tools", () => {
    expect(createListing(createPolicy(rules, {}), {})("prompts/list", reader)).toBeUndefined();
  });
});

describe("a list that cannot change", () => {
  const listing = createListing(createPolicy(rules, {}), { filter: true });
  const frozen = () => Object.freeze(tools.map((tool) => ({ ...tool })));
  const callerWith = (...scopes: string[]) =>
    authInfoOf("t", accessToken({ scopes }), resourceOf("https://mcp.example.com/mcp"));
  const outcome = (list: readonly object[], auth?: typeof reader, by = listing) => {
    const message = by("tools/list", auth)?.({ result: { tools: list } });
    return (message as { result: { tools: readonly object[] } }).result.tools;
  };

  it("is changed once for all callers who see the same of it", () => {
    const list = frozen();
    expect(outcome(list, callerWith("todo:read", "other"))).toBe(outcome(list, reader));
    expect(outcome(list, undefined)).not.toBe(outcome(list, reader));
  });

  it("shows each caller what it shows without being remembered, in whatever order they come", () => {
    const list = frozen();
    const callers = [reader, callerWith("todo:read", "todo:write"), undefined, callerWith("x"), callerWith()];
    for (const auth of [...callers, ...callers.reverse()])
      expect(outcome(list, auth)).toEqual(outcome([...list], auth));
  });

  it("is remembered for eight kinds of callers", () => {
    const names = ["a", "b", "c", "d"];
    const policy = createPolicy({ tools: Object.fromEntries(names.map((name) => [name, name])) }, {});
    const four = createListing(policy, { filter: true });
    const list = Object.freeze(names.map((name) => ({ name })));
    const kind = (bits: number) => callerWith(...names.filter((_, bit) => bits & (1 << bit)));
    const seen = (bits: number) => outcome(list, kind(bits), four);
    const first = seen(0);
    for (let bits = 1; bits < 8; bits++) seen(bits);
    expect(seen(0)).toBe(first);
    seen(8);
    expect(seen(0)).not.toBe(first);
    expect(seen(0)).toEqual(first);
  });

  it("is the only one that is remembered", () => {
    const list = [{ name: "read" }];
    expect(outcome(list, reader)).toHaveLength(1);
    list.push({ name: "any" });
    expect(outcome(list, reader)).toHaveLength(2);
  });
});

describe("what is no list", () => {
  const rewrite = createListing(createPolicy(rules, {}), { filter: true })("tools/list", reader);
  it.each([
    null,
    "x",
    { error: { code: 1 } },
    { result: "x" },
    { result: {} },
    { result: { tools: "x" } },
    { method: "notifications/progress" },
  ])("goes out as it came: %j", (message) => {
    expect(rewrite?.(message)).toEqual(message);
  });

  it("items that cannot be read are kept", () => {
    expect(rewrite?.({ result: { tools: [null, "x"] } })).toEqual({ result: { tools: [null, "x"] } });
  });

  it.each(["tools/call", "initialize", "toString", "(stream)"])("%s has none", (method) => {
    expect(createListing(createPolicy(rules, {}), { filter: true })(method, reader)).toBeUndefined();
  });
});
