import type { Target } from "../mcp/operation.js";
import { canonicalUri, hasDotSegment } from "../mcp/resource-uri.js";
import { type CompiledRule, compileRule, type Rule } from "./rule.js";
import { templateExpression } from "./uri-template.js";

/**
 * Rules by exact name, in Maps: a tool called `constructor` or `__proto__` finds nothing that was not declared.
 * Only resources may also be declared as URI templates (RFC 6570), tried after the exact URIs in the order written.
 */
export interface RuleTable {
  find(name: string): CompiledRule | undefined;
  values(): Iterable<CompiledRule>;
}

type Compiled = Map<Rule, CompiledRule>;

/** The same declaration becomes the same rule, so that much can be asked of each rule once. */
function compileOnce(option: string, rule: Rule, compiled: Compiled): CompiledRule {
  const own = compiled.get(rule) ?? compileRule(option, rule);
  compiled.set(rule, own);
  return own;
}

/** @throws {OptionError} naming the line that is wrong. */
export function compileTable(option: string, rules: Readonly<Record<string, Rule>>): RuleTable {
  const compiled: Compiled = new Map();
  const exact = new Map<string, CompiledRule>();
  for (const [name, rule] of Object.entries(rules))
    exact.set(name, compileOnce(`${option}.${name}`, rule, compiled));
  return { find: (name) => exact.get(name), values: () => exact.values() };
}

/** @throws {OptionError} naming the line that is wrong. */
export function compileResources(rules: Readonly<Record<string, Rule>>): RuleTable {
  const compiled: Compiled = new Map();
  const exact = new Map<string, CompiledRule>();
  const patterns: { readonly matches: RegExp; readonly rule: CompiledRule }[] = [];
  for (const [uri, rule] of Object.entries(rules)) {
    const option = `policy.resources.${uri}`;
    const own = compileOnce(option, rule, compiled);
    // A template is a name too: completion refers to it (completion/complete, ref/resource).
    exact.set(uri, own);
    if (isTemplate(uri)) patterns.push({ matches: templateExpression(option, uri), rule: own });
    else exact.set(canonicalUri(uri), own);
  }
  return {
    find(uri) {
      const found = exact.get(uri);
      if (found !== undefined || patterns.length === 0 || isTemplate(uri) || hasDotSegment(uri)) return found;
      return patterns.find((pattern) => pattern.matches.test(uri))?.rule;
    },
    values: () => exact.values(),
  };
}

function isTemplate(uri: string): boolean {
  return uri.includes("{") || uri.includes("}");
}

/** Where a target's rule has to be written, for whoever reads that it is missing. */
export function optionOf(target: Target): string {
  return `policy.${target.kind}s[${JSON.stringify(target.name.slice(0, 200))}]`;
}
