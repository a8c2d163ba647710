import { type Plan, served } from "../http-rounds.js";
import { modernRequest } from "../mcp-request.js";
import type { Chapter } from "../report/chapter.js";
import { atMost } from "../report/goals.js";
import { ratiosOf } from "../statistics.js";
import type { Context } from "./context.js";

const variants = [
  "unprotected",
  "gate, list untouched",
  "gate, list filtered, nothing hidden",
  "gate, list filtered, half hidden",
  "gate, list annotated",
  "gate, list annotated and filtered, nothing hidden",
];

/** A list of 1 000 tools, filtered and not. */
export async function lists({ quick, issuer, tokenFile }: Context): Promise<Chapter> {
  const plan: Plan = {
    family: "lists",
    contenders: variants.map((variant) => ({ label: variant, variant, tokens: "seen" as const })),
    request: modernRequest("tools/list", {}),
    expect: '"tools":[',
    connections: 4,
    ...(quick
      ? { starts: 1, rounds: 4, warm: 50, slot: 250, compiling: 800 }
      : { starts: 2, rounds: 7, warm: 100, slot: 1000, compiling: 2000 }),
  };
  const results = await served(plan, issuer.facts, tokenFile);
  const rates = (label: string) => results.get(label)?.perCpuSecond ?? [];
  const cost = (label: string, base: string) => ratiosOf(rates(base), rates(label));
  return {
    tables: [
      {
        title: "tools/list of 1 000 tools, SDK v2",
        notes: [
          "Cost is CPU time of the whole request. `annotated` is the default: `_meta.securitySchemes` on each tool. Where tools are hidden the answer is shorter, which saves more than the filter costs.",
        ],
        head: [
          "list",
          "cost beside no gate",
          "cost beside the gate with the list untouched",
          "cost beside the annotated list",
        ],
        rows: variants.map((label) => [
          label,
          cost(label, "unprotected"),
          cost(label, "gate, list untouched"),
          cost(label, "gate, list annotated"),
        ]),
      },
    ],
    goals: [
      atMost(
        "filtering a list of 1 000 tools costs at most 5 % of the request, nothing hidden",
        cost("gate, list filtered, nothing hidden", "gate, list untouched"),
        1.05,
      ),
      atMost(
        "the same where the list is annotated anyhow",
        cost("gate, list annotated and filtered, nothing hidden", "gate, list annotated"),
        1.05,
      ),
    ],
  };
}
