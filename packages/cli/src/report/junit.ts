import type { Finding } from "../finding.js";
import { counts, type Report } from "../report.js";
import { escaped } from "./markup.js";

/** The report as JUnit XML, for CI: a failed check is a failure, a warning is a passed case with its text. */
export function junit(report: Report): string {
  const { fail, skip } = counts(report.findings);
  const head = `tests="${report.findings.length}" failures="${fail}" skipped="${skip}" time="${report.milliseconds / 1000}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcp-authz verify" ${head}>
  <testsuite name="${escaped(report.url)}" timestamp="${report.startedAt}" ${head}>
${report.findings.map(testCase).join("\n")}
  </testsuite>
</testsuites>
`;
}

function testCase({ check, title, code, outcome, seen, why, change, section }: Finding): string {
  const open = `    <testcase classname="${escaped(check)}" name="${escaped(`${title} (${code})`)}"`;
  if (outcome === "pass") return `${open}/>`;
  if (outcome === "skip") return `${open}><skipped message="${escaped(seen)}"/></testcase>`;
  const text = escaped(`seen: ${seen}\nwhy: ${why}\nchange: ${change}\nsee: ${section}`);
  return outcome === "fail"
    ? `${open}><failure type="${escaped(code)}" message="${escaped(seen)}">${text}</failure></testcase>`
    : `${open}><system-out>${escaped(outcome)}\n${text}</system-out></testcase>`;
}
