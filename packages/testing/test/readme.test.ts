import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

/** Code without its indentation, and without the difference between the package and its sources. */
const normal = (code: string): string[] =>
  code
    .replaceAll(/"(?:\.\.\/)+src\/index\.js"/g, '"@mcp-authz/testing"')
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const blocks = [...read("../README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) =>
  normal(code ?? ""),
);

it.each([
  ["the contract", 0, "contract/node.test.ts"],
  ["the mint", 1, "mint/example.test.ts"],
  ["the headless host", 2, "headless-host/example.test.ts"],
] as const)("the README shows code that is tested: %s", (_, index, file) => {
  const tested = new Set(normal(read(file)));
  expect(blocks[index]?.filter((line) => !tested.has(line))).toEqual([]);
});
