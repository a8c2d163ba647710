import type { MatrixCell, ScopeMatrix } from "../../matrix.js";
import { olderRequest } from "../../mcp/message.js";
import { replyOf } from "../../mcp/reply.js";
import { type BearerRefusal, type HostSession, refusalOf } from "../../mcp/session.js";
import { callOf, type Tool, toolsOf } from "../../mcp/tools.js";
import { type Answer, isSuccess, type Outcome } from "../../net/answer.js";
import type { SessionSubject } from "./subject.js";

/** A call that the guard did not let through, and what became of it. */
export interface Refusal {
  readonly tool: string;
  readonly first: Answer;
  readonly challenge: BearerRefusal;
  /** The answer after stepping up; undefined when a client would not try. */
  readonly last?: Outcome;
}

export interface Explored {
  readonly tools: readonly string[];
  readonly matrix: ScopeMatrix;
  readonly refusals: readonly Refusal[];
  /** A tool that was refused alone and ran inside a batch. */
  readonly smuggled?: string;
  /** Tools that report a missing scope as their own result. */
  readonly inBand: readonly string[];
}

/** More tools than this are not called, nor more tokens asked for. */
const maximum = { tools: 20, tokens: 4 };

/**
 * Calls the tools that may be called, without arguments: first with the token of the login, then, for tools
 * that ask for more, with what they ask for. A tool that was let through once is not called again.
 */
export async function exploreTools({ session, tools: named, thorough }: SessionSubject): Promise<Explored> {
  const listed = toolsOf(await session.call({ method: "tools/list" }));
  const tools = chosen(listed, named);
  const columns = [scopesOf(session)];
  const cells = new Map<string, MatrixCell[]>();
  const refusals: Refusal[] = [];
  const inBand: string[] = [];
  for (const tool of tools) {
    const outcome = await session.probe(callOf(tool));
    cells.set(tool, [cellOf(outcome)]);
    if (outcome.kind === "failure") continue;
    if (outcome.status === 401 || outcome.status === 403) {
      refusals.push({ tool, first: outcome, challenge: refusalOf(outcome) });
    } else if (speaksOfScopes(outcome)) inBand.push(tool);
  }
  const [refused] = refusals.filter(({ first }) => first.status === 403);
  const smuggled = refused === undefined || !thorough ? undefined : await smuggle(session, refused.tool);
  const after = await stepUp(session, refusals, columns, cells);
  const rows = tools.map((tool) => ({ tool, cells: filled(cells.get(tool) ?? [], columns.length) }));
  return {
    tools,
    matrix: { columns, rows },
    refusals: after,
    inBand,
    ...(smuggled === undefined ? {} : { smuggled }),
  };
}

async function stepUp(
  session: HostSession,
  refusals: readonly Refusal[],
  columns: string[],
  cells: Map<string, MatrixCell[]>,
): Promise<readonly Refusal[]> {
  const after: Refusal[] = [];
  for (const refusal of refusals) {
    const { tool, challenge } = refusal;
    if (challenge.error !== "insufficient_scope" || columns.length >= maximum.tokens) {
      after.push(refusal);
      continue;
    }
    const before = session.grant;
    const last = await session.call(callOf(tool));
    if (session.grant !== before) columns.push(scopesOf(session));
    const row = cells.get(tool) ?? [];
    row[columns.length - 1] = cellOf(last);
    cells.set(tool, row);
    // A token from elsewhere cannot be widened, so nothing was tried.
    after.push(session.grant?.issuer === undefined ? refusal : { ...refusal, last });
  }
  return after;
}

/** What the user named, and what the server calls read-only; names that do not exist are tried all the same. */
function chosen(listed: readonly Tool[], named: readonly string[]): readonly string[] {
  const harmless = listed.filter((tool) => tool.harmless).map(({ name }) => name);
  return [...new Set([...named, ...harmless])].slice(0, maximum.tools);
}

function scopesOf(session: HostSession): string {
  return session.grant?.scopes.join(" ") ?? "";
}

function cellOf(outcome: Outcome): MatrixCell {
  if (outcome.kind === "failure") return "error";
  if (outcome.status === 403)
    return refusalOf(outcome).error === "insufficient_scope" ? "insufficient_scope" : "denied";
  // A complaint about the arguments means that the call was let through.
  const reached = isSuccess(outcome) || replyOf(outcome)?.error?.code === -32602;
  return reached ? "allowed" : "error";
}

/** A cell that was not tried again holds what the column before it says. */
function filled(row: readonly MatrixCell[], length: number): readonly MatrixCell[] {
  const cells: MatrixCell[] = [];
  for (let at = 0; at < length; at += 1) cells.push(row[at] ?? cells[at - 1] ?? "error");
  return cells;
}

function speaksOfScopes(answer: Answer): boolean {
  const result = replyOf(answer)?.result;
  return (
    result?.isError === true &&
    /insufficient[_ ]scope|required scope|missing scope/i.test(JSON.stringify(result))
  );
}

/** Wraps a refused call into a batch, as MCP 2025-03-26 allowed; the tool's name when it ran. */
async function smuggle(session: HostSession, tool: string): Promise<string | undefined> {
  const call = olderRequest({ ...callOf(tool), id: 41 }, session.sessionId, "2025-03-26");
  const outcome = await session.probe({ ...call, body: `[${call.body}]` });
  if (outcome.kind === "failure" || !isSuccess(outcome)) return undefined;
  return replyOf(outcome)?.result === undefined ? undefined : tool;
}
