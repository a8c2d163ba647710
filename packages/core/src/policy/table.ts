import type { Target } from "../mcp/operation.js";
import { OptionError } from "../option-error.js";
import { type CompiledRule, compileRule, type Rule } from "./rule.js";

/**
 * Rules by exact name, in Maps: a tool called `constructor` or `__proto__` finds nothing that was not declared.
 * Only resources may also be declared as URI templates (RFC 6570), tried after the exact URIs in the order written.
 */
export interface RuleTable {
  find(name: string): CompiledRule | undefined;
  readonly size: number;
  values(): Iterable<CompiledRule>;
}

export function compileTable(
  option: string,
  rules: Readonly<Record<string, Rule>>,
  templates: boolean,
): RuleTable {
  const exact = new Map<string, CompiledRule>();
  const patterns: { readonly matches: RegExp; readonly rule: CompiledRule }[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const compiled = compileRule(`${option}.${name}`, rule);
    // The template itself is a name too: completion refers to it (completion/complete, ref/resource).
    exact.set(name, compiled);
    if (templates && name.includes("{"))
      patterns.push({ matches: templateExpression(`${option}.${name}`, name), rule: compiled });
  }
  return {
    find(name) {
      const found = exact.get(name);
      if (found !== undefined || patterns.length === 0 || hasDotSegment(name)) return found;
      return patterns.find((pattern) => pattern.matches.test(name))?.rule;
    },
    size: exact.size,
    values: () => exact.values(),
  };
}

/** `{name}` stands for one path segment, `{+path}` for any rest. At most one `{+…}`, so that matching stays linear. */
function templateExpression(option: string, template: string): RegExp {
  const wrong = () =>
    new OptionError(
      option,
      template,
      'write {name} for one path segment and at most one {+path} for a rest, for example "docs://{topic}".',
    );
  const parts = template.split(/(\{[^{}]*\})/);
  if (parts.some((part, index) => index % 2 === 0 && /[{}]/.test(part))) throw wrong();
  let rests = 0;
  const pattern = parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^$()|[\]\\/]/g, "\\$&");
    if (/^\{\+[A-Za-z0-9_.]+\}$/.test(part) && rests++ === 0) return ".+";
    // Two variables side by side could share their text out in many ways.
    if (/^\{[A-Za-z0-9_.]+\}$/.test(part) && (index + 2 >= parts.length || parts[index + 1] !== ""))
      return "[^/?#]+";
    throw wrong();
  });
  return new RegExp(`^${pattern.join("")}$`);
}

/** `file:///public/../secret` would match `file:///public/{+path}` and be read elsewhere; such a URI must be declared as it is. */
function hasDotSegment(uri: string): boolean {
  return /(?:^|[/\\])\.{1,2}(?:[/\\?#]|$)/.test(
    uri.replace(/%2e/gi, ".").replace(/%2f/gi, "/").replace(/%5c/gi, "\\").replace(/%25/gi, "%"),
  );
}

/** Where a target's rule has to be written, for whoever reads that it is missing. */
export function optionOf(target: Target): string {
  return `policy.${target.kind}s[${JSON.stringify(target.name.slice(0, 200))}]`;
}
