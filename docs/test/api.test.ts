import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the API reference is written without a warning", async () => {
  const folder = fileURLToPath(new URL("../", import.meta.url));
  const typedoc = fileURLToPath(new URL("../node_modules/typedoc/bin/typedoc", import.meta.url));
  const flags = ["--emit", "none", "--treatWarningsAsErrors"];
  const { stdout } = await promisify(execFile)(process.execPath, [typedoc, ...flags], { cwd: folder });
  expect(stdout).not.toContain("warning");
});
