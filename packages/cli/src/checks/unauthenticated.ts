import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { header, isSuccess, type Outcome, summary } from "../net/answer.js";
import { challengeAdvice } from "./advice.js";

const section = "RFC 9110 §15.5.2; MCP authorization, Token Handling";

async function refusal(inspection: Inspection, what: string, outcome: Outcome): Promise<Problem | undefined> {
  if (outcome.kind === "failure") {
    return {
      code: "no-answer",
      severity: "fail",
      seen: `${what}: ${summary(outcome)}`,
      why: "A host that gets no answer shows no login.",
      change: "Make the endpoint answer, within a second or so, with 401 and a challenge",
    };
  }
  if (outcome.status === 401) return undefined;
  const open = isSuccess(outcome);
  return {
    code: open ? "open-without-token" : "not-401-without-token",
    severity: "fail",
    seen: `${what} without a token: ${summary(outcome)}`,
    why: open
      ? "Anyone may use the server, and hosts never start a login."
      : "Hosts start their login on 401 alone; any other status is an error to them.",
    change: `Guard the MCP route before anything else answers it, and answer 401 with ${await challengeAdvice(inspection)}`,
  };
}

export const unauthenticatedChecks: readonly Check[] = [
  {
    id: "V2",
    title: "A request of MCP 2026-07-28 without a token is answered 401",
    section,
    async examine(inspection) {
      const outcome = await inspection.discover();
      return examined(summary(outcome), await refusal(inspection, "server/discover", outcome));
    },
  },
  {
    id: "V3",
    title: "A request of MCP 2025-11-25 without a token is answered 401",
    section,
    async examine(inspection) {
      const outcome = await inspection.initialize();
      return examined(summary(outcome), await refusal(inspection, "initialize", outcome));
    },
  },
  {
    id: "V4",
    title: "GET and DELETE without a token open nothing",
    section: "MCP Streamable HTTP; RFC 9110 §15.5.2",
    async examine(inspection) {
      const answers = [
        ["GET", await inspection.get()],
        ["DELETE", await inspection.fetch({ method: "DELETE", url: inspection.url.href })],
      ] as const;
      if (answers.every(([, outcome]) => outcome.kind === "failure")) return skipped("no answer");
      return examined(
        answers.map(([method, outcome]) => `${method}: ${summary(outcome)}`).join("; "),
        ...answers.map(([method, outcome]) => methodProblem(method, outcome)),
      );
    },
  },
];

function methodProblem(method: string, outcome: Outcome): Problem | undefined {
  if (outcome.kind === "failure" || outcome.status === 401) return undefined;
  const seen = `${method} without a token: ${summary(outcome)}`;
  const change = `Run the guard before the method is looked at, so that ${method} without a token gets the same 401 as POST`;
  if (isSuccess(outcome)) {
    const stream = /event-stream/.test(header(outcome, "content-type") ?? "");
    const why = stream
      ? "Anyone may listen to the server's stream."
      : "Anyone may reach the endpoint with this method.";
    return { code: "method-open-without-token", severity: "fail", seen, why, change };
  }
  const why = "Several clients probe with this method first and never see the challenge.";
  const severity = outcome.status === 405 ? "info" : "warn";
  return { code: "method-without-challenge", severity, seen, why, change };
}
