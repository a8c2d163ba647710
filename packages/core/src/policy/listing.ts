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

/** How the answer to a method has to be changed for a caller; undefined when it goes out as it is. */
export type Listing = (method: string, auth: AuthInfo | undefined) => Rewrite | undefined;

export function createListing(policy: Policy, options: ListOptions): Listing {
  const { filter = false, securitySchemes = true } = options;
  const views = new Map<string, View>();
  for (const [method, list] of lists) {
    const annotates = securitySchemes && list.kind === "tool";
    if (filter !== false || annotates) views.set(method, viewOf(list, policy, filter, annotates));
  }
  return (method, auth) => {
    const view = views.get(method);
    return view && ((message) => view(message, auth));
  };
}

type View = (message: unknown, auth: AuthInfo | undefined) => unknown;

function viewOf(list: List, policy: Policy, filter: boolean | readonly string[], annotates: boolean): View {
  const hideable = Array.isArray(filter) ? new Set<unknown>(filter) : undefined;
  const ruleOf = (item: Record<string, unknown>) =>
    policy.ruleOf({ kind: list.kind, name: String(item[list.name]) });
  const visibilityOf = (item: unknown) =>
    !isObject(item) || filter === false || hideable?.has(item[list.name]) === false ? always : ruleOf(item);
  const annotated = (item: unknown) => (annotates && isObject(item) ? withSchemes(item, ruleOf(item)) : item);
  const shows = outcomesOf(visibilityOf, annotated);

  return (message, auth) => {
    const result = isObject(message) ? message["result"] : undefined;
    const items = isObject(result) ? result[list.items] : undefined;
    if (!isObject(result) || !Array.isArray(items)) return message;
    return {
      ...(message as object),
      result: {
        ...result,
        [list.items]: shows(items, policy.permitsTo(auth)),
        // MCP 2026-07-28 Caching: what depends on the caller must not be shared between callers.
        ...(filter !== false && Object.hasOwn(result, "cacheScope") ? { cacheScope: "private" } : {}),
      },
    };
  };
}

/** Who may see an item: whom its rule permits; nobody where there is none. */
type Visibility = CompiledRule | undefined;

const always: CompiledRule = () => true;

/** A list that cannot change, and what became of it for callers who are permitted the same. */
interface Known {
  readonly visibilities: readonly Visibility[];
  /** Each once: many items share a rule. */
  readonly different: readonly Visibility[];
  readonly outcomes: Map<string, readonly unknown[]>;
}

const mostOutcomes = 8;

function outcomesOf(
  visibilityOf: (item: unknown) => Visibility,
  annotated: (item: unknown) => unknown,
): (items: readonly unknown[], permits: (rule: CompiledRule) => boolean) => readonly unknown[] {
  const lists = new WeakMap<readonly unknown[], Known>();

  function knownOf(items: readonly unknown[]): Known {
    const visibilities = items.map(visibilityOf);
    const known = { visibilities, different: [...new Set(visibilities)], outcomes: new Map() };
    if (Object.isFrozen(items)) lists.set(items, known);
    return known;
  }

  return (items, permits) => {
    const { visibilities, different, outcomes } = lists.get(items) ?? knownOf(items);
    const permitted = different.map((rule) => rule !== undefined && permits(rule));
    const kind = permitted.join();
    const before = outcomes.get(kind);
    if (before !== undefined) return before;
    const seen = new Set(different.filter((_, index) => permitted[index]));
    const outcome = items.filter((_, index) => seen.has(visibilities[index])).map(annotated);
    if (outcomes.size === mostOutcomes) outcomes.clear();
    outcomes.set(kind, outcome);
    return outcome;
  };
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
