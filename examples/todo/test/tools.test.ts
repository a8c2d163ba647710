import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { todoPolicy } from "../src/index.js";
import { type ProtectedServer, protectedServer } from "./protected-server.js";

let server: ProtectedServer;
let people = 0;

beforeAll(async () => {
  server = await protectedServer();
});

afterAll(() => server.close());

/** Somebody who has no todos yet. */
function somebody(scope = "todo:write"): Promise<Client> {
  people += 1;
  return server.client({ sub: `usr_${people}`, scope });
}

async function created(client: Client, title: string): Promise<{ id: string; title: string }> {
  const result = await client.callTool({ name: "create_todo", arguments: { title } });
  return (result.structuredContent as { todo: { id: string; title: string } }).todo;
}

describe("the list of tools", () => {
  test("each tool has a title, a schema for what it returns, and says whether it only reads", async () => {
    const client = await somebody();
    const { tools } = await client.listTools();
    expect(
      tools.map(({ name, title, annotations, outputSchema }) => ({
        name,
        title,
        readOnly: annotations?.readOnlyHint,
        destructive: annotations?.destructiveHint,
        output: outputSchema?.type,
      })),
    ).toEqual([
      { name: "list_todos", title: "List todos", readOnly: true, destructive: undefined, output: "object" },
      { name: "get_todo", title: "Get a todo", readOnly: true, destructive: undefined, output: "object" },
      { name: "create_todo", title: "Create a todo", readOnly: false, destructive: false, output: "object" },
      { name: "update_todo", title: "Update a todo", readOnly: false, destructive: true, output: "object" },
      { name: "delete_todo", title: "Delete a todo", readOnly: false, destructive: true, output: "object" },
    ]);
  });

  test("no input schema has a format, which some hosts refuse", async () => {
    const client = await somebody();
    const { tools } = await client.listTools();
    expect(JSON.stringify(tools.map(({ inputSchema }) => inputSchema))).not.toContain('"format"');
  });
});

describe("the five tools", () => {
  test("create, get, update, list and delete a todo", async () => {
    const client = await somebody();
    const { id } = await created(client, "Buy milk");
    const call = async (name: string, args: Record<string, unknown>) =>
      (await client.callTool({ name, arguments: args })).structuredContent;

    expect(await call("get_todo", { todo_id: id })).toMatchObject({ todo: { id, completed: false } });
    expect(await call("update_todo", { todo_id: id, completed: true })).toMatchObject({
      todo: { title: "Buy milk", completed: true },
    });
    expect(await call("list_todos", { completed: true })).toMatchObject({ todos: [{ id }] });
    expect(await call("list_todos", { completed: false })).toEqual({ todos: [] });
    expect(await call("delete_todo", { todo_id: id })).toMatchObject({ todo: { id } });
    expect(await call("list_todos", {})).toEqual({ todos: [] });
  });

  test("the text of a result is its structured content, for hosts that only read text", async () => {
    const client = await somebody();
    const result = await client.callTool({ name: "list_todos" });
    expect(result.content).toEqual([{ type: "text", text: '{"todos":[]}' }]);
  });

  test("a list comes in pages that join without a gap", async () => {
    const client = await somebody();
    for (const title of ["1", "2", "3"]) await created(client, title);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const { structuredContent } = await client.callTool({
        name: "list_todos",
        arguments: { limit: 2, ...(cursor === undefined ? {} : { cursor }) },
      });
      const page = structuredContent as { todos: { title: string }[]; next_cursor?: string };
      pages.push(page.todos.map(({ title }) => title));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([["1", "2"], ["3"]]);
  });
});

describe("what goes wrong is said in the result", () => {
  test.each([
    ["get_todo", { todo_id: "nothing" }, "You have no todo with this id."],
    ["update_todo", { todo_id: "nothing", title: "x" }, "You have no todo with this id."],
    ["delete_todo", { todo_id: "nothing" }, "You have no todo with this id."],
    ["update_todo", { todo_id: "x" }, "Nothing to change: give a title, a description or completed."],
    [
      "list_todos",
      { cursor: "x" },
      "The cursor is not one of ours. Leave it out to begin with the first page.",
    ],
  ])("%s %j: %s", async (name, args, text) => {
    const client = await somebody();
    const result = await client.callTool({ name, arguments: args });
    expect(result).toMatchObject({ isError: true, content: [{ type: "text", text }] });
  });

  test("arguments that do not fit the schema are an error in the result too", async () => {
    const client = await somebody();
    const result = await client.callTool({ name: "create_todo", arguments: { title: " " } });
    expect(result.isError).toBe(true);
  });
});

describe("whose todos", () => {
  test("nobody sees, changes or deletes what is somebody else's", async () => {
    const [ada, bob] = [await somebody(), await somebody()];
    const { id } = await created(ada, "Secret");
    expect((await bob.callTool({ name: "list_todos" })).structuredContent).toEqual({ todos: [] });
    for (const name of ["get_todo", "update_todo", "delete_todo"]) {
      const result = await bob.callTool({ name, arguments: { todo_id: id, title: "Mine" } });
      expect(result).toMatchObject({ isError: true, content: [{ text: "You have no todo with this id." }] });
    }
    expect(
      (await ada.callTool({ name: "get_todo", arguments: { todo_id: id } })).structuredContent,
    ).toMatchObject({ todo: { title: "Secret" } });
  });
});

describe("the policy", () => {
  test("a tool whose line is taken out is closed, whatever the token says", async () => {
    const { delete_todo: _, ...tools } = todoPolicy.tools ?? {};
    const without = await protectedServer({ policy: { ...todoPolicy, tools } });
    const client = await without.client({ sub: "usr_1", scope: "todo:read todo:write" });
    const { id } = await created(client, "Stays");
    await expect(client.callTool({ name: "delete_todo", arguments: { todo_id: id } })).rejects.toMatchObject({
      data: { status: 403 },
    });
    expect((await client.callTool({ name: "list_todos" })).structuredContent).toMatchObject({
      todos: [{ id }],
    });
    await client.close();
    await without.close();
  });

  test("without the gate before it, the handler serves nobody", async () => {
    const { createTodoHandler } = await import("../src/index.js");
    const response = await createTodoHandler().fetch(
      new Request("https://mcp.example.com/mcp", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json, text/event-stream" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
      }),
    );
    expect(response.status).toBe(500);
  });
});
