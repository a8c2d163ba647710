import type { McpAuthzOptions } from "@mcp-authz/core";
import { exchange, RawConnection } from "../raw/connection.js";
import { startCommand } from "./command.js";
import { prefixOf } from "./prefix.js";
import { createProbe, ProbeLog } from "./probe.js";
import type { ContractRow, Mints, Scene } from "./row.js";
import { addressesOf, mintsOf, optionsOf, type SetupName } from "./setups.js";

/** A server that listens. */
export interface Mounted {
  /** The MCP endpoint, for example `http://127.0.0.1:41231/mcp`; its path is the prefix and `/mcp` in every setup. */
  readonly url: string;
  close(): Promise<void> | void;
}

/** What is tested: a binding, in one way of using it. */
export interface ContractTarget {
  /** Stands in the name of each test, for example "Express 5". */
  readonly name: string;
  /** Serves these options, `options.handler` among them, at a port of its own. Called once for each setup. */
  readonly mount?: (options: McpAuthzOptions) => Promise<Mounted>;
  /**
   * In place of `mount`: a program that serves `contractOptions()` at the port in `PORT`, one process for each setup.
   * Program and arguments, for example `["node", "server.js"]`.
   */
  readonly command?: readonly string[];
  /** Path below which the target mounts its endpoint, for example "/api". Default: none, the endpoint is `/mcp`. */
  readonly prefix?: string;
  /** Who routes to the handler behind the gate. Default: the gate, by its `handler` option. */
  readonly servedBy?: "gate" | "application";
  /** Who parses bodies. Default: the gate. */
  readonly bodiesReadBy?: "gate" | "application";
}

/** A target, made with the options of one setup. */
export interface Stage extends Scene {
  close(): Promise<void>;
}

export async function stageOf(target: ContractTarget, setup: SetupName): Promise<Stage> {
  const prefix = prefixOf(target.prefix ?? "");
  const mints = await mintsOf(setup, prefix);
  const probe = new ProbeLog();
  const mounted = await start(target, setup, mints, probe);
  return {
    url: mounted.url,
    prefix,
    servedBy: target.servedBy ?? "gate",
    mints,
    probe,
    open: () => RawConnection.open(mounted.url),
    exchange: (request) => exchange(mounted.url, prefix.request(request)),
    async close() {
      await mounted.close();
      await mints.close();
    },
  };
}

async function start(
  target: ContractTarget,
  setup: SetupName,
  mints: Mints,
  probe: ProbeLog,
): Promise<Mounted> {
  const addresses = addressesOf(mints);
  if (target.mount !== undefined) {
    const handler = createProbe((run) => probe.report(run));
    const options = prefixOf(target.prefix ?? "").options(optionsOf(setup, addresses));
    return target.mount({ ...options, handler });
  }
  if (target.command === undefined) throw new TypeError("A contract target needs `mount` or `command`.");
  return startCommand(target.command, { setup, addresses, prefix: target.prefix ?? "" }, probe);
}

/** Stages by setup, each started when first needed. */
export class Stages {
  private readonly started = new Map<SetupName, Promise<Stage>>();
  private readonly target: ContractTarget;

  constructor(target: ContractTarget) {
    this.target = target;
  }

  /** A stage that others use too, with nothing in its log. */
  async shared(setup: SetupName): Promise<Stage> {
    let stage = this.started.get(setup);
    if (stage === undefined) {
      stage = stageOf(this.target, setup);
      this.started.set(setup, stage);
    }
    const ready = await stage;
    ready.probe.clear();
    return ready;
  }

  async close(): Promise<void> {
    // What did not start has failed its tests already, and has nothing to close.
    const stages = await Promise.allSettled(this.started.values());
    this.started.clear();
    await Promise.all(
      stages.map((stage) => (stage.status === "fulfilled" ? stage.value.close() : undefined)),
    );
  }
}

/** What needs the gate to read bodies makes no sense where the application does. */
export function concerns({ needsBodies }: { readonly needsBodies?: true }, target: ContractTarget): boolean {
  return !(needsBodies && target.bodiesReadBy === "application");
}

/** What a row expects of this target. */
export function expectedOf(
  row: ContractRow,
  { bodiesReadBy, servedBy, prefix }: ContractTarget,
): ContractRow["expected"] {
  const byParser = bodiesReadBy === "application" ? row.readByApplication : undefined;
  const byRouter = servedBy === "application" ? row.servedByApplication : undefined;
  return prefixOf(prefix ?? "").expected(byParser ?? byRouter ?? row.expected);
}
