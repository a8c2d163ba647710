import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { pinned } from "../process.js";

/** Under which conditions a run took place. */
export interface Conditions {
  readonly quick: boolean;
  readonly node: string;
  readonly cores: number;
  readonly pinned: boolean;
  /** Processes that waited for a core, over the number of cores. */
  readonly load: string;
  readonly versions: readonly (readonly [name: string, version: string])[];
}

export function conditions(quick: boolean): Conditions {
  const cores = availableParallelism();
  return {
    quick,
    node: process.versions.node,
    cores,
    pinned,
    load: ((loadavg()[0] ?? 0) / cores).toFixed(1),
    versions: versions(),
  };
}

/** Of the peers; ours are those of this repository. */
function versions(): [string, string][] {
  const { dependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return Object.entries(dependencies).filter(([, version]) => !version.startsWith("workspace:"));
}
