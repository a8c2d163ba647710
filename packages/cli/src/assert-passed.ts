import { table } from "./report/table.js";
import { exitCode, type Report } from "./report.js";

/** @throws Error with the failed findings, ready to read, when any check of the report failed. */
export function assertPassed(report: Report): void {
  if (exitCode(report) === 0) return;
  const failed = {
    ...report,
    findings: report.findings.filter(({ outcome }) => outcome === "fail"),
    hosts: [],
  };
  throw new Error(table(failed, { color: false, width: 100 }));
}
