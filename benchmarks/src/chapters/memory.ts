import type { MemoryReport } from "../memory-process.js";
import { reportOf } from "../process.js";
import type { Cell, Chapter } from "../report/chapter.js";
import type { Context } from "./context.js";

const flags = ["--expose-gc", "--max-old-space-size=8192"];

/** What a remembered token takes. */
export async function memory({ quick }: Context): Promise<Chapter> {
  const sizes = quick ? [1_000, 10_000, 100_000] : [1_000, 10_000, 100_000, 1_000_000];
  const measure = async (who: string, size: number) =>
    (await reportOf<MemoryReport>("memory", [who, String(size)], flags)).ratio;
  const ours: number[] = [];
  for (const size of sizes) ours.push(await measure("ours", size));
  const peer = await measure("fast-jwt", 100_000);
  return {
    tables: [
      {
        title: "Memory of a remembered token",
        notes: [
          "Heap for each token in the cache, over the length of the token itself, with a cache as large as the number says. The default holds 10 000 at most.",
        ],
        head: ["tokens", "ours", "fast-jwt"],
        rows: sizes.map((size, index): [string, Cell, Cell] => [
          size.toLocaleString("fr"),
          [ours[index] as number],
          size === 100_000 ? [peer] : "-",
        ]),
      },
    ],
    goals: [],
  };
}
