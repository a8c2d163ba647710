/** How much a problem matters: `fail` breaks a MUST or a host, `warn` a SHOULD or interoperability. */
export type Severity = "fail" | "warn" | "info";

/** One thing that is wrong, with all that a reader needs to mend it. */
export interface Problem {
  /** Stable name of the defect, for baselines and SARIF rules. */
  readonly code: string;
  readonly severity: Severity;
  /** What the server did. */
  readonly seen: string;
  /** What follows from it. */
  readonly why: string;
  /** The exact change to make. */
  readonly change: string;
  /** Where it is written; the check's own section when left out. */
  readonly section?: string;
}

/** What a check came to. */
export type Examination =
  | { readonly kind: "examined"; readonly seen: string; readonly problems: readonly Problem[] }
  | { readonly kind: "skipped"; readonly reason: string };

export function examined(seen: string, ...problems: readonly (Problem | false | undefined)[]): Examination {
  return { kind: "examined", seen, problems: problems.filter((problem) => typeof problem === "object") };
}

export function skipped(reason: string): Examination {
  return { kind: "skipped", reason };
}

/** One line of a report. */
export interface Finding {
  /** Which check: `G1` to `G3` are the guide's own three, `V…` the rest. */
  readonly check: string;
  readonly title: string;
  readonly outcome: "pass" | "skip" | Severity;
  readonly code: string;
  readonly seen: string;
  readonly why: string;
  readonly change: string;
  readonly section: string;
}
