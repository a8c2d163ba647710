import type { AuthInfo, Identity } from "../auth-info.js";
import { within } from "../deadline.js";
import type { Operation } from "../mcp/operation.js";
import { OptionError } from "../option-error.js";
import type { Decider, Decision } from "./decision.js";
import { createHierarchy, type Hierarchy, type Implies } from "./hierarchy.js";
import {
  type CompiledRequirement,
  type CompiledRule,
  compileRule,
  compileRuling,
  type Rule,
  type RuleFunction,
} from "./rule.js";
import { compileTable, optionOf, type RuleTable } from "./table.js";

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
}

/** Methods of MCP, every version, that take the baseline unless declared. Others that nobody declared do not exist. */
const protocolMethods = new Set([
  "initialize",
  "ping",
  "server/discover",
  "response",
  "stream",
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

/** What a client needs in order to connect and look around before it has a token, once anything is public. */
const connecting = new Set([
  "initialize",
  "ping",
  "server/discover",
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "prompts/list",
]);

/** Methods that are ruled by what they touch. */
const byTarget = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "resources/subscribe",
  "resources/unsubscribe",
  "completion/complete",
]);

const patience = 10_000;

/** @throws {OptionError} naming the line that is wrong. */
export function createPolicy(options: PolicyOptions, implies: Implies): Policy {
  const { unlisted = "denied" } = options;
  if (unlisted !== "denied" && unlisted !== "baseline")
    throw new OptionError("policy.unlisted", unlisted, 'write "denied" or "baseline".');
  const hierarchy = createHierarchy(implies);
  const baseline = compileRuling("policy.baseline", options.baseline ?? []);
  const tables: Record<"tool" | "resource" | "prompt", RuleTable> = {
    tool: compileTable("policy.tools", (options.tools ?? {}) as Record<string, Rule>, false),
    resource: compileTable("policy.resources", options.resources ?? {}, true),
    prompt: compileTable("policy.prompts", options.prompts ?? {}, false),
  };
  const methods = compileMethods(options.methods ?? {});
  const open = [...Object.values(tables), methods].some((table) =>
    [...table.values()].some((rule) => typeof rule !== "function" && rule.public),
  );

  const rulesFor = (operation: Operation, auth: AuthInfo | undefined): CompiledRule[] | Decision => {
    const rules: CompiledRule[] = [];
    const own = methods.find(operation.method);
    if (own !== undefined) rules.push(own);
    for (const target of operation.targets) {
      const rule = tables[target.kind].find(target.name);
      if (rule === undefined && unlisted === "denied") return { kind: "unlisted", option: optionOf(target) };
      rules.push(rule ?? baseline);
    }
    if (rules.length > 0) return rules;
    if (
      unlisted === "denied" &&
      !protocolMethods.has(operation.method) &&
      !operation.method.startsWith("notifications/")
    )
      return {
        kind: "unknown method",
        option: `policy.methods[${JSON.stringify(operation.method.slice(0, 200))}]`,
      };
    const connects = connecting.has(operation.method) || operation.method.startsWith("notifications/");
    return auth === undefined && open && connects ? [] : [baseline];
  };

  return {
    baseline: baseline.scopes,
    open,
    decide(operation, auth) {
      const rules = rulesFor(operation, auth);
      if (!Array.isArray(rules)) return auth === undefined ? { kind: "authentication" } : rules;
      if (auth === undefined)
        return rules.every((rule) => typeof rule !== "function" && rule.public)
          ? { kind: "allowed" }
          : { kind: "authentication" };
      const functions = rules.filter((rule) => typeof rule === "function");
      const requirements = rules.filter((rule) => typeof rule !== "function");
      if (functions.length === 0) return judge(requirements, auth, hierarchy);
      return evaluate(functions, operation, auth).then((result) =>
        Array.isArray(result) ? judge([...requirements, ...result], auth, hierarchy) : result,
      );
    },
  };
}

function compileMethods(rules: Readonly<Record<string, Rule>>): RuleTable {
  for (const method of Object.keys(rules))
    if (byTarget.has(method))
      throw new OptionError(
        `policy.methods.${method}`,
        rules[method],
        "this method is ruled by what it touches; write the rule under policy.tools, policy.resources or policy.prompts.",
      );
  return compileTable("policy.methods", rules, false);
}

/** Everything that the rules ask for, held against the caller at once: one challenge has to name it all. */
function judge(requirements: readonly CompiledRequirement[], auth: AuthInfo, hierarchy: Hierarchy): Decision {
  const identity = auth.extra as unknown as Identity;
  for (const { permissions, roles, person } of requirements) {
    if (person && identity.kind !== "person")
      return { kind: "denied", detail: "a person is needed, the caller is a client" };
    const permission = permissions.find((name) => !identity.permissions.includes(name));
    if (permission !== undefined) return { kind: "denied", detail: `permission ${permission} is missing` };
    if (roles.length > 0 && !roles.some((name) => identity.roles.includes(name)))
      return { kind: "denied", detail: `none of the roles ${roles.join(", ")} is held` };
  }
  const granted = hierarchy.expand(auth.scopes);
  const required: string[] = [];
  let short = false;
  for (const { scopes, anyOf } of requirements) {
    const alternative = anyOf.find((scope) => granted.has(scope));
    if (anyOf.length > 0) required.push(alternative ?? (anyOf[0] as string));
    required.push(...scopes);
    short ||= (anyOf.length > 0 && alternative === undefined) || !scopes.every((scope) => granted.has(scope));
  }
  return short ? { kind: "scopes", required: [...new Set(required)] } : { kind: "allowed" };
}

/** Asks the user's functions. Whatever goes wrong in there refuses the call. */
async function evaluate(
  functions: readonly RuleFunction[],
  operation: Operation,
  auth: AuthInfo,
): Promise<CompiledRequirement[] | Decision> {
  const requirements: CompiledRequirement[] = [];
  for (const rule of functions) {
    try {
      const ruling = await within(patience, rule({ operation, arguments: operation.arguments, auth }));
      if (ruling === true) continue;
      if (typeof ruling === "object" && ruling !== null && "denied" in ruling)
        return { kind: "denied", detail: String(ruling.denied) };
      const compiled = compileRule("the rule's answer", ruling);
      if (typeof compiled === "function")
        return { kind: "failed", detail: "the rule answered with a function" };
      requirements.push(compiled);
    } catch (error) {
      return { kind: "failed", detail: error instanceof Error ? error.message : "the rule threw" };
    }
  }
  return requirements;
}
