import type { Finding } from "./finding.js";
import type { HostVerdict } from "./hosts.js";
import type { ScopeMatrix } from "./matrix.js";
import type { Step } from "./step.js";

/** Everything that a run found out; reporters print it, nothing else does. */
export interface Report {
  /** The URL that was examined. */
  readonly url: string;
  /** Where the URL was found when none was given. */
  readonly foundIn?: string;
  /** False when the server gave no answer at all. */
  readonly reached: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
  /** Empty where only some of the checks were carried out. */
  readonly hosts: readonly HostVerdict[];
  /** What was sent and answered, in order: the raw material of the sequence diagram. */
  readonly steps: readonly Step[];
  /** Which tool asked for which scopes; only after a login. */
  readonly matrix?: ScopeMatrix;
}

/** What a process should exit with: 0 pass, 1 something failed, 2 the server could not be reached. */
export function exitCode(report: Report): 0 | 1 | 2 {
  if (!report.reached) return 2;
  return report.findings.some(({ outcome }) => outcome === "fail") ? 1 : 0;
}

export type Counts = Readonly<Record<Finding["outcome"], number>>;

export function counts(findings: readonly Finding[]): Counts {
  const totals = { pass: 0, fail: 0, warn: 0, info: 0, skip: 0 };
  for (const { outcome } of findings) totals[outcome] += 1;
  return totals;
}
