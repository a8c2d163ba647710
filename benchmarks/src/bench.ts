import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Context } from "./chapters/context.js";
import { fetches } from "./chapters/fetches.js";
import { type Framework, frameworks, http } from "./chapters/http.js";
import { library } from "./chapters/library.js";
import { lists } from "./chapters/lists.js";
import { memory } from "./chapters/memory.js";
import { policy } from "./chapters/policy.js";
import { size } from "./chapters/size.js";
import { startup } from "./chapters/startup.js";
import { toolCall } from "./chapters/tool-call.js";
import { Issuer } from "./issuer.js";
import type { Chapter } from "./report/chapter.js";
import { conditions } from "./report/conditions.js";
import { markdown } from "./report/markdown.js";
import { plot } from "./report/plot.js";

/** Enough that a token is forgotten before its turn comes again: the cache holds 10 000. */
const freshTokens = 11_000;

type RunChapter = (context: Context) => Promise<Chapter>;

const chapters: Record<string, RunChapter> = {
  ...Object.fromEntries(
    (Object.keys(frameworks) as Framework[]).map((framework) => [
      framework,
      (context: Context) => http(framework, context),
    ]),
  ),
  "sdk-v2": (context) => toolCall("sdk-v2", context),
  "sdk-v1": (context) => toolCall("sdk-v1", context),
  lists,
  library,
  policy,
  memory,
  startup,
  size,
  fetches,
};

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
});
const names = values.only ?? Object.keys(chapters);
for (const name of names)
  if (!(name in chapters)) throw new Error(`There are: ${Object.keys(chapters).join(", ")}.`);

const found = conditions(values.quick);
const folder = mkdtempSync(join(tmpdir(), "mcp-authz-benchmarks-"));
const issuer = await new Issuer().start();
try {
  const tokenFile = join(folder, "tokens");
  const started = performance.now();
  writeFileSync(tokenFile, (await issuer.mint(256 + freshTokens)).join("\n"));
  const context: Context = { quick: values.quick, issuer, tokenFile };
  const results: Chapter[] = [];
  for (const name of names) {
    console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${name}`);
    results.push(await (chapters[name] as RunChapter)(context));
    // After each chapter, so that a run that is broken off leaves what it has measured.
    if (values.only === undefined) write(results);
  }
  console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  done`);
  if (values.only !== undefined) console.log(markdown(results, found));
} finally {
  issuer.stop();
  rmSync(folder, { recursive: true });
}

function write(results: readonly Chapter[]): void {
  writeFileSync(new URL("../results.svg", import.meta.url), plot(results.flatMap(({ bars = [] }) => bars)));
  writeFileSync(new URL("../RESULTS.md", import.meta.url), markdown(results, found));
}
