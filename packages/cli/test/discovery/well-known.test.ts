import { describe, expect, it } from "vitest";
import { authorizationServerUrls, protectedResourceUrl } from "../../src/discovery/well-known.js";

const prm = "/.well-known/oauth-protected-resource";

describe("well-known locations", () => {
  it.each([
    ["https://h", `https://h${prm}`],
    ["https://h/", `https://h${prm}`],
    ["https://h/mcp", `https://h${prm}/mcp`],
    ["https://h/mcp/", `https://h${prm}/mcp/`],
    ["https://h:8443/a/b/mcp", `https://h:8443${prm}/a/b/mcp`],
    ["https://h/p?x=1", `https://h${prm}/p?x=1`],
    ["https://h/?x=1", `https://h${prm}?x=1`],
    ["https://h/a%2Fb", `https://h${prm}/a%2Fb`],
    ["https://H/MCP", `https://h${prm}/MCP`],
  ])("puts the metadata of %s at %s", (resource, url) => {
    expect(protectedResourceUrl(resource)).toBe(url);
  });

  it("looks for an issuer with a path in three places, and without one in two", () => {
    expect(authorizationServerUrls("https://a/t")).toEqual([
      "https://a/.well-known/oauth-authorization-server/t",
      "https://a/.well-known/openid-configuration/t",
      "https://a/t/.well-known/openid-configuration",
    ]);
    expect(authorizationServerUrls("https://a")).toEqual([
      "https://a/.well-known/oauth-authorization-server",
      "https://a/.well-known/openid-configuration",
    ]);
  });
});
