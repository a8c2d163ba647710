import type { RequestListener } from "node:http";
import { type AuthInfo, assertGuarded, type McpAuthzOptions, type Provider } from "@mcp-authz/core";
import { mcpAuthz } from "@mcp-authz/core/node";
import { type CallToolResult, createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { type Calendar, calendarSchema } from "./calendar.js";
import { AudienceNotAllowed } from "./token-exchange.js";

const policy: McpAuthzOptions["policy"] = { baseline: "assistant", tools: { list_events: "assistant" } };

export interface AssistantOptions {
  readonly resource: string;
  readonly provider: Provider;
  readonly calendar: Calendar;
  /** The calendar of whoever names none. */
  readonly usualCalendar: string;
}

/** The MCP server in front of the calendar. */
export function createAssistant({ resource, provider, ...rest }: AssistantOptions): RequestListener {
  const handler = createMcpHandler(({ authInfo }) => {
    assertGuarded(authInfo);
    const server = new McpServer({ name: "assistant", title: "Assistant", version: "1.0.0" });
    registerListEvents(server, authInfo, rest);
    return server;
  });
  return mcpAuthz({ resource, provider, policy, handler });
}

function registerListEvents(
  server: McpServer,
  caller: AuthInfo,
  { calendar, usualCalendar }: Pick<AssistantOptions, "calendar" | "usualCalendar">,
): void {
  server.registerTool(
    "list_events",
    {
      title: "List events",
      description: "What is in your calendar today.",
      inputSchema: z.object({
        calendar: z.string().max(500).default(usualCalendar).describe("URL of the calendar's API"),
      }),
      outputSchema: calendarSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ calendar: api }): Promise<CallToolResult> => {
      try {
        const structuredContent = await calendar.today(caller, api);
        return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
      } catch (error) {
        return failure(error);
      }
    },
  );
}

/** The model reads what it can do about it; the rest stays in the log. */
function failure(error: unknown): CallToolResult {
  const refused = error instanceof AudienceNotAllowed;
  if (!refused) console.error(String(error));
  const text = refused
    ? "That calendar is not one that this server may read."
    : "The calendar cannot be read right now. Try again later.";
  return { content: [{ type: "text", text }], isError: true };
}
