import { describe, expect, it } from "vitest";
import { isTooDeep, messageOf, parseBody } from "../../src/mcp/message.js";

const request = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const meta = (version: unknown) => ({ _meta: { "io.modelcontextprotocol/protocolVersion": version } });

describe("a message that can be read for certain", () => {
  it.each([
    ["a request", request, { kind: "request", id: 1, method: "tools/list", era: "legacy" }],
    ["a request whose id is a string", { ...request, id: "a" }, { kind: "request", id: "a" }],
    ["a request whose id is zero", { ...request, id: 0 }, { kind: "request", id: 0 }],
    ["a request whose id is empty", { ...request, id: "" }, { kind: "request", id: "" }],
    ["a request whose id is below zero", { ...request, id: -5 }, { kind: "request", id: -5 }],
    [
      "a request of the modern protocol",
      { ...request, params: meta("2026-07-28") },
      { kind: "request", era: "modern" },
    ],
    [
      "a request of a protocol yet to come",
      { ...request, params: meta("2099-01-01") },
      { kind: "request", era: "modern" },
    ],
    [
      "a request that names an older protocol",
      { ...request, params: meta("2025-11-25") },
      { kind: "request", era: "legacy" },
    ],
    [
      "a request that names the oldest protocol",
      { ...request, params: meta("2024-11-05") },
      { kind: "request", era: "legacy" },
    ],
    [
      "a notification",
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { kind: "notification", method: "notifications/initialized" },
    ],
    ["a result", { jsonrpc: "2.0", id: 1, result: {} }, { kind: "response", era: "legacy" }],
    ["an error", { jsonrpc: "2.0", id: 1, error: { code: 1 } }, { kind: "response", era: "legacy" }],
    ["a request with a stray result", { ...request, result: {} }, { kind: "request", method: "tools/list" }],
  ])("is %s", (_, value, expected) => {
    expect(messageOf(value)).toMatchObject(expected);
  });
});

describe("what is no message is refused, with its id where that can be read", () => {
  const invalid = (id?: string | number) => ({
    kind: "fault",
    reason: "message_invalid",
    ...(id === undefined ? {} : { id }),
  });
  const badParams = { kind: "fault", reason: "params_invalid", id: 1 };

  it.each([
    ["nothing", undefined, invalid()],
    ["null", null, invalid()],
    ["a string", "tools/list", invalid()],
    ["a number", 1, invalid()],
    ["an empty object", {}, invalid()],
    ["a list inside a list", [[request]], invalid()],
    ["another version", { ...request, jsonrpc: "1.0" }, invalid(1)],
    ["a version that is a number", { ...request, jsonrpc: 2 }, invalid(1)],
    ["no version", { id: 1, method: "tools/list" }, invalid(1)],
    ["an id that is null", { ...request, id: null }, invalid()],
    ["an id that is an object", { ...request, id: {} }, invalid()],
    ["an id that is a list", { ...request, id: [1] }, invalid()],
    ["an id that is true", { ...request, id: true }, invalid()],
    ["an id with a fraction", { ...request, id: 1.5 }, invalid()],
    ["an id beyond exact integers", { ...request, id: 2 ** 53 }, invalid()],
    ["an id of 1025 characters", { ...request, id: "x".repeat(1025) }, invalid()],
    ["a method that is empty", { ...request, method: "" }, invalid(1)],
    ["a method that is a list", { ...request, method: ["tools/list"] }, invalid(1)],
    ["a method that is null", { ...request, method: null }, invalid(1)],
    ["a request without an id", { jsonrpc: "2.0", method: "tools/call" }, invalid()],
    ["a notification with an id", { jsonrpc: "2.0", id: 1, method: "notifications/x" }, invalid(1)],
    ["a result and an error", { jsonrpc: "2.0", id: 1, result: {}, error: {} }, invalid(1)],
    ["neither method nor answer", { jsonrpc: "2.0", id: 1 }, invalid(1)],
    ["an answer without an id", { jsonrpc: "2.0", result: {} }, invalid()],
    ["params that are a list", { ...request, params: ["x"] }, badParams],
    ["params that are a string", { ...request, params: "x" }, badParams],
    ["params that are null", { ...request, params: null }, badParams],
    ["a protocol version that is a number", { ...request, params: meta(20260728) }, badParams],
    ["a protocol version that is null", { ...request, params: meta(null) }, badParams],
    ["a protocol version that is a list", { ...request, params: meta(["2026-07-28"]) }, badParams],
  ])("%s", (_, value, expected) => {
    expect(messageOf(value)).toEqual(expected);
  });

  it("an id of 1024 characters is still one", () => {
    expect(messageOf({ ...request, id: "x".repeat(1024) })).toMatchObject({ kind: "request" });
  });

  it("what stands under __proto__ is no part of the message", () => {
    const hidden: unknown = JSON.parse(
      '{"jsonrpc":"2.0","id":1,"result":{},"__proto__":{"method":"tools/call"}}',
    );
    expect(messageOf(hidden)).toEqual({ kind: "response", era: "legacy" });
    expect(messageOf(Object.create({ ...request }))).toEqual({ kind: "fault", reason: "message_invalid" });
  });
});

describe("a body", () => {
  const bytes = (...codes: number[]) => Uint8Array.from(codes);
  const text = (value: string) => new TextEncoder().encode(value);

  it("is parsed once, where the last of two keys stands", () => {
    expect(parseBody(text('{"name":"safe","n\\u0061me":"admin"}'))).toEqual({ value: { name: "admin" } });
  });

  it("may have been read as text", () => {
    expect(parseBody('{"a":1}')).toEqual({ value: { a: 1 } });
  });

  it.each([
    ["nothing", text("")],
    ["half a message", text('{"jsonrpc":')],
    ["two messages", text("{}{}")],
    ["a comment", text("{/**/}")],
    ["a byte order mark", bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ["a byte order mark in text", "\ufeff{}"],
    ["bytes that are no UTF-8", bytes(0x22, 0xff, 0x22)],
    ["an overlong encoding", bytes(0x22, 0xc0, 0xaf, 0x22)],
    ["half a character", bytes(0x22, 0xe2, 0x82, 0x22)],
    ["UTF-16", bytes(0x7b, 0x00, 0x7d, 0x00)],
    ["NaN", text("NaN")],
    ["100 000 lists in each other", text("[".repeat(100_000) + "]".repeat(100_000))],
  ])("that is %s does not parse", (_, body) => {
    expect(parseBody(body)).toEqual({ kind: "fault", reason: "body_unparseable" });
  });
});

describe("depth", () => {
  const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

  it("is counted up to 201 levels", () => {
    expect(isTooDeep(nested(201))).toBe(false);
    expect(isTooDeep(nested(202))).toBe(true);
  });

  it("is counted through objects too", () => {
    let value: object = {};
    for (let depth = 0; depth < 300; depth++) value = { a: 1, b: value };
    expect(isTooDeep(value)).toBe(true);
  });

  it.each([undefined, null, "x", 1, {}, []])("is none in %j", (value) => {
    expect(isTooDeep(value)).toBe(false);
  });

  it("is no matter of breadth", () => {
    expect(isTooDeep(Array.from({ length: 200_000 }, () => []))).toBe(false);
  });
});
