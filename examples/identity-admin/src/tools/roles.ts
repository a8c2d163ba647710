import { create } from "@bufbuild/protobuf";
import { CreateRoleSchema, type Role } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb.js";
import * as z from "zod";
import { sliced } from "../pagination.js";
import { ToolError } from "../tool-error.js";
import { displayName } from "./arguments.js";
import { listTool } from "./list.js";
import { retrySafe, type Tool, tool } from "./tool.js";

const name = z.string().regex(/^[\w:.-]{1,100}$/);
const role = z.object({
  name: z.string(),
  display_name: z.string(),
  description: z.string(),
  permissions: z.array(z.string()),
});

function roleOf({ name, displayName, description, permissions }: Role): z.output<typeof role> {
  return {
    name,
    display_name: displayName,
    description,
    permissions: permissions.map((permission) => permission.name),
  };
}

export const roleTools: readonly Tool[] = [
  listTool({
    name: "list_environment_roles",
    title: "List roles",
    description: "The roles that users can have, with their permissions.",
    needs: "env:read",
    filter: {},
    item: role,
    fetch: (management) =>
      sliced(
        async () => (await management.sdk((sdk) => sdk.role.listRoles())).roles.map(roleOf),
        (one) => one.name,
      ),
  }),
  tool({
    name: "create_environment_role",
    title: "Create a role",
    description: "A role that users can be given. Whoever has it has its permissions.",
    needs: "env:write",
    effect: "creates",
    input: z.object({
      name,
      display_name: displayName,
      description: z.string().max(1000).default(""),
      permissions: z.array(name).max(100).default([]),
      ...retrySafe,
    }),
    output: z.object({ role }),
    run: async ({ display_name, idempotency_key: _key, ...given }, { management }) => {
      const asked = create(CreateRoleSchema, { ...given, displayName: display_name });
      const { role: made } = await management.sdk((sdk) => sdk.role.createRole(asked));
      if (!made) throw new ToolError("The environment made no role.");
      return { role: roleOf(made) };
    },
  }),
  tool({
    name: "delete_environment_role",
    title: "Delete a role",
    description: "Refused while a user has it.",
    needs: "env:write",
    effect: "removes",
    input: z.object({ name }),
    output: z.object({ deleted: z.string() }),
    run: async ({ name: deleted }, { management }) => {
      await management.sdk((sdk) => sdk.role.deleteRole(deleted));
      return { deleted };
    },
  }),
];
