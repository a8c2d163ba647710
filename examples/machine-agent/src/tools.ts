import { type AuthInfo, identityOf, type McpAuthzOptions } from "@mcp-authz/core";
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Reports } from "./reports.js";

/**
 * Reading is for agents as well. Publishing takes somebody who can be asked about it afterwards, and no scope makes a
 * client a person: an agent is refused without a challenge, for there is nothing that it could ask for.
 */
export const policy: McpAuthzOptions["policy"] = {
  baseline: "reports:read",
  tools: {
    list_reports: "reports:read",
    publish_report: { scopes: "reports:publish", person: true },
  },
};

const reportSchema = z.object({ id: z.string(), title: z.string(), published_by: z.string().optional() });

export function registerTools(server: McpServer, reports: Reports, caller: AuthInfo | undefined): void {
  const { subject, kind } = identityOf(caller);
  server.registerTool(
    "list_reports",
    {
      title: "List reports",
      description: "All reports, and who is asking.",
      outputSchema: z.object({ reports: z.array(reportSchema), asked_by: z.string(), kind: z.string() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    () => result({ reports: reports.list(), asked_by: subject, kind }),
  );
  server.registerTool(
    "publish_report",
    {
      title: "Publish a report",
      description: "Publishes a report under your name.",
      inputSchema: z.object({ id: z.string().max(100) }),
      outputSchema: z.object({ report: reportSchema }),
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      },
    },
    ({ id }) => {
      const report = reports.publish(id, subject);
      return report === undefined ? failure("There is no report with this id.") : result({ report });
    },
  );
}

function result(structuredContent: Record<string, unknown>): CallToolResult {
  return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
}

function failure(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
