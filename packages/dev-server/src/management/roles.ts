import type { Role } from "../administration.js";
import type { Context } from "../context.js";
import type { Environment } from "../environment.js";
import { ApiError, type Message, type Methods, message, notFound, text, texts } from "./api.js";

const SERVICE = "scalekit.v1.roles.RolesService";

/** Roles of the environment, with those that only a user has. */
export const roleMethods: Methods = {
  [`${SERVICE}/CreateRole`]: ({ environment }, input) => {
    const name = text(input.role, "name") ?? "";
    if (!/^[\w:.-]+$/.test(name)) throw new ApiError("invalid_argument", "name must be one word");
    if (all(environment).has(name)) throw new ApiError("already_exists", `role ${name} exists already`);
    const role: Role = {
      id: name,
      displayName: text(input.role, "display_name") ?? name,
      description: text(input.role, "description") ?? "",
      permissions: texts(input.role, "permissions"),
    };
    return { role: roleMessage(environment.put("roles", role)) };
  },
  [`${SERVICE}/GetRole`]: (context, input) => ({ role: roleMessage(find(context, input)) }),
  [`${SERVICE}/ListRoles`]: ({ environment }) => ({
    roles: [...all(environment).values()].map(roleMessage),
  }),
  [`${SERVICE}/DeleteRole`]: (context, input) => {
    const { id } = find(context, input);
    const holder = [...context.environment.users.values()].find((user) => user.roles?.includes(id));
    if (holder) throw new ApiError("failed_precondition", `role ${id} is in use by ${holder.id}`);
    context.environment.remove("roles", id);
    return {};
  },
};

function find({ environment }: Context, input: Message): Role {
  const role = all(environment).get(text(input, "role_name") ?? "");
  if (!role) throw notFound("role", input.role_name);
  return role;
}

function all(environment: Environment): Map<string, Role> {
  const held = [...environment.users.values()].flatMap((user) => user.roles ?? []);
  const roles = new Map(
    held.map((id): [string, Role] => [id, { id, displayName: id, description: "", permissions: [] }]),
  );
  for (const role of environment.roles.values()) roles.set(role.id, role);
  return roles;
}

function roleMessage({ id, displayName, description, permissions }: Role): Message {
  return message({
    id: `role_${id}`,
    name: id,
    display_name: displayName,
    description,
    permissions: permissions.map((name) => ({ id: `perm_${name}`, name })),
  });
}
