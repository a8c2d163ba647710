import type { Owner } from "./owner.js";
import type { Todo, TodoChanges, TodoDraft } from "./todo.js";

/** Which todos, and from where on. */
export interface TodoQuery {
  completed?: boolean | undefined;
  /** The `next` of the page before. Anything else is an {@link InvalidCursorError}. */
  cursor?: string | undefined;
  limit: number;
}

export interface TodoPage {
  todos: Todo[];
  /** Where the next page begins; left out on the last one. Opaque to callers. */
  next?: string;
}

/**
 * Where todos live. Put your database behind it.
 *
 * Every method takes the owner first, and answers as if nobody else's todos existed:
 * isolation is the store's promise, not something each tool has to remember.
 */
export interface TodoStore {
  create(owner: Owner, draft: TodoDraft): Promise<Todo>;
  /** Oldest first. */
  list(owner: Owner, query: TodoQuery): Promise<TodoPage>;
  get(owner: Owner, id: string): Promise<Todo | undefined>;
  update(owner: Owner, id: string, changes: TodoChanges): Promise<Todo | undefined>;
  /** The todo as it last was; undefined when there was none. */
  delete(owner: Owner, id: string): Promise<Todo | undefined>;
}

/** A fault of the caller's that the caller may read about. Every other error stays between us and the log. */
export class TodoError extends Error {
  override readonly name: string = "TodoError";
}

export class InvalidCursorError extends TodoError {
  override readonly name = "InvalidCursorError";
  constructor() {
    super("The cursor is not one of ours. Leave it out to begin with the first page.");
  }
}
