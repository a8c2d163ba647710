import type { Cell, Chapter, Goal, Table } from "./chapter.js";
import type { Conditions } from "./conditions.js";
import { spread } from "./goals.js";

/** The whole report of a run. */
export function markdown(chapters: readonly Chapter[], conditions: Conditions): string {
  return `${[
    "# mcp-authz beside its peers",
    "Written by `npm run bench`; do not edit. Everything here is a ratio of two things that were measured in turns in one run, as `median (least … most)` over its rounds. No figure is a speed, and none can be carried to another machine.",
    "![Medians and ranges of the ratios](results.svg)",
    "## Goals",
    goalsOf(chapters.flatMap(({ goals }) => goals)),
    ...missed(chapters.flatMap(({ goals }) => goals)),
    "## How it was measured",
    measured(conditions),
    "## Results",
    ...chapters.flatMap(({ tables }) => tables.map(tableOf)),
    "## Versions",
    versionsOf(conditions.versions),
  ].join("\n\n")}\n`;
}

function measured({ node, cores, pinned, load, quick }: Conditions): string {
  return [
    `- ${quick ? "A quick run: few and short rounds on servers whose code is still being compiled; for a look and not for a claim." : "A full run."}`,
    `- A machine of ${cores} ${cores === 1 ? "core" : "cores"}, Node.js ${node}. ${pinned ? "Server and load generator are processes with a core each." : "Server and load generator share the cores: they could not be pinned."} Sockets are real and kept alive, 32 of them; the machine is the same for both, so no network is in the figures.`,
    `- Work waiting for a core when the run began, over the number of cores: ${load}. Above 1 other programs competed.`,
    "- Contenders run in turns, in another order each round; all servers are started anew several times. Ratios are of neighbours in one round.",
    "- Goals are held against CPU time of the server, to which work of other programs adds little; requests kept by the clock stand beside it. `no-op again` and `unprotected again` are a second process of the same program: what they differ from 1 is noise, and smaller differences than that say nothing.",
    "- Tokens are RS256 with RSA-2048 and about 1 KB. `seen`: 256 tokens in rotation, all of them sent before. `fresh`: no token is sent again before 11 000 others were, which is more than the cache holds.",
    "- Each route parses its body once: ours in the gate, the others with the parser that their framework's users take. What stands before the route is what its documentation shows; checks differ, and no peer does all that ours does (body, protocol and tool policy, challenges).",
  ].join("\n");
}

function missed(goals: readonly Goal[]): string[] {
  const reasons = goals.filter(({ met, because }) => !met && because !== undefined);
  if (reasons.length === 0) return [];
  return [
    "Why goals were missed; the tables `Where the time goes` below are the profiles:",
    reasons.map(({ text, because }) => `- ${text}: ${because}`).join("\n"),
  ];
}

function tableOf({ title, notes, head, rows }: Table): string {
  return [`### ${title}`, ...notes, grid(head, rows)].join("\n\n");
}

function grid(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) =>
    `| ${cells.map((cell) => (typeof cell === "string" ? cell : spread(cell))).join(" | ")} |`;
  const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

function goalsOf(goals: readonly Goal[]): string {
  return grid(
    ["goal", "measured", ""],
    goals.map(({ text, measured: value, met }) => [text, value, met ? "met" : "**not met**"]),
  );
}

function versionsOf(versions: Conditions["versions"]): string {
  return grid(["package", "version"], versions);
}
