import { type Contender, type Plan, served } from "../http-rounds.js";
import { legacyRequest } from "../mcp-request.js";
import type { Chapter, Goal } from "../report/chapter.js";
import { atLeast, timesSlower } from "../report/goals.js";
import { ratiosOf } from "../statistics.js";
import type { Context } from "./context.js";
import { Profiles } from "./profiles.js";

export const frameworks = {
  "node:http": ["jose"],
  express: [
    "@modelcontextprotocol/express",
    "mcp-auth",
    "express-oauth2-jwt-bearer",
    "guide on @scalekit-sdk/node",
  ],
  fastify: ["@fastify/jwt", "@fastify/jwt with its cache"],
  hono: ["hono/jwk, keys given", "hono/jwk, jwks_uri"],
  koa: ["koa-jwt, one key given", "koa-jwt with jwks-rsa"],
} as const satisfies Record<string, readonly string[]>;

export type Framework = keyof typeof frameworks;

/** In a quick run each peer is asked with one kind of token, for all but one verify the same token again each time. */
function kindsFor(peer: string, quick: boolean): readonly ("seen" | "fresh")[] {
  if (!quick) return ["seen", "fresh"];
  return peer.endsWith("with its cache") ? ["seen"] : ["fresh"];
}

function contendersOf(framework: Framework, quick: boolean): Contender[] {
  const peers = frameworks[framework].flatMap((variant) =>
    kindsFor(variant, quick).map(
      (tokens): Contender => ({ label: `${variant}, ${tokens}`, variant, tokens }),
    ),
  );
  return [
    { label: "unprotected", variant: "unprotected", tokens: "seen" },
    { label: "no-op", variant: "no-op", tokens: "seen", profiled: true },
    { label: "no-op again", variant: "no-op", tokens: "seen" },
    { label: "ours, seen", variant: "ours", tokens: "seen", profiled: true },
    { label: "ours, fresh", variant: "ours", tokens: "fresh", profiled: true },
    ...(framework === "node:http"
      ? [{ label: `${rawCheck}, fresh`, variant: rawCheck, tokens: "fresh" } as const]
      : []),
    ...peers,
  ];
}

/** Verifies and does not look at what it verified: no server that checks fresh tokens can do less. */
const rawCheck = "one raw signature check";

const because = {
  seen: "the peer looks at the bearer token alone; the gate reads body, protocol and tool as well, and answers with an id. On this route, which does nothing, that is what is compared.",
  fresh:
    "the signature check is most of it on either side, and the gate does more than check a bearer token: on node:http the route costs nearly two thirds of what it costs behind jose as soon as one raw check stands before it, whose token nobody reads.",
};

/** One framework: an open route, a middleware that does nothing, ours, and what its users would take instead. */
export async function http(framework: Framework, { quick, issuer, tokenFile }: Context): Promise<Chapter> {
  const plan: Plan = {
    family: framework,
    contenders: contendersOf(framework, quick),
    request: legacyRequest("tools/call", { name: "list_todos", arguments: { completed: false } }),
    expect: '"content":[]',
    ...(quick
      ? { starts: 1, rounds: 5, warm: 30, slot: 80, compiling: 1200 }
      : { starts: 2, rounds: 9, warm: 50, slot: 150, compiling: 2000 }),
  };
  const results = await served(plan, issuer.facts, tokenFile);
  const base = results.get("no-op");
  const profiles = Profiles.of(results, "no-op");
  const kept = (label: string) => ratiosOf(results.get(label)?.perSecond ?? [], base?.perSecond ?? []);
  const keptCpu = (label: string) =>
    ratiosOf(results.get(label)?.perCpuSecond ?? [], base?.perCpuSecond ?? []);
  const slower = (label: string, ours: string) =>
    ratiosOf(results.get(ours)?.perCpuSecond ?? [], results.get(label)?.perCpuSecond ?? []);
  const labels = plan.contenders.map(({ label }) => label);

  const peerGoals = frameworks[framework].flatMap((peer): Goal[] =>
    kindsFor(peer, quick).map((kind) =>
      timesSlower(
        `trivial route on ${framework}: ${peer} is at least 1.5 x slower, token ${kind}`,
        slower(`${peer}, ${kind}`, `ours, ${kind}`),
        `${because[kind]} With ours, ${profiles.reason(`ours, ${kind}`)}.`,
      ),
    ),
  );
  return {
    tables: [
      {
        title: `A trivial route on ${framework}`,
        notes: [],
        head: ["before the route", "requests kept", "requests kept per CPU time"],
        rows: labels.map((label) => [label, kept(label), keptCpu(label)]),
      },
      profiles.table(`Where the time goes on ${framework}`, "no-op"),
    ],
    goals: [
      atLeast(
        `trivial route on ${framework}: a token seen before keeps 0.92 of a no-op middleware`,
        keptCpu("ours, seen"),
        0.92,
        `${profiles.reason("ours, seen")}. The route does next to nothing, and the gate does more than a bearer check: a SHA-256 of the token for the look-up, the grammar of its characters, protocol and tool of the body, a request id, and headers on the answer.`,
      ),
      ...peerGoals,
    ],
    bars: {
      title: `${framework}, trivial route: requests kept per CPU time, beside a no-op middleware`,
      bars: labels
        .filter((label) => label !== "no-op" && label !== "no-op again")
        .map((label) => ({ label, ratios: keptCpu(label), ours: label.startsWith("ours") })),
    },
  };
}
