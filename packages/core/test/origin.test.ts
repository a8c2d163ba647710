import { describe, expect, it } from "vitest";
import type { HeaderLines } from "../src/facts.js";
import { corsHeaders, createOriginPolicy, isPreflight, preflightHeaders } from "../src/origin.js";
import { resourceOf } from "../src/resource.js";

const facts = (headers: HeaderLines, method = "POST") => ({ method, target: "/mcp", headers });
const publicResource = resourceOf("https://mcp.example.com/mcp");
const localResource = resourceOf("http://localhost:3000/mcp");

describe("Origin", () => {
  const policy = createOriginPolicy(
    publicResource,
    ["https://app.example.com", "http://app.example.com:8080"],
    undefined,
  );
  const originOf = (...values: string[]) => policy.originOf(facts(values.map((value) => ["Origin", value])));

  it("is not asked of those who are no browser", () => {
    expect(originOf()).toBeNull();
  });

  it.each(["https://mcp.example.com", "https://app.example.com", "http://app.example.com:8080"])(
    "%s may call",
    (origin) => {
      expect(originOf(origin)).toBe(origin);
    },
  );

  it.each([
    "https://evil.example",
    "null",
    "",
    "https://mcp.example.com.evil.test",
    "https://evil-mcp.example.com",
    "https://mcp.example.com@evil.test",
    "https://mcp.example.comevil",
    "http://mcp.example.com",
    "https://mcp.example.com:8443",
    "https://mcp.example.com:443",
    "https://mcp.example.com/",
    "https://MCP.example.com",
    "https://app.example.com, https://app.example.com",
    "http://localhost:3000",
    "*",
  ])("%j may not", (origin) => {
    expect(originOf(origin)).toBeUndefined();
  });

  it("may not be sent twice, even when both would do", () => {
    expect(originOf("https://mcp.example.com", "https://mcp.example.com")).toBeUndefined();
  });

  it("null may call where it is listed", () => {
    const open = createOriginPolicy(publicResource, ["null"], undefined);
    expect(open.originOf(facts([["Origin", "null"]]))).toBe("null");
  });
});

describe("Origin of a server on the developer's machine", () => {
  const policy = createOriginPolicy(localResource, [], undefined);
  const originOf = (origin: string) => policy.originOf(facts([["origin", origin]]));

  it.each(["http://localhost:6274", "http://127.0.0.1", "https://[::1]:1", "http://localhost:3000"])(
    "%s may call",
    (origin) => {
      expect(originOf(origin)).toBe(origin);
    },
  );

  it.each([
    "http://localhost.evil.test",
    "http://127.0.0.1.evil.test",
    "http://localhost:3000.evil.test",
    "http://evil.test:3000",
    "http://0.0.0.0:3000",
    "http://localhost:999999",
    "http://localhost:",
    "http://x@localhost",
    "null",
  ])("%s may not", (origin) => {
    expect(originOf(origin)).toBeUndefined();
  });
});

