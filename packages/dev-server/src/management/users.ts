import type { Context } from "../context.js";
import type { User } from "../environment.js";
import { organizationsOf } from "../principal.js";
import { ApiError, type Message, type Methods, message, notFound, page, text } from "./api.js";

const SERVICE = "scalekit.v1.users.UserService";

export const userMethods: Methods = {
  [`${SERVICE}/CreateUserAndMembership`]: (context, input) => {
    const organizationId = text(input, "organization_id") ?? "";
    if (!context.environment.organizations.has(organizationId))
      throw notFound("organization", organizationId);
    const user = input.user as Message | undefined;
    const email = text(user, "email");
    if (email === undefined) throw new ApiError("invalid_argument", "email is required");
    if (context.environment.findUser(email))
      throw new ApiError("already_exists", `user ${email} exists already`);
    const name = nameOf(user?.user_profile);
    const externalId = text(user, "external_id");
    const roles = rolesOf(user?.membership);
    const added = context.environment.addUser({
      email,
      organizationId,
      ...(name === undefined ? {} : { name }),
      ...(externalId === undefined ? {} : { externalId }),
      ...(roles.length === 0 ? {} : { roles }),
    });
    return { user: userMessage(context, added) };
  },
  [`${SERVICE}/GetUser`]: (context, input) => ({ user: userMessage(context, find(context, input)) }),
  [`${SERVICE}/ListUsers`]: (context, input) => list(context, [...context.environment.users.values()], input),
  [`${SERVICE}/ListOrganizationUsers`]: (context, input) => {
    const organizationId = text(input, "organization_id") ?? "";
    const members = [...context.environment.users.values()].filter((user) =>
      organizationsOf(user).includes(organizationId),
    );
    return list(context, members, input);
  },
  [`${SERVICE}/UpdateUser`]: (context, input) => {
    const before = find(context, input);
    const user = input.user as Message | undefined;
    const name = nameOf(user?.user_profile) ?? before.name;
    const externalId = text(user, "external_id") ?? before.externalId;
    const after = context.environment.addUser({
      ...before,
      ...(name === undefined ? {} : { name }),
      ...(externalId === undefined ? {} : { externalId }),
    });
    return { user: userMessage(context, after) };
  },
  [`${SERVICE}/DeleteUser`]: (context, input) => {
    context.environment.remove("users", find(context, input).id);
    return {};
  },
};

function list(context: Context, users: readonly User[], input: Message): Message {
  const { items, paging } = page(users, input);
  return { ...paging, users: items.map((user) => userMessage(context, user)) };
}

function find({ environment }: Context, input: Message): User {
  const id = text(input, "id");
  const externalId = text(input, "external_id");
  const found =
    id === undefined
      ? [...environment.users.values()].find(
          (user) => externalId !== undefined && user.externalId === externalId,
        )
      : environment.users.get(id);
  if (!found) throw notFound("user", id ?? externalId);
  return found;
}

function nameOf(profile: unknown): string | undefined {
  const parts = [text(profile, "first_name") ?? text(profile, "given_name")];
  parts.push(text(profile, "last_name") ?? text(profile, "family_name"));
  const joined = parts.filter((part) => part !== undefined).join(" ");
  return text(profile, "name") ?? (joined === "" ? undefined : joined);
}

function rolesOf(membership: unknown): readonly string[] {
  const roles = (membership as { roles?: readonly unknown[] } | undefined)?.roles ?? [];
  return roles.map((role) => text(role, "name")).filter((name) => name !== undefined);
}

function userMessage({ environment }: Context, user: User): Message {
  const roles = (user.roles ?? []).map((name) => ({ id: `role_${name}`, name, display_name: name }));
  return message({
    id: user.id,
    email: user.email,
    external_id: user.externalId,
    memberships: organizationsOf(user).map((id) => ({
      organization_id: id,
      display_name: environment.organizations.get(id)?.name ?? id,
      membership_status: "ACTIVE",
      roles,
      permissions: environment.permissionsOf(user) ?? [],
    })),
    user_profile: { id: user.id, name: user.name ?? user.email },
  });
}
