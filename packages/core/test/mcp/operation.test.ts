import { describe, expect, it } from "vitest";
import { messageOf } from "../../src/mcp/message.js";
import { operationOf } from "../../src/mcp/operation.js";

function operation(method: string, params?: object) {
  const message = messageOf({ jsonrpc: "2.0", id: 7, method, ...(params === undefined ? {} : { params }) });
  if (message.kind === "fault") throw new Error(message.reason);
  return operationOf(message);
}

const resource = (name: string) => ({ kind: "resource", name });
const invalid = { kind: "fault", reason: "params_invalid", id: 7 };

describe("what a message touches", () => {
  it.each([
    ["tools/call", { name: "create_todo" }, [{ kind: "tool", name: "create_todo" }]],
    ["tools/call", { name: "__proto__" }, [{ kind: "tool", name: "__proto__" }]],
    ["tools/call", { name: " Create_Todo\u0000" }, [{ kind: "tool", name: " Create_Todo\u0000" }]],
    ["tools/call", { name: "" }, [{ kind: "tool", name: "" }]],
    ["prompts/get", { name: "plan" }, [{ kind: "prompt", name: "plan" }]],
    ["resources/read", { uri: "docs://a" }, [resource("docs://a")]],
    ["resources/subscribe", { uri: "docs://a" }, [resource("docs://a")]],
    ["resources/unsubscribe", { uri: "docs://a" }, [resource("docs://a")]],
    [
      "completion/complete",
      { ref: { type: "ref/prompt", name: "plan" } },
      [{ kind: "prompt", name: "plan" }],
    ],
    [
      "completion/complete",
      { ref: { type: "ref/resource", uri: "docs://{topic}" } },
      [resource("docs://{topic}")],
    ],
    ["subscriptions/listen", undefined, []],
    ["subscriptions/listen", { notifications: { toolsListChanged: true } }, []],
    [
      "subscriptions/listen",
      { notifications: { resourceSubscriptions: ["docs://a", "docs://b"] } },
      [resource("docs://a"), resource("docs://b")],
    ],
    ["tools/list", { name: "ignored", uri: "ignored" }, []],
    ["initialize", undefined, []],
    ["todo/own", { name: "ignored" }, []],
  ])("%s of %j", (method, params, targets) => {
    expect(operation(method, params)).toMatchObject({ method, targets });
  });

  it("is nothing that it is not told for certain", () => {
    expect(operation("tools/call", { name: "a", uri: "docs://a" })).toMatchObject({
      targets: [{ kind: "tool", name: "a" }],
    });
  });

  it("is also the URI that a server will read, where that differs", () => {
    expect(operation("resources/read", { uri: "FILE:///a/../secret" })).toMatchObject({
      targets: [resource("FILE:///a/../secret"), resource("file:///secret")],
    });
    expect(operation("resources/read", { uri: "https://h" })).toMatchObject({
      targets: [resource("https://h"), resource("https://h/")],
    });
    expect(
      operation("subscriptions/listen", { notifications: { resourceSubscriptions: ["https://H/x"] } }),
    ).toMatchObject({ targets: [resource("https://H/x"), resource("https://h/x")] });
  });

  it.each(["file:///{/../secret", "FILE:///{x}/../secret"])(
    "is that URI for %s too, though it has braces",
    (uri) => {
      expect(operation("resources/read", { uri })).toMatchObject({
        targets: [resource(uri), resource("file:///secret")],
      });
    },
  );
});

describe("params that do not say what is touched are refused", () => {
  it.each([
    ["tools/call", undefined],
    ["tools/call", {}],
    ["tools/call", { name: ["create_todo"] }],
    ["tools/call", { name: { toString: "x" } }],
    ["tools/call", { name: 5 }],
    ["tools/call", { name: null }],
    ["tools/call", { name: "x".repeat(4097) }],
    ["prompts/get", {}],
    ["resources/read", {}],
    ["resources/read", { uri: ["docs://a"] }],
    ["resources/read", { uri: "docs://se\tcret" }],
    ["resources/read", { uri: "docs://se\ncret" }],
    ["resources/read", { uri: " docs://secret" }],
    ["resources/read", { uri: "docs://secret\u0000" }],
    ["resources/read", { uri: "docs://secret\u007f" }],
    ["resources/subscribe", { name: "docs://a" }],
    ["completion/complete", {}],
    ["completion/complete", { ref: "plan" }],
    ["completion/complete", { ref: { type: "ref/tool", name: "plan" } }],
    ["completion/complete", { ref: { type: "ref/prompt", uri: "docs://a" } }],
    ["completion/complete", { ref: { type: "ref/resource", name: "docs://a" } }],
    ["subscriptions/listen", { notifications: "all" }],
    ["subscriptions/listen", { notifications: null }],
    ["subscriptions/listen", { notifications: { resourceSubscriptions: "docs://a" } }],
    ["subscriptions/listen", { notifications: { resourceSubscriptions: ["docs://a", 5] } }],
  ])("%s of %j", (method, params) => {
    expect(operation(method, params)).toEqual(invalid);
  });
});

describe("arguments", () => {
  it("are those of the message", () => {
    expect(operation("tools/call", { name: "a", arguments: { path: "/etc" } })).toMatchObject({
      arguments: { path: "/etc" },
    });
  });

  it.each([undefined, null, "x", ["x"]])("are none when they are %j", (given) => {
    expect(operation("tools/call", { name: "a", arguments: given })).toMatchObject({ arguments: {} });
  });
});

it("an answer to the server touches nothing, and has a name that no method can have by chance", () => {
  const message = messageOf({ jsonrpc: "2.0", id: 1, result: {} });
  if (message.kind === "fault") throw new Error(message.reason);
  expect(operationOf(message)).toEqual({ method: "(response)", targets: [], arguments: {} });
});
