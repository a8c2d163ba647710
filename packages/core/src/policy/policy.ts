import type { AuthInfo } from "../auth-info.js";
import type { Operation, Target } from "../mcp/operation.js";
import { OptionError } from "../option-error.js";
import type { Decider, Decision } from "./decision.js";
import { createHierarchy, type Implies } from "./hierarchy.js";
import { evaluate, judge, meets } from "./judgement.js";
import { compileMethods, isProtocolMethod, isRuledByTarget, servesConnecting } from "./methods.js";
import { type CompiledRequirement, type CompiledRule, compileRuling, type Rule } from "./rule.js";
import { compileResources, compileTable, optionOf, type RuleTable } from "./table.js";

/** Who may do what: each tool, resource, prompt and method declared once. What is not declared is closed. */
export interface PolicyOptions<Tool extends string = string> {
  /**
   * Scopes for everything that has no line of its own (`initialize`, `tools/list`, …). They are also what the
   * first login asks for: the 401 challenge and `scopes_supported` name them. Keep them few.
   */
  readonly baseline?: string | readonly string[];
  readonly tools?: Readonly<Partial<Record<Tool, Rule>>>;
  /** By exact URI, or by URI template such as `docs://{topic}`. */
  readonly resources?: Readonly<Record<string, Rule>>;
  readonly prompts?: Readonly<Record<string, Rule>>;
  /** JSON-RPC methods: your own, or a rule for one of MCP's instead of the baseline. */
  readonly methods?: Readonly<Record<string, Rule>>;
  /** What to do with what has no line: refuse it (default), or ask for the baseline. */
  readonly unlisted?: "denied" | "baseline";
}

export interface Policy extends Decider {
  /** The first login's scopes. */
  readonly baseline: readonly string[];
  /** Whether anything is served without a token. */
  readonly open: boolean;
  /** The rule of one tool, prompt or resource; undefined when it is closed to everybody. */
  ruleOf(target: Target): CompiledRule | undefined;
  /** Says what a caller may use, as far as that can be said before the call: a function's answer depends on the call. */
  permitsTo(auth: AuthInfo | undefined): (rule: CompiledRule) => boolean;
}

/** @throws {OptionError} naming the line that is wrong. */
export function createPolicy(options: PolicyOptions, implies: Implies): Policy {
  const { unlisted = "denied" } = options;
  if (unlisted !== "denied" && unlisted !== "baseline")
    throw new OptionError("policy.unlisted", unlisted, 'write "denied" or "baseline".');
  const hierarchy = createHierarchy(implies);
  const baseline = compileRuling("policy.baseline", options.baseline ?? []);
  const fallback = unlisted === "baseline" ? baseline : undefined;
  const tables: Record<Target["kind"], RuleTable> = {
    tool: compileTable("policy.tools", (options.tools ?? {}) as Record<string, Rule>),
    resource: compileResources(options.resources ?? {}),
    prompt: compileTable("policy.prompts", options.prompts ?? {}),
  };
  const methods = compileMethods(options.methods ?? {});
  const open = [...Object.values(tables), methods].some((table) => [...table.values()].some(isPublic));
  const ruleOf = (target: Target) => tables[target.kind].find(target.name) ?? fallback;

  /** The rule of the method itself; tools, prompts and resources speak for the methods that are about nothing else. */
  const methodRules = (method: string, auth: AuthInfo | undefined): CompiledRule[] | Decision => {
    const own = methods.find(method);
    if (own !== undefined) return [own];
    if (isRuledByTarget(method)) return [];
    if (!isProtocolMethod(method) && fallback === undefined)
      return { kind: "unknown method", option: `policy.methods[${JSON.stringify(method.slice(0, 200))}]` };
    return auth === undefined && open && servesConnecting(method) ? [] : [baseline];
  };

  const rulesOf = (operation: Operation, auth: AuthInfo | undefined): CompiledRule[] | Decision => {
    const rules = methodRules(operation.method, auth);
    if (!Array.isArray(rules)) return rules;
    for (const target of operation.targets) {
      const rule = ruleOf(target);
      if (rule === undefined) return { kind: "unlisted", option: optionOf(target) };
      rules.push(rule);
    }
    return rules.length > 1 ? [...new Set(rules)] : rules;
  };

  return {
    baseline: baseline.scopes,
    open,
    ruleOf,
    permitsTo(auth) {
      const isMet = auth === undefined ? () => false : meets(auth, hierarchy);
      return (rule) => typeof rule === "function" || rule.public || isMet(rule);
    },
    decide(operation, auth) {
      const rules = rulesOf(operation, auth);
      if (auth === undefined)
        return Array.isArray(rules) && rules.every(isPublic)
          ? { kind: "allowed" }
          : { kind: "authentication" };
      if (!Array.isArray(rules)) return rules;
      if (rules.every(isRequirement)) return judge(rules, auth, hierarchy);
      const functions = rules.filter((rule) => typeof rule === "function");
      const requirements = rules.filter(isRequirement);
      return evaluate(functions, operation, auth).then((result) =>
        Array.isArray(result) ? judge([...requirements, ...result], auth, hierarchy) : result,
      );
    },
  };
}

function isRequirement(rule: CompiledRule): rule is CompiledRequirement {
  return typeof rule !== "function";
}

function isPublic(rule: CompiledRule): boolean {
  return isRequirement(rule) && rule.public;
}
