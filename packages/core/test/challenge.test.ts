import { describe, expect, it } from "vitest";
import { bearerChallenge, isRealm, isScopeToken } from "../src/challenge.js";

const own = { realm: "OAuth", resourceMetadata: "https://h/.well-known/oauth-protected-resource/mcp" };

describe("a challenge", () => {
  it("names realm and metadata, and nothing else, for whoever came without a token", () => {
    expect(bearerChallenge(own)).toBe(
      'Bearer realm="OAuth", resource_metadata="https://h/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it("has its parameters in the order that the loosest readers need", () => {
    expect(
      bearerChallenge({
        ...own,
        description: "More permissions are needed",
        error: "insufficient_scope",
        scopes: ["todo:read", "todo:write"],
      }),
    ).toBe(
      'Bearer realm="OAuth", resource_metadata="https://h/.well-known/oauth-protected-resource/mcp", scope="todo:read todo:write", error="insufficient_scope", error_description="More permissions are needed"',
    );
  });

  it("has no scope parameter when there is no scope", () => {
    expect(bearerChallenge({ ...own, scopes: [] })).not.toContain("scope");
  });

  it.each([
    ["scope", "todo:read"],
    ["error", "invalid_token"],
    ["error_description", "The access token is invalid or expired"],
    ["resource_metadata", own.resourceMetadata],
  ])("gives up its %s to a reader that searches without anchors", (parameter, value) => {
    const header = bearerChallenge({
      ...own,
      scopes: ["todo:read"],
      error: "invalid_token",
      description: "The access token is invalid or expired",
    });
    expect(new RegExp(`${parameter}="([^"]+)"`).exec(header)?.[1]).toBe(value);
  });
});

describe("a scope token (RFC 6749 §3.3)", () => {
  it.each(["todo:read", "!", "~", "https://h/scope", "a,b", "#", "[", "]", "a=b"])("%s is one", (value) => {
    expect(isScopeToken(value)).toBe(true);
  });

  it.each(["", " ", "a b", 'a"b', "a\\b", "a\tb", "a\r\nb", "é", "\x7f", "\0", "a\n"])(
    "%j is none",
    (value) => {
      expect(isScopeToken(value)).toBe(false);
    },
  );

  it.each([undefined, null, 1, ["a"], { toString: () => "a" }])("%s is none", (value) => {
    expect(isScopeToken(value)).toBe(false);
  });
});

describe("a realm", () => {
  it.each(["OAuth", "My server", "!", "mcp.example.com/todo"])("%s is one", (value) => {
    expect(isRealm(value)).toBe(true);
  });

  it.each(["", 'a"b', "a\\b", 'scope="x', "a=b", "a\r\nb", "é", "\x7f", 5, undefined])(
    "%j is none",
    (value) => {
      expect(isRealm(value)).toBe(false);
    },
  );
});
