import { describe, expect, it } from "vitest";
import type { HeaderLines } from "../../src/facts.js";
import { messageOf } from "../../src/mcp/message.js";
import { mismatchedHeader } from "../../src/mcp/mirrored-headers.js";

const meta = (version: string) => ({ _meta: { "io.modelcontextprotocol/protocolVersion": version } });

function mismatch(given: object, headers: HeaderLines) {
  const message = messageOf({ jsonrpc: "2.0", ...given });
  if (message.kind === "fault") throw new Error(message.reason);
  return mismatchedHeader(message, headers);
}

const call = (name: string, version = "2026-07-28") => ({
  id: 1,
  method: "tools/call",
  params: { name, ...meta(version) },
});

const lines = (version: string, method: string, name?: string): HeaderLines => [
  ["MCP-Protocol-Version", version],
  ["Mcp-Method", method],
  ...(name === undefined ? [] : ([["Mcp-Name", name]] as const)),
];

describe("headers that repeat the message", () => {
  it.each([
    ["a tool", call("admin"), lines("2026-07-28", "tools/call", "admin")],
    ["white space around a value", call("admin"), lines("2026-07-28", "tools/call", " admin\t")],
    ["a name in base64", call("ädmin"), lines("2026-07-28", "tools/call", "=?base64?w6RkbWlu?=")],
    ["an empty name in base64", call(""), lines("2026-07-28", "tools/call", "=?base64??=")],
    [
      "a prompt",
      { id: 1, method: "prompts/get", params: { name: "p", ...meta("2026-07-28") } },
      lines("2026-07-28", "prompts/get", "p"),
    ],
    [
      "a resource",
      { id: 1, method: "resources/read", params: { uri: "docs://a", ...meta("2026-07-28") } },
      lines("2026-07-28", "resources/read", "docs://a"),
    ],
    [
      "a task",
      { id: 1, method: "tasks/get", params: { taskId: "t1", ...meta("2026-07-28") } },
      lines("2026-07-28", "tasks/get", "t1"),
    ],
    [
      "a method without a name",
      { id: 1, method: "tools/list", params: meta("2026-07-28") },
      lines("2026-07-28", "tools/list"),
    ],
    [
      "a version yet to come, whose rules are not known here",
      call("admin", "2099-01-01"),
      [["MCP-Protocol-Version", "2099-01-01"]],
    ],
    [
      "an older protocol that is named in both places",
      call("admin", "2025-11-25"),
      [["MCP-Protocol-Version", "2025-11-25"]],
    ],
    [
      "a notification without any of them",
      { method: "notifications/cancelled", params: meta("2026-07-28") },
      [],
    ],
    [
      "names in any case",
      call("admin"),
      [
        ["mcp-protocol-version", "2026-07-28"],
        ["MCP-METHOD", "tools/call"],
        ["mcp-name", "admin"],
      ],
    ],
  ] as [string, object, HeaderLines][])("agree: %s", (_, message, headers) => {
    expect(mismatch(message, headers)).toBeUndefined();
  });

  it.each([
    [
      "no version",
      "MCP-Protocol-Version",
      call("admin"),
      [
        ["Mcp-Method", "tools/call"],
        ["Mcp-Name", "admin"],
      ],
    ],
    [
      "an older version, to escape the comparison",
      "MCP-Protocol-Version",
      call("admin"),
      lines("2025-11-25", "tools/call", "admin"),
    ],
    [
      "a newer version than the body",
      "MCP-Protocol-Version",
      call("admin", "2025-11-25"),
      lines("2026-07-28", "tools/call", "admin"),
    ],
    [
      "two versions",
      "MCP-Protocol-Version",
      call("admin"),
      [...lines("2026-07-28", "tools/call", "admin"), ["MCP-Protocol-Version", "2026-07-28"]],
    ],
    [
      "no method",
      "Mcp-Method",
      call("admin"),
      [
        ["MCP-Protocol-Version", "2026-07-28"],
        ["Mcp-Name", "admin"],
      ],
    ],
    ["a harmless method", "Mcp-Method", call("admin"), lines("2026-07-28", "tools/list", "admin")],
    ["a method in another case", "Mcp-Method", call("admin"), lines("2026-07-28", "TOOLS/CALL", "admin")],
    ["no name", "Mcp-Name", call("admin"), lines("2026-07-28", "tools/call")],
    ["a harmless name", "Mcp-Name", call("admin"), lines("2026-07-28", "tools/call", "safe")],
    ["a name in another case", "Mcp-Name", call("admin"), lines("2026-07-28", "tools/call", "Admin")],
    [
      "two names",
      "Mcp-Name",
      call("admin"),
      [...lines("2026-07-28", "tools/call", "admin"), ["Mcp-Name", "admin"]],
    ],
    ["two names, joined", "Mcp-Name", call("admin"), lines("2026-07-28", "tools/call", "admin, admin")],
    [
      "base64 of another name",
      "Mcp-Name",
      call("admin"),
      lines("2026-07-28", "tools/call", "=?base64?c2FmZQ==?="),
    ],
    [
      "an upper-case marker",
      "Mcp-Name",
      call("admin"),
      lines("2026-07-28", "tools/call", "=?BASE64?YWRtaW4=?="),
    ],
    [
      "base64 without padding",
      "Mcp-Name",
      call("admin"),
      lines("2026-07-28", "tools/call", "=?base64?YWRtaW4?="),
    ],
    [
      "base64 of another alphabet",
      "Mcp-Name",
      call("?>"),
      lines("2026-07-28", "tools/call", "=?base64?Pz4_?="),
    ],
    [
      "base64 with a space",
      "Mcp-Name",
      call("admin"),
      lines("2026-07-28", "tools/call", "=?base64?YWRt aW4=?="),
    ],
    [
      "base64 that is no UTF-8",
      "Mcp-Name",
      call("\ufffd"),
      lines("2026-07-28", "tools/call", "=?base64?/w==?="),
    ],
    [
      "a name that looks like base64 and is sent as it stands",
      "Mcp-Name",
      call("=?base64?YQ==?="),
      lines("2026-07-28", "tools/call", "=?base64?YQ==?="),
    ],
    [
      "a notification with another method",
      "Mcp-Method",
      { method: "notifications/cancelled", params: meta("2026-07-28") },
      lines("2026-07-28", "notifications/progress"),
    ],
    [
      "another task",
      "Mcp-Name",
      { id: 1, method: "tasks/cancel", params: { taskId: "t1", ...meta("2026-07-28") } },
      lines("2026-07-28", "tasks/cancel", "t2"),
    ],
  ] as [string, string, object, HeaderLines][])("differ: %s", (_, name, message, headers) => {
    expect(mismatch(message, headers)).toBe(name);
  });
});

describe.each([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
])("Mcp-Name of %s repeats %s", (method, parameter) => {
  const message = { id: 1, method, params: { [parameter]: "docs://a", ...meta("2026-07-28") } };

  it("and is held against it", () => {
    expect(mismatch(message, lines("2026-07-28", method, "docs://a"))).toBeUndefined();
    expect(mismatch(message, lines("2026-07-28", method, "docs://b"))).toBe("Mcp-Name");
    expect(mismatch(message, lines("2026-07-28", method))).toBe("Mcp-Name");
  });
});

describe("a message of the older protocols", () => {
  const legacy = { id: 1, method: "tools/call", params: { name: "admin" } };

  it("has no headers to compare: they are not looked at, here or in the policy", () => {
    expect(mismatch(legacy, lines("2025-11-25", "tools/list", "safe"))).toBeUndefined();
    expect(mismatch(legacy, [])).toBeUndefined();
  });

  it("as an answer to the server has none either", () => {
    expect(mismatch({ id: 1, result: {} }, lines("2026-07-28", "tools/list"))).toBeUndefined();
  });
});
