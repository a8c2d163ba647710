import type { PolicyOptions } from "@mcp-authz/core";

/**
 * What each tool takes. This is the only place that says so: a tool without a line here is closed,
 * and `scopes_supported`, challenges and checks all follow from it.
 */
export const todoPolicy: PolicyOptions = {
  baseline: "todo:read",
  tools: {
    list_todos: "todo:read",
    get_todo: "todo:read",
    create_todo: "todo:write",
    update_todo: "todo:write",
    delete_todo: "todo:write",
  },
};

/** Who may write may read. */
export const todoImplies: Record<string, string> = { "todo:write": "todo:read" };
