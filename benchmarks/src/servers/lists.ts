import { createServer, type Server } from "node:http";
import type { ListOptions } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type IssuerFacts, scope } from "../issuer.js";
import { ourOptions, type Variants } from "./variant.js";

const names = Array.from({ length: 1000 }, (_, number) => `tool_${number}`);
const inputSchema = z.object({ id: z.string().describe("Which one"), force: z.boolean().optional() });

function bigServer(): McpServer {
  const server = new McpServer({ name: "big", version: "1.0.0" });
  for (const name of names)
    server.registerTool(name, { description: `Does what ${name} is there for`, inputSchema }, () => ({
      content: [{ type: "text", text: "done" }],
    }));
  return server;
}

/** @param permitted whether the caller may use the tool of this number */
function serving(
  facts: IssuerFacts,
  lists: ListOptions,
  permitted: (number: number) => boolean = () => true,
): Server {
  const tools = Object.fromEntries(
    names.map((name, number) => [name, permitted(number) ? scope : "todo:admin"]),
  );
  const policy = { baseline: scope, tools };
  return createServer(
    mcpAuthz({ ...ourOptions(facts), policy, lists, handler: createMcpHandler(bigServer) }),
  );
}

export const variants: Variants = {
  unprotected: () => {
    const serve = toNodeHandler(createMcpHandler(bigServer));
    return createServer((request, response) => serve(request, response));
  },
  "gate, list untouched": (facts) => serving(facts, { securitySchemes: false }),
  "gate, list filtered, nothing hidden": (facts) => serving(facts, { filter: true, securitySchemes: false }),
  "gate, list filtered, half hidden": (facts) =>
    serving(facts, { filter: true, securitySchemes: false }, (number) => number % 2 === 0),
  "gate, list annotated": (facts) => serving(facts, {}),
  "gate, list annotated and filtered, nothing hidden": (facts) => serving(facts, { filter: true }),
};
