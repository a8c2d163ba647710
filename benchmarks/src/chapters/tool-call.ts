import { type Contender, type Plan, served } from "../http-rounds.js";
import { legacyRequest, modernRequest } from "../mcp-request.js";
import type { Chapter } from "../report/chapter.js";
import { atLeast } from "../report/goals.js";
import { ratiosOf } from "../statistics.js";
import type { Context } from "./context.js";
import { Profiles } from "./profiles.js";

const call = { name: "list_todos", arguments: { completed: false } };

const sdks = {
  "sdk-v2": {
    name: "SDK v2",
    title: "A real tools/call: MCP SDK v2, createMcpHandler on node:http, protocol 2026-07-28",
    request: modernRequest("tools/call", call),
  },
  "sdk-v1": {
    name: "SDK v1",
    title: "A real tools/call: MCP SDK v1, a server for each request on Express, protocol 2025-11-25",
    request: legacyRequest("tools/call", call),
  },
} as const;

const cold =
  "Between requests of the SDK, which makes a server and its tools anew for each, the gate finds the caches of the processor cold and the collector busy, and costs two to three times what it costs on a trivial route.";

/** What the gate takes from a server that does what MCP servers do. */
export async function toolCall(
  sdk: keyof typeof sdks,
  { quick, issuer, tokenFile }: Context,
): Promise<Chapter> {
  const { name, title, request } = sdks[sdk];
  const contenders: Contender[] = [
    { label: "unprotected", variant: "unprotected", tokens: "seen", profiled: true },
    { label: "unprotected again", variant: "unprotected", tokens: "seen" },
    { label: "ours, seen", variant: "ours", tokens: "seen", profiled: true },
    { label: "ours, fresh", variant: "ours", tokens: "fresh" },
    { label: "ours as a guard, seen", variant: "ours, as a guard", tokens: "seen", profiled: true },
    { label: "requireBearerAuth with jose", variant: "requireBearerAuth with jose", tokens: "seen" },
  ];
  const plan: Plan = {
    family: sdk,
    contenders,
    request,
    expect: "nothing to do",
    connections: 16,
    ...(quick
      ? { starts: 1, rounds: 7, warm: 40, slot: 120, compiling: 2000 }
      : { starts: 3, rounds: 9, warm: 60, slot: 250, compiling: 6000 }),
  };
  const results = await served(plan, issuer.facts, tokenFile);
  const base = results.get("unprotected");
  const profiles = Profiles.of(results, "unprotected");
  const kept = (label: string) => ratiosOf(results.get(label)?.perSecond ?? [], base?.perSecond ?? []);
  const keptCpu = (label: string) =>
    ratiosOf(results.get(label)?.perCpuSecond ?? [], base?.perCpuSecond ?? []);
  const labels = contenders.map(({ label }) => label);
  return {
    tables: [
      {
        title,
        notes: [
          "Ten tools, no sessions. `ours`: the gate has the handler. `as a guard`: the gate, and behind it the SDK's own adapter for Node.js, which is also what stands unprotected.",
        ],
        head: ["before the server", "requests kept", "requests kept per CPU time"],
        rows: labels.map((label) => [label, kept(label), keptCpu(label)]),
      },
      profiles.table(`Where the time goes on ${name}`, "unprotected"),
    ],
    goals: [
      atLeast(
        `tools/call on ${name}, the gate as a guard: a token seen before keeps 0.98 of the unprotected route`,
        keptCpu("ours as a guard, seen"),
        0.98,
        `${profiles.reason("ours as a guard, seen")}. ${cold}`,
      ),
      atLeast(
        `tools/call on ${name}, the gate with the handler: a token seen before keeps 0.98 of the unprotected route`,
        keptCpu("ours, seen"),
        0.98,
        `${profiles.reason("ours, seen")}. A handler of the Fetch standard gets a whole \`Request\`, with its body and a signal, which ${name === "SDK v1" ? "the SDK's own adapter for Node.js does not make" : "costs as much as the gate"}. ${cold}`,
      ),
    ],
    bars: {
      title: `real tools/call, ${name}: requests kept per CPU time, beside none before it`,
      bars: labels
        .filter((label) => label !== "unprotected again")
        .map((label) => ({ label, ratios: keptCpu(label), ours: label.startsWith("ours") })),
    },
  };
}
