import { describe, expect, it } from "vitest";
import { metadataDocument } from "../src/metadata.js";
import { isLoopbackHost, resourceOf, rootMetadataPath } from "../src/resource.js";

describe("a resource identifier", () => {
  it.each([
    [
      "https://mcp.example.com/mcp",
      "https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
      "/mcp",
    ],
    ["https://mcp.example.com", "https://mcp.example.com/.well-known/oauth-protected-resource", "/"],
    ["https://mcp.example.com/", "https://mcp.example.com/.well-known/oauth-protected-resource", "/"],
    [
      "https://mcp.example.com/public/mcp",
      "https://mcp.example.com/.well-known/oauth-protected-resource/public/mcp",
      "/public/mcp",
    ],
    [
      "https://mcp.example.com/mcp/",
      "https://mcp.example.com/.well-known/oauth-protected-resource/mcp/",
      "/mcp/",
    ],
    [
      "https://mcp.example.com:8443/mcp",
      "https://mcp.example.com:8443/.well-known/oauth-protected-resource/mcp",
      "/mcp",
    ],
    [
      "https://mcp.example.com/mcp?tenant=a",
      "https://mcp.example.com/.well-known/oauth-protected-resource/mcp?tenant=a",
      "/mcp",
    ],
    [
      "https://mcp.example.com?tenant=a",
      "https://mcp.example.com/.well-known/oauth-protected-resource?tenant=a",
      "/",
    ],
    [
      "https://mcp.example.com/?tenant=a",
      "https://mcp.example.com/.well-known/oauth-protected-resource?tenant=a",
      "/",
    ],
    ["http://[::1]:3000/mcp", "http://[::1]:3000/.well-known/oauth-protected-resource/mcp", "/mcp"],
  ])("%s has its metadata at %s", (identifier, metadataUrl, path) => {
    expect(resourceOf(identifier)).toMatchObject({ identifier, metadataUrl, path });
  });

  it("is kept byte for byte, and not as a URL parser would write it", () => {
    expect(resourceOf("https://mcp.example.com").identifier).toBe("https://mcp.example.com");
    expect(resourceOf("https://mcp.example.com/a%7eb").identifier).toBe("https://mcp.example.com/a%7eb");
  });

  it("serves its metadata with and without a slash at the end, and nowhere else", () => {
    expect(resourceOf("https://mcp.example.com/mcp").metadataPaths).toEqual([
      "/.well-known/oauth-protected-resource/mcp",
      "/.well-known/oauth-protected-resource/mcp/",
    ]);
    expect(resourceOf("https://mcp.example.com/mcp/?a=b").metadataPaths).toEqual([
      "/.well-known/oauth-protected-resource/mcp/",
      "/.well-known/oauth-protected-resource/mcp",
    ]);
    expect(rootMetadataPath).toBe("/.well-known/oauth-protected-resource");
  });

  it.each([
    ["https://mcp.example.com/mcp", false],
    ["http://localhost:3000/mcp", true],
    ["http://127.0.0.1/mcp", true],
    ["https://localhost/mcp", true],
    ["https://localhost.example.com/mcp", false],
  ])("%s: on the developer's own machine is %s", (identifier, loopback) => {
    expect(resourceOf(identifier).loopback).toBe(loopback);
  });

  it("cannot be changed afterwards", () => {
    expect(Object.isFrozen(resourceOf("https://mcp.example.com/mcp"))).toBe(true);
  });
});

describe("a resource identifier that cannot work is refused at start-up:", () => {
  const form = 'write the public URL of the MCP endpoint, for example "https://mcp.example.com/mcp".';
  const characters = `percent-encode spaces, quotes, backslashes and non-ASCII characters; ${form}`;
  const segments = 'leave out ".", ".." and empty path segments.';
  const secure = "use https; http is only for localhost, 127.0.0.1 and [::1] (RFC 9728 §1.2).";
  const canonical = (instead: string) =>
    `write scheme and host in lower case and leave out the default port: "${instead}" (MCP 2026-07-28 Authorization, Canonical Server URI).`;

  it.each([
    ["nothing", "", `Option "resource" is "": ${form}`],
    ["a path alone", "/mcp", `Option "resource" is "/mcp": ${form}`],
    ["a host alone", "mcp.example.com/mcp", `Option "resource" is "mcp.example.com/mcp": ${form}`],
    ["a quote", 'https://h/m"cp', `Option "resource" is "https://h/m\\"cp": ${characters}`],
    ["a backslash", "https://h\\mcp", `Option "resource" is "https://h\\\\mcp": ${characters}`],
    [
      "a line break",
      "https://h/mcp\r\nX: y",
      `Option "resource" is "https://h/mcp\\r\\nX: y": ${characters}`,
    ],
    ["a space", "https://h/m cp", `Option "resource" is "https://h/m cp": ${characters}`],
    ["a letter beyond ASCII", "https://h/é", `Option "resource" is "https://h/é": ${characters}`],
    [
      "a fragment",
      "https://h/mcp#x",
      'Option "resource" is "https://h/mcp#x": a resource identifier has no fragment (RFC 9728 §1.2); leave out everything from "#".',
    ],
    [
      "an empty fragment",
      "https://h/mcp#",
      'Option "resource" is "https://h/mcp#": a resource identifier has no fragment (RFC 9728 §1.2); leave out everything from "#".',
    ],
    [
      "a password",
      "https://u:p@h/mcp",
      'Option "resource" is "https://u:p@h/mcp": leave out the user name and password.',
    ],
    [
      "plain http",
      "http://mcp.example.com/mcp",
      `Option "resource" is "http://mcp.example.com/mcp": ${secure}`,
    ],
    ["another scheme", "ftp://localhost/mcp", `Option "resource" is "ftp://localhost/mcp": ${secure}`],
    [
      "upper case",
      "https://MCP.example.com/mcp",
      `Option "resource" is "https://MCP.example.com/mcp": ${canonical("https://mcp.example.com/mcp")}`,
    ],
    [
      "the default port",
      "https://h:443/mcp",
      `Option "resource" is "https://h:443/mcp": ${canonical("https://h/mcp")}`,
    ],
    ["a dot segment", "https://h/a/../mcp", `Option "resource" is "https://h/a/../mcp": ${segments}`],
    ["a dot segment at the end", "https://h/mcp/.", `Option "resource" is "https://h/mcp/.": ${segments}`],
    ["an empty segment", "https://h//mcp", `Option "resource" is "https://h//mcp": ${segments}`],
  ])("%s", (_, identifier, message) => {
    expect(() => resourceOf(identifier)).toThrow(expect.objectContaining({ name: "OptionError", message }));
  });

  it("something that is no string", () => {
    expect(() => resourceOf(undefined as unknown as string)).toThrow(`Option "resource" is not set: ${form}`);
  });
});

it.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["[::1]", true],
  ["0.0.0.0", false],
  ["127.0.0.1.evil.test", false],
  ["localhost.evil.test", false],
  ["[::ffff:127.0.0.1]", false],
  ["2130706433", false],
])("%s as a loopback host: %s", (host, loopback) => {
  expect(isLoopbackHost(host)).toBe(loopback);
});

it("a metadata document leaves out what has no value", () => {
  expect(
    metadataDocument({
      resource: "https://mcp.example.com/mcp",
      authorization_servers: ["https://as.example.com"],
      scopes_supported: [],
      "resource_name#fr": "Tâches",
      resource_policy_uri: undefined as unknown as string,
    }),
  ).toBe(
    '{"resource":"https://mcp.example.com/mcp","authorization_servers":["https://as.example.com"],"resource_name#fr":"Tâches"}',
  );
});
