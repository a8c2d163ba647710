import { describe, expect, it } from "vitest";
import { compileRule, type Rule } from "../../src/policy/rule.js";

const nothing = { scopes: [], anyOf: [], permissions: [], roles: [], person: false, public: false };

describe("a rule", () => {
  it.each([
    ["one scope", "todo:read", { scopes: ["todo:read"] }],
    ["several scopes", ["a", "b"], { scopes: ["a", "b"] }],
    ["a scope named twice", ["a", "a"], { scopes: ["a"] }],
    ["any authenticated caller", [], {}],
    ["scopes", { scopes: ["a", "b"] }, { scopes: ["a", "b"] }],
    ["one scope in an object", { scopes: "a" }, { scopes: ["a"] }],
    ["alternatives", { anyOf: ["a", "b"] }, { anyOf: ["a", "b"] }],
    ["a permission", { permissions: "p q" }, { permissions: ["p q"] }],
    ["permissions", { permissions: ["p", "q"] }, { permissions: ["p", "q"] }],
    ["a role", { roles: "admin" }, { roles: ["admin"] }],
    ["a person", { person: true }, { person: true }],
    ["everybody", { public: true }, { public: true }],
    [
      "several conditions",
      { scopes: "a", roles: ["r"], person: true },
      { scopes: ["a"], roles: ["r"], person: true },
    ],
  ] as [string, Rule, object][])("may be %s", (_, rule, expected) => {
    expect(compileRule("policy.tools.t", rule)).toEqual({ ...nothing, ...expected });
  });

  it("may be a function, which is asked for each call", () => {
    const rule = () => true as const;
    expect(compileRule("policy.tools.t", rule)).toBe(rule);
  });

  it("takes nothing from a polluted prototype", () => {
    const polluted = Object.assign(Object.create({ public: true, person: true }), { scopes: "a" });
    expect(compileRule("policy.tools.t", polluted)).toEqual({ ...nothing, scopes: ["a"] });
  });
});

describe("a rule that cannot work is refused at start-up:", () => {
  const example =
    'write a scope ("todo:read"), a list of scopes, [] for any authenticated caller, a requirement such as { anyOf: ["a", "b"] }, or a function.';
  const notScope = (scope: string) =>
    `${JSON.stringify(scope)} is not a scope: no spaces, quotes or backslashes (RFC 6749 §3.3); write several scopes as a list.`;

  it.each([
    ["nothing", undefined, `is not set: ${example}`],
    ["null", null, `is null: ${example}`],
    ["true", true, `is true: ${example}`],
    ["a number", 5, `is 5: ${example}`],
    ["an empty string", "", `is "": ${example}`],
    [
      "two scopes in one string",
      "todo:read todo:write",
      `is "todo:read todo:write": ${notScope("todo:read todo:write")}`,
    ],
    ["a quote", 'a"b', `is "a\\"b": ${notScope('a"b')}`],
    ["a line break", ["a", "b\r\n"], `is ["a", "b\\r\\n"]: ${notScope("b\r\n")}`],
    ["a list with something else", ["a", 5], `is ["a", 5]: ${example}`],
    ["an empty scope in a list", [""], `is [""]: ${example}`],
    [
      "an empty requirement",
      {},
      "is an object with nothing in it: an empty requirement says nothing; write [] for any authenticated caller.",
    ],
    [
      "a misspelt condition",
      { scope: "a" },
      `is an object with scope: "scope" is not part of a requirement; ${example}`,
    ],
    [
      "everybody with a condition",
      { public: true, scopes: "a" },
      "is an object with public, scopes: public is for everybody; write { public: true } alone.",
    ],
    [
      "not everybody",
      { public: false },
      "is an object with public: public is for everybody; write { public: true } alone.",
    ],
    ["not a person", { person: false }, "is an object with person: write person: true, or leave it out."],
    ["no alternative", { anyOf: [] }, "is an object with anyOf: anyOf needs at least one scope."],
    [
      "one alternative as a string",
      { anyOf: "a" },
      "is an object with anyOf: anyOf needs at least one scope.",
    ],
    ["an alternative that is no scope", { anyOf: ["a b"] }, `is an object with anyOf: ${notScope("a b")}`],
    ["an empty permission", { permissions: "" }, `is an object with permissions: ${example}`],
    ["roles that are no names", { roles: [1] }, `is an object with roles: ${example}`],
    [
      "refresh tokens",
      "offline_access",
      'is "offline_access": leave out offline_access: whether a client wants refresh tokens is its own business (MCP 2026-07-28 Authorization, Refresh Tokens).',
    ],
  ])("%s", (_, rule, message) => {
    expect(() => compileRule("policy.tools.t", rule as Rule)).toThrow(
      expect.objectContaining({ name: "OptionError", message: `Option "policy.tools.t" ${message}` }),
    );
  });
});
