import { beforeEach, expect, test } from "vitest";
import { MemoryTodoStore } from "../src/memory-store.js";
import { InvalidCursorError, TodoError } from "../src/store.js";

const ada = { issuer: "https://id.example.com", subject: "usr_ada" };
const bob = { issuer: "https://id.example.com", subject: "usr_bob" };

let store: MemoryTodoStore;
beforeEach(() => {
  store = new MemoryTodoStore();
});

test("a new todo is open, and comes back from get and list", async () => {
  const todo = await store.create(ada, { title: "Buy milk", description: "oat" });
  expect(todo).toMatchObject({ title: "Buy milk", description: "oat", completed: false });
  expect(await store.get(ada, todo.id)).toEqual(todo);
  expect(await store.list(ada, { limit: 10 })).toEqual({ todos: [todo] });
});

test("an update changes what it names and keeps the rest", async () => {
  const { id } = await store.create(ada, { title: "Buy milk", description: "oat" });
  expect(await store.update(ada, id, { completed: true })).toMatchObject({
    title: "Buy milk",
    description: "oat",
    completed: true,
  });
});

test("an empty description removes the description", async () => {
  const { id } = await store.create(ada, { title: "Buy milk", description: "oat" });
  expect(await store.update(ada, id, { description: "" })).not.toHaveProperty("description");
});

test("a deleted todo is returned once and is gone afterwards", async () => {
  const todo = await store.create(ada, { title: "Buy milk" });
  expect(await store.delete(ada, todo.id)).toEqual(todo);
  expect(await store.delete(ada, todo.id)).toBeUndefined();
  expect(await store.get(ada, todo.id)).toBeUndefined();
});

test("a stranger's id is as unknown as an id that never was", async () => {
  const { id } = await store.create(ada, { title: "Secret" });
  expect(await store.get(bob, id)).toBeUndefined();
  expect(await store.update(bob, id, { title: "Mine now" })).toBeUndefined();
  expect(await store.delete(bob, id)).toBeUndefined();
  expect(await store.list(bob, { limit: 10 })).toEqual({ todos: [] });
  expect(await store.get(ada, id)).toMatchObject({ title: "Secret" });
});

test("the same subject at another issuer is somebody else", async () => {
  const { id } = await store.create(ada, { title: "Secret" });
  expect(await store.get({ issuer: "https://other.example.com", subject: "usr_ada" }, id)).toBeUndefined();
});

test("owners whose names only join to the same text stay apart", async () => {
  const { id } = await store.create({ issuer: 'a","b', subject: "c" }, { title: "Secret" });
  expect(await store.get({ issuer: "a", subject: 'b","c' }, id)).toBeUndefined();
});

test("a list comes in pages, oldest first, and the last one has no cursor", async () => {
  for (const title of ["1", "2", "3"]) await store.create(ada, { title });
  const first = await store.list(ada, { limit: 2 });
  expect(first.todos.map(({ title }) => title)).toEqual(["1", "2"]);
  const second = await store.list(ada, { limit: 2, cursor: first.next });
  expect(second.todos.map(({ title }) => title)).toEqual(["3"]);
  expect(second).not.toHaveProperty("next");
});

test("deleting the todo at the end of a page does not lose the place", async () => {
  for (const title of ["1", "2", "3"]) await store.create(ada, { title });
  const first = await store.list(ada, { limit: 2 });
  await store.delete(ada, first.todos[1]?.id ?? "");
  const second = await store.list(ada, { limit: 2, cursor: first.next });
  expect(second.todos.map(({ title }) => title)).toEqual(["3"]);
});

test("completed chooses between open and done", async () => {
  const done = await store.create(ada, { title: "done" });
  await store.create(ada, { title: "open" });
  await store.update(ada, done.id, { completed: true });
  const titles = async (completed: boolean) =>
    (await store.list(ada, { completed, limit: 10 })).todos.map(({ title }) => title);
  expect(await titles(true)).toEqual(["done"]);
  expect(await titles(false)).toEqual(["open"]);
});

test.each(["", "x", "YWZ0ZXI6", "YWZ0ZXI6LTE", "❄"])(
  "the cursor %j, which is not ours, is refused",
  async (cursor) => {
    await expect(store.list(ada, { cursor, limit: 10 })).rejects.toThrow(InvalidCursorError);
  },
);

test("one owner cannot fill the memory: the 1001st todo is refused", async () => {
  for (let count = 0; count < 1000; count++) await store.create(ada, { title: String(count) });
  await expect(store.create(ada, { title: "one more" })).rejects.toThrow(TodoError);
  await expect(store.create(bob, { title: "mine" })).resolves.toMatchObject({ title: "mine" });
});
