import { describe, expect, it } from "vitest";
import { createHierarchy, type Implies } from "../../src/policy/hierarchy.js";

const expand = (implies: Implies, ...granted: string[]) =>
  [...createHierarchy(implies).expand(granted)].sort();

describe("a granted scope", () => {
  it.each([
    ["brings nothing with it unless that is said", {}, ["todo:write"], ["todo:write"]],
    ["brings what it implies", { write: "read" }, ["write"], ["read", "write"]],
    ["brings several", { admin: ["read", "write"] }, ["admin"], ["admin", "read", "write"]],
    ["brings what those imply in turn", { a: "b", b: "c", c: "d" }, ["a"], ["a", "b", "c", "d"]],
    ["is not brought by what it implies", { write: "read" }, ["read"], ["read"]],
    ["is brought on two ways as well", { a: ["b", "c"], b: "d", c: "d" }, ["a"], ["a", "b", "c", "d"]],
    [
      "is compared exactly, case and all",
      { write: "read" },
      ["WRITE", "writ", "write:x"],
      ["WRITE", "writ", "write:x"],
    ],
    [
      "of an inherited name brings nothing",
      { a: "b" },
      ["constructor", "__proto__"],
      ["__proto__", "constructor"],
    ],
  ] as [string, Implies, string[], string[]][])("%s", (_, implies, granted, expected) => {
    expect(expand(implies, ...granted)).toEqual(expected);
  });

  it("counts from the moment in which a list that can change has it", () => {
    const hierarchy = createHierarchy({ write: "read" });
    const granted = ["other"];
    hierarchy.expand(granted);
    granted.push("write");
    expect([...hierarchy.expand(granted)]).toEqual(["other", "write", "read"]);
  });

  it("may be called __proto__", () => {
    const implies: Implies = JSON.parse('{"__proto__":"read"}');
    expect(expand(implies, "__proto__")).toEqual(["__proto__", "read"]);
  });
});

describe("what cannot be implied is refused at start-up:", () => {
  const form = 'write scope names, for example { "todo:write": "todo:read" }.';
  it.each([
    ["a scope with a space", { "a b": "c" }, `Option "implies.a b" is "c": ${form}`],
    ["two scopes in one string", { a: "b c" }, `Option "implies.a" is "b c": ${form}`],
    ["something that is no scope", { a: 5 }, `Option "implies.a" is 5: ${form}`],
    ["a list with something else", { a: ["b", null] }, `Option "implies.a" is ["b", null]: ${form}`],
    ["itself", { a: "a" }, 'Option "implies.a" is ["a"]: it leads back to "a"; break the circle.'],
    [
      "a circle",
      { a: "b", b: "c", c: "a" },
      'Option "implies.a" is ["b"]: it leads back to "a"; break the circle.',
    ],
  ])("%s", (_, implies, message) => {
    expect(() => createHierarchy(implies as Implies)).toThrow(
      expect.objectContaining({ name: "OptionError", message }),
    );
  });
});
