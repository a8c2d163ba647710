import type { PolicyOptions } from "./policy.js";
import { type CompiledRule, compileRule, compileRuling, type Rule } from "./rule.js";

/** One line of a policy, for a dashboard or for documentation. */
export interface PolicyLine {
  readonly kind: "baseline" | "tool" | "resource" | "prompt" | "method";
  readonly name: string;
  /** All of these. */
  readonly scopes: readonly string[];
  /** One of these. */
  readonly anyOf: readonly string[];
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly person: boolean;
  readonly public: boolean;
  /** Decided by a function when the call comes. */
  readonly dynamic: boolean;
}

/**
 * The policy as data: what to register at the authorization server, and what to tell users.
 * @throws {OptionError} as `createGate` does, for a rule that is none.
 */
export function describePolicy(policy: PolicyOptions): PolicyLine[] {
  const lines = (
    kind: PolicyLine["kind"],
    option: string,
    rules: Readonly<Partial<Record<string, Rule>>> = {},
  ) =>
    Object.entries(rules).flatMap(([name, rule]) =>
      rule === undefined ? [] : [lineOf(kind, name, compileRule(`${option}.${name}`, rule))],
    );
  return [
    lineOf("baseline", "everything else", compileRuling("policy.baseline", policy.baseline ?? [])),
    ...lines("tool", "policy.tools", policy.tools),
    ...lines("resource", "policy.resources", policy.resources),
    ...lines("prompt", "policy.prompts", policy.prompts),
    ...lines("method", "policy.methods", policy.methods),
  ];
}

function lineOf(kind: PolicyLine["kind"], name: string, rule: CompiledRule): PolicyLine {
  const nothing = { scopes: [], anyOf: [], permissions: [], roles: [], person: false, public: false };
  return typeof rule === "function"
    ? { kind, name, ...nothing, dynamic: true }
    : { kind, name, ...rule, dynamic: false };
}

/** The same as a Markdown table. */
export function policyMarkdown(policy: PolicyOptions): string {
  const rows = describePolicy(policy).map(
    (line) => `| ${line.kind} | ${cell(`\`${line.name}\``)} | ${cell(needs(line))} |`,
  );
  return ["| | name | needs |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function needs(line: PolicyLine): string {
  if (line.dynamic) return "decided from the call";
  if (line.public) return "nothing: public";
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``);
  const parts = [
    ...code(line.scopes),
    ...(line.anyOf.length > 0 ? [`one of ${code(line.anyOf).join(", ")}`] : []),
    ...line.permissions.map((name) => `permission \`${name}\``),
    ...(line.roles.length > 0 ? [`role ${code(line.roles).join(" or ")}`] : []),
    ...(line.person ? ["a person"] : []),
  ];
  return parts.length > 0 ? parts.join(" and ") : "any authenticated caller";
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
