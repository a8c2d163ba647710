import { describe, expect, it } from "vitest";
import { exitCode, html, json, junit, type Report, sarif, table } from "../../src/index.js";

const problem = {
  check: "V7",
  title: "The challenge says <what> to ask for",
  outcome: "warn",
  code: "challenge-without-scope",
  seen: 'Bearer realm="a & b"',
  why: "Clients ask for too much.",
  change: 'scope="todo:read"',
  section: "RFC 9728 §5.1",
} as const;

const report: Report = {
  url: "https://mcp.example.com/mcp?<script>",
  foundIn: ".env:3 (MCP_URL)",
  reached: true,
  startedAt: "2026-01-01T00:00:00.000Z",
  milliseconds: 1234,
  findings: [
    { ...problem, check: "V1", outcome: "pass", code: "V1.pass", why: "", change: "" },
    problem,
    { ...problem, check: "V2", outcome: "fail", code: "open-without-token" },
    { ...problem, check: "V25", outcome: "skip", code: "V25.skipped", seen: "no token", why: "", change: "" },
  ],
  hosts: [{ host: "Claude", connects: "no", reasons: ["because"] }],
  steps: [
    { from: "host", to: "MCP server", request: "POST x", answer: "401", detail: "<b>", ok: false },
    { from: "MCP server", to: "host", request: "back", answer: "200", detail: "", ok: true },
  ],
  matrix: { columns: ["todo:read"], rows: [{ tool: "list<>", cells: ["allowed"] }] },
};

describe("reports", () => {
  it("print a table that says what was seen, why it matters and what to change", () => {
    const text = table(report, { color: false, width: 80 });
    expect(text).toContain("✓ pass V1");
    expect(text).toContain("! warn V7");
    expect(text).toContain('change  scope="todo:read"');
    expect(text).toContain("- skip V25 The challenge says <what> to ask for (no token)");
    expect(text).toContain("1 failed, 1 warning, 0 notes, 1 passed, 1 skipped in 1.2 s");
    expect(text).not.toContain("\u001b");
    expect(table(report, { color: true, width: 80 })).toContain("\u001b[31m");
  });

  it("give everything as JSON", () => {
    expect(JSON.parse(json(report))).toEqual(report);
  });

  it("give problems alone as SARIF, at the file that named the URL", () => {
    const log = JSON.parse(sarif(report));
    expect(log.version).toBe("2.1.0");
    expect(
      log.runs[0].results.map((result: { ruleId: string; level: string }) => [result.ruleId, result.level]),
    ).toEqual([
      ["challenge-without-scope", "warning"],
      ["open-without-token", "error"],
    ]);
    expect(log.runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: ".env" },
      region: { startLine: 3 },
    });
  });

  it("give JUnit XML in which only failed checks fail", () => {
    const xml = junit(report);
    expect(xml).toContain('tests="4" failures="1" skipped="1" time="1.234"');
    expect(xml).toContain('<failure type="open-without-token" message="Bearer realm=&quot;a &amp; b&quot;">');
    expect(xml.match(/<system-out>/g)).toHaveLength(1);
  });

  it("give an HTML page in which nothing remote is markup, and which loads nothing", () => {
    const page = html(report);
    expect(page).not.toContain("<script");
    expect(page).not.toContain("list<>");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/(?:src|href)=/);
  });

  it("decide the exit code", () => {
    expect(exitCode(report)).toBe(1);
    expect(exitCode({ ...report, findings: [problem] })).toBe(0);
    expect(exitCode({ ...report, reached: false })).toBe(2);
  });
});
