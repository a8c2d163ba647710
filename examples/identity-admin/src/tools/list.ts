import * as z from "zod";
import type { Access } from "../access.js";
import type { Management } from "../management/management.js";
import { type FetchPage, type PageArguments, pageArguments, pageOf } from "../pagination.js";
import { type Tool, tool } from "./tool.js";

export interface ListDefinition<Filter extends z.ZodRawShape, Item extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly needs: Access;
  readonly filter: Filter;
  readonly item: Item;
  /** Where the pages come from, for one filter. */
  fetch(management: Management, filter: z.output<z.ZodObject<Filter>>): FetchPage<z.output<Item>>;
}

/** A tool that lists something, a page at a time. All lists are read alike: `items`, and `next_cursor` until there is no more. */
export function listTool<Filter extends z.ZodRawShape, Item extends z.ZodType>({
  filter,
  item,
  fetch,
  ...definition
}: ListDefinition<Filter, Item>): Tool {
  return tool({
    ...definition,
    effect: "reads",
    input: z.object({ ...filter, ...pageArguments }),
    output: z.object({ items: z.array(item), next_cursor: z.string().optional() }),
    run: async (input, { management }) => {
      const { cursor, limit, ...rest } = input as PageArguments & z.output<z.ZodObject<Filter>>;
      const filtered = rest as z.output<z.ZodObject<Filter>>;
      const page = await pageOf([definition.name, rest], fetch(management, filtered), { cursor, limit });
      return page as { items: z.output<Item>[]; next_cursor?: string };
    },
  });
}
