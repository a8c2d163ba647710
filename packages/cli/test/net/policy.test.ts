import { describe, expect, it } from "vitest";
import { addressKind } from "../../src/net/address.js";
import { FetchPolicy } from "../../src/net/policy.js";

describe("address kinds", () => {
  it.each([
    ["8.8.8.8", "global"],
    ["2606:4700::1111", "global"],
    ["127.0.0.1", "loopback"],
    ["::1", "loopback"],
    ["::ffff:127.0.0.1", "loopback"],
    ["169.254.169.254", "link-local"],
    ["::ffff:169.254.169.254", "link-local"],
    ["fe80::1%eth0", "link-local"],
    ["10.1.2.3", "private"],
    ["172.31.255.255", "private"],
    ["192.168.0.1", "private"],
    ["100.64.0.1", "private"],
    ["0.0.0.0", "private"],
    ["fd00::1", "private"],
    ["64:ff9b::a00:1", "private"],
    ["2002:a00:1::", "private"],
    ["224.0.0.1", "private"],
    ["not an address", "private"],
  ])("%s is %s", (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe("the fetch policy", () => {
  const refuses = (target: string, url: string, allowPrivate = false): boolean =>
    new FetchPolicy(new URL(target), allowPrivate).refusesUrl(new URL(url)) !== undefined;

  it.each([
    ["https://mcp.test/mcp", "https://auth.test/", false],
    ["https://mcp.test/mcp", "http://auth.test/", true],
    ["https://mcp.test/mcp", "http://127.0.0.1/", true],
    ["https://mcp.test/mcp", "https://10.0.0.1/", true],
    ["https://mcp.test/mcp", "https://user@auth.test/", true],
    ["https://mcp.test/mcp", "file:///etc/passwd", true],
    ["https://mcp.test/mcp", "javascript:alert(1)", true],
    ["http://127.0.0.1:3000/mcp", "http://127.0.0.1:4000/", false],
    ["http://localhost:3000/mcp", "http://[::1]:4000/", false],
    ["http://localhost:3000/mcp", "http://169.254.169.254/", true],
    ["http://localhost:3000/mcp", "http://0x7f000001/", false],
    ["http://10.0.0.5/mcp", "http://10.0.0.5/metadata", false],
    ["http://10.0.0.5/mcp", "http://10.0.0.6/metadata", true],
  ])("for %s, %s is refused: %s", (target, url, refused) => {
    expect(refuses(target, url)).toBe(refused);
  });

  it("lets private addresses through on demand, link-local ones never", () => {
    expect(refuses("https://mcp.test/mcp", "https://10.0.0.1/", true)).toBe(false);
    expect(refuses("https://mcp.test/mcp", "http://169.254.169.254/", true)).toBe(true);
  });

  it("judges the address that a name resolves to", () => {
    const policy = new FetchPolicy(new URL("https://mcp.test/mcp"), false);
    expect(policy.refusesAddress("auth.test", "10.0.0.1")).toContain("private");
    expect(policy.refusesAddress("auth.test", "8.8.8.8")).toBeUndefined();
    expect(policy.refusesAddress("mcp.test", "10.0.0.1")).toBeUndefined();
  });

  it("notices that the target's own name has turned to a private address", () => {
    const policy = new FetchPolicy(new URL("https://mcp.test/mcp"), false);
    expect(policy.refusesAddress("mcp.test", "8.8.8.8")).toBeUndefined();
    expect(policy.refusesAddress("mcp.test", "10.0.0.1")).toContain("was public before");
    const hidden = new FetchPolicy(new URL("https://mcp.test/mcp"), true);
    expect(hidden.refusesAddress("mcp.test", "169.254.169.254")).toContain("link-local");
  });
});
