import type { Server } from "node:http";
import { jwt, type McpAuthzOptions } from "@mcp-authz/core";
import { type IssuerFacts, resource, scope } from "../issuer.js";

/** A server that does not listen yet. */
export type Variant = (facts: IssuerFacts) => Server | Promise<Server>;

/** By what stands before the route. */
export type Variants = Readonly<Record<string, Variant>>;

/** Ours, as the documentation has it. */
export function ourOptions({ issuer, jwksUri }: IssuerFacts): McpAuthzOptions {
  return {
    resource,
    provider: jwt({ issuer, jwksUri }),
    policy: { baseline: scope, tools: { list_todos: scope, create_todo: "todo:write" } },
    implies: { "todo:write": "todo:read" },
  };
}

/** What the trivial route answers. */
export function answerTo(body: unknown): object {
  return { jsonrpc: "2.0", id: (body as { id?: unknown }).id, result: { content: [] } };
}
