import { createHash } from "node:crypto";
import * as z from "zod";
import { ToolError } from "./tool-error.js";

/** One page, and where the next one begins, in the words of whoever made it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | undefined;
}

export type FetchPage<T> = (position: string | undefined, limit: number) => Promise<Page<T>>;

/** What every list takes. */
export const pageArguments = {
  cursor: z
    .string()
    .max(2000)
    .optional()
    .describe("next_cursor of the page before; left out: the first page"),
  limit: z.int().min(1).max(100).default(20).describe("Most items to return"),
};

export interface PageArguments {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const cursorContent = z.tuple([z.string(), z.string()]);

/**
 * One page of a list. The cursor says which list it belongs to, so that the page of another one, or of the same one with
 * another filter, is refused and not silently wrong. It holds a position and no right: a forged one leads nowhere new.
 *
 * @param list everything that the items depend on
 * @throws {ToolError} when the cursor is not of this list
 */
export async function pageOf<T>(
  list: readonly unknown[],
  fetchPage: FetchPage<T>,
  { cursor, limit }: PageArguments,
): Promise<{ items: T[]; next_cursor?: string }> {
  const id = createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
  const { items, next } = await fetchPage(cursor === undefined ? undefined : positionIn(cursor, id), limit);
  return {
    items: [...items],
    ...(next ? { next_cursor: Buffer.from(JSON.stringify([id, next])).toString("base64url") } : {}),
  };
}

function positionIn(cursor: string, id: string): string {
  try {
    const [list, position] = cursorContent.parse(
      JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")),
    );
    if (list === id) return position;
  } catch {
    // Said below, for both cases.
  }
  throw new ToolError("The cursor is not of this list. Leave it out to begin with the first page.");
}

/**
 * Pages of what the API returns in one piece. The position is the last item's key and not a number, so that nothing is
 * shown twice or left out when something is added or removed between two pages.
 */
export function sliced<T>(all: () => Promise<readonly T[]>, keyOf: (item: T) => string): FetchPage<T> {
  return async (position, limit) => {
    const sorted = (await all()).toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    const rest = position === undefined ? sorted : sorted.filter((item) => keyOf(item) > position);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, next: last !== undefined && rest.length > limit ? keyOf(last) : undefined };
  };
}

/** All items, page by page. */
export async function* everything<T>(fetchPage: FetchPage<T>): AsyncGenerator<T> {
  let position: string | undefined;
  do {
    const page: Page<T> = await fetchPage(position, 100);
    yield* page.items;
    position = page.next || undefined;
  } while (position !== undefined);
}
