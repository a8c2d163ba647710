import { type Plan, served } from "../http-rounds.js";
import type { ListsReport } from "../lists-process.js";
import { modernRequest } from "../mcp-request.js";
import { reportOf } from "../process.js";
import type { Chapter, Table } from "../report/chapter.js";
import { atMost } from "../report/goals.js";
import { listings } from "../servers/lists.js";
import { type Ratios, ratiosOf } from "../statistics.js";
import type { Context } from "./context.js";

const variants = ["unprotected", ...Object.keys(listings)];
type Rates = (label: string) => readonly number[];

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
      : { starts: 2, rounds: 5, warm: 100, slot: 1000, compiling: 2000 }),
  };
  const overSockets = await served(plan, issuer.facts, tokenFile);
  const alone = await reportOf<ListsReport>("lists", [
    tokenFile,
    JSON.stringify(issuer.facts),
    quick ? "40" : "250",
  ]);
  const costAlone = costsIn((label) => alone[label] ?? []);
  return {
    tables: [
      {
        title: "tools/list of 1 000 tools, SDK v2",
        notes: [
          "Cost is CPU time of the whole request. `annotated` is the default: `_meta.securitySchemes` on each tool. Where tools are hidden the answer is shorter, which saves more than the filter costs.",
        ],
        ...tableOf(
          variants,
          costsIn((label) => overSockets.get(label)?.perCpuSecond ?? []),
        ),
      },
      {
        title: "The same without sockets, all in turns in one process",
        notes: [
          "The fetch binding before the same server, one request of each in turn. The range is wide because each ratio is of two requests, and a collection of garbage falls on one of them; their number makes the median narrow.",
        ],
        ...tableOf(Object.keys(listings), costAlone),
      },
    ],
    goals: [
      atMost(
        "filtering a list of 1 000 tools costs at most 5 % of the request, nothing hidden",
        costAlone("gate, list filtered, nothing hidden", "gate, list untouched"),
        1.05,
      ),
      atMost(
        "the same where the list is annotated anyhow",
        costAlone("gate, list annotated and filtered, nothing hidden", "gate, list annotated"),
        1.05,
      ),
    ],
  };
}

function costsIn(rates: Rates): (label: string, base: string) => Ratios {
  return (label, base) => ratiosOf(rates(base), rates(label));
}

const bases = {
  "no gate": "unprotected",
  "the gate with the list untouched": "gate, list untouched",
  "the annotated list": "gate, list annotated",
};

function tableOf(
  labels: readonly string[],
  cost: (label: string, base: string) => Ratios,
): Pick<Table, "head" | "rows"> {
  const beside = Object.entries(bases).filter(([, base]) => labels.includes(base));
  return {
    head: ["list", ...beside.map(([name]) => `cost beside ${name}`)],
    rows: labels.map((label) => [label, ...beside.map(([, base]) => cost(label, base))]),
  };
}
