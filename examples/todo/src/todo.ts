import * as z from "zod";

/**
 * One todo, as tools return it.
 * Plain strings without `format`: some hosts refuse schemas that carry one.
 */
export const todoSchema = z.object({
  id: z.string().describe("What get_todo, update_todo and delete_todo take as todo_id"),
  title: z.string(),
  description: z.string().optional(),
  completed: z.boolean(),
  created_at: z.string().describe("ISO 8601, UTC"),
  updated_at: z.string().describe("ISO 8601, UTC"),
});

export type Todo = z.infer<typeof todoSchema>;

/** What a caller may say about a todo. */
export interface TodoDraft {
  title: string;
  description?: string | undefined;
}

/** What a caller may change. An empty description removes it. */
export interface TodoChanges {
  title?: string | undefined;
  description?: string | undefined;
  completed?: boolean | undefined;
}
