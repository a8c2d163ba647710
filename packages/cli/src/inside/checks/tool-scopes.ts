import type { Check } from "../../check.js";
import { stepUpAdvice } from "../../checks/advice.js";
import { examined, type Problem, skipped } from "../../finding.js";
import type { MatrixCell } from "../../matrix.js";
import { olderRequest } from "../../mcp/message.js";
import { replyOf } from "../../mcp/reply.js";
import { refusalOf } from "../../mcp/session.js";
import { callOf, toolsOf } from "../../mcp/tools.js";
import { isSuccess, type Outcome, summary } from "../../net/answer.js";
import type { InsideSubject } from "../subject.js";
import { takesTokens } from "./good-token.js";

export const toolScopesCheck: Check<InsideSubject> = {
  id: "I6",
  title: "Each tool wants exactly the scopes that its owner means",
  section: "MCP authorization, Runtime Insufficient Scope Errors; RFC 6750 §3.1",
  async examine(subject) {
    const expected = Object.entries(subject.expected).map(([tool, scopes]) => ({
      tool,
      scopes: [scopes].flat(),
    }));
    if (expected.length === 0)
      return skipped(
        'say what each tool needs: --need create_todo=todo:write, or tools: { create_todo: "todo:write" }',
      );
    if (!(await takesTokens(subject))) return skipped("good tokens are refused");
    const all = [...new Set([...subject.baseline.split(" "), ...expected.flatMap(({ scopes }) => scopes)])];
    const columns = [
      subject.baseline,
      ...all.filter((scope) => !subject.baseline.split(" ").includes(scope)),
    ];
    const problems: (Problem | undefined)[] = [];
    const rows: { tool: string; cells: readonly MatrixCell[] }[] = [];
    for (const { tool, scopes } of expected) {
      const cells: MatrixCell[] = [];
      for (const scope of columns) cells.push(cellOf(await call(subject, tool, scope)));
      rows.push({ tool, cells });
      problems.push(...(await scopeProblems(subject, tool, scopes, all)));
    }
    subject.keepMatrix({ columns, rows });
    problems.push(await batchProblem(subject, expected, all), await unlistedProblem(subject));
    return examined(`${expected.length} tools against ${columns.length} tokens`, ...problems);
  },
};

/** A scope that no app knows. */
const nothing = "mcp-authz:nothing";

/** Every scope but these and those that bring them along: a token with all of them must not be enough. */
function otherScopes(subject: InsideSubject, scopes: readonly string[], all: readonly string[]): string {
  const others = all.filter((scope) => !reaches(subject, scope).some((reached) => scopes.includes(reached)));
  return others.join(" ") || nothing;
}

/** A scope and all that it brings with it. */
function reaches(subject: InsideSubject, scope: string): readonly string[] {
  const found = new Set([scope]);
  for (const reached of found)
    for (const implied of [subject.implies[reached] ?? []].flat()) found.add(implied);
  return [...found];
}

function call({ session, mint }: InsideSubject, tool: string, scope: string): Promise<Outcome> {
  return session.probe(callOf(tool), { token: mint.token({ scope, scopes: scope.split(" ") }) });
}

function cellOf(outcome: Outcome): MatrixCell {
  if (outcome.kind === "failure") return "error";
  if (outcome.status === 403)
    return refusalOf(outcome).error === "insufficient_scope" ? "insufficient_scope" : "denied";
  return letIn(outcome) ? "allowed" : "error";
}

/** A complaint about the arguments means that the guard let the call through. */
function letIn(outcome: Outcome): boolean {
  if (outcome.kind === "failure" || outcome.status === 401 || outcome.status === 403) return false;
  return isSuccess(outcome) || replyOf(outcome)?.error?.code === -32602;
}

