import { beforeEach, describe, expect, it, vi } from "vitest";
import { findingsOf } from "../../src/check.js";
import { urlCheck } from "../../src/checks/url.js";
import { Inspection } from "../../src/inspection.js";
import { addressesOf } from "../../src/net/resolve.js";

// What names resolve to is decided here: no test asks the DNS of the world.
vi.mock("../../src/net/resolve.js", { spy: true });

beforeEach(() => {
  vi.mocked(addressesOf).mockResolvedValue(["203.0.114.10"]);
});

async function codesFor(url: string): Promise<readonly string[]> {
  const limits = { timeout: 1, bytes: 1, redirects: 1 };
  const inspection = new Inspection({
    url,
    allowPrivate: false,
    limits,
    signal: new AbortController().signal,
  });
  return (await findingsOf(urlCheck, inspection, inspection)).map(({ code }) => code);
}

describe("the URL that users type (V1)", () => {
  it.each([
    ["https://mcp.example.com/mcp", "V1.pass"],
    ["http://127.0.0.1:3000/mcp", "V1.pass"],
    ["http://mcp.example.com/mcp", "url-not-https"],
    ["https://mcp.example.com/mcp#tools", "url-not-an-identifier"],
    ["https://me@mcp.example.com/mcp", "url-not-an-identifier"],
  ])("%s: %s", async (url, code) => {
    expect(await codesFor(url)).toEqual([code]);
  });

  it.each([
    [["10.0.0.7"], ["address-not-global"]],
    [[], ["address-not-global"]],
    [["2606:4700::1111"], ["address-without-ipv4"]],
    [["2606:4700::1111", "203.0.114.10"], ["V1.pass"]],
  ])("at %j: %j", async (addresses, codes) => {
    vi.mocked(addressesOf).mockResolvedValue(addresses);
    expect(await codesFor("https://mcp.example.com/mcp")).toEqual(codes);
  });
});
