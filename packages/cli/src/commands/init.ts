import { type Command, Option } from "commander";
import type { Framework } from "../init/framework.js";
import { init } from "../init/init.js";

export function addInit(program: Command): void {
  program
    .command("init")
    .description("write the five lines and .env for the framework in package.json")
    .option("--url <url>", "the MCP endpoint on this machine", "http://localhost:3000/mcp")
    .addOption(
      new Option("--framework <name>", "in place of what package.json says").choices([
        "express",
        "fastify",
        "hono",
        "koa",
        "node",
      ]),
    )
    .action(async ({ url, framework }: { readonly url: string; readonly framework?: Framework }) => {
      const done = await init({
        folder: process.cwd(),
        url,
        ...(framework === undefined ? {} : { framework }),
      });
      const written = done.written.length === 0 ? "nothing, all of it is there" : done.written.join(", ");
      const next = done.next.map((step, index) => `  ${index + 1}. ${step}\n`).join("");
      process.stdout.write(`Framework: ${done.framework}\nWritten: ${written}\nNext:\n${next}`);
    });
}
