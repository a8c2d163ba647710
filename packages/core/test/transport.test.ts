import { describe, expect, it } from "vitest";
import type { AuthInfo } from "../src/auth-info.js";
import type { HeaderLines } from "../src/facts.js";
import { readingOf, transportFault } from "../src/transport.js";

const limits = { body: 1000, bodyTimeout: 1000, token: 1000, batch: 10 };
const auth: AuthInfo = { token: "t", clientId: "c", scopes: [] };

function fault(method: string, headers: HeaderLines = [], caller: AuthInfo | undefined = auth) {
  return transportFault({ method, target: "/mcp", headers }, caller, limits);
}

const json: [string, string] = ["Content-Type", "application/json"];

describe("HTTP methods", () => {
  it.each(["GET", "DELETE"])("%s serves a caller that is known", (method) => {
    expect(fault(method)).toBeUndefined();
  });

  it.each(["GET", "DELETE"])("%s has nothing for a caller without a token", (method) => {
    expect(transportFault({ method, target: "/mcp", headers: [] }, undefined, limits)).toBe(
      "http_method_not_allowed",
    );
  });

  it("POST serves a caller without a token, where something is public", () => {
    expect(
      transportFault({ method: "POST", target: "/mcp", headers: [json] }, undefined, limits),
    ).toBeUndefined();
  });

  it.each(["HEAD", "PUT", "PATCH", "TRACE", "CONNECT", "QUERY", "post", "Get", "FOO", ""])(
    "%j is not allowed, whatever it carries",
    (method) => {
      expect(fault(method, [json])).toBe("http_method_not_allowed");
    },
  );

  it("cannot be overridden by a header", () => {
    expect(fault("PUT", [json, ["X-HTTP-Method-Override", "POST"]])).toBe("http_method_not_allowed");
  });
});

describe("the Content-Type of a POST", () => {
  it.each([
    "application/json",
    "APPLICATION/JSON",
    "application/json;",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json; charset=utf8",
    "application/json; profile=x",
    " application/json ",
  ])("may be %s", (type) => {
    expect(fault("POST", [["Content-Type", type]])).toBeUndefined();
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-rpc",
    "application/jsonx",
    "application/vnd.api+json",
    "text/plain; application/json",
    "application/json, text/plain",
    "application/json; charset=utf-16",
    "application/json; charset=utf-7",
    "application/json; charset=",
    "",
  ])("may not be %j", (type) => {
    expect(fault("POST", [["Content-Type", type]])).toBe("content_type");
  });

  it("must be there, once", () => {
    expect(fault("POST")).toBe("content_type");
    expect(fault("POST", [json, json])).toBe("content_type");
  });
});

describe("the Content-Encoding of a POST", () => {
  it.each(["gzip", "br", "deflate", "identity, gzip", "", "zstd"])("may not be %j", (encoding) => {
    expect(fault("POST", [json, ["Content-Encoding", encoding]])).toBe("content_encoding");
  });

  it.each(["identity", "Identity"])("may be %s", (encoding) => {
    expect(fault("POST", [json, ["Content-Encoding", encoding]])).toBeUndefined();
  });

  it("counts on every line", () => {
    expect(fault("POST", [json, ["Content-Encoding", "identity"], ["Content-Encoding", "gzip"]])).toBe(
      "content_encoding",
    );
  });
});

describe("the Content-Length of a POST", () => {
  it.each([
    ["1000", undefined],
    ["1001", "body_too_large"],
    ["99999999999999999999", "body_too_large"],
    ["0", undefined],
  ])("%s against a limit of 1000 bytes: %s", (length, expected) => {
    expect(fault("POST", [json, ["Content-Length", length]])).toBe(expected);
  });
});

describe("the length of a body", () => {
  const announced = (...headers: HeaderLines) =>
    readingOf({ method: "POST", target: "/mcp", headers }, limits).announced;

  it("is known where one line names it", () => {
    expect(announced(json, ["content-length", "17"])).toBe(17);
  });

  it.each([
    ["is not named", []],
    [
      "is named twice",
      [
        ["Content-Length", "5"],
        ["Content-Length", "5"],
      ],
    ],
    [
      "is followed by chunks",
      [
        ["Content-Length", "5"],
        ["Transfer-Encoding", "chunked"],
      ],
    ],
    ["is no number", [["Content-Length", "x"]]],
    ["is negative", [["Content-Length", "-1"]]],
    ["is empty", [["Content-Length", ""]]],
    ["is two in one line", [["Content-Length", "5, 5"]]],
  ] as [string, HeaderLines][])("is not known where it %s", (_, headers) => {
    expect(announced(json, ...headers)).toBeUndefined();
  });
});
