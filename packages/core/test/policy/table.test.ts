import { describe, expect, it } from "vitest";
import type { Rule } from "../../src/policy/rule.js";
import { compileResources, compileTable, optionOf } from "../../src/policy/table.js";

/** The scope by which one can see which rule was found. */
function found(rules: Record<string, Rule>, uri: string): string | undefined {
  const rule = compileResources(rules).find(uri);
  return typeof rule === "object" ? rule.scopes[0] : undefined;
}

describe("a table of tools", () => {
  const table = compileTable("policy.tools", { create_todo: "w", "a{b}": "t" });

  it("finds exact names alone", () => {
    expect(table.find("create_todo")).toMatchObject({ scopes: ["w"] });
    expect(table.find("a{b}")).toMatchObject({ scopes: ["t"] });
    expect(table.find("axyz")).toBeUndefined();
  });

  it.each([
    "Create_todo",
    " create_todo",
    "create_todo\u0000",
    "create_todo ",
    "createtodo",
    "",
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
  ])("finds nothing under %j", (name) => {
    expect(table.find(name)).toBeUndefined();
  });

  it("has one rule for all that are declared alike", () => {
    const own: Rule = { roles: "admin" };
    const rules = { a: "r", b: "r", c: own, d: own, e: { roles: "admin" } };
    for (const alike of [compileTable("policy.tools", rules), compileResources(rules)]) {
      expect(alike.find("a")).toBe(alike.find("b"));
      expect(alike.find("c")).toBe(alike.find("d"));
      expect(alike.find("c")).toEqual(alike.find("e"));
      expect(alike.find("a")).not.toEqual(alike.find("c"));
    }
  });

  it("tells names apart that only look the same", () => {
    const composed = compileTable("policy.tools", { "caf\u00e9": "a" });
    expect(composed.find("cafe\u0301")).toBeUndefined();
  });

  it("may hold a tool called __proto__", () => {
    const rules: Record<string, Rule> = JSON.parse('{"__proto__":"p"}');
    expect(compileTable("policy.tools", rules).find("__proto__")).toMatchObject({ scopes: ["p"] });
  });

  it("names the line that is wrong", () => {
    expect(() => compileTable("policy.tools", { "delete todo": "a b" })).toThrow(
      'Option "policy.tools.delete todo" is "a b": "a b" is not a scope',
    );
  });
});

