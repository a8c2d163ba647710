import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import type { McpAuthzOptions } from "@mcp-authz/core";
import { prefixOf } from "./prefix.js";
import { createProbe, type ProbeLog, type ProbeRun } from "./probe.js";
import { type Addresses, optionsOf, type SetupName } from "./setups.js";
import type { Mounted } from "./target.js";

/** What a program under test is told, in the environment variable `MCP_AUTHZ_CONTRACT`. */
interface Order {
  readonly setup: SetupName;
  readonly addresses: Addresses;
  readonly prefix: string;
  /** Where the probe's runs are reported to. */
  readonly probe: string;
}

const variable = "MCP_AUTHZ_CONTRACT";

/**
 * For a program that is started by the contract's `command`: the options to serve, with a handler that reports back.
 *
 * @throws {Error} when the contract did not start this process.
 * @example
 * createServer(mcpAuthz(contractOptions())).listen(Number(process.env.PORT), "127.0.0.1");
 */
export function contractOptions(): McpAuthzOptions {
  const text = process.env[variable];
  if (text === undefined)
    throw new Error(`${variable} is not set: only runContract({ command }) starts this program.`);
  const { setup, addresses, prefix, probe } = JSON.parse(text) as Order;
  const numbers = new WeakMap<ProbeRun, number>();
  let count = 0;
  const handler = createProbe(async (run) => {
    const number = numbers.get(run) ?? count++;
    numbers.set(run, number);
    const body = JSON.stringify({ number, run });
    await fetch(probe, { method: "POST", body }).catch(() => undefined);
  });
  return { ...prefixOf(prefix).options(optionsOf(setup, addresses)), handler };
}

/** Starts the program, and waits until it listens. */
export async function startCommand(
  command: readonly string[],
  order: Omit<Order, "probe">,
  log: ProbeLog,
): Promise<Mounted> {
  const [program = "", ...args] = command;
  const reports = await listenForReports(log);
  const probe = `http://127.0.0.1:${(reports.address() as AddressInfo).port}`;
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), [variable]: JSON.stringify({ ...order, probe }) };
  const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
  const close = async (): Promise<void> => {
    reports.close();
    reports.closeAllConnections();
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, "exit");
  };
  try {
    await listening(port, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}${order.prefix}/mcp`, close };
}

async function listenForReports(log: ProbeLog): Promise<Server> {
  const runs = new Map<number, ProbeRun>();
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      const { number, run } = JSON.parse(text) as { number: number; run: ProbeRun };
      const known = runs.get(number);
      if (known !== undefined) known.aborted = run.aborted;
      else runs.set(number, run);
      log.report(known ?? run);
      response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** @throws {Error} when the program ends, or does not listen within ten seconds. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (child.exitCode !== null) throw new Error(`The program ended with exit code ${child.exitCode}.`);
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The program did not listen on port ${port} within ten seconds.`);
}
