import { describe, expect, it } from "vitest";
import { looselyParsed } from "../../src/challenge/loose.js";

describe("the SDK clients' reading of a challenge", () => {
  it("sees nothing unless Bearer comes first, with one space and a second word", () => {
    expect(looselyParsed(undefined)).toBeUndefined();
    expect(looselyParsed("Bearer")).toBeUndefined();
    expect(looselyParsed('Basic realm="x", Bearer scope="a"')).toBeUndefined();
    expect(looselyParsed('Bearer  scope="a"')).toBeUndefined();
  });

  it("takes the first match, wherever it stands", () => {
    expect(looselyParsed('Bearer error_description="needs scope=evil now", scope="real"')).toEqual({
      scope: "evil",
    });
    expect(looselyParsed('bearer scope=a, error="invalid_token"')).toEqual({
      scope: "a",
      error: "invalid_token",
    });
  });

  it("ignores metadata that is no absolute URL", () => {
    expect(looselyParsed('Bearer resource_metadata="/x"')).toEqual({});
    expect(looselyParsed('Bearer resource_metadata="https://h/x"')).toEqual({
      resource_metadata: "https://h/x",
    });
  });
});
