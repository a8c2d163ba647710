import { describe, expect, it } from "vitest";
import type { HeaderLines } from "../src/facts.js";
import type { McpAuthzOptions } from "../src/options.js";
import { accessToken, call, header, plain, todoGate } from "./todo-gate.js";

const policy: McpAuthzOptions["policy"] = {
  baseline: ["base"],
  tools: { t: ["op", "base"], both: { anyOf: ["x", "y"], scopes: "op" }, p: { person: true } },
};

async function challenge(scopes: string[], tool: string, version?: string): Promise<string | undefined> {
  const { ask } = todoGate(
    { policy },
    { verify: () => ({ kind: "accepted", token: accessToken({ kind: "client", scopes }) }) },
  );
  const headers: HeaderLines =
    version === undefined
      ? []
      : [
          ["MCP-Protocol-Version", version],
          ["Mcp-Method", "tools/call"],
          ["Mcp-Name", tool],
        ];
  const params = {
    name: tool,
    ...(version === undefined ? {} : { _meta: { "io.modelcontextprotocol/protocolVersion": version } }),
  };
  const answer = plain(await ask({ token: "t", headers, body: { ...call(tool), params } }));
  return /scope="([^"]*)"/.exec(header(answer, "WWW-Authenticate") ?? "")?.[1];
}

describe("a challenge for more scopes", () => {
  it("names baseline and operation to modern clients, which keep what they have", async () => {
    expect(await challenge(["own"], "t", "2026-07-28")).toBe("base op");
  });

  it.each([undefined, "2025-11-25"])(
    "names what was granted, too, to older clients (%s), which would lose it",
    async (version) => {
      expect(await challenge(["own", "more"], "t", version)).toBe("own more base op");
    },
  );

  it("names nothing twice", async () => {
    expect(await challenge(["base", "own"], "t")).toBe("base own op");
  });

  it("never asks for refresh tokens, even where one was granted", async () => {
    expect(await challenge(["offline_access", "own"], "t")).toBe("own base op");
  });

  it("names all that the operation needs at once", async () => {
    expect(await challenge([], "both", "2026-07-28")).toBe("base x op");
    expect(await challenge(["y"], "both", "2026-07-28")).toBe("base y op");
  });

  it("is the same every time", async () => {
    const asked = await Promise.all([1, 2, 3].map(() => challenge(["own"], "t")));
    expect(new Set(asked)).toEqual(new Set(["own base op"]));
  });

  it("is none for what no scope can mend", async () => {
    expect(await challenge([], "p")).toBeUndefined();
  });
});
