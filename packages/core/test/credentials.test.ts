import { describe, expect, it } from "vitest";
import { credentialsOf } from "../src/credentials.js";
import type { HeaderLines } from "../src/facts.js";

function taken(headers: HeaderLines, target = "/mcp") {
  return credentialsOf({ method: "POST", target, headers });
}

const withValue = (value: string) => taken([["Authorization", value]]);

describe("a bearer token is taken from the Authorization header", () => {
  it.each([
    ["as RFC 6750 writes it", "Bearer abc.DEF-1_2~3+4/5==", "abc.DEF-1_2~3+4/5=="],
    ["with the scheme in lower case", "bearer T", "T"],
    ["with the scheme in upper case", "BEARER T", "T"],
    ["with the scheme in mixed case", "BeArEr T", "T"],
    ["after several spaces", "Bearer    T", "T"],
    ["with white space around the value", " \tBearer T \t", "T"],
    ["of one character", "Bearer -", "-"],
  ])("%s", (_, value, token) => {
    expect(withValue(value)).toEqual({ kind: "bearer", token });
  });

  it("whatever the case of the header's name", () => {
    expect(taken([["aUTHORIZATION", "Bearer T"]])).toEqual({ kind: "bearer", token: "T" });
  });
});

describe("a bearer value outside the grammar is malformed", () => {
  it.each([
    ["no token", "Bearer"],
    ["only spaces", "Bearer    "],
    ["a tab instead of the space", "Bearer\tT"],
    ["a no-break space instead of the space", "Bearer\u00a0T"],
    ["no separator", "BearerT"],
    ["a comma", "Bearer,T"],
    ["a colon", "Bearer:T"],
    ["an equals sign", "Bearer=T"],
    ["something after the token", "Bearer T extra"],
    ["a parameter after the token", "Bearer T;x"],
    ["padding inside the token", "Bearer T=T"],
    ["padding alone", "Bearer =="],
    ["a quoted token", 'Bearer "T"'],
    ["a letter beyond ASCII", "Bearer Té"],
    ["a NUL", "Bearer T\0"],
    ["a no-break space at the end, which is no optional white space", "Bearer T\u00a0"],
  ])("%s", (_, value) => {
    expect(withValue(value)).toEqual({ kind: "malformed" });
  });
});

describe("more than one set of credentials is told from one", () => {
  it.each([
    [
      "two lines",
      [
        ["Authorization", "Bearer A"],
        ["Authorization", "Bearer B"],
      ],
    ],
    [
      "two equal lines",
      [
        ["Authorization", "Bearer A"],
        ["Authorization", "Bearer A"],
      ],
    ],
    [
      "another scheme first",
      [
        ["Authorization", "Basic A"],
        ["Authorization", "Bearer B"],
      ],
    ],
    [
      "two other schemes",
      [
        ["Authorization", "Basic A"],
        ["Authorization", "Digest B"],
      ],
    ],
    [
      "two spellings of the header",
      [
        ["Authorization", "Bearer A"],
        ["authorization", "Bearer B"],
      ],
    ],
    [
      "an empty line beside it",
      [
        ["Authorization", ""],
        ["Authorization", "Bearer B"],
      ],
    ],
  ] as [string, HeaderLines][])("%s", (_, headers) => {
    expect(taken(headers)).toEqual({ kind: "multiple" });
  });

  it.each([
    "Bearer A, Bearer B",
    "Bearer A,Bearer B",
    "Bearer A,",
    "Bearer ,A",
    "Basic A, Bearer B",
    "Basic A,\tbearer B",
    "Bearer A, Basic B",
    "DPoP A, Bearer B",
    "Basic A, Bearer",
  ])("lines that were joined into one: %s", (value) => {
    expect(withValue(value)).toEqual({ kind: "multiple" });
  });

  it.each(["/mcp?access_token=T", "/mcp?a=b&access_token=T", "/mcp?access%5Ftoken=T", "/mcp?access_token"])(
    "a header and a token in the query: %s",
    (target) => {
      expect(taken([["Authorization", "Bearer T"]], target)).toEqual({ kind: "multiple" });
    },
  );
});

describe("nothing was presented", () => {
  it.each([
    ["without any header", []],
    ["by Basic", [["Authorization", "Basic dXNlcjpwYXNz"]]],
    ["by Digest, though a parameter names a bearer", [["Authorization", 'Digest username="bearer b"']]],
    ["by an unknown scheme", [["Authorization", "Token T"]]],
    ["by a scheme alone", [["Authorization", "Negotiate"]]],
    ["by an empty value", [["Authorization", ""]]],
    ["by a token alone", [["Authorization", "T"]]],
    ["to a proxy", [["Proxy-Authorization", "Bearer T"]]],
    [
      "under other names",
      [
        ["X-Authorization", "Bearer T"],
        ["X-Forwarded-Access-Token", "T"],
        ["X-Api-Key", "T"],
      ],
    ],
    ["in a cookie", [["Cookie", "access_token=T"]]],
  ] as [string, HeaderLines][])("%s", (_, headers) => {
    expect(taken(headers)).toEqual({ kind: "missing" });
  });

  it.each(["/mcp?access_token=T", "/mcp?token=T", "/mcp#access_token=T"])(
    "in the target alone: %s",
    (target) => {
      expect(taken([], target)).toEqual({ kind: "missing" });
    },
  );

  it("by a parameter that only resembles the one of RFC 6750", () => {
    expect(taken([["Authorization", "Bearer T"]], "/mcp?Access_Token=A&x=access_token")).toEqual({
      kind: "bearer",
      token: "T",
    });
  });
});

it("a DPoP token is told from a bearer token", () => {
  expect(withValue("DPoP T")).toEqual({ kind: "dpop", token: "T" });
});

it.each([
  ["spaces", `Bearer ${" ".repeat(100_000)}!`, "malformed"],
  ["paddings", `Bearer ${"=".repeat(100_000)}!`, "malformed"],
  ["commas", `Bearer ${",".repeat(100_000)}`, "multiple"],
  ["commas and tabs", `x${", \t".repeat(50_000)}`, "missing"],
  ["token characters", `Bearer ${"a".repeat(100_000)}!`, "malformed"],
])("a value of 100 000 %s is read without going back", (_, value, kind) => {
  expect(withValue(value)).toEqual({ kind });
});
