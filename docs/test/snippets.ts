import { fileURLToPath } from "node:url";
import type { Page } from "./pages.js";

/**
 * What becomes of a block of code, said in a comment on the line before it: `<!-- ts: … -->`.
 *
 * - nothing: a module of its own, compiled and run
 * - `continues`: belongs to the module of the block before it
 * - `file=todo-server.ts`: a module that other blocks of the page import under this name
 * - `serves`: a whole server, started and used by an MCP client
 * - `tests`: declares tests, which are run
 * - `compiled: why`: compiled and not run
 */
export type Use = "run" | "serves" | "tests" | "compiled";

export interface Snippet {
  readonly page: Page;
  /** Name of the module, without extension. */
  readonly name: string;
  readonly use: Use;
  readonly code: string;
  /** For each line of the code, its line on the page, counted from 1. */
  readonly lines: readonly number[];
}

const fence = /^(?:<!-- ts: (?<marker>.*?) -->\n\n?)?```ts\n(?<code>[\s\S]*?)^```$/gm;
const known = /^(?:continues|serves|tests|compiled: .+|file=(?<file>[\w-]+)\.ts)$/;

export function snippetsOf(page: Page): Snippet[] {
  const snippets: Snippet[] = [];
  for (const match of page.text.matchAll(fence)) {
    const { marker = "", code = "" } = match.groups ?? {};
    if (marker !== "" && !known.test(marker)) throw new Error(`${page.path}: unknown marker "${marker}"`);
    const from = page.text.slice(0, match.index + match[0].indexOf("```ts\n")).split("\n").length + 1;
    const block = {
      page,
      name: known.exec(marker)?.groups?.["file"] ?? `line-${from - 1}`,
      use: marker === "serves" || marker === "tests" ? marker : useOf(marker),
      code,
      lines: code.split("\n").map((_, index) => from + index),
    } satisfies Snippet;
    const before = snippets.at(-1);
    if (marker !== "continues" || before === undefined) snippets.push(block);
    else
      snippets[snippets.length - 1] = {
        ...before,
        code: `${before.code}\n${code}`,
        lines: [...before.lines, ...block.lines],
      };
  }
  const fences = page.text.match(/```ts$/gm)?.length ?? 0;
  const found = page.text.match(fence)?.length ?? 0;
  if (found !== fences) throw new Error(`${page.path}: ${fences - found} blocks of code are out of reach`);
  return snippets;
}

function useOf(marker: string): Use {
  return marker.startsWith("compiled") ? "compiled" : "run";
}

/** Each module is written there, under the name of its page. */
export const folder: string = fileURLToPath(new URL("../.snippets/", import.meta.url));

export function pathOf({ page, name }: Snippet, extension: "ts" | "js"): string {
  return `${folder}${page.slug}/${name}.${extension}`;
}
