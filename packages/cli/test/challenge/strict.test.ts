import { describe, expect, it } from "vitest";
import { bearerOf, parameterOf, parseChallenges } from "../../src/challenge/strict.js";

function parsed(text: string): unknown {
  const result = parseChallenges(text);
  if (!result.ok) return `${result.at}: ${result.problem}`;
  return result.challenges.map(({ scheme, token68, parameters }) => [
    scheme,
    ...(token68 === undefined ? [] : [token68]),
    ...parameters.map(({ name, value }) => `${name}=${value}`),
  ]);
}

describe("the strict challenge parser", () => {
  it.each([
    ['Bearer realm="OAuth", scope="a b"', [["Bearer", "realm=OAuth", "scope=a b"]]],
    ["Bearer", [["Bearer"]]],
    ["Negotiate, Basic realm=x", [["Negotiate"], ["Basic", "realm=x"]]],
    ["Negotiate YII=", [["Negotiate", "YII="]]],
    [
      'Negotiate YII=, Bearer realm="x"',
      [
        ["Negotiate", "YII="],
        ["Bearer", "realm=x"],
      ],
    ],
    ['Bearer Realm = "x" , ERROR=y', [["Bearer", "realm=x", "error=y"]]],
    ['Bearer realm="a \\"b\\" \\\\ c, d=e"', [["Bearer", 'realm=a "b" \\ c, d=e']]],
    [', ,Bearer realm="x",,scope="y",', [["Bearer", "realm=x", "scope=y"]]],
    ['Bearer realm="x", realm="y"', [["Bearer", "realm=x", "realm=y"]]],
    [
      'Bearer realm="x", DPoP algs="ES256"',
      [
        ["Bearer", "realm=x"],
        ["DPoP", "algs=ES256"],
      ],
    ],
  ])("reads %s", (text, expected) => {
    expect(parsed(text)).toEqual(expected);
  });

  it.each([
    ["", "0: there is no challenge"],
    ['Bearer realm="x', "13: a quoted value has no end"],
    ['Bearer realm="x" scope="y"', "17: a comma must separate parameters"],
    ['Bearer realm="x", scope=', "24: a value was expected"],
    ["Bearer =x", "7: a parameter name=value was expected"],
    ['"Bearer"', "0: an authentication scheme was expected"],
    ["Bearer\u0000", "6: a space must follow the scheme Bearer"],
  ])("refuses %j", (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });

  it("finds the Bearer challenge whatever its case, and parameters by lower-case name", () => {
    const result = parseChallenges('Basic realm="x", bearer SCOPE="a"');
    expect(result.ok && parameterOf(bearerOf(result.challenges), "scope")).toBe("a");
  });
});
