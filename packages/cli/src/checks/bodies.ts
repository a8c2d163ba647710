import { gzipSync } from "node:zlib";
import type { Check } from "../check.js";
import { examined, type Problem } from "../finding.js";
import type { Inspection } from "../inspection.js";
import { initializeRequest } from "../mcp/message.js";
import { isSuccess, type Outcome, summary } from "../net/answer.js";
import { challengeAdvice } from "./advice.js";

export const bodiesCheck: Check = {
  id: "V24",
  title: "No shape of body is looked at before the token is",
  section: "MCP authorization, Token Handling; MCP Streamable HTTP",
  async examine(inspection) {
    const outcomes = await sendAll(inspection);
    const advice = await challengeAdvice(inspection);
    return examined(
      outcomes.map(([name, outcome]) => `${name}: ${summary(outcome)}`).join("; "),
      ...outcomes.map(([name, outcome]) => problemOf(name, outcome, advice)),
    );
  },
};

async function sendAll(inspection: Inspection): Promise<readonly (readonly [string, Outcome])[]> {
  const { body } = initializeRequest();
  const send = (type: string, content: string | Uint8Array, encoding?: string): Promise<Outcome> =>
    inspection.fetch({
      method: "POST",
      url: inspection.url.href,
      headers: [
        ["Content-Type", type],
        ["Accept", "application/json, text/event-stream"],
        ...(encoding === undefined ? [] : [["Content-Encoding", encoding] as const]),
      ],
      body: content,
    });
  return [
    ["a batch", await send("application/json", `[${body}]`)],
    ["text/plain", await send("text/plain", body)],
    ["gzip", await send("application/json", gzipSync(body), "gzip")],
    ["broken JSON", await send("application/json", "{")],
  ];
}

function problemOf(name: string, outcome: Outcome, advice: string): Problem | undefined {
  if (outcome.kind === "failure" || outcome.status === 401) return undefined;
  const seen = `${name} without a token: ${summary(outcome)}`;
  if (isSuccess(outcome)) {
    return {
      code: "body-open-without-token",
      severity: "fail",
      seen,
      why: "This shape of request reaches the handler without a login.",
      change: `Guard before parsing: answer 401 whatever the body is, with ${advice}`,
    };
  }
  return {
    code: "body-parsed-before-token",
    severity: outcome.status >= 500 ? "warn" : "info",
    seen,
    why: "The body of an unknown caller is parsed: work for attackers to cause, and a hint at what runs behind.",
    change: `Run the guard before the body parser, so that the answer is 401 with ${advice}`,
  };
}
