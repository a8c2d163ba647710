import { createServer } from "node:http";
import type { McpAuthzOptions } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { createDevServer } from "@mcp-authz/dev-server";
import { createTodoHandler, todoImplies, todoPolicy } from "@mcp-authz/example-todo";
import { scalekit } from "@mcp-authz/scalekit";
import { describe, expect, test } from "vitest";
import { playStory } from "../src/playing.js";
import { freePort } from "../src/ports.js";

const resourceId = "res_todo";

/** Plays the story against a server that differs from what it must be. */
async function played(version: 1 | 2, differing: Partial<McpAuthzOptions>): Promise<number[]> {
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}/mcp`;
  const scopes = ["todo:read", "todo:write"];
  const dev = await createDevServer({
    servers: [{ id: resourceId, name: "Todo", url, scopes }],
    banner: false,
  });
  const provider = scalekit({ environmentUrl: dev.url, resourceId });
  const handler = createTodoHandler();
  const options = {
    resource: url,
    provider,
    policy: todoPolicy,
    implies: todoImplies,
    handler,
    ...differing,
  };
  const server = createServer(mcpAuthz(options)).listen(port, "127.0.0.1");
  const told: number[] = [];
  try {
    await playStory(version, { url, environmentUrl: dev.url, resourceId }, ({ number }) => told.push(number));
    return told;
  } finally {
    server.closeAllConnections();
    server.close();
    await dev.close();
  }
}

describe.each([1, 2] as const)("the story with SDK v%s", (version) => {
  test("has 16 steps", async () => {
    expect(await played(version, {})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  });

  test("fails where writing takes no more than reading", async () => {
    const policy = { ...todoPolicy, tools: { ...todoPolicy.tools, create_todo: "todo:read" } };
    await expect(played(version, { policy })).rejects.toThrow(
      'Step 11, "It tries to write: create_todo takes todo:write": The status must be 403 and was 200.',
    );
  });

  test("fails where a challenge differs in one word", async () => {
    await expect(played(version, { realm: "Todo" })).rejects.toThrow(
      'Step 1, "The client knows the URL, and nothing else": The challenge must be Bearer realm="OAuth"',
    );
  });

  test("fails where a tool is closed", async () => {
    const { list_todos: _, ...tools } = todoPolicy.tools ?? {};
    await expect(played(version, { policy: { ...todoPolicy, tools } })).rejects.toThrow(
      'Step 10, "It reads your todos: list_todos takes todo:read": The status must be 200 and was 403.',
    );
  });
});
