import * as z from "zod";
import { createScope, deleteScope, listScopes, scopeSchema } from "../management/scopes.js";
import { sliced } from "../pagination.js";
import { ToolError } from "../tool-error.js";
import { scopeName } from "./arguments.js";
import { listTool } from "./list.js";
import { retrySafe, type Tool, tool } from "./tool.js";

export const scopeTools: readonly Tool[] = [
  listTool({
    name: "list_environment_scopes",
    title: "List scopes",
    description: "The scopes that MCP servers of the environment can ask for.",
    needs: "env:read",
    filter: {},
    item: scopeSchema,
    fetch: (management) =>
      sliced(
        () => listScopes(management),
        ({ name }) => name,
      ),
  }),
  tool({
    name: "create_environment_scope",
    title: "Create a scope",
    description: "Its description is what people read when they are asked for consent.",
    needs: "env:write",
    effect: "creates",
    input: z.object({ name: scopeName, description: z.string().max(500).default(""), ...retrySafe }),
    output: z.object({ scope: scopeSchema }),
    run: async ({ name, description }, { management }) => ({
      scope: await createScope(management, { name, description }),
    }),
  }),
  tool({
    name: "delete_environment_scope",
    title: "Delete a scope",
    description: "Refused while an MCP server uses it.",
    needs: "env:write",
    effect: "removes",
    input: z.object({ name: scopeName }),
    output: z.object({ deleted: z.string() }),
    run: async ({ name }, { management }) => {
      if (!(await deleteScope(management, name))) throw new ToolError("There is no such scope.");
      return { deleted: name };
    },
  }),
];
