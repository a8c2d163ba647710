import type { Check } from "../check.js";
import { examined, skipped } from "../finding.js";
import { replyOf } from "../mcp/reply.js";
import { summary } from "../net/answer.js";

export const eraCheck: Check = {
  id: "V31",
  title: "A request of MCP 2026-07-28 does not look like one to an old server",
  section: "MCP Streamable HTTP, Backward Compatibility",
  async examine(inspection) {
    const outcome = await inspection.discover();
    if (outcome.kind === "failure") return skipped("no answer");
    return examined(
      summary(outcome),
      outcome.status === 400 &&
        replyOf(outcome) === undefined && {
          code: "looks-like-an-old-server",
          severity: "warn",
          seen: `server/discover: ${summary(outcome)}, without a JSON-RPC error`,
          why: "Clients read this as a server of an earlier revision and start again with initialize.",
          change: "Answer 401 when the token is missing; give a 400 a JSON-RPC error as body",
        },
    );
  },
};
