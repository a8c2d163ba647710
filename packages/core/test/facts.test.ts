import { describe, expect, it } from "vitest";
import { headerValues, singleHeader } from "../src/facts.js";

describe("a header's values", () => {
  it("are those of every line, in order, whatever the case of the name", () => {
    expect(
      headerValues(
        [
          ["A", "1"],
          ["b", "2"],
          ["a", "3"],
        ],
        "a",
      ),
    ).toEqual(["1", "3"]);
  });

  it("are without the white space that RFC 9110 allows around them, and no other", () => {
    expect(headerValues([["a", " \t x y\t "]], "a")).toEqual(["x y"]);
    expect(headerValues([["a", "\u00a0x\u00a0"]], "a")).toEqual(["\u00a0x\u00a0"]);
    expect(headerValues([["a", "  "]], "a")).toEqual([""]);
  });

  it("are not those of a name that merely contains it", () => {
    expect(
      headerValues(
        [
          ["x-a", "1"],
          ["aa", "2"],
        ],
        "a",
      ),
    ).toEqual([]);
  });
});

it("a single header is one that stands there once", () => {
  expect(singleHeader([["A", "1"]], "a")).toBe("1");
  expect(singleHeader([], "a")).toBeUndefined();
  expect(
    singleHeader(
      [
        ["a", "1"],
        ["a", "1"],
      ],
      "a",
    ),
  ).toBeUndefined();
});
