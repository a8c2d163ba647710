import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createLogger } from "../src/logging.js";

test("what is called like a secret is struck out, wherever it stands", () => {
  const lines = new PassThrough();
  createLogger("info", lines).info({
    token: "s3cret",
    request: { headers: { authorization: "Bearer s3cret" } },
    answer: { access_token: "s3cret" },
  });
  const line = String(lines.read());
  expect(line).not.toContain("s3cret");
  expect(line.match(/\[redacted\]/g)).toHaveLength(3);
});
