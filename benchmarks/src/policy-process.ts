/** The gate alone, both steps, with policies of different sizes in turns. Reports once. */
import { createGate, type Facts, type Gate, type Provider } from "@mcp-authz/core";
import { resource, scope } from "./issuer.js";
import { shuffled } from "./statistics.js";

export type PolicyReport = Record<string, number[]>;

const [rounds = "5", slot = "40"] = process.argv.slice(2);
const sizes = [10, 100, 1_000, 10_000];

/** Says yes at once: the token is not the subject here. */
const provider: Provider = {
  authorizationServers: ["https://as.example.com"],
  verifierFor: () => {
    const token = {
      issuer: "https://as.example.com",
      subject: "alice",
      kind: "person" as const,
      clientId: "host",
      scopes: [scope],
      expiresAt: Date.now() / 1000 + 3600,
      roles: [],
      permissions: [],
      claims: {},
    };
    return { verify: () => ({ kind: "accepted", token }) };
  },
};

interface Contender {
  readonly size: number;
  readonly gate: Gate;
  readonly bodies: readonly Uint8Array[];
}

function contender(size: number): Contender {
  const names = Array.from({ length: size }, (_, number) => `tool_${number}`);
  const tools = Object.fromEntries(names.map((name) => [name, scope]));
  const asked = Array.from({ length: 64 }, (_, number) => names[Math.floor((number * size) / 64)]);
  return {
    size,
    gate: createGate({ resource, provider, policy: { baseline: scope, tools } }),
    bodies: asked.map((name) =>
      Buffer.from(
        JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: {} } }),
      ),
    ),
  };
}

const facts: Facts = {
  method: "POST",
  target: "/mcp",
  headers: [
    ["Host", "mcp.example.com"],
    ["Authorization", "Bearer token"],
    ["Content-Type", "application/json"],
  ],
};

async function oneSlot({ gate, bodies }: Contender, milliseconds: number): Promise<number> {
  const before = cpu();
  let count = 0;
  while (cpu() - before < milliseconds * 1000) {
    for (const bytes of bodies) {
      const outcome = await gate.authenticate(facts);
      if (outcome.kind !== "authenticated") throw new Error(outcome.kind);
      const verdict = await outcome.authorize({ kind: "bytes", bytes });
      if (verdict.kind !== "granted") throw new Error(verdict.body);
    }
    count += bodies.length;
  }
  return (count * 1e6) / (cpu() - before);
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const all = sizes.map(contender);
const report: PolicyReport = Object.fromEntries(sizes.map((size) => [String(size), []]));
for (const each of all) await oneSlot(each, 3 * Number(slot));
for (let round = 0; round < Number(rounds); round++)
  for (const each of shuffled(all)) report[String(each.size)]?.push(await oneSlot(each, Number(slot)));
process.send?.(report);
