import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { IssuerFacts } from "./issuer.js";
import type { LoadEnd, LoadMark, LoadOrder } from "./load.js";
import { answerOf, ask, run } from "./process.js";
import type { Profile } from "./profile.js";
import type { ServerCost, ServerQuestion } from "./server.js";
import { shuffled } from "./statistics.js";

/** What one server is asked, over and over. */
export interface Contender {
  readonly label: string;
  /** The server, by its name in its family. */
  readonly variant: string;
  readonly tokens: LoadOrder["tokens"];
  /** Whether a profile of it is wanted. */
  readonly profiled?: boolean;
}

export interface Plan {
  readonly family: string;
  readonly contenders: readonly Contender[];
  readonly request: Pick<LoadOrder, "head" | "body">;
  /** A part of the answer that says that it is the right one. */
  readonly expect: string;
  /** How often all servers are started anew: two processes of one program are not equally fast. */
  readonly starts: number;
  readonly rounds: number;
  /** Milliseconds. */
  readonly warm: number;
  readonly slot: number;
  /** The slot before the first round, in which the server's compilers get to know its code. */
  readonly compiling: number;
  readonly connections?: number;
}

/** Of each round, what a contender served in a second, and the same for each second of its processor's time. */
export interface Served {
  readonly perSecond: number[];
  readonly perCpuSecond: number[];
  /** One of each start, taken after its rounds, which it would slow down. */
  readonly profiles: Profile[];
}

/** A slot's length, so many times. */
const longestWait = 20;
/** Milliseconds. */
const profileSlot = 1_500;

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  next: number;
}

/** Runs the contenders in turns, in another order each round, on servers that stay up for all rounds of a start. */
export async function served(
  plan: Plan,
  facts: IssuerFacts,
  tokenFile: string,
): Promise<Map<string, Served>> {
  const results = new Map<string, Served>(
    plan.contenders.map(({ label }) => [label, { perSecond: [], perCpuSecond: [], profiles: [] }]),
  );
  const load = run("load", [tokenFile], 1);
  await answerOf(load);
  try {
    for (let start = 0; start < plan.starts; start++) await oneStart(plan, facts, load, results);
  } finally {
    load.kill();
  }
  return results;
}

async function oneStart(
  plan: Plan,
  facts: IssuerFacts,
  load: ChildProcess,
  results: Map<string, Served>,
): Promise<void> {
  const servers = new Map<string, Running>();
  try {
    for (const { label, variant } of plan.contenders) {
      const child = run("server", [plan.family, variant, JSON.stringify(facts)], 0);
      const { port } = await answerOf<{ port: number }>(child);
      servers.set(label, { child, port, next: 0 });
    }
    for (let round = -1; round < plan.rounds; round++)
      for (const contender of shuffled(plan.contenders)) {
        const server = servers.get(contender.label) as Running;
        const length = round < 0 ? plan.compiling : plan.slot;
        const slot = await oneSlot(plan, length, contender, server, load);
        if (round < 0) continue;
        if (slot.wrong !== undefined) throw new Error(`${contender.label} answered wrong:\n${slot.wrong}`);
        results.get(contender.label)?.perSecond.push(slot.perSecond);
        results.get(contender.label)?.perCpuSecond.push(slot.perCpuSecond);
      }
    for (const contender of plan.contenders.filter(({ profiled }) => profiled)) {
      const server = servers.get(contender.label) as Running;
      await askServer(server, "begin profile");
      await oneSlot(plan, profileSlot, contender, server, load);
      (results.get(contender.label) as Served).profiles.push(await askServer<Profile>(server, "end profile"));
    }
  } finally {
    for (const { child } of servers.values()) child.kill();
  }
}

function askServer<T>({ child }: Running, question: ServerQuestion): Promise<T> {
  return ask<T>(child, { question });
}

async function oneSlot(
  { request, expect, warm, connections = 32 }: Plan,
  slot: number,
  { tokens }: Contender,
  server: Running,
  load: ChildProcess,
): Promise<{ perSecond: number; perCpuSecond: number; wrong: string | undefined }> {
  const order: LoadOrder = {
    order: "start",
    port: server.port,
    ...request,
    tokens,
    from: server.next,
    connections,
  };
  await ask(load, order);
  await sleep(warm);
  const { cpu: cpuBefore } = await askServer<ServerCost>(server, "cost");
  const before = await ask<LoadMark>(load, { order: "mark" });
  // On a machine that has other things to do, a slot lasts until the server has had most of its time.
  let cpu = 0;
  for (let waited = 0; cpu < slot * 700 && waited < longestWait; waited++) {
    await sleep(slot);
    cpu = (await askServer<ServerCost>(server, "cost")).cpu - cpuBefore;
  }
  const after = await ask<LoadMark>(load, { order: "mark" });
  const end = await ask<LoadEnd>(load, { order: "stop" });
  server.next = end.next;
  const answers = after.answers - before.answers;
  return {
    perSecond: (answers * 1000) / (after.at - before.at),
    perCpuSecond: (answers * 1e6) / cpu,
    wrong: end.refused > 0 || !end.sample.includes(expect) ? end.sample : undefined,
  };
}
