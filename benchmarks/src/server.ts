/** One server of the benchmark, by the name of its framework and what stands before its route. Talks by messages. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { IssuerFacts } from "./issuer.js";
import { type Profile, Profiling } from "./profile.js";
import type { Variants } from "./servers/variant.js";

/** What a server can be asked. */
export type ServerQuestion = "cost" | "begin profile" | "end profile";

export interface ServerCost {
  /** Microseconds of processor time since the start. */
  readonly cpu: number;
}

const families: Record<string, () => Promise<{ variants: Variants }>> = {
  "node:http": () => import("./servers/node-http.js"),
  express: () => import("./servers/express.js"),
  fastify: () => import("./servers/fastify.js"),
  hono: () => import("./servers/hono.js"),
  koa: () => import("./servers/koa.js"),
  "sdk-v2": () => import("./servers/sdk-v2.js"),
  "sdk-v1": () => import("./servers/sdk-v1.js"),
  lists: () => import("./servers/lists.js"),
};

const [family = "", name = "", facts = "{}"] = process.argv.slice(2);
const { variants } = (await families[family]?.()) ?? { variants: {} as Variants };
const variant = variants[name];
if (variant === undefined) throw new Error(`there is no ${name} for ${family}`);
const server: Server = await variant(JSON.parse(facts) as IssuerFacts);
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});

const profiling = new Profiling();

async function answerTo(question: ServerQuestion): Promise<ServerCost | Profile | Record<string, never>> {
  switch (question) {
    case "cost": {
      const { user, system } = process.cpuUsage();
      return { cpu: user + system };
    }
    case "begin profile":
      await profiling.begin();
      return {};
    case "end profile":
      return profiling.end();
  }
}

process.on("message", async ({ question }: { question: ServerQuestion }) => {
  process.send?.(await answerTo(question));
});
process.on("disconnect", () => process.exit());
