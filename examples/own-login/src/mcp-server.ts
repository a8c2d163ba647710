import { identityOf, type McpAuthzOptions } from "@mcp-authz/core";
import { createMcpHandler, type McpHttpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Users } from "./users.js";

export const policy: McpAuthzOptions["policy"] = {
  baseline: "profile:read",
  tools: { whoami: "profile:read" },
};

/** The token's subject is the application's own id: no mapping, no second user table. */
export function createOwnHandler(users: Users): McpHttpHandler {
  return createMcpHandler(({ authInfo }) => {
    const { subject, claims } = identityOf(authInfo);
    const server = new McpServer({ name: "own", title: "Own", version: "1.0.0" });
    server.registerTool(
      "whoami",
      {
        title: "Who am I",
        description: "The account that you logged in to, as the application knows it.",
        outputSchema: z.object({
          id: z.string(),
          name: z.string().optional(),
          email: z.string().optional(),
          plan_in_token: z.unknown(),
        }),
        annotations: { readOnlyHint: true, openWorldHint: false },
      },
      () => {
        const user = users.find(subject);
        const structuredContent = {
          id: subject,
          ...(user && { name: user.name, email: user.email }),
          plan_in_token: (claims["custom_claims"] as { plan?: unknown } | undefined)?.plan,
        };
        return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
      },
    );
    return server;
  });
}