describe("Host", () => {
  const allows = (policy: ReturnType<typeof createOriginPolicy>, ...headers: [string, string][]) =>
    policy.hostAllowed(facts(headers));

  it("is not asked of a public server that names no hosts: nothing is derived from it", () => {
    expect(allows(createOriginPolicy(publicResource, [], undefined), ["Host", "evil.example"])).toBe(true);
    expect(allows(createOriginPolicy(publicResource, [], undefined))).toBe(true);
  });

  it.each([
    ["localhost", true],
    ["localhost:3000", true],
    ["LOCALHOST:3000", true],
    ["127.0.0.1:9", true],
    ["[::1]:3000", true],
    ["evil.example", false],
    ["127.0.0.1.evil.test", false],
    ["localhost.evil.test:3000", false],
    ["0.0.0.0:3000", false],
    ["[::ffff:127.0.0.1]", false],
    ["2130706433", false],
    ["localhost:123456", false],
    ["localhost@evil.example", false],
    ["", false],
  ])("%j before a server on the developer's machine: %s", (host, allowed) => {
    expect(allows(createOriginPolicy(localResource, [], undefined), ["Host", host])).toBe(allowed);
  });

  it.each([
    ["mcp.example.com", true],
    ["mcp.example.com:8443", true],
    ["MCP.EXAMPLE.COM", true],
    ["other.example.com:81", true],
    ["other.example.com", false],
    ["other.example.com:82", false],
    ["mcp.example.com.evil.test", false],
    ["localhost", false],
  ])("%s where hosts are listed: %s", (host, allowed) => {
    const policy = createOriginPolicy(publicResource, [], ["MCP.example.com", "other.example.com:81"]);
    expect(allows(policy, ["Host", host])).toBe(allowed);
  });

  it("must be there, once, and the same for both ways to send it", () => {
    const policy = createOriginPolicy(publicResource, [], ["mcp.example.com"]);
    expect(allows(policy)).toBe(false);
    expect(allows(policy, [":authority", "mcp.example.com"])).toBe(true);
    expect(allows(policy, [":authority", "mcp.example.com"], ["Host", "mcp.example.com"])).toBe(true);
    expect(allows(policy, [":authority", "mcp.example.com"], ["Host", "evil.example"])).toBe(false);
    expect(allows(policy, ["Host", "mcp.example.com"], ["Host", "evil.example"])).toBe(false);
    expect(allows(policy, ["X-Forwarded-Host", "mcp.example.com"])).toBe(false);
  });
});

describe("what cannot be listed is refused at start-up:", () => {
  const instead =
    'write scheme, host and port only, for example "https://app.example.com"; there is no wildcard.';
  it.each([
    "https://app.example.com/",
    "https://app.example.com/x",
    "*",
    "https://*.example.com/",
    "app.example.com",
    "https://APP.example.com",
    "https://app.example.com:443",
  ])("the origin %s", (origin) => {
    expect(() => createOriginPolicy(publicResource, ["https://ok.example.com", origin], undefined)).toThrow(
      `Option "origins[1]" is ${JSON.stringify(origin)}: ${instead}`,
    );
  });

  it.each(["https://mcp.example.com", "mcp.example.com/", "a b", "", "h:123456", "*.example.com"])(
    "the host %j",
    (host) => {
      expect(() => createOriginPolicy(publicResource, [], [host])).toThrow(
        `Option "hosts[0]" is ${JSON.stringify(host)}: write a host with or without a port, for example "mcp.example.com".`,
      );
    },
  );
});

describe("CORS", () => {
  it("shows a page what it needs, and never admits its cookies", () => {
    expect(corsHeaders("https://app.example.com")).toEqual([
      ["Access-Control-Allow-Origin", "https://app.example.com"],
      [
        "Access-Control-Expose-Headers",
        "WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id, DPoP-Nonce, Retry-After, X-Request-Id",
      ],
    ]);
  });

  it("knows a preflight by the method that it asks for", () => {
    const asks: [string, string] = ["Access-Control-Request-Method", "POST"];
    expect(isPreflight(facts([asks], "OPTIONS"))).toBe(true);
    expect(isPreflight(facts([], "OPTIONS"))).toBe(false);
    expect(isPreflight(facts([asks], "POST"))).toBe(false);
    expect(isPreflight(facts([asks, asks], "OPTIONS"))).toBe(false);
  });

  it("permits the methods and headers of MCP, and of those asked for the parameters of tools alone", () => {
    const asked = "authorization, mcp-param-Region,Mcp-Param-X, x-evil, mcp-param-, mcp-param-a b";
    expect(
      preflightHeaders(facts([["Access-Control-Request-Headers", asked]], "OPTIONS"), "POST, GET"),
    ).toEqual([
      ["Access-Control-Allow-Methods", "POST, GET"],
      [
        "Access-Control-Allow-Headers",
        "Authorization, DPoP, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID, mcp-param-Region, Mcp-Param-X",
      ],
      ["Access-Control-Max-Age", "600"],
    ]);
  });

  it("echoes 64 parameters at most", () => {
    const asked = Array.from({ length: 200 }, (_, index) => `mcp-param-p${index}`).join(",");
    const [, allowed] = preflightHeaders(
      facts([["Access-Control-Request-Headers", asked]], "OPTIONS"),
      "POST",
    );
    expect(allowed?.[1].split(", ")).toHaveLength(9 + 64);
  });
});
