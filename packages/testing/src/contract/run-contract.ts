import { check, observe } from "./check.js";
import { chapters } from "./contract.js";
import type { ContractScenario } from "./row.js";
import { type ContractTarget, concerns, expectedOf, type Stage, Stages, stageOf } from "./target.js";

/** What the contract needs of a test runner: `vitest` and `node:test` have it, as modules. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  /** The third argument is for `vitest`; `node:test` waits as long as it takes. */
  it(name: string, test: () => Promise<void>, milliseconds?: number): unknown;
  /** `vitest`. */
  afterAll?: ((close: () => Promise<void>) => unknown) | undefined;
  /** `node:test`. */
  after?: ((close: () => Promise<void>) => unknown) | undefined;
}

export interface ContractRun extends ContractTarget {
  /** The test runner, whole: `import * as test from "vitest"`, or `import * as test from "node:test"`. */
  readonly test: TestRunner;
}

/** For machines that have much else to do: nothing in the contract takes more than three seconds by itself. */
const patience = 30_000;

/**
 * Declares the whole contract as tests of one target. There is no way to leave rows out.
 *
 * @example
 * import * as test from "vitest";
 * import { runContract } from "@mcp-authz/testing";
 *
 * runContract({ name: "my framework", test, mount: async (options) => serve(mcpAuthz(options)) });
 */
export function runContract({ test, ...target }: ContractRun): void {
  const stages = new Stages(target);
  test.describe(`${target.name}: the contract of mcp-authz`, () => {
    (test.afterAll ?? test.after)?.(() => stages.close());
    for (const { title, rows, scenarios } of chapters)
      test.describe(title, () => {
        for (const row of rows)
          if (concerns(row, target))
            test.it(
              nameOf(row, target),
              async () => {
                const stage = await stages.shared(row.setup);
                check(row, await observe(row, stage), expectedOf(row, target));
              },
              patience,
            );
        for (const scenario of scenarios)
          if (concerns(scenario, target))
            test.it(nameOf(scenario, target), () => play(scenario, target, stages), patience);
      });
  });
}

function nameOf(
  { title, rows }: { title: string; rows: readonly string[] },
  { name }: ContractTarget,
): string {
  return `${title} [${name}] ${rows.join(" ")}`;
}

/** Scenarios that put an issuer out of order, or count what it is asked, have a server of their own. */
async function play(scenario: ContractScenario, target: ContractTarget, stages: Stages): Promise<void> {
  if (!scenario.fresh) return scenario.run(await stages.shared(scenario.setup));
  const stage: Stage = await stageOf(target, scenario.setup);
  try {
    await scenario.run(stage);
  } finally {
    await stage.close();
  }
}
