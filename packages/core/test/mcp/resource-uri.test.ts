import { describe, expect, it } from "vitest";
import { canonicalUri, hasDotSegment } from "../../src/mcp/resource-uri.js";

it.each([
  ["file:///a", "file:///a"],
  ["FILE:///a", "file:///a"],
  ["file:///a/../b", "file:///b"],
  ["file:///a/%2e%2E/b", "file:///b"],
  ["file:///secre\tt", "file:///secret"],
  ["https://H:443", "https://h/"],
  ["docs://A/B", "docs://A/B"],
  ["todo:1", "todo:1"],
  ["not a URI", "not a URI"],
])("a server reads %j as %s", (uri, canonical) => {
  expect(canonicalUri(uri)).toBe(canonical);
});

describe("a dot segment", () => {
  it.each([
    "file:///public/../secret",
    "file:///public/./secret",
    "file:///public/..",
    "file:///public/.",
    "../secret",
    "docs:///..?x",
    "docs:///..#x",
    "file:///public\\..\\secret",
    "file:///public/%2e%2e/secret",
    "file:///public/%2E./secret",
    "file:///public/..%2fsecret",
    "file:///public%2f..%2fsecret",
    "file:///public%5c..%5csecret",
    "file:///public/%252e%252e/secret",
    "file:///public/%25252e%25252e%25252fsecret",
    `file:///public/%${"25".repeat(20)}2e`,
  ])("is found in %s", (uri) => {
    expect(hasDotSegment(uri)).toBe(true);
  });

  it.each([
    "file:///public/a..b",
    "file:///public/...",
    "file:///.hidden",
    "docs://a.b/c.d",
    "file:///a%20b",
    "docs://100%25",
  ])("is none in %s", (uri) => {
    expect(hasDotSegment(uri)).toBe(false);
  });
});
