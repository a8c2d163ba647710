import { OptionError } from "../option-error.js";
import type { Rule } from "./rule.js";
import { compileTable, type RuleTable } from "./table.js";

/** Methods of MCP, every version, that take the baseline unless declared. Others that nobody declared do not exist. */
const protocolMethods: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "server/discover",
  // Not JSON-RPC methods: an answer to the server, and the GET and DELETE of the older protocols.
  "(response)",
  "(stream)",
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "prompts/list",
  "logging/setLevel",
  "tasks/get",
  "tasks/list",
  "tasks/result",
  "tasks/update",
  "tasks/cancel",
  "subscriptions/listen",
]);

export function isProtocolMethod(method: string): boolean {
  return protocolMethods.has(method) || method.startsWith("notifications/");
}

const connecting: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "server/discover",
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "prompts/list",
]);

/** What a client needs in order to connect and look around before it has a token, once anything is public. */
export function servesConnecting(method: string): boolean {
  return connecting.has(method) || method.startsWith("notifications/");
}

/** Methods that are ruled by what they touch. */
const byTarget: ReadonlySet<string> = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "resources/subscribe",
  "resources/unsubscribe",
  "completion/complete",
]);

export function isRuledByTarget(method: string): boolean {
  return byTarget.has(method);
}

/** @throws {OptionError} for a method whose rule belongs to a tool, prompt or resource. */
export function compileMethods(rules: Readonly<Record<string, Rule>>): RuleTable {
  for (const method of Object.keys(rules))
    if (byTarget.has(method))
      throw new OptionError(
        `policy.methods.${method}`,
        rules[method],
        "this method is ruled by what it touches; write the rule under policy.tools, policy.resources or policy.prompts.",
      );
  return compileTable("policy.methods", rules);
}
