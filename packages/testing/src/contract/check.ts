import { AssertionError, deepStrictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { RawAnswer } from "../raw/answer.js";
import { ConnectionEnded } from "../raw/connection.js";
import type { RawRequest } from "../raw/request.js";
import type { ProbeRun } from "./probe.js";
import type { ContractRow, ExpectedAnswer, Scene } from "./row.js";

/** What came back for one request, reduced to what the contract compares. */
export interface Observed {
  /** 0 when the server hung up without an answer. */
  readonly status: number;
  readonly challenge: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or text that is none, or "" for an empty body. */
  readonly body: unknown;
  readonly ran: boolean;
}

/** Sends a row's request and looks at what happens. */
export async function observe(row: ContractRow, scene: Scene): Promise<Observed> {
  const request = row.request(scene.mints);
  let answer: RawAnswer | undefined;
  try {
    answer = await scene.exchange(request);
  } catch (error) {
    if (!(error instanceof ConnectionEnded)) throw error;
  }
  const runs = scene.probe.runs;
  for (const run of runs) sameBody(request, run);
  return observed(answer, runs.length > 0);
}

function observed(answer: RawAnswer | undefined, ran: boolean): Observed {
  if (answer === undefined) return { status: 0, challenge: null, headers: {}, body: "", ran };
  const names = new Set(answer.headers.map(([name]) => name.toLowerCase()));
  return {
    status: answer.status,
    challenge: joined(answer, "www-authenticate") ?? null,
    headers: Object.fromEntries([...names].map((name) => [name, joined(answer, name) ?? ""])),
    body: bodyOf(answer),
    ran,
  };
}

function joined(answer: RawAnswer, name: string): string | undefined {
  const values = answer.values(name);
  return values.length === 0 ? undefined : values.join(", ");
}

function bodyOf(answer: RawAnswer): unknown {
  try {
    return answer.json();
  } catch {
    return answer.text;
  }
}

/** The handler must get what was sent, and its request must say the same. */
function sameBody(request: RawRequest, run: ProbeRun): void {
  const sent = typeof request.body === "string" ? request.body.replace(/^\ufeff/, "") : undefined;
  if (sent !== undefined && sent !== "" && run.method === "POST")
    deepStrictEqual(run.parsed, JSON.parse(sent));
  if (run.text !== "" && run.parsed !== undefined) deepStrictEqual(JSON.parse(run.text), run.parsed);
}

/**
 * Compares what happened with what may happen.
 * @throws {AssertionError} that shows both.
 */
export function check(row: ContractRow, observed: Observed, expected: ContractRow["expected"]): void {
  const acceptable = [expected].flat();
  const differences = acceptable.map((each) => differencesOf(observed, each));
  if (differences.some(({ length }) => length === 0)) return;
  const lines = differences.map((found, index) => `${index === 0 ? "expected" : "or"}: ${found.join("; ")}`);
  throw new AssertionError({
    message: `${row.title} (${row.rows.join(", ")}: ${row.why})\n${lines.join("\n")}`,
    actual: observed,
    expected: acceptable[0],
    operator: "contract",
  });
}

function differencesOf(observed: Observed, expected: ExpectedAnswer): string[] {
  const found: string[] = [];
  const differ = (what: string, wanted: unknown, got: unknown): void => {
    found.push(`${what} ${show(wanted)}, got ${show(got)}`);
  };
  if (![expected.status].flat().includes(observed.status)) differ("status", expected.status, observed.status);
  if (expected.challenge !== undefined && expected.challenge !== observed.challenge)
    differ("WWW-Authenticate", expected.challenge, observed.challenge);
  for (const [name, wanted] of Object.entries(expected.headers ?? {})) {
    const got = observed.headers[name.toLowerCase()] ?? null;
    const same = wanted instanceof RegExp ? got !== null && wanted.test(got) : wanted === got;
    if (!same) differ(name, wanted, got);
  }
  if (expected.body !== undefined && !isDeepStrictEqual(expected.body, observed.body))
    differ("body", expected.body, observed.body);
  if (expected.ran !== observed.ran) differ("the handler ran", expected.ran, observed.ran);
  return found;
}

function show(value: unknown): string {
  return value instanceof RegExp ? String(value) : JSON.stringify(value);
}
