/** One report, as the tools return it. */
export interface Report {
  readonly id: string;
  readonly title: string;
  published_by?: string;
}

/** The reports of this story, in memory. */
export class Reports {
  readonly #reports: readonly Report[] = [
    { id: "2026-q1", title: "First quarter" },
    { id: "2026-q2", title: "Second quarter" },
  ];

  list(): readonly Report[] {
    return this.#reports;
  }

  publish(id: string, by: string): Report | undefined {
    const report = this.#reports.find((one) => one.id === id);
    if (report !== undefined) report.published_by = by;
    return report;
  }
}
