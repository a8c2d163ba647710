import { describe, expect, it } from "vitest";
import { answerTo, inBandAnswer, type ReasonCode } from "../src/answers.js";
import { metadataAnswer } from "../src/metadata.js";
import { header } from "./todo-gate.js";

const settings = {
  realm: "OAuth",
  resourceMetadata: "https://mcp.example.com/.well-known/oauth-protected-resource/mcp",
};

const refusal = (reason: ReasonCode, more: object = {}) =>
  answerTo({ kind: "rejection", reason, ...more }, settings, []);

describe("an answer", () => {
  it("says that it is JSON, then what every answer says, then what its reason says", () => {
    const answer = answerTo({ kind: "rejection", reason: "verifier_unavailable", retryAfter: 2 }, settings, [
      ["Cache-Control", "no-store"],
    ]);
    expect(answer.headers).toEqual([
      ["Content-Type", "application/json"],
      ["Cache-Control", "no-store"],
      ["Retry-After", "2"],
    ]);
  });

  it.each([
    [undefined, "5"],
    [0, "1"],
    [-3, "1"],
    [0.2, "1"],
    [1.5, "2"],
    [60, "60"],
  ])("asks to come back in whole seconds, at least one: %s becomes %s", (retryAfter, expected) => {
    const more = retryAfter === undefined ? {} : { retryAfter };
    expect(header(refusal("verifier_unavailable", more), "Retry-After")).toBe(expected);
    expect(header(refusal("rule_failed", more), "Retry-After")).toBe(expected);
  });

  it("never tells a detail", () => {
    const answer = refusal("token_signature", { detail: "the key k1 does not fit" });
    expect(JSON.stringify(answer)).not.toContain("k1");
  });

  it("leaves an id out where none could be read, and never sends null", () => {
    expect(JSON.parse(refusal("body_unparseable").body)).not.toHaveProperty("id");
    expect(JSON.parse(refusal("params_invalid", { id: 0 }).body)).toHaveProperty("id", 0);
    expect(JSON.parse(refusal("params_invalid", { id: "" }).body)).toHaveProperty("id", "");
  });

  it("asks for the scopes of the rejection, save where the request itself was wrong", () => {
    const scopes = ["a", "b"];
    expect(header(refusal("token_expired", { scopes }), "WWW-Authenticate")).toContain('scope="a b"');
    expect(header(refusal("credentials_missing", { scopes }), "WWW-Authenticate")).toContain('scope="a b"');
    expect(header(refusal("credentials_multiple", { scopes }), "WWW-Authenticate")).not.toContain("scope=");
    expect(header(refusal("policy_denied", { scopes }), "WWW-Authenticate")).toBeUndefined();
  });

  it("to an unknown method is 404 for modern clients, and 200 for those that would end their session on a 404", () => {
    expect(refusal("method_unknown", { modern: true, id: 1 })).toMatchObject({ status: 404 });
    expect(refusal("method_unknown", { modern: false, id: 1 })).toMatchObject({
      status: 200,
      body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}',
    });
    expect(refusal("method_unknown").status).toBe(200);
  });
});

describe("a refusal inside a tool result", () => {
  const answer = answerTo(
    { kind: "rejection", reason: "scope_insufficient", scopes: ["todo:write"] },
    settings,
    [["X-Request-Id", "id"]],
  );
  const challenge =
    'Bearer realm="OAuth", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp", scope="todo:write", error="insufficient_scope", error_description="More permissions are needed"';

  it("carries the same challenge, in the result alone", () => {
    const inBand = inBandAnswer(answer, 7, false);
    expect(inBand).toMatchObject({
      status: 200,
      headers: [
        ["Content-Type", "application/json"],
        ["X-Request-Id", "id"],
      ],
    });
    expect(JSON.parse(inBand?.body ?? "")).toEqual({
      jsonrpc: "2.0",
      id: 7,
      result: {
        content: [{ type: "text", text: "More permissions are needed" }],
        isError: true,
        _meta: { "mcp/www_authenticate": [challenge] },
      },
    });
  });

  it("says to modern clients that the result is complete", () => {
    expect(JSON.parse(inBandAnswer(answer, "a", true)?.body ?? "")).toMatchObject({
      id: "a",
      result: { resultType: "complete" },
    });
  });

  it("does not exist for a denial that no login can mend", () => {
    expect(inBandAnswer(refusal("policy_denied"), 1, true)).toBeUndefined();
  });
});

describe("the metadata's answer", () => {
  const document = '{"resource":"https://mcp.example.com/mcp"}';

  it("to GET is the document, for every page and for five minutes", () => {
    expect(metadataAnswer("GET", document)).toEqual({
      kind: "answer",
      status: 200,
      headers: [
        ["Content-Type", "application/json"],
        ["Cache-Control", "public, max-age=300"],
        ["Access-Control-Allow-Origin", "*"],
        ["X-Content-Type-Options", "nosniff"],
      ],
      body: document,
    });
  });

  it("to HEAD is the same without the document", () => {
    expect(metadataAnswer("HEAD", document)).toEqual({ ...metadataAnswer("GET", document), body: "" });
  });

  it("to OPTIONS is 204 and names the methods", () => {
    expect(metadataAnswer("OPTIONS", document)).toEqual({
      kind: "answer",
      status: 204,
      headers: [
        ["Access-Control-Allow-Origin", "*"],
        ["X-Content-Type-Options", "nosniff"],
        ["Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"],
        ["Access-Control-Allow-Headers", "*"],
        ["Allow", "GET, HEAD, OPTIONS"],
      ],
      body: "",
    });
  });

  it.each(["POST", "PUT", "DELETE", "get"])("to %s is 405 and names the methods", (method) => {
    expect(metadataAnswer(method, document)).toEqual({
      kind: "answer",
      status: 405,
      headers: [
        ["Content-Type", "application/json"],
        ["Access-Control-Allow-Origin", "*"],
        ["X-Content-Type-Options", "nosniff"],
        ["Allow", "GET, HEAD, OPTIONS"],
      ],
      body: '{"jsonrpc":"2.0","error":{"code":-32600,"message":"Method not allowed"}}',
    });
  });
});
