import { median, type Ratios } from "../statistics.js";
import type { Goal } from "./chapter.js";

/** Median, and range in brackets. */
export function spread(ratios: Ratios): string {
  if (ratios.length === 0) return "-";
  if (ratios.length === 1) return digits(ratios[0] as number);
  return `${digits(median(ratios))} (${digits(Math.min(...ratios))} … ${digits(Math.max(...ratios))})`;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function atLeast(text: string, ratios: Ratios, goal: number, because?: string): Goal {
  return { text, measured: spread(ratios), met: median(ratios) >= goal, because };
}

export function atMost(text: string, ratios: Ratios, goal: number, because?: string): Goal {
  return { text, measured: spread(ratios), met: median(ratios) <= goal, because };
}

/** @param ratios our rate over theirs */
export function timesSlower(text: string, ratios: Ratios, because?: string): Goal {
  return atLeast(text, ratios, 1.5, because);
}
