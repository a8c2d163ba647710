import { looselyParsed } from "../challenge/loose.js";
import type { Check } from "../check.js";
import { examined, type Problem, skipped } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { modernRequest } from "../mcp/message.js";
import { type Answer, header, isSuccess, type Outcome, summary } from "../net/answer.js";

const marker = "mcp-authz-verify-not-a-token";

export const tokenPlacesChecks: readonly Check[] = [
  {
    id: "V20",
    title: "A token in the query or in a form body is not read",
    section: "MCP authorization, Token Requirements; RFC 6750 §2.2, §2.3",
    async examine(inspection) {
      const plain = await inspection.discover();
      const outcomes = [
        ["query", await tokenInQuery(inspection)],
        ["form body", await tokenInForm(inspection)],
      ] as const;
      const answers = outcomes.filter(
        (pair): pair is ["query" | "form body", Answer] => pair[1].kind === "answer",
      );
      if (answers.length === 0 || plain.kind === "failure") return skipped("no answer");
      return examined(
        answers.map(([place, answer]) => `${place}: ${answer.status}`).join("; "),
        ...answers.flatMap(([place, answer]) => placeProblems(place, answer, plain)),
      );
    },
  },
  {
    id: "V21",
    title: "Two sets of credentials are refused",
    section: "RFC 6750 §3.1; RFC 9110 §5.3",
    async examine(inspection) {
      const { headers, body } = modernRequest({ method: "server/discover" });
      const send = (lines: readonly (readonly [string, string])[]): Promise<Outcome> =>
        inspection.raw({ method: "POST", target: inspection.target, headers: [...headers, ...lines], body });
      const outcomes = [
        [
          "two Authorization lines",
          await send([
            ["Authorization", `Bearer ${marker}`],
            ["Authorization", "Bearer b"],
          ]),
        ],
        ["Bearer a, Bearer b", await send([["Authorization", `Bearer ${marker}, Bearer b`]])],
      ] as const;
      return examined(
        outcomes.map(([name, outcome]) => `${name}: ${summary(outcome)}`).join("; "),
        ...outcomes.map(([name, outcome]) => duplicateProblem(name, outcome)),
      );
    },
  },
];

function tokenInQuery(inspection: Inspection): Promise<Outcome> {
  const url = new URL(inspection.url);
  url.searchParams.set("access_token", marker);
  const { headers, body } = modernRequest({ method: "server/discover" });
  return inspection.fetch({ method: "POST", url: url.href, headers, body });
}

function tokenInForm(inspection: Inspection): Promise<Outcome> {
  return inspection.fetch({
    method: "POST",
    url: inspection.url.href,
    headers: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: `access_token=${marker}`,
  });
}

function placeProblems(place: string, answer: Answer, plain: Answer): readonly Problem[] {
  const problems: Problem[] = [];
  const read = errorOf(answer) === "invalid_token" && errorOf(plain) === undefined;
  const seen = `token in the ${place}: ${summary(answer)}`;
  if ((isSuccess(answer) && plain.status === 401) || read) {
    problems.push({
      code: "token-read-outside-header",
      severity: "fail",
      seen: read ? `${seen}, error="invalid_token": the token was read` : seen,
      why: "Tokens in URLs and forms end up in logs, histories and Referer headers; MCP forbids them.",
      change: "Read the token from the Authorization header only; treat a token elsewhere as absent",
    });
  }
  if (`${answer.body} ${header(answer, "www-authenticate") ?? ""}`.includes(marker)) {
    problems.push({
      code: "token-echoed",
      severity: "fail",
      seen: `${seen}, and the token comes back in the answer`,
      why: "A real token would be copied into logs and error reports of every client.",
      change: "Never put request data into a refusal; use a fixed message",
    });
  }
  return problems;
}

function errorOf(answer: Answer): string | undefined {
  return looselyParsed(header(answer, "www-authenticate"))?.error;
}

function duplicateProblem(name: string, outcome: Outcome): Problem | undefined {
  if (outcome.kind === "failure" || outcome.status === 400 || outcome.status === 401) return undefined;
  // A verifier that crashes is V5's finding.
  if (outcome.status >= 500) return undefined;
  return {
    code: "several-credentials",
    severity: isSuccess(outcome) ? "fail" : "warn",
    seen: `${name}: ${summary(outcome)}`,
    why: "A proxy and the server may each look at another one of the two: one checks, the other lets in.",
    change:
      'Look at the raw list of Authorization lines; more than one, or a comma, is 400 error="invalid_request"',
  };
}