describe("a table of resources", () => {
  it.each([
    ["an exact URI", { "docs://a": "r" }, "docs://a", "r"],
    ["an exact URI before a template", { "docs://{topic}": "t", "docs://a": "r" }, "docs://a", "r"],
    ["the first template that fits", { "docs://{a}": "1", "docs://{b}": "2" }, "docs://x", "1"],
    ["one segment", { "docs://{topic}": "t" }, "docs://a-b.c", "t"],
    ["no second segment", { "docs://{topic}": "t" }, "docs://a/b", undefined],
    ["no query", { "docs://{topic}": "t" }, "docs://a?b", undefined],
    ["no fragment", { "docs://{topic}": "t" }, "docs://a#b", undefined],
    ["nothing empty", { "docs://{topic}": "t" }, "docs://", undefined],
    ["the text after a variable", { "docs://{topic}.md": "t" }, "docs://a.md", "t"],
    ["other text after a variable", { "docs://{topic}.md": "t" }, "docs://a.mdx", undefined],
    ["the text before a variable alone", { "docs://{topic}": "t" }, "xdocs://a", undefined],
    ["a dot for a dot", { "docs://a.b/{c}": "t" }, "docs://axb/c", undefined],
    ["two variables", { "todo://{user}/{id}": "t" }, "todo://u/1", "t"],
    ["two variables in one segment", { "todo://{user}:{id}": "t" }, "todo://u:1", "t"],
    ["a rest", { "file:///public/{+path}": "t" }, "file:///public/a/b/c.md", "t"],
    ["a rest that leaves", { "file:///public/{+path}": "t" }, "file:///secret", undefined],
    ["a rest with a parent", { "file:///public/{+path}": "t" }, "file:///public/../secret", undefined],
    [
      "a rest with an encoded parent",
      { "file:///public/{+path}": "t" },
      "file:///public/%2e%2e/secret",
      undefined,
    ],
    [
      "a rest with a parent encoded twice",
      { "file:///public/{+path}": "t" },
      "file:///public/%252e%252e/secret",
      undefined,
    ],
    ["a rest with a tab", { "file:///public/{+path}": "t" }, "file:///public/.\t./secret", undefined],
    ["a segment with a line break", { "docs://{topic}": "t" }, "docs://a\nb", undefined],
    ["an exact URI with a parent, since it was written so", { "file:///a/../b": "r" }, "file:///a/../b", "r"],
    ["the form in which a server reads it", { "https://h": "r" }, "https://h/", "r"],
    ["a template by its own name", { "docs://{topic}": "t" }, "docs://{topic}", "t"],
    ["another template", { "docs://{topic}": "t" }, "docs://{other}", undefined],
    ["a wider template", { "docs://{topic}": "t" }, "docs://{+all}", undefined],
    ["an inherited name", { "docs://a": "r" }, "constructor", undefined],
    ["another case", { "docs://a": "r" }, "docs://A", undefined],
  ] as [string, Record<string, Rule>, string, string | undefined][])("for %s", (_, rules, uri, expected) => {
    expect(found(rules, uri)).toBe(expected);
  });

  it.each([
    ["two variables", "x://{a}-{b}", `x://${"-".repeat(50_000)}/`],
    ["three variables", "x://{a}-{b}-{c}", `x://${"-".repeat(50_000)}/`],
    ["longer text between", "x://{a}--{b}--{c}", `x://${"-".repeat(50_000)}/`],
    ["a rest at the end", "x://{a}-{+rest}", `x://${"-".repeat(50_000)}\n`],
    ["text after a rest", "x://{+rest}.md", `x://${".md".repeat(20_000)}/`],
    ["text that repeats itself after a rest", `x://{+rest}${"a".repeat(20)}b`, `x://${"a".repeat(50_000)}`],
  ])("%s match without going back over 50 000 characters", (_, template, uri) => {
    expect(found({ [template]: "t" }, uri)).toBeUndefined();
  });
});

describe("a template that would be ambiguous is refused at start-up:", () => {
  const form =
    'write {name} for one path segment, with some text between two of them, and at most one {+path} as the last, for example "docs://{topic}/{+path}".';
  it.each([
    "docs://{}",
    "docs://{a}{b}",
    "docs://{+a}/{b}",
    "docs://{+a}{+b}",
    "docs://{a",
    "docs://a}",
    "docs://{{a}}",
    "docs://{?q}",
    "docs://{/a}",
    "docs://{a,b}",
    "docs://{a*}",
    "docs://{#a}",
    "docs://{a b}",
  ])("%s", (template) => {
    expect(() => compileResources({ [template]: "t" })).toThrow(
      expect.objectContaining({
        name: "OptionError",
        message: `Option "policy.resources.${template}" is "${template}": ${form}`,
      }),
    );
  });

  it("a host in upper case, which no request can match", () => {
    expect(() => compileResources({ "https://MCP.example.com/{a}": "t" })).toThrow(
      'Option "policy.resources.https://MCP.example.com/{a}" is "https://MCP.example.com/{a}": write scheme and host in lower case.',
    );
  });
});

it.each([
  ["tool", "create_todo", 'policy.tools["create_todo"]'],
  ["prompt", 'a"b', 'policy.prompts["a\\"b"]'],
  ["resource", "docs://a", 'policy.resources["docs://a"]'],
  ["tool", "x".repeat(500), `policy.tools["${"x".repeat(200)}"]`],
] as const)("the line to write for a %s is named", (kind, name, expected) => {
  expect(optionOf({ kind, name })).toBe(expected);
});
