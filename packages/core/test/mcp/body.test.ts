import { describe, expect, it } from "vitest";
import type { HeaderLines } from "../../src/facts.js";
import { type Body, messagesOf } from "../../src/mcp/body.js";

const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const answer = { jsonrpc: "2.0", id: 1, result: {} };
const modern = {
  ...ping,
  params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
};

function read(body: Body, headers: HeaderLines = [], method = "POST") {
  return messagesOf(body, { method, target: "/mcp", headers }, 3);
}

const bytes = (value: unknown): Body => ({ kind: "bytes", bytes: JSON.stringify(value) });
const version = (value: string): HeaderLines => [["MCP-Protocol-Version", value]];

describe("the body of a POST", () => {
  it("is one message", () => {
    expect(read(bytes(ping))).toMatchObject({
      kind: "messages",
      value: ping,
      messages: [{ method: "ping" }],
    });
  });

  it("that the application parsed goes on as the same object", () => {
    const value = { ...ping };
    const result = read({ kind: "parsed", value });
    expect(result).toMatchObject({ kind: "messages" });
    expect("value" in result && result.value).toBe(value);
  });

  it.each([
    ["too large", { kind: "too large" }, "body_too_large"],
    ["too slow", { kind: "timed out" }, "body_timeout"],
    ["absent", { kind: "none" }, "body_unparseable"],
    ["of a kind that does not exist", { kind: "stream" }, "body_unparseable"],
    ["no JSON", { kind: "bytes", bytes: "{" }, "body_unparseable"],
    [
      "parsed to nothing, as by a parser that did not feel concerned",
      { kind: "parsed", value: undefined },
      "message_invalid",
    ],
    ["parsed to an empty object, as by Express 4", { kind: "parsed", value: {} }, "message_invalid"],
    ["parsed to a string", { kind: "parsed", value: '{"jsonrpc":"2.0"}' }, "message_invalid"],
  ] as [string, Body, string][])("is refused when it is %s", (_, body, reason) => {
    expect(read(body)).toEqual({ kind: "fault", reason });
  });

  it("that was parsed is held to the same depth", () => {
    let value: object = {};
    for (let depth = 0; depth < 300; depth++) value = { params: value };
    expect(read({ kind: "parsed", value })).toEqual({ kind: "fault", reason: "body_unparseable" });
  });
});

it.each(["GET", "DELETE"])("a %s has no message", (method) => {
  expect(read({ kind: "none" }, [], method)).toEqual({ kind: "messages", value: undefined, messages: [] });
});

describe("a batch", () => {
  it.each([
    ["without a version", []],
    ["of 2025-03-26", version("2025-03-26")],
  ])("%s is read", (_, headers) => {
    expect(read(bytes([ping, answer]), headers)).toMatchObject({
      messages: [{ kind: "request" }, { kind: "response" }],
    });
  });

  it.each(["2025-06-18", "2025-11-25", "2026-07-28", "2025-03-26, 2025-03-26", "", "2024-11-05"])(
    "of version %j is refused, even with one message",
    (value) => {
      expect(read(bytes([ping]), version(value))).toEqual({ kind: "fault", reason: "message_invalid" });
    },
  );

  it("whose version is sent twice is refused", () => {
    expect(read(bytes([ping]), [...version("2025-03-26"), ...version("2025-03-26")])).toEqual({
      kind: "fault",
      reason: "message_invalid",
    });
  });

  it.each([
    ["empty", []],
    ["longer than the limit", [ping, ping, ping, ping]],
    ["with a batch inside", [[ping]]],
    ["with something that is no message", [ping, null]],
    ["with a message that is broken", [ping, { ...ping, id: null }]],
    ["with params that are broken", [ping, { ...ping, params: [] }]],
    ["with a message of the modern protocol", [ping, modern]],
  ])("that is %s is refused as a whole, without an id", (_, batch) => {
    expect(read(bytes(batch))).toEqual({ kind: "fault", reason: "message_invalid" });
  });

  it("up to the limit is read", () => {
    expect(read(bytes([ping, ping, ping]))).toMatchObject({ kind: "messages" });
  });
});

describe("a client's answer to the server", () => {
  it("belongs to the older protocols", () => {
    expect(read(bytes(answer))).toMatchObject({ messages: [{ kind: "response" }] });
    expect(read(bytes(answer), version("2025-11-25"))).toMatchObject({ messages: [{ kind: "response" }] });
  });

  it("is refused in the modern one, which knows no requests to the client", () => {
    expect(read(bytes(answer), version("2026-07-28"))).toEqual({ kind: "fault", reason: "message_invalid" });
  });
});
