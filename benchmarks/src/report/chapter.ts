import type { Ratios } from "../statistics.js";

/** A cell of a table: ratios are printed as median and range. */
export type Cell = string | Ratios;

export interface Table {
  readonly title: string;
  readonly notes: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly [label: string, ...cells: Cell[]])[];
}

export interface Goal {
  readonly text: string;
  readonly measured: string;
  readonly met: boolean;
  /** Where it is missed: why. */
  readonly because?: string;
}

/** A group of bars in the plot, all against the same one. */
export interface Bars {
  readonly title: string;
  readonly bars: readonly { readonly label: string; readonly ratios: Ratios; readonly ours: boolean }[];
}

export interface Chapter {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly bars?: Bars;
}
