import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Owner } from "./owner.js";
import type { TodoStore } from "./store.js";
import { TodoError } from "./store.js";
import { todoSchema } from "./todo.js";

const title = z.string().trim().min(1).max(200);
const description = z.string().max(2000);
const todo_id = z.string().max(100).describe("The id of a todo, from list_todos or create_todo");
const oneTodo = z.object({ todo: todoSchema });

/** The five tools, for one caller. None of them knows a scope: the policy does. */
export function registerTodoTools(server: McpServer, store: TodoStore, owner: Owner): void {
  registerReading(server, store, owner);
  registerWriting(server, store, owner);
}

function registerReading(server: McpServer, store: TodoStore, owner: Owner): void {
  server.registerTool(
    "list_todos",
    {
      title: "List todos",
      description: "Your todos, oldest first, a page at a time.",
      inputSchema: z.object({
        completed: z.boolean().optional().describe("Only todos that are done (true) or open (false)"),
        cursor: z.string().max(100).optional().describe("next_cursor of the page before"),
        limit: z.int().min(1).max(100).default(50).describe("Most todos to return"),
      }),
      outputSchema: z.object({ todos: z.array(todoSchema), next_cursor: z.string().optional() }),
      annotations: { title: "List todos", readOnlyHint: true, openWorldHint: false },
    },
    (query) =>
      answer(async () => {
        const { todos, next } = await store.list(owner, query);
        return { todos, ...(next === undefined ? {} : { next_cursor: next }) };
      }),
  );

  server.registerTool(
    "get_todo",
    {
      title: "Get a todo",
      description: "One of your todos.",
      inputSchema: z.object({ todo_id }),
      outputSchema: oneTodo,
      annotations: { title: "Get a todo", readOnlyHint: true, openWorldHint: false },
    },
    ({ todo_id: id }) => answer(async () => ({ todo: found(await store.get(owner, id)) })),
  );
}

function registerWriting(server: McpServer, store: TodoStore, owner: Owner): void {
  server.registerTool(
    "create_todo",
    {
      title: "Create a todo",
      description: "Adds a todo to your list.",
      inputSchema: z.object({ title, description: description.optional() }),
      outputSchema: oneTodo,
      annotations: {
        title: "Create a todo",
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    (draft) => answer(async () => ({ todo: await store.create(owner, draft) })),
  );

  server.registerTool(
    "update_todo",
    {
      title: "Update a todo",
      description: "Changes what you name and keeps the rest.",
      inputSchema: z.object({
        todo_id,
        title: title.optional(),
        description: description.optional().describe("An empty text removes the description"),
        completed: z.boolean().optional(),
      }),
      outputSchema: oneTodo,
      annotations: {
        title: "Update a todo",
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    ({ todo_id: id, ...changes }) =>
      answer(async () => {
        if (Object.values(changes).every((value) => value === undefined))
          throw new TodoError("Nothing to change: give a title, a description or completed.");
        return { todo: found(await store.update(owner, id, changes)) };
      }),
  );

  server.registerTool(
    "delete_todo",
    {
      title: "Delete a todo",
      description: "Removes a todo for good, and returns it as it last was.",
      inputSchema: z.object({ todo_id }),
      outputSchema: oneTodo,
      annotations: {
        title: "Delete a todo",
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    ({ todo_id: id }) => answer(async () => ({ todo: found(await store.delete(owner, id)) })),
  );
}

/** The same words for a todo that is not there and one that is somebody else's. */
function found<T>(todo: T | undefined): T {
  if (todo === undefined) throw new TodoError("You have no todo with this id.");
  return todo;
}

/** What went wrong is part of the result (`isError`), where the model can read it and try otherwise (MCP Tools, Error Handling). */
async function answer(work: () => Promise<Record<string, unknown>>): Promise<CallToolResult> {
  try {
    const structuredContent = await work();
    return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
  } catch (error) {
    if (!(error instanceof TodoError)) console.error(error);
    const text =
      error instanceof TodoError ? error.message : "Something went wrong on our side. Try again later.";
    return { content: [{ type: "text", text }], isError: true };
  }
}
