import type { Served } from "../http-rounds.js";
import { type Part, type Profile, parts } from "../profile.js";
import type { Table } from "../report/chapter.js";
import { median, ratiosOf } from "../statistics.js";

/** A contender's time by whose code it is spent in, in units of what a whole request costs the base. */
type Costs = ReadonlyMap<Part, number>;

/** Where the time goes, of all contenders that were profiled, as a table and in a sentence. */
export class Profiles {
  readonly #costs = new Map<string, Costs>();

  /** @param profiled the profiles of each contender, and what it costs beside the base */
  constructor(profiled: readonly (readonly [label: string, profiles: readonly Profile[], cost: number])[]) {
    for (const [label, profiles, cost] of profiled) this.#costs.set(label, costsOf(profiles, cost));
  }

  static of(results: ReadonlyMap<string, Served>, base: string): Profiles {
    const rates = (label: string) => results.get(label)?.perCpuSecond ?? [];
    const cost = (label: string) => median(ratiosOf(rates(base), rates(label)));
    const profiled = [...results].filter(([, { profiles }]) => profiles.length > 0);
    return new Profiles(profiled.map(([label, { profiles }]) => [label, profiles, cost(label)]));
  }

  table(title: string, base: string): Table {
    const labels = [...this.#costs.keys()];
    const cells = (cost: (costs: Costs) => number) =>
      labels.map((label) => cost(this.#costs.get(label) as Costs).toFixed(2));
    return {
      title,
      notes: [
        `CPU time, in units of what the whole request costs behind \`${base}\`, by whose code it is spent in. Taken after the rounds, which a profile would slow down.`,
      ],
      head: ["spent in", ...labels],
      rows: [
        ...parts.map((part) => [part, ...cells((costs) => costs.get(part) ?? 0)] as const),
        ["all of it", ...cells(sumOf)],
      ],
    };
  }

  /** Says why a contender costs what it costs. */
  reason(label: string): string {
    const costs = this.#costs.get(label) ?? new Map<Part, number>();
    const of = (part: Part) => (costs.get(part) ?? 0).toFixed(2);
    return `of the ${sumOf(costs).toFixed(2)} that a request costs, ${of("the gate's own code")} are the gate's own code, ${of("node:crypto, for the gate")} \`node:crypto\`, ${of("other functions of Node.js, for the gate")} other functions of Node.js that the gate calls, ${of("garbage collection")} the collector`;
  }
}

function costsOf(profiles: readonly Profile[], cost: number): Costs {
  return new Map(parts.map((part) => [part, cost * median(profiles.map((profile) => profile[part]))]));
}

function sumOf(costs: Costs): number {
  return [...costs.values()].reduce((sum, cost) => sum + cost, 0);
}
