import type { AuthInfo, Rule } from "@mcp-authz/core";
import type { McpServer } from "@modelcontextprotocol/server";

/** One tool: its name, who may call it, and how it comes onto the server of one caller. */
export interface Tool {
  readonly name: string;
  readonly rule: Rule;
  register(server: McpServer, caller: AuthInfo): void;
}
