import type { User } from "@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb.js";
import * as z from "zod";
import type { Management } from "../management/management.js";
import { ToolError } from "../tool-error.js";
import { email, organizationId, userId } from "./arguments.js";
import { listTool } from "./list.js";
import { retrySafe, type Tool, tool } from "./tool.js";

const name = z.string().trim().min(1).max(100);

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().optional(),
  external_id: z.string().optional(),
  organizations: z.array(z.string()),
});

function userOf(user: User | undefined): z.output<typeof userSchema> {
  if (!user) throw new ToolError("The environment answered without a user.");
  const { id, email: address, externalId, userProfile, memberships } = user;
  return {
    id,
    email: address,
    ...(userProfile?.name ? { name: userProfile.name } : {}),
    ...(externalId ? { external_id: externalId } : {}),
    organizations: memberships.map((membership) => membership.organizationId),
  };
}

interface NewUser {
  readonly email: string;
  readonly externalId?: string;
  readonly userProfile?: { firstName?: string; lastName?: string };
}

export async function createUser(
  management: Management,
  organization: string,
  user: NewUser,
): Promise<z.output<typeof userSchema>> {
  const options = { ...user, sendInvitationEmail: false };
  const made = await management.sdk((sdk) => sdk.user.createUserAndMembership(organization, options));
  return userOf(made.user);
}

/** Takes a user of a new organization back. Whose id is not known is found by the address. */
export async function removeUser(
  management: Management,
  organization: string,
  { id, email: address }: { readonly id: string | undefined; readonly email: string },
): Promise<void> {
  const page = await management.sdk((sdk) => sdk.user.listOrganizationUsers(organization, { pageSize: 100 }));
  const found = page.users.find((user) => user.id === id || user.email === address);
  if (found) await management.sdk((sdk) => sdk.user.deleteUser(found.id));
}

export const userTools: readonly Tool[] = [
  listTool({
    name: "list_organization_users",
    title: "List an organization's users",
    description: "Everybody who is a member of the organization.",
    needs: "org:read",
    filter: { organization_id: organizationId },
    item: userSchema,
    fetch:
      (management, { organization_id: id }) =>
      async (position, pageSize) => {
        const options = { pageSize, ...(position === undefined ? {} : { pageToken: position }) };
        const page = await management.sdk((sdk) => sdk.user.listOrganizationUsers(id, options));
        return { items: page.users.map(userOf), next: page.nextPageToken };
      },
  }),
  tool({
    name: "create_organization_user",
    title: "Create a user",
    description: "A new user of an organization. Nobody is mailed.",
    needs: "org:write",
    effect: "creates",
    input: z.object({
      organization_id: organizationId,
      email,
      first_name: name.optional(),
      last_name: name.optional(),
      external_id: z.string().min(1).max(200).optional(),
      ...retrySafe,
    }),
    output: z.object({ user: userSchema }),
    run: async (input, { management }) => ({
      user: await createUser(management, input.organization_id, {
        email: input.email,
        ...(input.external_id === undefined ? {} : { externalId: input.external_id }),
        userProfile: {
          ...(input.first_name === undefined ? {} : { firstName: input.first_name }),
          ...(input.last_name === undefined ? {} : { lastName: input.last_name }),
        },
      }),
    }),
  }),
  tool({
    name: "delete_user",
    title: "Delete a user",
    description: "Deletes a user from the environment, for good.",
    needs: "org:write",
    effect: "removes",
    input: z.object({ user_id: userId }),
    output: z.object({ deleted: z.string() }),
    run: async ({ user_id: deleted }, { management }) => {
      await management.sdk((sdk) => sdk.user.deleteUser(deleted));
      return { deleted };
    },
  }),
];
