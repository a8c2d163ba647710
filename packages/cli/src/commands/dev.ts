import { spawn } from "node:child_process";
import { createDevServer, type DevServer } from "@mcp-authz/dev-server";
import type { Command } from "commander";
import { split } from "../login/scopes.js";
import { UsageError } from "./exit.js";

interface Flags {
  readonly port: string;
  readonly url: string;
  readonly scopes: string;
  readonly auto?: true;
}

export function addDev(program: Command): void {
  program
    .command("dev")
    .description("start a local authorization server, and your server with it")
    .argument("[command...]", "after --: your server's start command; it gets the environment it needs")
    .option("--url <url>", "your MCP endpoint", "http://localhost:3000/mcp")
    .option("--port <port>", "of the authorization server; 0 takes any free one", "4444")
    .option("--scopes <scopes>", "that your server has", "todo:read todo:write")
    .option("--auto", "approve every login at once")
    .action(run);
}

async function run(command: readonly string[], flags: Flags): Promise<void> {
  const server = await started(flags);
  const [registered] = server.servers;
  const environment = { MCP_URL: flags.url, ...registered?.env };
  process.stdout.write(
    `Authorization server: ${server.url}\nIssuer: ${registered?.issuer}\n\n${Object.entries(environment)
      .map(([name, value]) => `${name}=${value}\n`)
      .join("")}\nThen: npx mcp-authz verify ${flags.url}${flags.auto === true ? " --auto" : " --login"}\n`,
  );
  await ended(command, environment);
  await server.close();
}

async function started({ port, url, scopes, auto }: Flags): Promise<DevServer> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new UsageError(`"${port}" is no port`);
  if (!URL.canParse(url)) throw new UsageError(`"${url}" is no URL`);
  return createDevServer({
    port: number,
    servers: [{ name: "MCP server", url, scopes: split(scopes) }],
    approve: auto === true ? "auto" : "page",
    banner: false,
  });
}

/** Until the command ends, or somebody ends this one. */
function ended(
  [program, ...parameters]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child =
      program === undefined
        ? undefined
        : spawn(program, parameters, {
            stdio: "inherit",
            shell: false,
            env: { ...process.env, ...environment },
          });
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        if (child === undefined) resolve();
        else child.kill(signal);
      });
    }
    child?.once("error", (error) => reject(new UsageError(`${program}: ${error.message}`)));
    child?.once("exit", (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
