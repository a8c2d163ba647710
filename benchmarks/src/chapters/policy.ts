import type { PolicyReport } from "../policy-process.js";
import { reportOf } from "../process.js";
import type { Chapter } from "../report/chapter.js";
import { atMost } from "../report/goals.js";
import { ratiosOf } from "../statistics.js";
import type { Context } from "./context.js";

/** A bound that noise does not reach, and growth with the number of tools would. */
const flat = 1.25;

/** Whether a longer policy makes requests slower. */
export async function policy({ quick }: Context): Promise<Chapter> {
  const report = await reportOf<PolicyReport>("policy", quick ? ["7", "30"] : ["31", "60"]);
  const cost = (size: string) => ratiosOf(report["10"] ?? [], report[size] ?? []);
  return {
    tables: [
      {
        title: "A policy of 10 to 10 000 tools",
        notes: ["CPU time of both steps of the gate for a `tools/call`, beside that with 10 tools."],
        head: ["tools", "cost"],
        rows: Object.keys(report).map((size) => [Number(size).toLocaleString("fr"), cost(size)]),
      },
    ],
    goals: [atMost("policy look-up does not grow from 10 to 10 000 tools", cost("10000"), flat)],
  };
}
