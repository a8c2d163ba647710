import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { contractOptions } from "../../src/index.js";
import { failuresOf } from "./failures-of.js";

const program = new URL("program.mjs", import.meta.url).pathname;
const nodeTest = new URL("node-test.mjs", import.meta.url).pathname;

it("tests a program by its start command", async () => {
  const target = { name: "a program", command: [process.execPath, program] };
  expect(
    await failuresOf(target, "credentials", "positive controls", "lists and late denials", "sessions"),
  ).toEqual([]);
}, 60_000);

it("says so when the program ends before it listens", async () => {
  const target = { name: "no program", command: [process.execPath, "--eval", "process.exit(3)"] };
  const [first] = await failuresOf(target, "scopes");
  expect(first).toBe("reads scopes from scope");
}, 60_000);

it("serves no options to a program that the contract did not start", () => {
  expect(contractOptions).toThrow("MCP_AUTHZ_CONTRACT is not set");
});

it("runs under node:test, too", async () => {
  const only = ["--test-name-pattern", "positive controls", "--test-name-pattern", "\\] P\\d"];
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--test",
    ...only,
    "--test-reporter=tap",
    nodeTest,
  ]);
  expect(stdout).toMatch(/^ *ok \d+ - serves a GET with a token \[node:test\] P3$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
}, 60_000);
