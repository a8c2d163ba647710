/** Where a process spends its processor time, by whose code it is spent in. */
import { type Profiler, Session } from "node:inspector/promises";

export const parts = [
  "Node.js: HTTP, sockets, streams",
  "the route, its framework, the SDK, and what they call",
  "the gate's own code",
  "node:crypto, for the gate",
  "other functions of Node.js, for the gate",
  "garbage collection",
  "outside JavaScript",
] as const;

export type Part = (typeof parts)[number];

/** Share of the processor's time, by part; all of them sum to 1. */
export type Profile = Readonly<Record<Part, number>>;

/** Microseconds between two looks at the stack. */
const interval = 200;

/** Takes profiles of the process that it runs in. */
export class Profiling {
  readonly #session = new Session();

  async begin(): Promise<void> {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.setSamplingInterval", { interval });
    await this.#session.post("Profiler.start");
  }

  async end(): Promise<Profile> {
    const { profile } = await this.#session.post("Profiler.stop");
    this.#session.disconnect();
    return profileOf(profile);
  }
}

function profileOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile {
  const times = new Map<number, number>();
  samples.forEach((id, index) => {
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const spent = Object.fromEntries(parts.map((part) => [part, 0])) as Record<Part, number>;
  const walk = (node: Profiler.ProfileNode, above: Part) => {
    const { callFrame, children = [] } = node;
    if (callFrame.functionName === "(idle)") return;
    const part = partOf(callFrame, above);
    spent[part] += times.get(node.id) ?? 0;
    for (const id of children) walk(byId.get(id) as Profiler.ProfileNode, passesOn(callFrame) ? above : part);
  };
  walk(nodes[0] as Profiler.ProfileNode, parts[0]);
  const total = Object.values(spent).reduce((sum, time) => sum + time, 0);
  return Object.fromEntries(parts.map((part) => [part, spent[part] / total])) as Profile;
}

type Frame = Profiler.ProfileNode["callFrame"];

/** A function of Node.js or of the engine counts for who called it, as far as that can be seen in the stack. */
function partOf({ functionName, url }: Frame, above: Part): Part {
  if (functionName === "(garbage collector)") return "garbage collection";
  if (functionName === "(program)") return "outside JavaScript";
  if (isOurs(url)) return "the gate's own code";
  if (url !== "" && !url.startsWith("node:")) return "the route, its framework, the SDK, and what they call";
  if (above !== "the gate's own code" && above !== "other functions of Node.js, for the gate") return above;
  return url.startsWith("node:internal/crypto")
    ? "node:crypto, for the gate"
    : "other functions of Node.js, for the gate";
}

function isOurs(url: string): boolean {
  return /\/packages\/[a-z]+\/dist\//.test(url);
}

/** What stands between a route and its response does the route's own writing as well. */
function passesOn({ functionName, url }: Frame): boolean {
  return isOurs(url) && /^response\.(?:writeHead|write|end)$/.test(functionName);
}
