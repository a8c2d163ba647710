import type { Claims } from "./claims.js";

/** What claims are made by. It hands nothing down, not even by way of `Object.prototype`: one that is polluted grants no role. */
class Own {
  [name: string]: unknown;
}
Reflect.deleteProperty(Own.prototype, "constructor");
Object.freeze(Object.setPrototypeOf(Own.prototype, null));

const deepest = 32;
/** For events, where `ownClaims` finds none. */
export const tooDeep = "claims are nested too deeply";

/**
 * A copy that inherits nothing, frozen all the way down: a claim named `__proto__` or `constructor` is one like any other,
 * and what a tool does to them reaches no other request.
 *
 * Made by a constructor, because such objects have one shape. V8 before Node.js 24 gives each object that loses its
 * prototype and is frozen then a shape of its own, which is slow to make, slow to read and long to collect.
 *
 * @returns `undefined` when they are nested more deeply than an honest token's
 */
export function ownClaims(claims: Record<string, unknown>): Claims | undefined {
  return isTooDeep(claims, 0) ? undefined : (own(claims) as Claims);
}

function isTooDeep(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth > deepest || Object.values(value).some((one) => isTooDeep(one, depth + 1));
}

function own(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(own));
  const copy = new Own();
  for (const name of Object.keys(value)) copy[name] = own((value as Record<string, unknown>)[name]);
  return Object.freeze(copy);
}
