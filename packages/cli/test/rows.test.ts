import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { outsideChecks } from "../src/checks/index.js";
import { sessionChecks } from "../src/checks/session/index.js";

/** Where each row of the check list is provoked. What no test can provoke is said beside it. */
const rows: Readonly<Record<string, readonly string[]>> = {
  G1: ["defects/refusals.ts"],
  G2: ["defects/refusals.ts"],
  G3: ["defects/metadata.ts"],
  // Over names that are resolved by the test: the DNS of the world is not the same tomorrow.
  V1: ["checks/url.test.ts"],
  V2: ["defects/refusals.ts", "tls.test.ts"],
  V3: ["defects/refusals.ts"],
  V4: ["defects/refusals.ts"],
  V5: ["defects/refusals.ts"],
  V6: ["defects/refusals.ts"],
  V7: ["defects/refusals.ts"],
  V8: ["defects/refusals.ts"],
  V9: ["defects/metadata.ts"],
  V10: ["defects/metadata.ts", "defects.test.ts"],
  V11: ["defects/metadata.ts"],
  V12: ["defects/metadata.ts"],
  V13: ["defects/metadata.ts"],
  V14: ["defects/metadata.ts"],
  V15: ["defects/metadata.ts"],
  V16: ["defects/metadata.ts"],
  V17: ["defects/metadata.ts"],
  V18: ["defects/exposure.ts"],
  V19: ["defects/exposure.ts"],
  V20: ["defects/exposure.ts"],
  V21: ["defects/exposure.ts", "session.test.ts"],
  V22: ["session.test.ts"],
  V23: ["defects/exposure.ts"],
  V24: ["defects/exposure.ts"],
  V25: ["session.test.ts"],
  V26: ["session.test.ts"],
  // Sessions of 2025-11-25. What a tool of a server of 2026-07-28 hands out as state is known to the server alone.
  V27: ["session.test.ts", "other-user.test.ts"],
  V28: ["defects/exposure.ts"],
  V29: ["tls.test.ts", "checks/transport.test.ts"],
  V30: ["defects/exposure.ts"],
  V31: ["defects/exposure.ts"],
  V32: ["session.test.ts", "login/abandoned.test.ts"],
  V33: ["defects/exposure.ts"],
};

const tests = fileURLToPath(new URL(".", import.meta.url));
const sources = fileURLToPath(new URL("../src", import.meta.url));

async function textOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  return (await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")))).join("\n");
}

it("has a test for every check from outside and with a token", () => {
  const checks = [...outsideChecks, ...sessionChecks].map(({ id }) => id);
  expect(Object.keys(rows)).toEqual(expect.arrayContaining(checks));
  expect(checks).toEqual(expect.arrayContaining(Object.keys(rows)));
});

it.each(Object.entries(rows))("%s is in %j", async (row, files) => {
  for (const file of files)
    expect(await readFile(join(tests, file), "utf8")).toMatch(new RegExp(`\\b${row}\\b`));
});

it("has a test for every code that a finding can have", async () => {
  const places = [...(await textOf(sources)).matchAll(/\bcode: (.*)/g)].map(([, place = ""]) => place);
  const codes = new Set(places.flatMap((place) => place.match(/(?<=")[a-z]+(?:-[a-z0-9]+)+(?=")/g) ?? []));
  const tested = await textOf(tests);
  expect(codes.size).toBeGreaterThan(120);
  expect([...codes].filter((code) => !new RegExp(`\\b${code}\\b`).test(tested))).toEqual([]);
});
