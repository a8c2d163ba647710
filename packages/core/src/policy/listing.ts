import type { AuthInfo } from "../auth-info.js";
import { isObject } from "../mcp/era.js";
import type { Target } from "../mcp/operation.js";
import type { Policy } from "./policy.js";
import type { CompiledRule } from "./rule.js";

/** What callers are shown of the server's tools, resources and prompts. */
export interface ListOptions {
  /**
   * Leave out what the caller may not use: everywhere, or for these tools, prompts and URIs alone. Default false,
   * because no client asks for more permissions for a tool that it cannot see. A rule that is a function hides nothing,
   * and a handler that compresses its own answers is not filtered. Hiding is a courtesy; the policy is what protects.
   */
  readonly filter?: boolean | readonly string[];
  /** Tell hosts what each tool needs, as `_meta.securitySchemes` (SEP-1488). Default true. */
  readonly securitySchemes?: boolean;
}

/** Changes a JSON-RPC message on its way to the client. */
export type Rewrite = (message: unknown) => unknown;

interface List {
  readonly items: string;
  readonly kind: Target["kind"];
  readonly name: string;
}

const lists: ReadonlyMap<string, List> = new Map([
  ["tools/list", { items: "tools", kind: "tool", name: "name" }],
  ["prompts/list", { items: "prompts", kind: "prompt", name: "name" }],
  ["resources/list", { items: "resources", kind: "resource", name: "uri" }],
  ["resources/templates/list", { items: "resourceTemplates", kind: "resource", name: "uriTemplate" }],
]);

/** How the answer to `method` has to be changed for this caller; undefined when it goes out as it is. */
export function listingFor(
  method: string,
  auth: AuthInfo | undefined,
  policy: Policy,
  { filter = false, securitySchemes = true }: ListOptions,
): Rewrite | undefined {
  const list = lists.get(method);
  if (list === undefined) return undefined;
  const annotates = securitySchemes && list.kind === "tool";
  if (filter === false && !annotates) return undefined;
  const hideable = Array.isArray(filter) ? new Set<unknown>(filter) : undefined;
  const ruleOf = (item: Record<string, unknown>) =>
    policy.ruleOf({ kind: list.kind, name: String(item[list.name]) });
  const permits = policy.permitsTo(auth);
  const shown = (item: unknown) => {
    if (!isObject(item) || filter === false || hideable?.has(item[list.name]) === false) return true;
    const rule = ruleOf(item);
    return rule !== undefined && permits(rule);
  };
  const annotated = (item: unknown) => (annotates && isObject(item) ? withSchemes(item, ruleOf(item)) : item);
  const outcomeOf = (items: readonly unknown[]) => {
    let seen = "";
    for (const item of items) seen += shown(item) ? "+" : "-";
    return remembered(policy, items, `${annotates} ${seen}`, () =>
      items.filter((_, index) => seen[index] === "+").map(annotated),
    );
  };

  return (message) => {
    const result = isObject(message) ? message["result"] : undefined;
    const items = isObject(result) ? result[list.items] : undefined;
    if (!isObject(result) || !Array.isArray(items)) return message;
    return {
      ...(message as object),
      result: {
        ...result,
        [list.items]: outcomeOf(items),
        // MCP 2026-07-28 Caching: what depends on the caller must not be shared between callers.
        ...(filter !== false && Object.hasOwn(result, "cacheScope") ? { cacheScope: "private" } : {}),
      },
    };
  };
}

/** What became of lists that cannot change, for callers who see the same of them. */
const outcomes = new WeakMap<Policy, WeakMap<readonly unknown[], Map<string, readonly unknown[]>>>();
const mostOutcomes = 8;

function remembered(
  policy: Policy,
  items: readonly unknown[],
  seen: string,
  outcome: () => readonly unknown[],
): readonly unknown[] {
  if (!Object.isFrozen(items)) return outcome();
  const ofPolicy = outcomes.get(policy) ?? new WeakMap<readonly unknown[], Map<string, readonly unknown[]>>();
  const ofList = ofPolicy.get(items) ?? new Map<string, readonly unknown[]>();
  let known = ofList.get(seen);
  if (known === undefined) {
    known = outcome();
    if (ofList.size === mostOutcomes) ofList.clear();
    outcomes.set(policy, ofPolicy.set(items, ofList.set(seen, known)));
  }
  return known;
}

/** Only `_meta` survives the SDK clients' schemas, so that is where it goes. */
function withSchemes(tool: Record<string, unknown>, rule: CompiledRule | undefined): object {
  const schemes = rule === undefined ? undefined : schemesOf(rule);
  if (schemes === undefined) return tool;
  const meta = isObject(tool["_meta"]) ? tool["_meta"] : {};
  return Object.hasOwn(meta, "securitySchemes")
    ? tool
    : { ...tool, _meta: { ...meta, securitySchemes: schemes } };
}

function schemesOf(rule: CompiledRule): object[] {
  if (typeof rule === "function") return [{ type: "oauth2" }];
  if (rule.public) return [{ type: "noauth" }];
  const { scopes, anyOf } = rule;
  const alternatives = anyOf.length > 0 ? anyOf.map((scope) => [...new Set([...scopes, scope])]) : [scopes];
  return alternatives.map((needed) => ({ type: "oauth2", ...(needed.length > 0 ? { scopes: needed } : {}) }));
}
