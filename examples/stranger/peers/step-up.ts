import assert from "node:assert/strict";
import { createServer } from "node:http";
import { it } from "node:test";
import { jwt, type McpHandler } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { createDevServer } from "@mcp-authz/dev-server";
import { createHeadlessHost } from "@mcp-authz/testing";
import { listening } from "./listening.js";

export const toolNames = ["list_todos", "create_todo"] as const;

/** A client of the SDK in front of the gate, and its server behind it, with two tools of these names. */
export function logsInAndStepsUp(version: 1 | 2, handler: McpHandler): void {
  it("a client logs in where it is refused, calls a tool, and steps up for the other", async () => {
    const dev = await createDevServer({
      approve: "auto",
      banner: false,
      issuerPhase: "resource",
    });
    const app = createServer();
    const { url, close } = await listening(app);
    const { issuer } = dev.registerServer({ name: "Todo", url, scopes: ["todo:read", "todo:write"] });
    app.on(
      "request",
      mcpAuthz({
        resource: url,
        provider: jwt({ issuer }),
        policy: { baseline: "todo:read", tools: { list_todos: "todo:read", create_todo: "todo:write" } },
        handler,
      }),
    );
    const host = await createHeadlessHost({ url, version });
    try {
      await host.connect();
      assert.deepEqual(await host.listTools(), [...toolNames]);
      assert.deepEqual((await host.callTool("list_todos")).content, [{ type: "text", text: "list_todos" }]);
      assert.doesNotMatch(host.scope ?? "", /todo:write/);
      assert.deepEqual((await host.callTool("create_todo")).content, [{ type: "text", text: "create_todo" }]);
      assert.match(host.scope ?? "", /todo:write/);
      const refusals = host.steps.flatMap((step) => (step.kind === "request" ? step.answer.status : []));
      assert.deepEqual(
        refusals.filter((status) => status === 401 || status === 403),
        [401, 403],
      );
    } finally {
      await host.close();
      await close();
      await dev.close();
    }
  });
}
