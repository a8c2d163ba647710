import { identityOf, type McpAuthzOptions } from "@mcp-authz/core";
import { createMcpHandler, type McpHttpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";

export const policy: McpAuthzOptions["policy"] = {
  baseline: "dice:roll",
  tools: { roll_dice: "dice:roll" },
};

/** The MCP server: nothing in it knows where it runs. */
export function createDiceHandler(): McpHttpHandler {
  return createMcpHandler(({ authInfo }) => {
    const { subject } = identityOf(authInfo);
    const server = new McpServer({ name: "dice", title: "Dice", version: "1.0.0" });
    server.registerTool(
      "roll_dice",
      {
        title: "Roll dice",
        description: "Rolls one die.",
        inputSchema: z.object({ sides: z.int().min(2).max(100).default(6) }),
        outputSchema: z.object({ rolled: z.int(), rolled_by: z.string() }),
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      ({ sides }) => {
        const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
        const structuredContent = { rolled: 1 + (random % sides), rolled_by: subject };
        return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
      },
    );
    return server;
  });
}
