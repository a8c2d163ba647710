import { isScopeToken } from "../challenge.js";
import { OptionError } from "../option-error.js";

/** Which scopes a scope brings with it (MCP 2026-07-28 Authorization: servers MUST take hierarchy into account). */
export interface Hierarchy {
  /** The granted scopes together with all that they imply. */
  expand(granted: readonly string[]): ReadonlySet<string>;
}

export type Implies = Readonly<Record<string, string | readonly string[]>>;

/** @throws {OptionError} for a scope that implies itself in the end, or is none. */
export function createHierarchy(implies: Implies): Hierarchy {
  const direct = new Map(
    Object.entries(implies).map(([scope, implied]) => [scope, impliedOf(scope, implied)]),
  );
  const closure = new Map([...direct.keys()].map((scope) => [scope, reachableFrom(scope, direct)]));
  // A remembered token's scopes are one frozen list for all of its requests.
  const known = new WeakMap<readonly string[], ReadonlySet<string>>();
  return {
    expand(granted) {
      const before = known.get(granted);
      if (before !== undefined) return before;
      const expanded = new Set(granted);
      for (const scope of granted) for (const implied of closure.get(scope) ?? []) expanded.add(implied);
      if (Object.isFrozen(granted)) known.set(granted, expanded);
      return expanded;
    },
  };
}

function impliedOf(scope: string, implied: string | readonly string[]): readonly string[] {
  const list = typeof implied === "string" ? [implied] : implied;
  if (!isScopeToken(scope) || !Array.isArray(list) || !list.every(isScopeToken))
    throw new OptionError(
      `implies.${scope}`,
      implied,
      'write scope names, for example { "todo:write": "todo:read" }.',
    );
  return list;
}

function reachableFrom(start: string, direct: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...(direct.get(start) ?? [])];
  for (let scope = open.pop(); scope !== undefined; scope = open.pop()) {
    if (scope === start)
      throw new OptionError(
        `implies.${start}`,
        direct.get(start),
        `it leads back to "${start}"; break the circle.`,
      );
    if (reached.has(scope)) continue;
    reached.add(scope);
    open.push(...(direct.get(scope) ?? []));
  }
  return reached;
}
