import { describe, expect, it } from "vitest";
import { resourceOf } from "../src/resource.js";
import { createPlaces, type Place, placeOf } from "../src/target.js";

const place = createPlaces(resourceOf("https://mcp.example.com/mcp"), "/mcp", true);

it.each([
  "/mcp",
  "/mcp/",
  "/mcp?a=b",
  "/mcp/?a=b",
  "/mcp?.well-known",
  "/mcp?/.well-known/oauth-protected-resource",
])("%s is the endpoint", (target) => {
  expect(place(target)).toBe("endpoint");
});

describe("only an exact path is metadata", () => {
  it.each([
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-protected-resource/mcp/",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp?resource=https://evil.example",
  ])("%s", (target) => {
    expect(place(target)).toBe("metadata");
  });

  it.each([
    "/.well-known/oauth-protected-resource/",
    "/.well-known/oauth-protected-resource/other",
    "/.well-known/oauth-protected-resource/MCP",
    "/.WELL-KNOWN/oauth-protected-resource/mcp",
    "/%2ewell-known/oauth-protected-resource/mcp",
    "//.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-protected-resource/mcp#x",
    "/x/../.well-known/oauth-protected-resource/mcp",
    "http://mcp.example.com/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
  ])("%s is none", (target) => {
    expect(place(target)).not.toBe("metadata");
  });

  it("and the root is none where another resource of the origin has it", () => {
    const other = createPlaces(resourceOf("https://mcp.example.com/mcp"), "/mcp", false);
    expect(other("/.well-known/oauth-protected-resource")).toBe("outside");
    expect(other("/.well-known/oauth-protected-resource/mcp")).toBe("metadata");
  });
});

describe("a spelling that some router takes for the endpoint is guarded", () => {
  it.each([
    ["another case", "/MCP"],
    ["another case with a slash", "/Mcp/"],
    ["a path below", "/mcp/x"],
    ["metadata below", "/mcp/.well-known"],
    ["metadata below, in full", "/mcp/.well-known/oauth-protected-resource"],
    ["two slashes at the end", "/mcp//"],
    ["two slashes at the start", "//mcp"],
    ["a dot segment", "/./mcp"],
    ["a dot segment at the end", "/mcp/."],
    ["a parent", "/x/../mcp"],
    ["a parent beside metadata", "/.well-known/../mcp"],
    ["a parent of metadata", "/.well-known/oauth-protected-resource/../../mcp"],
    ["a parent below the endpoint", "/mcp/.well-known/.."],
    ["a path out of the endpoint", "/mcp/../x"],
    ["an encoded parent", "/.well-known/%2e%2e/mcp"],
    ["an encoded slash", "/.well-known/..%2fmcp"],
    ["an encoded dot", "/%2ewell-known/../mcp"],
    ["an encoded letter", "/%6dcp"],
    ["an encoded letter, in upper case", "/%6Dcp"],
    ["an encoded upper-case letter", "/%4dcp"],
    ["the last letter encoded", "/mc%70"],
    ["a letter encoded twice", "/%256dcp"],
    ["a letter encoded four times", "/%2525256dcp"],
    ["path parameters", "/mcp;jsessionid=1"],
    ["path parameters on a parent", "/x/..;a=b/mcp"],
    ["a NUL", "/mcp%00"],
    ["something after a NUL", "/mcp%00.json"],
    ["a space", "/mcp%20"],
    ["a tab", "/mcp%09"],
    ["a backslash", "/mcp\\"],
    ["an encoded backslash", "/mcp%5c"],
    ["backslashes instead of slashes", "\\mcp"],
    ["a backslash parent", "/x\\..\\mcp"],
    ["a fragment", "/mcp#.well-known"],
    ["an encoded question mark", "/mcp%3fx"],
    ["an absolute URL", "http://mcp.example.com/mcp"],
    ["an absolute URL whose host looks public", "http://x.well-known/mcp"],
    ["an absolute URL with a parent", "http://evil/.well-known/..//mcp"],
    ["an absolute URL with user and port", "HTTP://u@evil:80/MCP"],
    ["an absolute URL of another scheme", "ws+unix://evil/mcp"],
    ["a no-break space, which HTTP/2 lets through", "/mcp\u00a0"],
    ["white space beyond ASCII, encoded", "/mcp%c2%a0"],
    ["something that is neither a path nor a URL", "mcp"],
    ["a URL without an authority", "http:/health"],
    ["a URL whose query looks like a path", "http://evil?/mcp"],
    ["a URL without a host", "http:///health"],
    ["nothing", ""],
    ["a bad escape beside a good one", "/%zz/../%6dcp"],
  ])("%s: %s", (_, target) => {
    expect(place(target)).toBe("below");
  });
});

