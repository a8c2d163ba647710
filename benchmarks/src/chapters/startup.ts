import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pinned } from "../process.js";
import type { Chapter } from "../report/chapter.js";
import { ratiosOf, shuffled } from "../statistics.js";
import type { Context } from "./context.js";

const nothing = "an empty module";

const packages: readonly string[] = [
  "jose",
  "@mcp-authz/core",
  "@mcp-authz/core/node",
  "@mcp-authz/core/fetch",
  "@mcp-authz/scalekit",
  "@modelcontextprotocol/server",
  "express-oauth2-jwt-bearer",
  "mcp-auth",
  "fast-jwt",
  "jsonwebtoken",
  "hono/jwk",
  "@scalekit-sdk/node",
];

interface Start {
  /** Microseconds of CPU time for the import. */
  readonly load: number;
  /** The same for the whole process. */
  readonly whole: number;
  readonly memory: number;
}

const folder = fileURLToPath(new URL("..", import.meta.url));

function start(name: string): Start {
  const specifier = name === nothing ? "data:text/javascript," : name;
  const script = `
    const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
    const before = cpu(), memory = process.memoryUsage.rss();
    await import(${JSON.stringify(specifier)});
    const whole = cpu();
    process.stdout.write(JSON.stringify({ load: whole - before, whole, memory: process.memoryUsage.rss() - memory }));
    process.exit();`;
  const node = [process.execPath, "--input-type=module", "--eval", script];
  const [command, ...rest] = pinned ? ["taskset", "-c", "0", ...node] : node;
  const { stdout, stderr, status } = spawnSync(command as string, rest, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout) as Start;
}

/** What an import costs a process that starts, as serverless functions and command lines do all the time. */
export async function startup({ quick }: Context): Promise<Chapter> {
  const names = [nothing, ...packages];
  const starts = new Map<string, Start[]>(names.map((name) => [name, []]));
  for (const name of names) start(name);
  for (let round = 0; round < (quick ? 3 : 15); round++)
    for (const name of shuffled(names)) starts.get(name)?.push(start(name));
  const of = (name: string, part: keyof Start) => (starts.get(name) ?? []).map((one) => one[part]);
  return {
    tables: [
      {
        title: "Import and cold start",
        notes: [
          "CPU time and resident memory of a new process for each import, in turns. `@mcp-authz/core` loads `jose`.",
        ],
        head: [
          "import",
          "import beside jose",
          "memory added beside jose",
          "whole start beside an empty process",
        ],
        rows: packages.map((name) => [
          name,
          ratiosOf(of(name, "load"), of("jose", "load")),
          ratiosOf(of(name, "memory"), of("jose", "memory")),
          ratiosOf(of(name, "whole"), of(nothing, "whole")),
        ]),
      },
    ],
    goals: [],
  };
}
