import type { Check } from "../../check.js";
import { examined, type Problem, skipped } from "../../finding.js";
import { isSuccess, type Outcome, summary } from "../../net/answer.js";
import type { SessionSubject } from "./subject.js";

const list = { method: "tools/list" };

export const repetitionCheck: Check<SessionSubject> = {
  id: "V27",
  title: "The second request works like the first, and one user's session is not another's",
  section: "MCP security best practices, Session Hijacking",
  async examine({ session, secondToken }) {
    if (session.grant === undefined) return skipped("no token");
    const outcomes = [
      await session.probe(list),
      await session.probe(list),
      ...(await Promise.all([session.probe(list), session.probe(list), session.probe(list)])),
    ];
    const [first, ...later] = outcomes;
    if (first === undefined || !works(first))
      return skipped(`tools/list: ${first ? summary(first) : "none"}`);
    const failed = later.filter((outcome) => !works(outcome));
    return examined(
      "two in a row and three at once",
      failed.length > 0 && {
        code: "later-requests-fail",
        severity: "fail",
        seen: `${failed.length} of ${later.length} further requests: ${failed.map(summary).join("; ")}`,
        why: "One server object is shared by all requests: it fails, or answers one user with another's data.",
        change: "Create a server (and transport) per request, or use createMcpHandler",
      },
      secondToken === undefined || session.sessionId === undefined
        ? undefined
        : await hijackProblem(await session.probe(list, { token: secondToken })),
    );
  },
};

async function hijackProblem(outcome: Outcome): Promise<Problem | undefined> {
  if (!works(outcome)) return undefined;
  return {
    code: "session-shared",
    severity: "fail",
    seen: "another user's token was accepted with this session's id",
    why: "Whoever learns a session id takes the session over.",
    change: "Bind the session to issuer and subject of the token that opened it; for others answer 404",
  };
}

function works(outcome: Outcome): boolean {
  return outcome.kind === "answer" && isSuccess(outcome);
}
