import { type Observed, observe } from "./check.js";
import { contract } from "./contract.js";
import type { ContractRow } from "./row.js";
import { type ContractTarget, concerns, expectedOf, Stages } from "./target.js";

/** What a target answered to one row, without what differs from run to run. */
export interface RecordedAnswer {
  readonly title: string;
  readonly status: number;
  readonly challenge: string | null;
  readonly body: unknown;
  readonly ran: boolean;
}

/**
 * Sends every request of the contract to a target, one after the other, and records the answers, so that the answers of
 * bindings can be compared with each other. Rows where frameworks may differ by the contract are left out.
 *
 * @example
 * expect(await answersOf({ name: "koa", mount: koa })).toEqual(await answersOf({ name: "express", mount: express }));
 */
export async function answersOf(target: ContractTarget): Promise<readonly RecordedAnswer[]> {
  const stages = new Stages(target);
  const answers: RecordedAnswer[] = [];
  try {
    for (const row of contract) {
      if (!concerns(row, target) || !isSettled(row, target)) continue;
      answers.push(recorded(row, await observe(row, await stages.shared(row.setup))));
    }
  } finally {
    await stages.close();
  }
  return answers;
}

/** One answer, fully said: neither alternatives nor a body that is the application's business. */
function isSettled(row: ContractRow, target: ContractTarget): boolean {
  const expected = [expectedOf(row, target)].flat();
  const [only] = expected;
  return expected.length === 1 && typeof only?.status === "number";
}

function recorded({ title }: ContractRow, { status, challenge, body, ran }: Observed): RecordedAnswer {
  return { title, status, challenge, body, ran };
}