async function scopeProblems(
  subject: InsideSubject,
  tool: string,
  scopes: readonly string[],
  all: readonly string[],
): Promise<readonly (Problem | undefined)[]> {
  const needed = [...new Set([...subject.baseline.split(" "), ...scopes])].join(" ");
  const enough = await call(subject, tool, needed);
  const without = otherScopes(subject, scopes, all);
  const lacking = scopes.length === 0 ? undefined : await call(subject, tool, without);
  const advice = await stepUpAdvice(subject.session.inspection, tool, needed);
  const change = `Unless the token has ${scopes.join(" and ")}, ${advice}`;
  return [
    letIn(enough)
      ? undefined
      : {
          code: "inside-scope-not-enough",
          severity: "fail",
          seen: `${tool} with ${scopes.join(" ")}: ${summary(enough)}`,
          why: "Users who granted what the tool needs are refused.",
          change: `Let ${tool} ask for ${scopes.join(" ")} alone, and read scopes from the scope claim`,
        },
    lacking === undefined ? undefined : lackingProblem({ tool, scopes, without, change }, lacking),
  ];
}

interface Lacking {
  readonly tool: string;
  readonly scopes: readonly string[];
  /** The scopes of the token that the call was made with. */
  readonly without: string;
  /** How such a call is to be refused. */
  readonly change: string;
}

function lackingProblem({ tool, scopes, without, change }: Lacking, outcome: Outcome): Problem | undefined {
  const seen = `${tool} with "${without}", without ${scopes.join(" ")}: ${summary(outcome)}`;
  if (letIn(outcome)) {
    const why = "The tool runs for users who never granted it.";
    return { code: "inside-scope-not-checked", severity: "fail", seen, why, change };
  }
  if (outcome.kind === "failure") return undefined;
  if (outcome.status === 401) {
    const why = "A 401 says that the token is bad: clients log in again, get the same token, and loop.";
    return { code: "missing-scope-is-401", severity: "fail", seen, why, change };
  }
  const challenge = refusalOf(outcome);
  const named = challenge.scope?.split(" ") ?? [];
  if (challenge.error === "insufficient_scope" && scopes.every((scope) => named.includes(scope)))
    return undefined;
  const why =
    "Clients read error and scope of the challenge to know what to ask for; without them they show an error.";
  return { code: "step-up-without-challenge", severity: "fail", seen, why, change };
}

async function batchProblem(
  subject: InsideSubject,
  expected: readonly { readonly tool: string; readonly scopes: readonly string[] }[],
  all: readonly string[],
): Promise<Problem | undefined> {
  const { session, mint } = subject;
  for (const { tool, scopes } of expected) {
    const scope = otherScopes(subject, scopes, all);
    if (scopes.length === 0 || letIn(await call(subject, tool, scope))) continue;
    const { headers, body } = olderRequest({ ...callOf(tool), id: 51 }, session.sessionId, "2025-03-26");
    const token = mint.token({ scope, scopes: scope.split(" ") });
    const outcome = await session.probe({ headers, body: `[${body}]` }, { token });
    if (outcome.kind === "failure" || !isSuccess(outcome) || replyOf(outcome)?.result === undefined) continue;
    return {
      code: "batch-bypasses-scopes",
      severity: "fail",
      seen: `${tool} was refused alone, and ran inside a JSON-RPC batch`,
      why: "Whoever may call one tool may call all of them.",
      change: "Authorize every message of a batch, or refuse batches (MCP has none since 2025-06-18)",
      section: "MCP 2025-06-18 changelog; JSON-RPC 2.0 §6",
    };
  }
  return undefined;
}

/** Tools that are there, that nobody spoke of, and that a token without any scope may call. */
async function unlistedProblem(subject: InsideSubject): Promise<Problem | undefined> {
  const listed = toolsOf(await subject.session.probe({ method: "tools/list" }));
  const open: string[] = [];
  for (const { name } of listed) {
    if (name in subject.expected) continue;
    if (letIn(await call(subject, name, nothing))) open.push(name);
  }
  if (open.length === 0) return undefined;
  return {
    code: "inside-tool-without-rule",
    severity: "fail",
    seen: `open to a token without any of the scopes: ${open.join(", ")}`,
    why: "A tool that was added and forgotten in the policy is open to everybody who can log in.",
    change: "Refuse tools that have no rule, and give each a rule ([] for any user)",
  };
}
