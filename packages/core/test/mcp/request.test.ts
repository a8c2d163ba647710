import { describe, expect, it } from "vitest";
import { type Message, messageOf } from "../../src/mcp/message.js";
import { requestedBy } from "../../src/mcp/request.js";

function messages(...values: object[]): Message[] {
  return values.map((value) => {
    const message = messageOf({ jsonrpc: "2.0", ...value });
    if (message.kind === "fault") throw new Error(message.reason);
    return message;
  });
}

const call = { id: 5, method: "tools/call", params: { name: "a" } };

it("no message is the stream of the older protocols", () => {
  expect(requestedBy([], [])).toEqual({
    kind: "request",
    era: "legacy",
    id: undefined,
    operations: [{ method: "(stream)", targets: [], arguments: {} }],
  });
});

describe("one message", () => {
  it("is one operation, to be answered under its id", () => {
    expect(requestedBy(messages(call), [])).toMatchObject({
      era: "legacy",
      id: 5,
      operations: [{ method: "tools/call", targets: [{ kind: "tool", name: "a" }] }],
    });
  });

  it("that is a notification is answered under no id", () => {
    expect(requestedBy(messages({ method: "notifications/initialized" }), [])).toMatchObject({
      id: undefined,
    });
  });

  it("whose headers differ is refused under its id, with the header's name", () => {
    const params = { name: "a", _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
    expect(requestedBy(messages({ ...call, params }), [])).toEqual({
      kind: "fault",
      reason: "header_mismatch",
      mismatch: "MCP-Protocol-Version",
      id: 5,
    });
  });

  it("that does not say what it touches is refused under its id", () => {
    expect(requestedBy(messages({ ...call, params: {} }), [])).toEqual({
      kind: "fault",
      reason: "params_invalid",
      id: 5,
    });
  });
});

describe("a batch", () => {
  it("is all of its operations, and is answered under no id", () => {
    const request = requestedBy(messages(call, { id: 6, method: "tools/list" }, { id: 7, result: {} }), []);
    expect(request).toMatchObject({ id: undefined });
    expect("operations" in request && request.operations.map(({ method }) => method)).toEqual([
      "tools/call",
      "tools/list",
      "(response)",
    ]);
  });

  it("is refused whole when one of its messages is", () => {
    expect(requestedBy(messages({ id: 6, method: "tools/list" }, { ...call, params: {} }), [])).toMatchObject(
      {
        kind: "fault",
        reason: "params_invalid",
      },
    );
  });
});
