import { access, constants, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { html } from "../report/html.js";
import { json } from "../report/json.js";
import { junit } from "../report/junit.js";
import { sarif } from "../report/sarif.js";
import { table } from "../report/table.js";
import type { Report } from "../report.js";
import { UsageError } from "./exit.js";

/** The flags that say in which forms, and where, the report is wanted: a file, or standard output. */
export interface OutputFlags {
  readonly json?: string | true;
  readonly sarif?: string | true;
  readonly junit?: string | true;
  readonly html?: string;
}

const reporters = { json, sarif, junit, html } as const;
const forms = ["json", "sarif", "junit", "html"] as const;

/** @throws UsageError for what could not be written: better now than when the work is done. */
export async function requireWritable(flags: OutputFlags): Promise<void> {
  if (forms.filter((form) => flags[form] === true).length > 1)
    throw new UsageError("only one report can go to standard output; give the others a file");
  for (const form of forms) {
    const target = flags[form];
    if (typeof target !== "string") continue;
    // `--json <url>` reads as if the URL were the file.
    if (/^https?:/i.test(target))
      throw new UsageError(
        `--${form} takes ${target} for a file; write the URL first: verify ${target} --${form}`,
      );
    try {
      await access(dirname(target), constants.W_OK);
    } catch {
      throw new UsageError(`--${form}: ${target} cannot be written`);
    }
  }
}

/** Writes every form that is asked for; a table to standard output where nothing else goes there. */
export async function printReport(report: Report, flags: OutputFlags): Promise<void> {
  const { stdout } = process;
  for (const form of forms) {
    const target = flags[form];
    if (target === true) stdout.write(reporters[form](report));
    else if (target !== undefined) await write(form, target, reporters[form](report));
  }
  if (forms.some((form) => flags[form] === true)) return;
  const color = stdout.isTTY === true && process.env.NO_COLOR === undefined;
  stdout.write(table(report, { color, width: stdout.columns ?? 100 }));
}

async function write(form: string, target: string, text: string): Promise<void> {
  try {
    await writeFile(target, text);
  } catch (error) {
    throw new UsageError(`--${form}: ${error instanceof Error ? error.message : error}`);
  }
}
