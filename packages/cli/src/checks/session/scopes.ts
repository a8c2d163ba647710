import type { Check } from "../../check.js";
import { examined, type Problem, skipped } from "../../finding.js";
import { type Outcome, summary } from "../../net/answer.js";
import { stepUpAdvice } from "../advice.js";
import { type Explored, exploreTools, type Refusal } from "./explore-tools.js";
import type { SessionSubject } from "./subject.js";

export const scopesCheck: Check<SessionSubject> = {
  id: "V26",
  title: "A tool that needs more says what it needs, and getting that is enough",
  section: "MCP authorization, Runtime Insufficient Scope Errors, Step-Up Authorization Flow",
  async examine(subject) {
    if (subject.session.grant === undefined || !admitted(await subject.connect())) {
      return skipped("no token that the server accepts");
    }
    const granted = subject.session.grant.scopes;
    const explored = await exploreTools(subject);
    if (explored.tools.length === 0) {
      return skipped("no tool may be called: name some with --tool, or annotate tools with readOnlyHint");
    }
    subject.keepMatrix(explored.matrix);
    const { inspection } = subject.session;
    const refusals = explored.refusals.map(async (refusal) =>
      refusalProblem(refusal, await stepUpAdvice(inspection, refusal.tool, scopesFor(refusal, granted))),
    );
    return examined(
      `${explored.tools.length} tools called, ${explored.refusals.length} refused at first`,
      ...(await Promise.all(refusals)),
      ...explored.refusals.map(stepUpProblem),
      batchProblem(explored),
      inBandProblem(explored),
    );
  },
};

function admitted(outcome: Outcome): boolean {
  return outcome.kind === "answer" && outcome.status !== 401 && outcome.status !== 403;
}

/** What the challenge should have named: older clients ask for it alone, so what is granted stays in it. */
function scopesFor({ tool, challenge }: Refusal, granted: readonly string[]): string {
  return challenge.scope ?? [...granted, `<each scope that ${tool} needs>`].join(" ");
}

function refusalProblem({ tool, first, challenge }: Refusal, advice: string): Problem | undefined {
  const change = `Without the scope, ${advice}`;
  const seen = `${tool}: ${summary(first)}`;
  if (first.status === 401) {
    return {
      code: "missing-scope-is-401",
      severity: "fail",
      seen: `${seen} for a token that works otherwise`,
      why: "A 401 says that the token is bad: clients log in again, get the same token, and loop.",
      change,
      section: "RFC 6750 §3.1",
    };
  }
  const claimed = /insufficient[_ ]scope|required scope|missing scope/i.test(first.body);
  if (challenge.error !== "insufficient_scope") {
    if (!claimed) return undefined;
    return {
      code: "step-up-without-challenge",
      severity: "fail",
      seen: `${seen}; the body speaks of scopes, WWW-Authenticate does not`,
      why: "Clients read the header, not the body: none of them asks for more.",
      change,
    };
  }
  const lacks = [
    ...(challenge.scope === undefined ? ["scope"] : []),
    ...(challenge.metadataUrl === undefined ? ["resource_metadata"] : []),
  ];
  if (lacks.length === 0) return undefined;
  return {
    code: "step-up-challenge-incomplete",
    severity: "warn",
    seen: `${seen}; the challenge lacks ${lacks.join(" and ")}`,
    why: "A client does not know what to ask for, or where.",
    change,
  };
}

function stepUpProblem({ tool, challenge, last }: Refusal): Problem | undefined {
  if (last === undefined || last.kind === "failure" || last.status !== 403) return undefined;
  return {
    code: "step-up-not-enough",
    severity: "fail",
    seen: `${tool}: still ${summary(last)} after a login with scope "${challenge.scope}" added`,
    why: "Clients try a few times, then show an error: the user approved for nothing.",
    change: "Name all scopes of the operation in one challenge, and let the authorization server grant them",
  };
}

function batchProblem({ smuggled }: Explored): Problem | undefined {
  if (smuggled === undefined) return undefined;
  return {
    code: "batch-bypasses-scopes",
    severity: "fail",
    seen: `${smuggled} was refused alone, and ran inside a JSON-RPC batch`,
    why: "Whoever may call one tool may call all of them.",
    change: "Authorize every message of a batch, or refuse batches (MCP has none since 2025-06-18)",
    section: "MCP 2025-06-18 changelog; JSON-RPC 2.0 §6",
  };
}

function inBandProblem({ inBand }: Explored): Problem | undefined {
  if (inBand.length === 0) return undefined;
  return {
    code: "missing-scope-in-result",
    severity: "warn",
    seen: `${inBand.join(", ")}: 200 with a tool error that speaks of scopes`,
    why: "Claude and the SDK clients step up on 403 only; the model sees an error that it cannot mend.",
    change: "Decide before the tool runs, and answer 403 insufficient_scope",
  };
}
