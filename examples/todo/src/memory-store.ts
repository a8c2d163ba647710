import { randomUUID } from "node:crypto";
import type { Owner } from "./owner.js";
import type { TodoPage, TodoQuery, TodoStore } from "./store.js";
import { InvalidCursorError, TodoError } from "./store.js";
import type { Todo, TodoChanges, TodoDraft } from "./todo.js";

interface Row {
  /** Position in the order of creation. A cursor names a position, so that deleting its todo does not lose the place. */
  readonly position: number;
  todo: Todo;
}

const mostPerOwner = 1000;

/** Todos in memory: gone when the process ends, each owner in a map of their own. */
export class MemoryTodoStore implements TodoStore {
  readonly #owners = new Map<string, Map<string, Row>>();
  #position = 0;

  async create(owner: Owner, draft: TodoDraft): Promise<Todo> {
    const rows = this.#rowsOf(owner);
    if (rows.size >= mostPerOwner)
      throw new TodoError(`You already have ${mostPerOwner} todos. Delete one before you add another.`);
    const now = new Date().toISOString();
    const todo = withDescription(
      { id: randomUUID(), title: draft.title, completed: false, created_at: now, updated_at: now },
      draft.description,
    );
    rows.set(todo.id, { position: ++this.#position, todo });
    return todo;
  }

  async list(owner: Owner, query: TodoQuery): Promise<TodoPage> {
    const after = query.cursor === undefined ? 0 : positionOf(query.cursor);
    const found = [...this.#rowsOf(owner).values()].filter(
      ({ position, todo }) =>
        position > after && (query.completed === undefined || todo.completed === query.completed),
    );
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      todos: page.map(({ todo }) => todo),
      ...(last !== undefined && found.length > page.length ? { next: cursorAt(last.position) } : {}),
    };
  }

  async get(owner: Owner, id: string): Promise<Todo | undefined> {
    return this.#rowsOf(owner).get(id)?.todo;
  }

  async update(owner: Owner, id: string, changes: TodoChanges): Promise<Todo | undefined> {
    const row = this.#rowsOf(owner).get(id);
    if (row === undefined) return undefined;
    const { description, ...rest } = row.todo;
    row.todo = withDescription(
      {
        ...rest,
        title: changes.title ?? rest.title,
        completed: changes.completed ?? rest.completed,
        updated_at: new Date().toISOString(),
      },
      changes.description ?? description,
    );
    return row.todo;
  }

  async delete(owner: Owner, id: string): Promise<Todo | undefined> {
    const rows = this.#rowsOf(owner);
    const todo = rows.get(id)?.todo;
    rows.delete(id);
    return todo;
  }

  #rowsOf(owner: Owner): Map<string, Row> {
    // JSON keeps ["a","b c"] and ["a b","c"] apart, which joining with a separator would not.
    const key = JSON.stringify([owner.issuer, owner.subject]);
    const rows = this.#owners.get(key) ?? new Map<string, Row>();
    this.#owners.set(key, rows);
    return rows;
  }
}

function withDescription(todo: Omit<Todo, "description">, description: string | undefined): Todo {
  return description ? { ...todo, description } : todo;
}

function cursorAt(position: number): string {
  return Buffer.from(`after:${position}`).toString("base64url");
}

function positionOf(cursor: string): number {
  const [, position] = /^after:(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (position === undefined) throw new InvalidCursorError();
  return Number(position);
}
