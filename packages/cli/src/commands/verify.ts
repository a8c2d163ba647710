import type { Command } from "commander";
import { AppNotStarted } from "../inside/start.js";
import { verifyInside } from "../inside/verify-inside.js";
import type { LoginMethod } from "../login/method.js";
import { exitCode, type Report } from "../report.js";
import { verify } from "../verify.js";
import { UsageError } from "./exit.js";
import { findUrl } from "./find-url.js";
import { requireNoIdleFlags } from "./idle-flags.js";
import { addLoginFlags, type LoginFlags, loginMethodOf } from "./login-flags.js";
import { type OutputFlags, printReport, requireWritable } from "./outputs.js";
import { progress } from "./progress.js";

interface Flags extends LoginFlags, OutputFlags {
  readonly loginOnly?: true;
  readonly tool?: readonly string[];
  readonly token2?: string;
  readonly scope?: string;
  readonly only?: readonly string[];
  readonly start?: string;
  readonly need?: Readonly<Record<string, readonly string[]>>;
  readonly strict?: true;
  readonly quiet?: true;
  readonly allowPrivate?: true;
  readonly timeout: number;
  readonly timeLimit?: number;
}

export function addVerify(program: Command): void {
  const command = program
    .command("verify")
    .description("examine the authorization of an MCP server as AI hosts do, and say what to change")
    .argument("[url]", "the MCP endpoint; looked for in this project when left out");
  addLoginFlags(command)
    .option("--login-only", "log in and use the server as a host does, without the checks from outside")
    .option("--tool <name>", "a tool that may be called, with empty arguments (repeatable)", append)
    .option("--start <command>", "start this server (it must listen on PORT) and examine it from inside")
    .option(
      "--need <tool=scopes>",
      "with --start: what a tool needs, e.g. create_todo=todo:write (repeatable)",
      need,
    )
    .option("--scope <scopes>", "scopes to ask for at first; fewer show what is refused")
    .option("--only <checks>", "carry out these checks alone, e.g. V5,V7", checks)
    .option("--token2 <token>", "a token of another user, to see whether sessions are kept apart")
    .option("--json [file]", "the whole report as JSON")
    .option("--sarif [file]", "the problems as SARIF 2.1.0")
    .option("--junit [file]", "the report as JUnit XML")
    .option("--html <file>", "the report as one page, with a diagram of what happened")
    .option("--strict", "warnings fail, too")
    .option("--quiet", "no progress display")
    .option("--allow-private", "follow documents to private addresses")
    .option("--timeout <seconds>", "for one request", seconds, 10)
    .option("--time-limit <seconds>", "for the whole run (default: 120, with a browser 600)", seconds)
    .addHelpText(
      "after",
      "\nExit codes: 0 all well, 1 something failed, 2 wrong call or no answer from the server",
    )
    .action(run);
}

async function run(given: string | undefined, flags: Flags): Promise<void> {
  if (given !== undefined && flags.start !== undefined)
    throw new UsageError("give a URL or --start, not both");
  const login = loginMethodOf(flags, process.env);
  requireNoIdleFlags(flags, { start: flags.start !== undefined, login: login !== undefined });
  await requireWritable(flags);
  const located = (given ?? flags.start) ? undefined : await findUrl(process.cwd());
  const display = progress(process.stderr);
  const onProgress = flags.quiet === true ? undefined : display.report;
  const report =
    flags.start === undefined
      ? await examine(given ?? located?.url ?? "", flags, login, onProgress)
      : await examineInside(flags.start, flags, onProgress);
  if (flags.quiet !== true) display.done();
  await printReport(located === undefined ? report : { ...report, foundIn: located.where }, flags);
  if (flags.quiet !== true && report.reached && waitsForToken(flags, login))
    process.stderr.write(`${more}\n`);
  const warned = flags.strict === true && report.findings.some(({ outcome }) => outcome === "warn");
  process.exitCode = exitCode(report) || (warned ? 1 : 0);
}

const more =
  "not examined: what needs a token (V22, V25 to V27, V32); --login, --auto, --token or --client-id give one";

/** Whether there is a part of the examination that only waits for a token. */
function waitsForToken({ start, only }: Flags, login: LoginMethod | undefined): boolean {
  return start === undefined && only === undefined && login === undefined;
}

async function examine(
  url: string,
  flags: Flags,
  login: LoginMethod | undefined,
  onProgress: Parameters<typeof verify>[0]["onProgress"],
): Promise<Report> {
  try {
    return await verify({
      url,
      allowPrivate: flags.allowPrivate ?? false,
      tools: flags.tool ?? [],
      loginOnly: flags.loginOnly ?? false,
      requestTimeout: flags.timeout * 1000,
      ...(flags.timeLimit === undefined ? {} : { timeLimit: flags.timeLimit * 1000 }),
      ...(flags.scope === undefined ? {} : { scopes: list(flags.scope) }),
      ...(flags.only === undefined ? {} : { only: flags.only }),
      ...(flags.token2 === undefined ? {} : { secondToken: flags.token2 }),
      ...(login === undefined ? {} : { login }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error;
  }
}

async function examineInside(
  command: string,
  flags: Flags,
  onProgress: Parameters<typeof verify>[0]["onProgress"],
): Promise<Report> {
  try {
    return await verifyInside({
      command,
      tools: flags.need ?? {},
      ...(flags.only === undefined ? {} : { only: flags.only }),
      ...(flags.timeLimit === undefined ? {} : { timeLimit: flags.timeLimit * 1000 }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  } catch (error) {
    throw error instanceof AppNotStarted || error instanceof TypeError
      ? new UsageError(error.message)
      : error;
  }
}

function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function need(
  value: string,
  previous: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, readonly string[]>> {
  const [, tool, scopes] = /^([^=]+)=(.*)$/.exec(value) ?? [];
  if (tool === undefined || scopes === undefined)
    throw new UsageError(`"${value}" is not of the form tool=scope`);
  return { ...previous, [tool]: list(scopes) };
}

function checks(text: string): readonly string[] {
  return list(text.toUpperCase());
}

function list(text: string): readonly string[] {
  return text.split(/[ ,]+/).filter((part) => part !== "");
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new UsageError(`"${text}" is no number of seconds above zero`);
  return value;
}
