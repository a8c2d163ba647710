import { createServer } from "node:http";
import type { ListOptions, McpAuthzOptions } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type IssuerFacts, scope } from "../issuer.js";
import { ourOptions, type Variant, type Variants } from "./variant.js";

const names = Array.from({ length: 1000 }, (_, number) => `tool_${number}`);
const inputSchema = z.object({ id: z.string().describe("Which one"), force: z.boolean().optional() });

export function bigServer(): McpServer {
  const server = new McpServer({ name: "big", version: "1.0.0" });
  for (const name of names)
    server.registerTool(name, { description: `Does what ${name} is there for`, inputSchema }, () => ({
      content: [{ type: "text", text: "done" }],
    }));
  return server;
}

/** What the gate makes of the list. */
export interface Listing {
  readonly lists: ListOptions;
  /** Whether the caller may use the tool of this number; every tool unless given. */
  readonly permitted?: (number: number) => boolean;
}

export const listings: Readonly<Record<string, Listing>> = {
  "gate, list untouched": { lists: { securitySchemes: false } },
  "gate, list filtered, nothing hidden": { lists: { filter: true, securitySchemes: false } },
  "gate, list filtered, half hidden": {
    lists: { filter: true, securitySchemes: false },
    permitted: (number) => number % 2 === 0,
  },
  "gate, list annotated": { lists: {} },
  "gate, list annotated and filtered, nothing hidden": { lists: { filter: true } },
};

export function optionsFor(facts: IssuerFacts, { lists, permitted = () => true }: Listing): McpAuthzOptions {
  const tools = Object.fromEntries(
    names.map((name, number) => [name, permitted(number) ? scope : "todo:admin"]),
  );
  return { ...ourOptions(facts), policy: { baseline: scope, tools }, lists };
}

export const variants: Variants = {
  unprotected: () => {
    const serve = toNodeHandler(createMcpHandler(bigServer));
    return createServer((request, response) => serve(request, response));
  },
  ...Object.fromEntries(
    Object.entries(listings).map(([label, listing]): [string, Variant] => [
      label,
      (facts) =>
        createServer(mcpAuthz({ ...optionsFor(facts, listing), handler: createMcpHandler(bigServer) })),
    ]),
  ),
};
