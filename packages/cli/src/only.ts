import type { Check } from "./check.js";

/** A choice among checks by id, as `only` makes it: all of them when there is none. */
export class Chosen {
  readonly #only: readonly string[] | undefined;

  /** @throws TypeError when an id belongs to none of `all`: nothing would be examined, and all would seem well. */
  constructor(only: readonly string[] | undefined, all: readonly Pick<Check, "id">[]) {
    const known = new Set(all.map(({ id }) => id));
    if (only?.length === 0) throw new TypeError("only names no check");
    const unknown = only?.filter((id) => !known.has(id)) ?? [];
    if (unknown.length > 0)
      throw new TypeError(
        `no check is named ${unknown.join(", ")}; there are ${[...known].sort(byNumber).join(", ")}`,
      );
    this.#only = only;
  }

  get all(): boolean {
    return this.#only === undefined;
  }

  /** The chosen ones, and before them the check that all of them stand on, such as the login, if there is one. */
  among<Subject>(checks: readonly Check<Subject>[], foundation?: Check<Subject>): readonly Check<Subject>[] {
    const chosen = checks.filter(({ id }) => this.#only?.includes(id) ?? true);
    const lacks = foundation !== undefined && chosen.length > 0 && !chosen.includes(foundation);
    return lacks ? [foundation, ...chosen] : chosen;
  }
}

function byNumber(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
