import { type ContractTarget, runContract } from "../../src/index.js";

/** Runs chapters of the contract and returns the numbers and titles of what failed. */
export async function failuresOf(
  target: ContractTarget,
  ...titles: readonly string[]
): Promise<readonly string[]> {
  const tests: { name: string; test: () => Promise<void> }[] = [];
  let chapter = "";
  let close = async (): Promise<void> => undefined;
  runContract({
    ...target,
    test: {
      describe(name, define) {
        chapter = name;
        define();
      },
      it(name, test) {
        if (titles.includes(chapter)) tests.push({ name, test });
      },
      after(closing) {
        close = closing;
      },
    },
  });
  const failed: string[] = [];
  for (const { name, test } of tests) await test().catch(() => failed.push(name.replace(/ \[.*/, "")));
  await close();
  if (tests.length === 0) throw new Error(`No chapter is called ${titles.join(" or ")}`);
  return failed;
}