describe("what is somebody else's stays outside", () => {
  it.each([
    "/",
    "/health",
    "/mcpx",
    "/xmcp",
    "/mcp2",
    "/mcp.json",
    "/m/cp",
    "/x/mcp",
    "http://mcp/health",
    "/health?mcp",
    "/health?x=/mcp",
    "/.well-known/openid-configuration",
    "*",
  ])("%j", (target) => {
    expect(place(target)).toBe("outside");
  });
});

describe("an endpoint elsewhere than the resource says", () => {
  it("is guarded where this server sees it, while the metadata stays at the public path", () => {
    const behindProxy = createPlaces(resourceOf("https://h/public/mcp"), "/mcp", true);
    expect(behindProxy("/mcp")).toBe("endpoint");
    expect(behindProxy("/public/mcp")).toBe("outside");
    expect(behindProxy("/.well-known/oauth-protected-resource/public/mcp")).toBe("metadata");
  });

  it("is everything, save metadata, when the resource is a bare origin", () => {
    const root = createPlaces(resourceOf("https://h"), "/", true);
    expect(root("/")).toBe("endpoint");
    expect(root("/health")).toBe("below");
    expect(root("/.well-known/oauth-protected-resource")).toBe("metadata");
    expect(root("/.well-known/other")).toBe("below");
  });

  it("may end in a slash", () => {
    const slashed = createPlaces(resourceOf("https://h/mcp/"), "/mcp/", true);
    expect(slashed("/mcp")).toBe("endpoint");
    expect(slashed("/mcp/")).toBe("endpoint");
    expect(slashed("/MCP")).toBe("below");
  });

  it("may be percent-encoded itself", () => {
    const encoded = createPlaces(resourceOf("https://h/a%2fb"), "/a%2fb", true);
    expect(encoded("/a%2fb")).toBe("endpoint");
    expect(encoded("/a/b")).toBe("below");
  });
});

describe("a target that was rewritten before us", () => {
  const cases: [string, string, string, Place][] = [
    ["is guarded when the router sees the endpoint", "/public", "/mcp", "endpoint"],
    ["is guarded when the router sees a path below", "/public", "/MCP", "below"],
    ["is guarded when the client asked for the endpoint", "/mcp", "/internal", "endpoint"],
    [
      "is guarded even where the client asked for metadata",
      "/.well-known/oauth-protected-resource",
      "/mcp",
      "endpoint",
    ],
    ["is metadata when the client asked for it", "/.well-known/oauth-protected-resource", "/x", "metadata"],
    [
      "is no metadata when only the router sees it",
      "/prm",
      "/.well-known/oauth-protected-resource/mcp",
      "outside",
    ],
    ["is outside when both are", "/a", "/b", "outside"],
    [
      "is guarded when the client asked for the endpoint and the router sees metadata",
      "/mcp",
      "/.well-known/oauth-protected-resource",
      "endpoint",
    ],
  ];
  it.each(cases)("%s", (_, target, routed, expected) => {
    expect(placeOf(place, { method: "POST", target, routed, headers: [] })).toBe(expected);
  });
});

it.each([
  ["percent signs", `/${"%25".repeat(20_000)}`, "outside"],
  ["parents", `/${"../".repeat(20_000)}mcp`, "below"],
  ["white spaces", `/${"%20".repeat(20_000)}x`, "outside"],
  ["letters of a scheme", "a+".repeat(20_000), "below"],
])("a target of 20 000 %s is read without going back", (_, target, expected) => {
  expect(place(target)).toBe(expected);
});
