import type { Check } from "../../check.js";
import { examined, skipped } from "../../finding.js";
import { succeeded, summary } from "../../net/answer.js";
import { otherUserProblem } from "./other-user.js";
import type { SessionSubject } from "./subject.js";

const list = { method: "tools/list" };

export const repetitionCheck: Check<SessionSubject> = {
  id: "V27",
  title: "The second request works like the first, and one user's session is not another's",
  section: "MCP security best practices, Session Hijacking",
  async examine(subject) {
    const { session, secondToken } = subject;
    if (session.grant === undefined) return skipped("no token");
    const outcomes = [
      await session.probe(list),
      await session.probe(list),
      ...(await Promise.all([session.probe(list), session.probe(list), session.probe(list)])),
    ];
    const [first, ...later] = outcomes;
    if (first === undefined || !succeeded(first))
      return skipped(`tools/list: ${first ? summary(first) : "none"}`);
    const failed = later.filter((outcome) => !succeeded(outcome));
    return examined(
      `two in a row and three at once; ${apart(subject)}`,
      failed.length > 0 && {
        code: "later-requests-fail",
        severity: "fail",
        seen: `${failed.length} of ${later.length} further requests: ${failed.map(summary).join("; ")}`,
        why: "One server object is shared by all requests: it fails, or answers one user with another's data.",
        change: "Create a server (and transport) per request, or use createMcpHandler",
      },
      secondToken === undefined ? undefined : await otherUserProblem(session, secondToken),
    );
  },
};

/** Whether sessions were kept apart, or why that was not examined. */
function apart({ session, secondToken }: SessionSubject): string {
  if (session.sessionId === undefined) return "no session that could be taken over";
  return secondToken === undefined ? "sessions: not examined without --token2" : "its session is its own";
}
