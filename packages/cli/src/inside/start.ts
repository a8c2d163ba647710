import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { jwt } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { printable } from "../net/printable.js";
import type { AppSource, InsideApp, InsideEnvironment } from "./app.js";
import { splitCommand } from "./command-line.js";
import { stubHandler } from "./stub-handler.js";

/** The app did not come up. */
export class AppNotStarted extends Error {
  override readonly name = "AppNotStarted";
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** @throws AppNotStarted when a command ends before it listens. */
export async function startApp(source: AppSource, environment: InsideEnvironment): Promise<InsideApp> {
  if ("app" in source) return source.app(environment);
  if ("command" in source) return startCommand(source, environment);
  const { issuer, jwksUri, resource, port } = environment;
  const options = {
    ...source.options,
    resource,
    provider: jwt({ issuer, jwksUri }),
    handler: source.options.handler ?? stubHandler,
    // `path` describes the deployment that the real resource is behind; here nothing strips a prefix.
    path: new URL(resource).pathname,
  };
  const guarded = mcpAuthz(options);
  const server = createServer((request, response) => void guarded(request, response));
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function startCommand(
  { command, cwd, env }: Extract<AppSource, { readonly command: string }>,
  environment: InsideEnvironment,
): Promise<InsideApp> {
  const [program, ...parameters] = splitCommand(command);
  if (program === undefined) throw new AppNotStarted("the command is empty");
  const child = spawn(program, parameters, {
    cwd: cwd ?? process.cwd(),
    env: { ...process.env, ...environment.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    shell: false,
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors = `${errors}${chunk}`.slice(-2000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    const killed = setTimeout(() => child.kill("SIGKILL"), 3000);
    await ended;
    clearTimeout(killed);
  };
  const outcome = await Promise.race([ended, listening(environment.port)]);
  if (outcome === true) return { close, errors: () => errors };
  await close();
  const why = outcome === false ? `nothing listens on port ${environment.port}` : outcome;
  throw new AppNotStarted(`${command}: ${why}; it must listen on PORT. ${printable(errors)}`.trim());
}

/** Waits until something listens, for at most 20 seconds. */
async function listening(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
