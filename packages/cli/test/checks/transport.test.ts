import { expect, it, vi } from "vitest";
import { findingsOf } from "../../src/check.js";
import { transportCheck } from "../../src/checks/transport.js";
import { Inspection } from "../../src/inspection.js";

it.each([
  [900, "V29.pass"],
  [4900, "V29.pass"],
  [5100, "slow"],
])("an answer that took %d ms is %s (V29)", async (milliseconds, code) => {
  const limits = { timeout: 1, bytes: 1, redirects: 1 };
  const { signal } = new AbortController();
  const inspection = new Inspection({ url: "http://127.0.0.1:1/mcp", allowPrivate: false, limits, signal });
  const rest = { url: inspection.url.href, headers: [], body: "", truncated: false, redirects: [] };
  vi.spyOn(inspection, "discover").mockResolvedValue({ kind: "answer", status: 401, milliseconds, ...rest });
  vi.spyOn(inspection, "metadata").mockResolvedValue({ candidates: [] });
  expect((await findingsOf(transportCheck, inspection, inspection)).map((finding) => finding.code)).toEqual([
    code,
  ]);
});
