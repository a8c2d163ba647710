import type { Examination, Finding } from "./finding.js";
import type { Inspection } from "./inspection.js";
import { printable } from "./net/printable.js";

/** One thing to look at. */
export interface Check {
  readonly id: string;
  /** The requirement as a sentence: true when the check passes. */
  readonly title: string;
  /** Where the requirement is written. */
  readonly section: string;
  examine(inspection: Inspection): Promise<Examination>;
}

/** Carries out one check. What it says of remote text is made printable here, once for all reports. */
export async function findingsOf(check: Check, inspection: Inspection): Promise<readonly Finding[]> {
  const examination = await examine(check, inspection);
  const { id, title, section } = check;
  if (examination.kind === "skipped") {
    const seen = printable(examination.reason);
    return [{ check: id, title, outcome: "skip", code: `${id}.skipped`, seen, why: "", change: "", section }];
  }
  if (examination.problems.length === 0) {
    const seen = printable(examination.seen);
    return [{ check: id, title, outcome: "pass", code: `${id}.pass`, seen, why: "", change: "", section }];
  }
  return examination.problems.map((problem) => ({
    check: id,
    title,
    outcome: problem.severity,
    code: problem.code,
    seen: printable(problem.seen, 600),
    why: problem.why,
    change: printable(problem.change, 900),
    section: problem.section ?? section,
  }));
}

async function examine(check: Check, inspection: Inspection): Promise<Examination> {
  if (inspection.stopped) return { kind: "skipped", reason: "the time limit of the run was reached" };
  try {
    return await check.examine(inspection);
  } catch (error) {
    // A server may lie in ways nobody thought of; that must not take the other checks down.
    return {
      kind: "skipped",
      reason: `could not be examined: ${error instanceof Error ? error.message : error}`,
    };
  }
}
