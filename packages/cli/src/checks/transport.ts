import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { header } from "../net/answer.js";

/** Claude gives discovery about ten seconds; half of that is late. */
const slow = 5000;

export const transportCheck: Check = {
  id: "V29",
  title: "TLS is good and answers come in time",
  section: "RFC 9728 §7.1; RFC 6797",
  async examine(inspection) {
    const outcome = await inspection.discover();
    if (outcome.kind === "failure") return skipped("no answer");
    const times = (await inspection.metadata()).candidates.map((candidate) => candidate.outcome.milliseconds);
    const slowest = Math.round(Math.max(outcome.milliseconds, ...times));
    return examined(
      slowest > 1000 ? `slowest answer ${slowest} ms` : "answers within a second",
      slowest > slow && {
        code: "slow",
        severity: "warn",
        seen: `the slowest of challenge and metadata took ${slowest} ms`,
        why: "Hosts give up after about ten seconds; a cold start that long looks like a dead server.",
        change: "Answer 401 and metadata without waiting for anything else; keep one instance warm",
        section: "MCP authorization",
      },
      inspection.url.protocol === "https:" &&
        header(outcome, "strict-transport-security") === undefined && {
          code: "no-hsts",
          severity: "info",
          seen: "no Strict-Transport-Security",
          why: "A browser that was sent to http:// would follow.",
          change: "Strict-Transport-Security: max-age=31536000",
        },
    );
  },
};
