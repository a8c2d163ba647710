import { type Examination, type Finding, skipped } from "./finding.js";
import type { Inspection } from "./inspection.js";
import { LoginFault } from "./login/fault.js";
import { printable } from "./net/printable.js";

/** One thing to look at; `Subject` is what it needs to look at it. */
export interface Check<Subject = Inspection> {
  readonly id: string;
  /** The requirement as a sentence: true when the check passes. */
  readonly title: string;
  /** Where the requirement is written. */
  readonly section: string;
  examine(subject: Subject): Promise<Examination>;
}

/** Carries out one check. What it says of remote text is made printable here, once for all reports. */
export async function findingsOf<Subject>(
  check: Check<Subject>,
  subject: Subject,
  { stopped }: Pick<Inspection, "stopped">,
): Promise<readonly Finding[]> {
  const examination = stopped
    ? skipped("the time limit of the run was reached")
    : await examine(check, subject);
  const { id, title, section } = check;
  const whole = { check: id, title, why: "", change: "", section };
  if (examination.kind === "skipped") {
    return [{ ...whole, outcome: "skip", code: `${id}.skipped`, seen: printable(examination.reason) }];
  }
  if (examination.problems.length === 0) {
    return [{ ...whole, outcome: "pass", code: `${id}.pass`, seen: printable(examination.seen) }];
  }
  return examination.problems.map((problem) => ({
    check: id,
    title,
    outcome: problem.severity,
    code: problem.code,
    seen: printable(problem.seen, 1500),
    why: problem.why,
    change: printable(problem.change, 1500),
    section: problem.section ?? section,
  }));
}

async function examine<Subject>(check: Check<Subject>, subject: Subject): Promise<Examination> {
  try {
    return await check.examine(subject);
  } catch (error) {
    if (error instanceof LoginFault) {
      const { code, seen, message: why, change, section } = error;
      return {
        kind: "examined",
        seen: "",
        problems: [{ code, severity: "fail", seen, why, change, section }],
      };
    }
    // A server may lie in ways nobody thought of; that must not take the other checks down.
    return skipped(`could not be examined: ${error instanceof Error ? error.message : error}`);
  }
}
