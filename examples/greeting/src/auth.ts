import type { McpAuthzOptions, McpHandler, Provider } from "@mcp-authz/core";
import { pinoSink } from "@mcp-authz/core/sinks";
import { mcpAuthz } from "@mcp-authz/express";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { Config } from "./config.js";
import { tools } from "./tools/index.js";

/** Each tool brings its rule along; the policy is nothing but all of them. */
const policy: McpAuthzOptions["policy"] = {
  baseline: "usr:read",
  tools: Object.fromEntries(tools.map(({ name, rule }) => [name, rule])),
};

/** Metadata, tokens, scopes and challenges. Every decision goes to the log, with its reason and the remedy. */
export function authorization(
  { resource }: Config,
  provider: Provider,
  handler: McpHandler,
  logger: Logger,
): RequestHandler {
  return mcpAuthz({ resource, provider, policy, handler, onEvent: pinoSink(logger) });
}
