import type { McpAuthzOptions, Rule } from "@mcp-authz/core";

/** What a caller may be given. Each is a scope, which a person grants to a client, and a permission, which they have themselves. */
export const access = {
  "wks:read": "See who administers the workspace",
  "wks:write": "Invite and remove administrators",
  "env:read": "See the environment and its MCP servers",
  "env:write": "Change the environment and its MCP servers",
  "org:read": "See organizations, their users and connections",
  "org:write": "Change organizations, their users and connections",
} as const;

export type Access = keyof typeof access;

/** Whoever may write may read. */
export const implies: NonNullable<McpAuthzOptions["implies"]> = {
  "wks:write": "wks:read",
  "env:write": "env:read",
  "org:write": "org:read",
};

/**
 * Scope and permission, both. This server acts with a credential of its own that may do everything: a scope alone says
 * what somebody lets their client do, and anybody who can log in can grant it. What they may do themselves, the permission says.
 */
export function needing(one: Access): Rule {
  return { scopes: one, permissions: one };
}
