/** `tools/list` of a real server behind the gate, with and without its list changed, in turns in one process. Reports once. */
import { readFileSync } from "node:fs";
import { mcpAuthz } from "@mcp-authz/core/fetch";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { type IssuerFacts, resource } from "./issuer.js";
import { modernRequest } from "./mcp-request.js";
import { bigServer, listings, optionsFor } from "./servers/lists.js";
import { shuffled } from "./statistics.js";

/** Requests for a second of CPU time, round by round. */
export type ListsReport = Record<string, number[]>;

const [tokenFile = "", facts = "{}", rounds = "5"] = process.argv.slice(2);
const warmUp = 30;
const { head, body } = modernRequest("tools/list", {});
const [token] = readFileSync(tokenFile, "latin1").split("\n");
const headers: Record<string, string> = { authorization: `Bearer ${token}` };
for (const line of head.split("\r\n").slice(1)) {
  const [name = "", value = ""] = line.split(": ");
  if (value !== "" && name !== "Host") headers[name] = value;
}

interface Contender {
  readonly label: string;
  readonly serve: (request: Request) => Promise<Response>;
}

/** One request at a time, because a collection of garbage falls on one of them and not on all of a longer round. */
async function rateOfOne({ label, serve }: Contender): Promise<number> {
  const before = process.cpuUsage();
  const answer = await serve(new Request(resource, { method: "POST", headers, body }));
  const text = await answer.text();
  const { user, system } = process.cpuUsage(before);
  if (answer.status !== 200 || !text.includes('"tools":[')) throw new Error(`${label}: ${text}`);
  return 1e6 / (user + system);
}

const contenders = Object.entries(listings).map(
  ([label, listing]): Contender => ({
    label,
    serve: mcpAuthz({
      ...optionsFor(JSON.parse(facts) as IssuerFacts, listing),
      handler: createMcpHandler(bigServer),
    }),
  }),
);
const report: ListsReport = Object.fromEntries(contenders.map(({ label }) => [label, []]));
for (let round = -warmUp; round < Number(rounds); round++)
  for (const each of shuffled(contenders)) {
    const rate = await rateOfOne(each);
    if (round >= 0) report[each.label]?.push(rate);
  }
process.send?.(report);
