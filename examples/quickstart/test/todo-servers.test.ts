import { createTokenMint, type TokenMint } from "@mcp-authz/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../src/ports.js";
import { frameworks, startTodoServer, type TodoServer } from "../src/todo-server.js";
import { callTool, eras } from "./messages.js";

/** What a token gets from each tool: 200, or 403 when it does not suffice. */
const expected = {
  openid: { list_todos: 403, get_todo: 403, create_todo: 403, update_todo: 403, delete_todo: 403 },
  "todo:read": { list_todos: 200, get_todo: 200, create_todo: 403, update_todo: 403, delete_todo: 403 },
  "todo:write": { list_todos: 200, get_todo: 200, create_todo: 200, update_todo: 200, delete_todo: 200 },
  "todo:read todo:write": {
    list_todos: 200,
    get_todo: 200,
    create_todo: 200,
    update_todo: 200,
    delete_todo: 200,
  },
  "todo:READ todo:write:all": {
    list_todos: 403,
    get_todo: 403,
    create_todo: 403,
    update_todo: 403,
    delete_todo: 403,
  },
} as const;

const args: Record<string, Record<string, unknown>> = {
  create_todo: { title: "x" },
  get_todo: { todo_id: "x" },
  update_todo: { todo_id: "x", title: "y" },
  delete_todo: { todo_id: "x" },
};

function todoIn(structuredContent: unknown): { id: string } {
  return (structuredContent as { todo: { id: string } }).todo;
}

describe.each(frameworks)("the todo server on %s", (framework) => {
  let mint: TokenMint;
  let server: TodoServer;
  let url: string;
  let people = 0;

  beforeAll(async () => {
    const port = await freePort(0);
    url = `http://127.0.0.1:${port}/mcp`;
    mint = await createTokenMint({ audience: "res_todo" });
    server = await startTodoServer({
      framework,
      port,
      url,
      environmentUrl: mint.issuer,
      resourceId: "res_todo",
    });
  });

  afterAll(async () => {
    await server?.stop();
    await mint.close();
  });

  const somebody = (scope: string): string => mint.token({ sub: `usr_${++people}`, scope });

  test("/health is open to everybody", async () => {
    expect((await fetch(new URL("/health", url))).status).toBe(200);
  });

  test.each(eras)("no tool is called without a token (%s)", async (era) => {
    for (const name of Object.keys(expected["todo:read"])) {
      const reply = await callTool(url, era, undefined, name, args[name]);
      expect(reply.status).toBe(401);
      expect(reply.challenge).toBe(
        `Bearer realm="OAuth", resource_metadata="${new URL("/.well-known/oauth-protected-resource/mcp", url)}", scope="todo:read"`,
      );
    }
  });

  describe.each(eras)("spoken to in %s", (era) => {
    test.each(Object.entries(expected))(
      "a token with %j may call exactly its tools",
      async (scope, tools) => {
        const token = somebody(scope);
        const statuses: Record<string, number> = {};
        for (const name of Object.keys(tools))
          statuses[name] = (await callTool(url, era, token, name, args[name])).status;
        expect(statuses).toEqual(tools);
      },
    );

    test("two people never see each other's todos", async () => {
      const [ada, bob] = [somebody("todo:write"), somebody("todo:write")];
      const { message } = await callTool(url, era, ada, "create_todo", { title: "Secret" });
      const { id } = todoIn(message.result?.structuredContent);
      const list = await callTool(url, era, bob, "list_todos");
      expect(list.message.result?.structuredContent).toEqual({ todos: [] });
      for (const name of ["get_todo", "update_todo", "delete_todo"]) {
        const reply = await callTool(url, era, bob, name, { todo_id: id, title: "Mine" });
        expect(reply.message.result?.isError).toBe(true);
      }
      const own = await callTool(url, era, ada, "get_todo", { todo_id: id });
      expect(own.message.result?.structuredContent).toMatchObject({ todo: { title: "Secret" } });
    });

    test("200 calls of two people at once each get their own list", async () => {
      const tokens = [somebody("todo:write"), somebody("todo:write")];
      const titles = ["ada's", "bob's"];
      await Promise.all(
        titles.map((title, who) => callTool(url, era, tokens[who], "create_todo", { title })),
      );
      const lists = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const { message } = await callTool(url, era, tokens[index % 2], "list_todos");
          return message.result?.structuredContent;
        }),
      );
      expect(lists).toEqual(
        Array.from({ length: 200 }, (_, index) => ({
          todos: [expect.objectContaining({ title: titles[index % 2] })],
        })),
      );
    });
  });

  test("a token for another resource opens nothing", async () => {
    const token = mint.token({ aud: "res_other", scope: "todo:read" });
    expect((await callTool(url, "2026-07-28", token, "list_todos")).status).toBe(401);
  });
});
